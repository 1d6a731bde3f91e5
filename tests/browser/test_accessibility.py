"""axe finds nothing, no page scrolls sideways, in light and dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [
    "/",
    "/purchase-orders",
    "/transfer-orders",
    "/shipments",
    "/listings",
    "/variants",
    "/stock",
    "/search?q=FBA",
    "/activity",
    "/activity/changes",
    "/settings/connections",
    "/settings/connections/new",
    "/settings/connections/1",
    "/settings/warehouses/1",
    "/settings/warehouses/new",
    "/settings/account",
    "/settings/users",
    "/settings/applications",
    "/purchase-orders/1",
    "/shipments/1",
    "/listings/1",
    "/activity/runs/1",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(
    page: Page,
    server: Server,
    connected: None,
    address: str,
    scheme: str,
    width: int,
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(server.url + address)
    assert answer is not None
    assert answer.status == 200, address

    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")

    assert [
        (one["id"], node["target"], node["failureSummary"])
        for one in found["violations"]
        for node in one["nodes"]
    ] == []
    overflow = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(overflow) <= 0
