"""Consent at the simulated Amazon, step by step, as a browser takes it."""

import re
from html import unescape
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from simulator import Simulator, create_simulator
from tests.blueprints.conftest import Shop

BACK = "/connections/oauth"
NEW = "/settings/connections/new"
US = "ATVPDKIKX0DER"
WISH = {
    "platform": "amazon",
    "marketplace_id": US,
    "name": "Harbour NA",
    "application_id": "",
    "authorise": "1",
}


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
