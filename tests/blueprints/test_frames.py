"""What a list's page takes from memory, and what it never does."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Role, SyncKind, SyncMark, User
from inventory.services import accounts
from tests.factories import make_connection, make_order, make_warehouse, saved

LISTS = ("/purchase-orders", "/transfer-orders", "/shipments", "/listings", "/variants", "/stock")


def token(page: str) -> str:
    found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_from_memory_is_the_page_drawn_anew(client: FlaskClient, path: str) -> None:
    make_connection()

    first = client.get(path)
    second = client.get(path)

    assert first.text == second.text
    assert not re.search(r"[0-9a-f]{32}", second.text.replace(token(second.text), ""))


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


@pytest.mark.parametrize("path", LISTS)
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
