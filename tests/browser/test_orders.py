"""An order written, received in part and undone, driven by its labels."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server


@pytest.mark.usefixtures("connected")
def test_an_order_is_written_received_in_part_and_undone(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/warehouses/new")
    page.get_by_label("Name", exact=True).fill("Oakland prep")
    page.get_by_label("Country").fill("US")
    page.get_by_role("button", name="Add warehouse").click()
    expect(page.get_by_text("Oakland prep is added.")).to_be_visible()
    page.goto(f"{server.url}/listings?q=")
    names = page.locator("tbody th[scope=row] a").all_inner_texts()
    skus = [name for name in names if re.fullmatch(r"[A-Z0-9-]+", name)][:2]

    page.goto(f"{server.url}/purchase-orders?view=open")
    page.get_by_role("link", name="New purchase order").click()
    page.get_by_label("Destination warehouse").select_option(label="Oakland prep")
    page.get_by_label("Expected date").fill("2027-01-04")
    page.get_by_label("Lines", exact=True).fill(f"{skus[0]}\t12\t4.20\nGONE 5")
    page.get_by_role("button", name="Add lines").click()
    expect(page.get_by_text("No listing has this SKU.")).to_be_visible()
    page.get_by_role("button", name="Remove GONE").click()
    expect(page.get_by_role("button", name="Remove GONE")).to_have_count(0)
    expect(page.get_by_label("Quantity of GONE")).to_have_count(0)
    page.get_by_label("Find an item").press_sequentially(skus[1][:4])
    page.get_by_role("button", name=f"Add {skus[1]}", exact=True).click()
    page.get_by_label(f"Quantity of {skus[1]}", exact=True).fill("5")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"PO-\d+"))
    page.get_by_label(f"Received now of {skus[0]}", exact=True).fill("4")
    page.get_by_label(f"Received now of {skus[1]}", exact=True).fill("")
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.get_by_text("4 units are received.")).to_be_visible()
    expect(page.get_by_label(f"Received now of {skus[0]}", exact=True)).to_have_value("8")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Undone: 4 units are no longer received.")).to_be_visible()
    expect(page.get_by_label(f"Received now of {skus[0]}", exact=True)).to_have_value("12")


@pytest.mark.usefixtures("connected")
def test_on_a_phone_an_order_says_where_its_date_comes_from(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/purchase-orders?view=open")
    page.set_viewport_size({"width": 390, "height": 900})
    page.locator("tbody th[scope=row] a").first.click()

    dates = page.get_by_label("Facts").locator("div", has=page.get_by_text("Expected date"))
    source = dates.last.locator("small").first
    expect(source).to_be_visible()
    expect(source).to_have_text(re.compile(r"pick-up|delivery window|ready to ship|first seen"))


@pytest.mark.usefixtures("connected")
def test_a_note_has_room_for_a_sentence(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/shipments/stale")
    page.get_by_text("Note", exact=True).first.click()

    box = page.get_by_label(re.compile("^Note on ")).first.bounding_box()

    assert box is not None
    assert box["width"] > 250


@pytest.mark.usefixtures("connected")
def test_a_line_is_removed_at_once(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/listings?q=")
    names = page.locator("tbody th[scope=row] a").all_inner_texts()
    skus = [name for name in names if re.fullmatch(r"[A-Z0-9-]*[0-9]", name)][:3]
    page.goto(f"{server.url}/purchase-orders/new")
    page.get_by_label("Destination warehouse").select_option(label="Harbour NA FBA US")
    page.get_by_label("Lines", exact=True).fill("\n".join(f"{sku} 4" for sku in skus))
    page.get_by_role("button", name="Add lines").click()
    expect(page.get_by_role("heading", name="3 lines")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name=f"Remove {skus[1]}", exact=True).click()

    expect(page.get_by_role("heading", name="2 lines")).to_be_visible()
    expect(page.get_by_label(f"Quantity of {skus[1]}", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name=f"Remove {skus[2]}", exact=True)).to_be_focused()
    assert asked == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"PO-\d+"))
    expect(page.get_by_text(skus[1], exact=True)).to_have_count(0)
