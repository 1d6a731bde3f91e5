"""/connections/oauth: consent at the simulated Amazon and back, and the Appstore's login URI"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Connection, OAuthRequest, Role, SyncRun
from inventory.services import accounts, applications, secrets
from simulator import CREDENTIALS
from tests.blueprints.conftest import Shop
from tests.blueprints.consent import BACK, NEW, WISH, consent, go, hidden, link_in
from tests.factories import make_connection, make_user

LOGIN = "/connections/oauth/login"


def only() -> Connection:
    return db.session.scalars(select(Connection)).one()


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


def test_authorises_an_existing_connection_again(shop: Shop) -> None:
    connection = make_connection(seller_id=CREDENTIALS.seller_id)

    start = shop.browser.post(
        f"/settings/connections/{connection.id}/token", data={"authorise": "1"}
    )
    answer = go(shop, start)

    assert answer.location == f"/settings/connections/{connection.id}/test"
    assert connection.authorised_by == "oauth"
    assert db.session.scalar(select(func.count(SyncRun.id))) >= 1


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
