"""A new user's way: set-up, the sandbox seller, its first sync, and what it brought."""

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, sync_now


def csv_rows(page: Page, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.request.get(address).text())))


def test_warehouses_appear_by_themselves(page: Page, server: Server, connected: None) -> None:
    page.goto(f"{server.url}/settings/connections")

    for country in ("US", "CA", "MX"):
        expect(
            page.get_by_role("link", name=f"Settings of Harbour NA FBA {country}")
        ).to_be_visible()
    expect(page.get_by_role("link", name="Settings of Harbour NA FBM")).to_be_visible()
    page.get_by_text("Not taking part in 1 more marketplace").click()
    expect(page.get_by_text("Harbour NA FBA BR").first).to_be_visible()


def test_open_shipments_became_purchase_orders(page: Page, server: Server, connected: None) -> None:
    orders = csv_rows(page, f"{server.url}/purchase-orders.csv")
    shipments = csv_rows(page, f"{server.url}/shipments.csv")

    shipped = {
        row["shipment_id"]: row
        for row in shipments
        if row["status"] in {"SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", "RECEIVING"}
    }
    by_reference = {row["reference"]: row for row in orders}
    assert len(shipments) == 80
    assert shipped
    assert set(shipped) <= set(by_reference)
    for shipment_id, shipment in shipped.items():
        assert by_reference[shipment_id]["received"] == shipment["received"]
        assert by_reference[shipment_id]["status_type"] == "active"


def test_an_order_leads_to_its_shipment_and_back(
    page: Page, server: Server, connected: None
) -> None:
    page.goto(f"{server.url}/purchase-orders")
    first = page.locator("tbody th[scope=row] a").first
    reference = first.inner_text()
    first.click()

    expect(page.get_by_role("heading", level=1, name=reference)).to_be_visible()
    page.get_by_role("link", name=reference).first.click()
    expect(page).to_have_url(re.compile(r"/shipments/\d+"))


def test_listings_and_stock_are_there(page: Page, server: Server, connected: None) -> None:
    listings = csv_rows(page, f"{server.url}/listings.csv")
    stock = csv_rows(page, f"{server.url}/stock.csv")

    assert {row["channel"] for row in listings} == {"FBA", "FBM"}
    assert len({row["sku"] for row in listings}) >= 300
    assert any(int(row["stock"]) > 0 for row in stock)
    page.goto(f"{server.url}/stock")
    expect(page.get_by_role("table").first).to_be_visible()


def test_search_finds_a_shipment_by_its_id(page: Page, server: Server, connected: None) -> None:
    shipment_id = csv_rows(page, f"{server.url}/shipments.csv")[0]["shipment_id"]

    page.get_by_label("Search everywhere").fill(shipment_id)
    page.get_by_label("Search everywhere").press("Enter")

    expect(page.get_by_text(shipment_id).first).to_be_visible()


def test_sync_now_runs_to_its_end(page: Page, server: Server, connected: None) -> None:
    sync_now(page, server)
