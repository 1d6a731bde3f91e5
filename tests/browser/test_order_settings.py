"""The stock-order settings by their labels, through to what they do to synced orders."""

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server


def ignored_orders(page: Page, server: Server) -> int:
    text = page.request.get(f"{server.url}/purchase-orders.csv").text()
    return sum(int(row["ignored"]) > 0 for row in csv.DictReader(io.StringIO(text)))


def test_unreceived_shipments_are_ignored_as_foretold_and_counted_again(
    page: Page, server: Server, connected: None
) -> None:
    page.goto(f"{server.url}/settings/purchase-orders")
    page.get_by_label("Automatically ignore unreceived FBA shipments").check()
    page.get_by_label("Days past the expected date").fill("0")
    aside = page.get_by_role("complementary", name="What saving will do")
    foretold = aside.locator("li", has_text=re.compile(r"would be ignored"))
    expect(foretold).to_be_visible()
    count = int(foretold.locator("data").get_attribute("value") or "")
    assert ignored_orders(page, server) == 0

    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_text(f"Now ignored: {count} shipment")).to_be_visible()
    expect(page.get_by_label("Days past the expected date")).to_have_value("0")
    assert ignored_orders(page, server) == count > 0
    page.get_by_role("link", name="Put back as it was").first.click()
    expect(page.get_by_text("would count again")).to_be_visible()
    page.get_by_role("button", name="Put back as it was").click()
    expect(page.get_by_label("Automatically ignore unreceived FBA shipments")).not_to_be_checked()
    assert ignored_orders(page, server) == 0


def test_refused_days_stay_as_typed_and_get_the_focus(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/purchase-orders")
    days = page.get_by_label("Days past the expected date")
    days.fill("1.5")
    page.get_by_label("Show 'Save purchase order/transfer to connection' automatically").check()

    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_text("Enter whole days, from 0 to 365.")).to_be_visible()
    expect(days).to_have_value("1.5")
    expect(days).to_be_focused()
    # No room is kept for an icon that is not drawn: narrow fields show what was typed.
    expect(days).to_have_css("padding-right", "10px")
    switch = page.get_by_label("Show 'Save purchase order/transfer to connection' automatically")
    expect(switch).to_be_checked()
