"""/settings/connections/new, and the page on which a new connection arrives"""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Connection, ConnectionDraft, Role
from inventory.services import connecting, connections
from simulator import CREDENTIALS
from tests.blueprints.conftest import Shop
from tests.connections import CA, DE, FIELDS, US, draft_in, only, token_of
from tests.factories import make_application, make_connection, make_run

HTMX = {"HX-Request": "true"}
NEW = "/settings/connections/new"


def test_the_sandbox_seller_needs_a_marketplace_and_a_name_only(shop: Shop) -> None:
    fields = {"platform": "sandbox", "marketplace_id": DE, "name": "Try"}

    answer = shop.browser.post(NEW, data=fields)
    shop.work()

    assert answer.status_code == 303
    assert (only().is_sandbox, only().region, only().health) == (True, "EU", "healthy")
    assert "Simulated" in shop.browser.get(f"/settings/connections/{only().id}/start").text


@pytest.mark.parametrize(
    "label", ["Primary marketplace", "Connection name", "Seller ID", "Refresh token"]
)
def test_labels_are_those_of_the_contract(client: FlaskClient, label: str) -> None:
    page = client.get(NEW).text

    assert re.search(rf'<label class="form-label" for="\w+">{label}</label>', page)


def test_shows_platforms_regions_and_what_is_connected(client: FlaskClient) -> None:
    make_application()
    connection = make_connection()

    page = client.get(NEW).text

    assert 'aria-label="Amazon"' in page
    assert 'aria-label="Sandbox seller"' in page
    assert page.count('hx-get="/settings/connections/new/marketplace"') == 2
    assert '<optgroup label="Europe">' in page
    assert connection.seller_id in page
    assert "Be signed in to the right Seller Central account" in page


def test_choosing_a_marketplace_says_what_it_means(client: FlaskClient) -> None:
    page = client.get(f"{NEW}/marketplace?marketplace_id={DE}&name=Pinewood", headers=HTMX).text

    assert "Region <b>Europe</b> · reporting currency <b>EUR</b>" in page
    assert "16 FBA warehouses and 1 FBM warehouse" in page
    assert "Pinewood FBA DE" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give the connection a name."),
        ("seller_id", "a2harbourktchn", "9 to 20 capital letters and digits"),
        ("seller_id", "A23", "9 to 20 capital letters and digits"),
        ("seller_id", "", "9 to 20 capital letters and digits"),
        ("token", "Atza|access", "starts with Atzr|"),
        ("token", "", "Paste the refresh token"),
        ("marketplace_id", "A000", "Not a valid choice"),
        ("application_id", "99", "Not a valid choice"),
    ],
)
def test_refuses_with_a_sentence_and_keeps_what_was_typed(
    shop: Shop, field: str, value: str, sentence: str
) -> None:
    answer = shop.browser.post(NEW, data={**FIELDS, field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    if field != "name":
        assert 'value="Harbour NA"' in answer.text
    assert db.session.scalar(select(func.count(Connection.id))) == 0


def test_a_token_survives_an_error_elsewhere_without_going_back_to_the_browser(shop: Shop) -> None:
    wrong = shop.browser.post(NEW, data={**FIELDS, "seller_id": "wrong"})
    key = draft_in(wrong.text)
    again = shop.browser.post(NEW, data={**FIELDS, "token": "", "draft": key})

    assert CREDENTIALS.refresh_token not in wrong.text
    assert "The token you pasted is kept" in wrong.text
    assert again.status_code == 303
    assert token_of(only()) == CREDENTIALS.refresh_token
    assert db.session.scalar(select(func.count(ConnectionDraft.key))) == 0


def test_a_kept_token_survives_a_second_error(shop: Shop) -> None:
    first = shop.browser.post(NEW, data={**FIELDS, "seller_id": "wrong"})
    data = {**FIELDS, "token": "", "draft": draft_in(first.text), "name": ""}

    second = shop.browser.post(NEW, data=data)
    third = shop.browser.post(NEW, data={**data, "name": "Harbour", "draft": draft_in(second.text)})

    assert third.status_code == 303
    assert token_of(only()) == CREDENTIALS.refresh_token


def test_somebody_elses_draft_is_not_used(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    data = {**FIELDS, "application_id": str(make_application().id)}
    wrong = sign_in(Role.OWNER).post(NEW, data={**data, "seller_id": "wrong"})

    answer = sign_in(Role.OWNER).post(
        NEW, data={**data, "token": "", "draft": draft_in(wrong.text)}
    )

    assert answer.status_code == 422
    assert "Paste the refresh token" in answer.text


def test_the_same_account_and_region_twice_is_refused(shop: Shop) -> None:
    shop.browser.post(NEW, data=FIELDS)

    answer = shop.browser.post(NEW, data={**FIELDS, "name": "Twice", "marketplace_id": CA})

    assert answer.status_code == 422
    assert "already connected in this region, as Harbour NA" in answer.text
    assert 'value="Twice"' in answer.text


def test_the_sandbox_seller_twice_in_a_region_is_refused(client: FlaskClient) -> None:
    client.post(NEW, data={"platform": "sandbox", "marketplace_id": US, "name": "One"})

    data = {"platform": "sandbox", "marketplace_id": CA, "name": "Two"}
    answer = client.post(NEW, data=data)

    assert answer.status_code == 422
    assert "The sandbox seller is already connected in this region, as One" in answer.text


def test_a_taken_name_is_refused_beside_the_field(shop: Shop) -> None:
    make_connection(name="Harbour NA")

    answer = shop.browser.post(NEW, data=FIELDS)

    assert answer.status_code == 422
    assert "Another connection has this name" in answer.text


def test_of_two_at_once_one_wins_and_the_other_reads_why(
    make_app: Callable[..., Flask], app: Flask
) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2, timeout=30)

    def connect(process: Flask, number: int) -> None:
        with process.app_context():
            wanted = connecting.Details(f"Race {number}", US, "A2QX7NH0LK4TVE", "Atzr|x", None)
            ready.wait()
            try:
                connecting.create(wanted, user_id=None)
                db.session.commit()
                outcomes.append("connected")
            except connections.AlreadyConnected:
                outcomes.append("refused")
            db.session.remove()

    # Made one after the other: what failed in a thread left the other waiting without end.
    processes = [make_app(), make_app()]
    threads = [
        threading.Thread(target=connect, args=(process, number))
        for number, process in enumerate(processes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["connected", "refused"]


def test_a_form_sent_twice_connects_once(shop: Shop) -> None:
    data = {**FIELDS, "submission": "once"}

    first = shop.browser.post(NEW, data=data)
    second = shop.browser.post(NEW, data=data)

    assert second.location == first.location
    assert db.session.scalar(select(func.count(Connection.id))) == 1


def test_without_an_application_it_says_where_to_add_one(client: FlaskClient) -> None:
    page = client.get(NEW).text
    answer = client.post(NEW, data=FIELDS)

    assert 'href="/settings/applications"' in page
    assert "Add an Amazon application first." in answer.text


def test_only_owners_connect(sign_in: Callable[..., FlaskClient]) -> None:
    run = make_run()
    pages = [NEW, f"{NEW}/marketplace", f"/settings/connections/{run.connection_id}/start"]

    for role in (Role.VIEWER, Role.PLANNER):
        browser = sign_in(role)
        assert [browser.get(page).status_code for page in pages] == [403, 403, 403]
        assert browser.post(NEW, data=FIELDS).status_code == 403
