"""/connections/oauth: what is refused, each with its sentence"""

from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Connection
from simulator import CREDENTIALS
from tests.blueprints.conftest import Shop
from tests.blueprints.consent import BACK, NEW, WISH, consent, go, hidden, link_in
from tests.factories import make_application, make_connection


def test_a_code_amazon_refuses_says_so_and_connects_nothing(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    back = shop.browser.get(consent(shop.simulator, link_in(start.text)))

    data = {**hidden(back.text), "spapi_oauth_code": "other"}
    answer = shop.browser.post(BACK, data=data)

    assert answer.status_code == 422
    assert "its code lives 5 minutes and works once" in answer.text
    assert db.session.scalar(select(func.count(Connection.id))) == 0


def test_amazon_that_does_not_answer_says_so(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    shop.simulator.will_answer("token", 500)

    answer = go(shop, start)

    assert answer.status_code == 422
    assert "did not answer properly" in answer.text


def test_declined_consent_changes_nothing(shop: Shop) -> None:
    answer = shop.browser.get(f"{BACK}?state=x")

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text


def test_another_seller_account_is_refused(shop: Shop) -> None:
    connection = make_connection(seller_id="A2SOMEBODYELSE")

    start = shop.browser.post(
        f"/settings/connections/{connection.id}/token", data={"authorise": "1"}
    )
    answer = go(shop, start)

    assert answer.status_code == 422
    assert f"signed in to seller account {CREDENTIALS.seller_id}" in answer.text
    assert connection.authorised_by == "token"


def test_an_account_connected_meanwhile_is_refused(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    make_connection(name="Quicker", seller_id=CREDENTIALS.seller_id)

    answer = go(shop, start)

    assert answer.status_code == 422
    assert "already connected in this region, as Quicker" in answer.text


def test_a_name_is_needed_before_leaving(shop: Shop) -> None:
    answer = shop.browser.post(NEW, data={**WISH, "name": ""})

    assert answer.status_code == 422
    assert "Give the connection a name." in answer.text
    assert "capital letters and digits" not in answer.text


def test_without_an_application_id_nothing_is_offered(client: FlaskClient) -> None:
    application = make_application()

    page = client.get(NEW).text
    answer = client.post(NEW, data={**WISH, "application_id": str(application.id)})

    assert "Authorise at Amazon" not in page
    assert answer.status_code == 422
    assert "has no Application ID" in answer.text


def test_an_unknown_state_is_refused_without_calling_amazon(shop: Shop) -> None:
    data = {"state": "x", "selling_partner_id": "A1", "spapi_oauth_code": "c"}

    answer = shop.browser.post(BACK, data=data)

    assert answer.status_code == 422
    assert shop.simulator.calls["token"] == 0
