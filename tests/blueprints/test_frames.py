"""What a list's page takes from memory, and what it never does."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from blueprints import frames, marks
from extensions import db
from inventory.models import Account, Role, SavedView, StockOrder, SyncKind, SyncMark, User
from inventory.services import accounts, freshness
from tests.factories import (
    make_connection,
    make_order,
    make_run,
    make_vendor,
    make_warehouse,
    saved,
)
from tests.queries import counted

LISTS = ("/purchase-orders", "/transfer-orders", "/shipments", "/listings", "/variants", "/stock",
         "/vendors")  # fmt: skip


def token(page: str) -> str:
    found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [*LISTS, "/activity"])
def test_a_page_from_memory_is_the_page_drawn_anew(client: FlaskClient, path: str) -> None:
    make_connection()

    first, second = (client.get(path).text for _ in range(2))

    # A token tells when it was signed.
    assert first.replace(token(first), "") == second.replace(token(second), "")
    assert not re.search(r"[0-9a-f]{32}", second)


def test_sync_runs_are_shown_as_they_are_and_other_lists_are_kept_meanwhile(
    app: Flask, client: FlaskClient
) -> None:
    run = make_run(kind=SyncKind.STOCK, message="Waits for Amazon.")
    assert "Waits for Amazon." in client.get("/activity").text
    with counted() as drawing:
        client.get("/stock")

    run.message = "Lost its way."
    db.session.commit()

    assert "Lost its way." in client.get("/activity").text
    with counted() as kept:
        client.get("/stock")
    assert len(kept) < len(drawing)


def test_each_session_has_its_own_token_in_every_form(sign_in: Callable[..., FlaskClient]) -> None:
    make_order()
    ours = sign_in(Role.OWNER, email="a@example.com", name="Ada").get("/purchase-orders").text

    theirs = sign_in(Role.VIEWER, email="b@example.com", name="Bo").get("/purchase-orders").text

    assert token(ours) != token(theirs)
    assert token(ours) not in theirs
    assert "Ada" not in theirs
    assert "Sign out Bo" in theirs


def test_another_role_or_name_is_shown_at_once(client: FlaskClient) -> None:
    assert "Connect a seller account" in client.get("/purchase-orders").text

    user = db.session.scalars(sa.select(User)).one()
    user.role, user.name = Role.VIEWER, "Grace"
    db.session.commit()
    page = client.get("/purchase-orders").text

    assert "Connect a seller account" not in page
    assert "Sign out Grace" in page


def test_rows_are_never_from_memory(client: FlaskClient) -> None:
    order = make_order(reference="FBA-OLD")
    assert "FBA-OLD" in client.get("/purchase-orders").text

    order.reference = "FBA-NEW"
    db.session.commit()

    page = client.get("/purchase-orders").text
    assert "FBA-NEW" in page
    assert "FBA-OLD" not in page


def test_a_warehouse_is_offered_as_a_filter_under_its_new_name(client: FlaskClient) -> None:
    make_order()
    warehouse = make_warehouse(name="Old harbour")
    assert "Old harbour" in client.get("/purchase-orders").text

    warehouse.name = "New harbour"
    db.session.commit()

    page = client.get("/purchase-orders").text
    assert "New harbour" in page
    assert "Old harbour" not in page


@pytest.mark.parametrize("path", LISTS[:-1])  # vendors are not read from Amazon
def test_the_age_of_the_data_stays_true(client: FlaskClient, path: str) -> None:
    connection = make_connection()
    kinds = (SyncKind.SHIPMENTS, SyncKind.LISTINGS, SyncKind.STOCK)
    marks = [
        saved(SyncMark(connection_id=connection.id, kind=kind, read_at=accounts.now()))
        for kind in kinds
    ]
    assert "just now" in client.get(path).text

    for mark in marks:
        mark.read_at -= timedelta(minutes=7)
    db.session.commit()

    assert "7 min ago" in client.get(path).text


def test_what_the_last_act_did_is_told_once(client: FlaskClient) -> None:
    make_order()
    client.get("/purchase-orders")
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Saved just so.")]

    assert "Saved just so." in client.get("/purchase-orders").text
    assert "Saved just so." not in client.get("/purchase-orders").text


def test_a_page_is_drawn_once_until_data_changes(client: FlaskClient) -> None:
    make_order(reference="FBA-ONE")
    first = client.get("/purchase-orders").text

    with counted() as statements:
        second = client.get("/purchase-orders").text

    assert first.replace(token(first), "") == second.replace(token(second), "")
    assert len(statements) == 1  # who asks, and which state the data is in


def test_views_saved_by_one_person_are_on_no_other_person_s_page(
    sign_in: Callable[..., FlaskClient],
) -> None:
    ours = sign_in(Role.OWNER, email="a@example.com", name="Ada")
    theirs = sign_in(Role.OWNER, email="b@example.com", name="Bo")
    for path in LISTS:
        pages = [one.get(path).text for one in (ours, theirs)]
        assert not any("Mine alone" in page for page in pages)

        ours.post("/views", data={"page": path, "name": "Mine alone", "query": "q=x"})
        ours.get(path)  # tells that it is saved, once

        assert "Mine alone" in ours.get(path).text
        assert "Mine alone" not in theirs.get(path).text
    views = db.session.execute(sa.select(SavedView.id, SavedView.page)).all()
    ours.post(f"/views/{views[0].id}/delete")
    ours.get(views[0].page)
    assert "Mine alone" not in ours.get(views[0].page).text


def test_the_offer_to_undo_a_bulk_act_is_made_once_and_to_nobody_else(
    sign_in: Callable[..., FlaskClient],
) -> None:
    order = make_order()
    ours = sign_in(Role.OWNER, email="a@example.com")
    theirs = sign_in(Role.OWNER, email="b@example.com")
    for one in (ours, theirs):
        one.get("/purchase-orders")

    act = {"order": order.id, "act": "vendor", "vendor": make_vendor().id}
    ours.post("/purchase-orders/acts", data=act)

    assert "/undo" not in theirs.get("/purchase-orders").text
    assert "/undo" in ours.get("/purchase-orders").text
    assert "/undo" not in ours.get("/purchase-orders").text


def test_another_day_is_another_page(app: Flask, client: FlaskClient) -> None:
    on = accounts.today()
    make_order(expected_on=on, units_outstanding=5)
    assert "today" in client.get("/purchase-orders").text

    account = db.session.get_one(Account, 1)
    # Where it is tomorrow now, so that the order is of yesterday; or the other way round.
    is_later = accounts.now().astimezone(ZoneInfo("Etc/GMT-14")).date() > on
    account.timezone = "Etc/GMT-14" if is_later else "Etc/GMT+12"
    db.session.commit()
    page = client.get("/purchase-orders").text

    assert ("yesterday" if is_later else "tomorrow") in page


def test_what_another_process_wrote_is_on_the_next_page(
    client: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    order_id = make_order(reference="FBA-OLD").id
    assert "FBA-OLD" in client.get("/purchase-orders").text
    other = make_app()

    with other.app_context():
        db.session.get_one(StockOrder, order_id).reference = "FBA-NEW"
        db.session.commit()
        db.session.remove()

    page = client.get("/purchase-orders").text
    assert "FBA-NEW" in page
    assert "FBA-OLD" not in page


def test_what_is_not_committed_is_not_on_a_page(client: FlaskClient) -> None:
    make_order(reference="FBA-ONE")
    client.get("/purchase-orders")

    db.session.execute(sa.update(StockOrder).values(reference="FBA-TWO"))
    db.session.rollback()

    with counted() as statements:
        page = client.get("/purchase-orders").text
    assert "FBA-ONE" in page
    assert len(statements) == 1


def test_a_heartbeat_leaves_pages_in_memory(client: FlaskClient) -> None:
    run = make_run(connection_id=make_connection().id)
    client.get("/purchase-orders")

    run.heartbeat_at = accounts.now()
    db.session.commit()

    with counted() as statements:
        client.get("/purchase-orders")
    assert len(statements) == 1


def test_ages_of_a_page_from_memory_go_on(client: FlaskClient) -> None:
    owner = make_connection()
    read_at = accounts.now() - timedelta(seconds=55)
    saved(SyncMark(connection_id=owner.id, kind=SyncKind.SHIPMENTS, read_at=read_at))
    assert "just now" in client.get("/purchase-orders").text

    with counted() as statements:
        asked = asked_until("1 min ago", client)

    assert len(statements) == asked


def test_data_that_grows_stale_is_shown_so(client: FlaskClient) -> None:
    owner = make_connection()
    read_at = accounts.now() - freshness.STALE_AFTER + timedelta(seconds=5)
    saved(SyncMark(connection_id=owner.id, kind=SyncKind.SHIPMENTS, read_at=read_at))
    assert "bad strong" not in client.get("/purchase-orders").text

    assert asked_until("bad strong", client)


def asked_until(words: str, client: FlaskClient) -> int:
    """Ask for a page each half second until it shows ``words``; return how often."""
    with time_machine.travel(accounts.now()) as clock:
        for asked in range(1, 40):
            if words in client.get("/purchase-orders").text:
                return asked
            clock.shift(0.5)
    pytest.fail(f"{words!r} is not shown")


def test_only_the_pages_asked_for_last_are_kept(app: Flask) -> None:
    memory = frames.Memory(2)

    for name in ("a", "b", "a", "c"):
        if memory.get(name) is None:
            memory.put(name, frames.Kept((name.encode(),), None))

    assert memory.get("b") is None
    assert memory.get("a")
    assert memory.get("c")


def test_forms_of_a_kept_page_have_values_of_their_own(app: Flask) -> None:
    with app.test_request_context():
        with marks.marking():
            drawn = f"{marks.csrf_token()} {marks.new_submission()} {marks.new_submission()}"
        token, one, two = marks.joined(marks.pieces(drawn)).decode().split()
        assert token == marks.csrf_token()

    assert len({token, one, two}) == 3
    assert marks.MARK not in token + one + two
