"""axe finds nothing, no page scrolls sideways, in light and dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"
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
    "/settings/connections/1/consequences?pickup_delay_days=x&sync_fees=y&order_type=transfer",
    "/settings/connections/1/consequences/dates?pickup_delay_days=19",
    "/settings/connections/1/centres",
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
def test_axe_finds_nothing(page: Page, server: Server, connected: None, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")  # colours are judged at rest
    answer = page.goto(server.url + address)
    assert answer is not None
    assert answer.status == 200, address
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())

    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert complaints(page) == [], f"{width} px, {scheme}"
        assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {width} px"


def complaints(page: Page) -> list[tuple[str, str, str]]:
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], str(node["target"]), node["failureSummary"])
        for one in found["violations"]
        for node in one["nodes"]
    ]
