"""The page on which a new connection arrives, and where what Amazon refuses is corrected"""

import re

import pytest
from sqlalchemy import func, select

from extensions import db
from inventory.models import SyncRun, SyncState, Warehouse
from inventory.services import secrets
from simulator import CREDENTIALS
from tests.blueprints.conftest import Shop
from tests.connections import FIELDS, only
from tests.factories import make_application

HTMX = {"HX-Request": "true"}
NEW = "/settings/connections/new"


def test_connects_tests_the_token_and_warehouses_appear(shop: Shop) -> None:
    answer = shop.browser.post(NEW, data=FIELDS)
    address = f"/settings/connections/{only().id}/start"
    before = shop.browser.get(address).text
    shop.work()
    after = shop.browser.get(f"/settings/connections/{only().id}/progress").text

    assert (answer.status_code, answer.location) == (303, address)
    assert "Testing the token…" in before
    assert "hx-trigger" in before
    assert only().health == "healthy"
    assert "Harbour NA FBA US" in after
    assert "Inbound shipments" in after
    assert db.session.scalar(select(func.count(Warehouse.id))) == 5


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"token": "Atzr|revoked"}, "token", "no longer accepts this connection"),
        ({"application_id": "1"}, "application_id", "refused the application"),
    ],
)
def test_what_amazon_refuses_stands_beside_its_field_with_all_kept(
    shop: Shop, fields: dict[str, str], field: str, sentence: str
) -> None:
    application = make_application(client_id="wrong")
    application.client_secret_encrypted = secrets.encrypt(
        "wrong", f"application:{application.id}:client_secret"
    )
    db.session.commit()
    shop.browser.post(NEW, data={**FIELDS, **fields})
    shop.work()

    page = shop.browser.get(f"/settings/connections/{only().id}/progress", headers=HTMX).text

    assert re.search(rf'id="{field}-e">.*{sentence}', page)
    assert 'value="Harbour NA"' in page
    assert f'value="{CREDENTIALS.seller_id}"' in page
    assert "The token you pasted is kept" in page
    assert 'hx-trigger="load' not in page


def test_a_correction_keeps_the_token_and_tries_again(shop: Shop) -> None:
    shop.browser.post(NEW, data={**FIELDS, "token": "Atzr|revoked"})
    shop.work()
    address = f"/settings/connections/{only().id}/correction"

    answer = shop.browser.post(address, data=FIELDS)
    shop.work()
    kept = shop.browser.post(address, data={**FIELDS, "name": "Later"})

    assert answer.location == f"/settings/connections/{only().id}/start"
    assert only().health == "healthy"
    assert kept.location == "/settings/connections"
    assert only().name == "Harbour NA"


def test_a_wrong_correction_comes_back_with_its_sentence(shop: Shop) -> None:
    shop.browser.post(NEW, data={**FIELDS, "token": "Atzr|revoked"})
    shop.work()

    address = f"/settings/connections/{only().id}/correction"
    answer = shop.browser.post(address, data={**FIELDS, "seller_id": "wrong"})

    assert answer.status_code == 422
    assert "9 to 20 capital letters" in answer.text
    assert 'value="wrong"' in answer.text
    assert only().seller_id == CREDENTIALS.seller_id


def test_amazon_out_of_reach_is_waited_for(shop: Shop) -> None:
    shop.browser.post(NEW, data=FIELDS)
    run = db.session.scalars(select(SyncRun)).one()
    run.message = "Amazon does not answer properly at the moment. We try again at 09:20."
    db.session.commit()

    page = shop.browser.get(f"/settings/connections/{only().id}/progress").text

    assert "Amazon does not answer properly" in page
    assert "hx-trigger" in page


def test_a_missing_role_has_its_sentence(shop: Shop) -> None:
    shop.browser.post(NEW, data=FIELDS)
    shop.simulator.will_answer("getMarketplaceParticipations", 403)
    shop.work()

    page = shop.browser.get(f"/settings/connections/{only().id}/progress").text

    assert "has not granted the application the role" in page
    assert 'value="Harbour NA"' in page


def test_the_steps_show_progress_and_stop_when_all_is_over(shop: Shop) -> None:
    shop.browser.post(NEW, data=FIELDS)
    shop.work()
    address = f"/settings/connections/{only().id}/progress"
    run = db.session.scalars(select(SyncRun).where(SyncRun.kind == "shipments")).one()
    run.state, run.done, run.expected = SyncState.RUNNING, 40, 120
    db.session.commit()
    during = shop.browser.get(address).text
    for one in db.session.scalars(select(SyncRun)):
        one.state = SyncState.SUCCEEDED
    db.session.commit()

    after = shop.browser.get(address).text

    assert "40 of about 120" in during
    assert "First sync is done" in after
    assert "hx-trigger" not in after
