"""/connections/oauth/login: a consent that begins at Amazon"""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from extensions import db
from inventory.models import OAuthRequest
from tests.blueprints.conftest import Shop
from tests.blueprints.consent import US, WISH, link_in

LOGIN = "/connections/oauth/login"


def login_query(callback: str = "https://sellercentral.amazon.com/apps/authorize/confirm/x") -> str:
    return (
        f"{LOGIN}?amazon_callback_uri={callback}&amazon_state=given"
        "&selling_partner_id=A2HARBOURKTCHN"
    )


def hidden_of_form(page: str) -> dict[str, str]:
    names = ("amazon_callback_uri", "amazon_state")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in names}
    return {name: unescape(match[1]) for name, match in found.items() if match} | {
        "application_id": ""
    }


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
