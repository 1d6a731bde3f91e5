"""/connections/oauth: consent at the simulated Amazon and back, and the Appstore's login URI"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from extensions import db
from inventory.models import Connection, OAuthRequest, Role, SyncRun
from inventory.services import accounts, applications, secrets
from simulator import CREDENTIALS, Simulator, create_simulator
from tests.blueprints.conftest import Shop
from tests.factories import make_application, make_connection, make_user

BACK = "/connections/oauth"
LOGIN = "/connections/oauth/login"
NEW = "/settings/connections/new"
US = "ATVPDKIKX0DER"
WISH = {
    "platform": "amazon",
    "marketplace_id": US,
    "name": "Harbour NA",
    "application_id": "",
    "authorise": "1",
}


def only() -> Connection:
    return db.session.scalars(select(Connection)).one()


def link_in(page: str) -> str:
    found = re.search(r'<a class="btn btn-primary" href="([^"]+)">Continue at Amazon</a>', page)
    assert found is not None, page
    return unescape(found[1])


def consent(simulator: Simulator, address: str) -> str:
    """Press Confirm on Amazon's page; return the address it sends the browser to."""
    amazon = create_simulator(simulator).test_client()
    parts = urlsplit(address)
    page = amazon.get(f"{parts.path}?{parts.query}")
    assert page.status_code == 200, page.text
    found = re.search(r'id="approve" href="([^"]+)"', page.text)
    assert found is not None
    back = amazon.get(f"/apps/authorize/{unescape(found[1])}")
    parts = urlsplit(str(back.location))
    return f"{parts.path}?{parts.query}"


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def go(shop: Shop, start: TestResponse) -> TestResponse:
    """From the page with the link, through Amazon, to the answer of the last step."""
    back = shop.browser.get(consent(shop.simulator, link_in(start.text)))
    assert back.status_code == 200
    return shop.browser.post(BACK, data=hidden(back.text))


def test_authorises_at_amazon_and_connects(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    answer = go(shop, start)
    shop.work()

    connection = only()
    assert answer.location == f"/settings/connections/{connection.id}/start"
    assert (connection.seller_id, connection.authorised_by) == (CREDENTIALS.seller_id, "oauth")
    assert connection.authorised_until == accounts.today() + timedelta(days=365)
    assert connection.health == "healthy"
    identity = f"connection:{connection.id}:refresh_token"
    token = secrets.decrypt(connection.refresh_token_encrypted, identity)
    assert token == CREDENTIALS.refresh_token


def test_the_link_leads_to_the_marketplaces_seller_central(shop: Shop) -> None:
    parts = urlsplit(link_in(shop.browser.post(NEW, data=WISH).text))
    query = parse_qs(parts.query)

    assert (parts.netloc, parts.path) == ("simulator.invalid", "/apps/authorize/consent")
    assert query["application_id"] == [CREDENTIALS.application_id]
    assert query["redirect_uri"] == ["http://localhost/connections/oauth"]
    assert len(query["state"][0]) >= 40


def test_the_redirect_uri_is_the_public_one(shop: Shop) -> None:
    shop.app.config["PUBLIC_URL"] = "https://stock.example.com"

    query = parse_qs(urlsplit(link_in(shop.browser.post(NEW, data=WISH).text)).query)

    assert query["redirect_uri"] == ["https://stock.example.com/connections/oauth"]


def test_only_a_hash_of_the_state_is_kept(shop: Shop) -> None:
    link = link_in(shop.browser.post(NEW, data=WISH).text)
    state = parse_qs(urlsplit(link).query)["state"][0]

    assert db.session.scalars(select(OAuthRequest)).one().state_hash != state


def test_the_way_back_writes_nothing_and_tells_nobody_its_address(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)

    page = shop.browser.get(consent(shop.simulator, link_in(start.text)))

    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "data-send" in page.text
    assert "Finish connecting" in page.text
    assert db.session.scalars(select(OAuthRequest)).one().used_at is None


def test_a_state_works_once(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    back = shop.browser.get(consent(shop.simulator, link_in(start.text)))
    shop.browser.post(BACK, data=hidden(back.text))

    again = shop.browser.post(BACK, data=hidden(back.text))

    assert again.status_code == 422
    assert "was used already" in again.text
    assert db.session.scalar(select(func.count(Connection.id))) == 1


def test_a_state_ends_after_half_an_hour(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    db.session.scalars(select(OAuthRequest)).one().created_at -= timedelta(minutes=31)
    db.session.commit()

    assert go(shop, start).status_code == 422


def test_a_state_is_its_users(shop: Shop) -> None:
    start = shop.browser.post(NEW, data=WISH)
    back = shop.browser.get(consent(shop.simulator, link_in(start.text)))
    other = shop.app.test_client()
    with other.session_transaction() as session:
        session["_user_id"] = make_user().get_id()
        session["_fresh"] = True

    assert other.post(BACK, data=hidden(back.text)).status_code == 422
    assert db.session.scalar(select(func.count(Connection.id))) == 0


def test_an_unknown_state_is_refused_without_calling_amazon(shop: Shop) -> None:
    data = {"state": "x", "selling_partner_id": "A1", "spapi_oauth_code": "c"}

    answer = shop.browser.post(BACK, data=data)

    assert answer.status_code == 422
    assert shop.simulator.calls["token"] == 0


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


def test_authorises_an_existing_connection_again(shop: Shop) -> None:
    connection = make_connection(seller_id=CREDENTIALS.seller_id)

    start = shop.browser.post(
        f"/settings/connections/{connection.id}/token", data={"authorise": "1"}
    )
    answer = go(shop, start)

    assert answer.location == f"/settings/connections/{connection.id}/test"
    assert connection.authorised_by == "oauth"
    assert db.session.scalar(select(func.count(SyncRun.id))) >= 1


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


def test_the_token_is_checked_though_the_referrer_is_not(make_app: Callable[..., Flask]) -> None:
    """Over TLS the usual check wants a referrer, which the return page may not send."""
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        owner = make_user()
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = owner.get_id()
            session["_fresh"] = True
        values = {"state": "x", "selling_partner_id": "A1", "spapi_oauth_code": "c"}
        page = browser.get(BACK, query_string=values, base_url="https://localhost")

        without = browser.post(BACK, data=values, base_url="https://localhost")
        right = browser.post(BACK, data=hidden(page.text), base_url="https://localhost")

    assert (without.status_code, right.status_code) == (400, 422)
    assert "not started here" in right.text


def login_query(callback: str = "https://sellercentral.amazon.com/apps/authorize/confirm/x") -> str:
    return (
        f"{LOGIN}?amazon_callback_uri={callback}&amazon_state=given"
        "&selling_partner_id=A2HARBOURKTCHN"
    )


def test_a_consent_that_began_at_amazon_goes_back_there(shop: Shop) -> None:
    shop.app.config["SELLER_CENTRAL_URLS"] = {}
    page = shop.browser.get(login_query())
    data = {**hidden_of_form(page.text), "name": "Harbour NA", "marketplace_id": US}

    answer = shop.browser.post(LOGIN, data=data)

    parts = urlsplit(link_in(answer.text))
    query = parse_qs(parts.query)
    assert page.status_code == 200
    assert parts.netloc == "sellercentral.amazon.com"
    assert query["amazon_state"] == ["given"]
    assert query["state"][0]
    assert db.session.scalars(select(OAuthRequest)).one().name == "Harbour NA"


def hidden_of_form(page: str) -> dict[str, str]:
    names = ("amazon_callback_uri", "amazon_state")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in names}
    return {name: unescape(match[1]) for name, match in found.items() if match} | {
        "application_id": ""
    }


@pytest.mark.parametrize(
    "callback",
    [
        "https://evil.example.com/apps",
        "http://sellercentral.amazon.com/apps",
        "https://sellercentral.amazon.com.evil.example/",
        "https://sellercentral.amazon.com@evil.example/",
        "javascript:alert(1)",
        "https://[bad",
        "",
    ],
)
def test_no_other_host_is_gone_back_to(shop: Shop, callback: str) -> None:
    shop.app.config["SELLER_CENTRAL_URLS"] = {}

    shown = shop.browser.get(login_query(callback))
    data = {**WISH, "amazon_callback_uri": callback, "amazon_state": "given"}
    sent = shop.browser.post(LOGIN, data=data)

    assert (shown.status_code, sent.status_code) == (400, 400)
    assert db.session.scalar(select(func.count(OAuthRequest.id))) == 0


def test_only_owners_authorise(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.PLANNER)

    assert [browser.get(path).status_code for path in (BACK, LOGIN)] == [403, 403]
    assert browser.post(BACK).status_code == 403


def test_the_chosen_application_is_the_one_asked_for(shop: Shop) -> None:
    other = applications.create(
        {
            "name": "Other",
            "client_id": "c",
            "application_id": "amzn1.sp.solution.other",
            "secret_expires_on": None,
        },
        "secret",
        None,
    )
    db.session.commit()

    page = shop.browser.post(NEW, data={**WISH, "application_id": str(other.id)}).text

    query = parse_qs(urlsplit(link_in(page)).query)
    assert query["application_id"] == ["amzn1.sp.solution.other"]
