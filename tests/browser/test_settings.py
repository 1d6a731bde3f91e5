"""Each setting by its label, through what saving will do, to the orders that it changes."""

import csv
import io
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, sync_now

CONNECTION = "/settings/connections/1"
FEES = "Sync shipping/handling for shipments processed by Amazon-partnered carriers"


def rows(page: Page, server: Server, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.request.get(server.url + address).text())))


def orders(page: Page, server: Server, column: str = "expected") -> dict[str, str]:
    """A column of the purchase orders and the transfer orders, by reference."""
    both = ("/purchase-orders.csv", "/transfer-orders.csv")
    found = [row for address in both for row in rows(page, server, address)]
    return {row["reference"]: row[column] for row in found}


def figure(page: Page, words: str) -> int:
    """The figure beside a sentence; waits until the fragment has come."""
    line = effect(page, words)
    expect(line).to_be_visible()
    return int(line.locator("data").get_attribute("value") or "")


def effect(page: Page, words: str) -> Locator:
    return page.locator("#consequences li").filter(has_text=words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("are saved"))).to_be_visible()


def own_warehouse(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/settings/warehouses/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Country").fill("US")
    page.get_by_role("button", name="Add warehouse").click()
    expect(page.get_by_text(f"{name} is added.")).to_be_visible()


def warehouse(page: Page, server: Server, country: str) -> None:
    page.goto(f"{server.url}/settings/connections")
    page.get_by_role("link", name=f"Settings of Harbour NA FBA {country}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"FBA {country}")


def test_the_pick_up_delay_moves_freight_orders(
    page: Page, server: Server, connected: None
) -> None:
    before = orders(page, server)
    page.goto(server.url + CONNECTION)
    page.get_by_label("Estimated pick-up delay").fill("19")

    count = figure(page, "orders move 5 days later")
    expect(page.get_by_text("1 change not saved")).to_be_visible()
    page.locator("#consequences").get_by_role("link").first.click()
    expect(page.locator("tbody tr")).to_have_count(count)
    page.get_by_role("link", name="Back to the settings").click()
    expect(page.get_by_label("Estimated pick-up delay")).to_have_value("19")
    save(page)

    after = {
        row["reference"]: row["expected"] for row in rows(page, server, "/purchase-orders.csv")
    }
    assert sum(before[name] != after[name] for name in before) == count > 0


def test_resetting_in_place_inherits_again(page: Page, server: Server, connected: None) -> None:
    page.goto(server.url + CONNECTION)
    page.get_by_label("Estimated pick-up delay").fill("7")

    page.get_by_role("button", name="Reset to inherited").click()

    expect(page.get_by_label("Estimated pick-up delay")).to_have_value("")
    expect(page.get_by_label("Estimated pick-up delay")).to_be_focused()


def test_fee_sync_writes_the_quotes(page: Page, server: Server, connected: None) -> None:
    page.goto(server.url + CONNECTION)
    page.get_by_label(FEES).check()

    count = figure(page, "would get Amazon’s quote")
    save(page)

    amounts = orders(page, server, "shipping_handling").values()
    assert sum(amount != "" for amount in amounts) == count > 0


def test_transfer_orders_ask_for_a_source_and_can_be_converted_and_undone(
    page: Page, server: Server, connected: None
) -> None:
    own_warehouse(page, server, "Prep Centre Reno")
    page.goto(server.url + CONNECTION)
    expect(page.get_by_label("Default source warehouse")).to_be_hidden()
    page.get_by_label("Inbound shipment order type").select_option(label="Transfer order")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Choose where the transfers come from.")).to_be_visible()
    expect(page.get_by_label("Default source warehouse")).to_be_focused()

    page.get_by_label("Default source warehouse").select_option(label="Prep Centre Reno")
    count = figure(page, "stay purchase orders")
    assert figure(page, "would become transfer orders from Prep Centre Reno") > 0
    page.get_by_label("Convert these").check()
    save(page)

    transfers = rows(page, server, "/transfer-orders.csv")
    assert len(transfers) == count > 0
    assert {row["source"] for row in transfers} == {"Prep Centre Reno"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.", exact=False).first).to_be_visible()
    assert rows(page, server, "/transfer-orders.csv") == []


def test_early_import_makes_orders_at_the_next_sync(
    page: Page, server: Server, connected: None
) -> None:
    known = len(orders(page, server))
    page.goto(server.url + CONNECTION)
    page.get_by_label("Also import shipments before SHIPPED").check()

    count = figure(page, "at the next sync")
    save(page)
    sync_now(page, server)

    assert len(orders(page, server)) == known + count


def test_the_settings_of_a_warehouse(page: Page, server: Server, connected: None) -> None:
    warehouse(page, server, "CA")
    page.get_by_label("Sync inbound shipments for this country").uncheck()
    page.get_by_label("Lead time").fill("9")
    page.get_by_label("Days of stock").fill("45")
    page.get_by_label("Stock basis").select_option(label="Fulfillable")

    expect(effect(page, "of stock instead of")).to_be_visible()
    expect(page.get_by_text("4 changes not saved")).to_be_visible()
    save(page)

    expect(page.get_by_text("In force: 9 days, set here")).to_be_visible()
    page.get_by_role("button", name="Reset all to inherited").click()
    expect(page.get_by_label("Lead time")).to_have_value("")
    page.reload()
    page.get_by_role("link", name="Put back as it was").first.click()
    expect(page.get_by_role("heading", name="What saving will do")).to_be_visible()
    page.get_by_role("button", name="Put back as it was").click()
    expect(page.get_by_text("are put back")).to_be_visible()
    expect(page.get_by_label("Sync inbound shipments for this country")).to_be_checked()
    expect(page.get_by_label("Days of stock")).to_have_value("")


def test_a_disabled_warehouse_is_told_to_leave_planning(
    page: Page, server: Server, connected: None
) -> None:
    warehouse(page, server, "MX")
    page.get_by_label("Enabled").uncheck()

    expect(effect(page, "planning")).to_be_visible()


def test_a_corrected_centre_moves_its_guessed_shipments(
    page: Page, server: Server, connected: None
) -> None:
    warehouse(page, server, "US")
    page.get_by_role("link", name="Correct").click()
    lists = page.get_by_label("Marketplace of MEX3")
    lists.select_option(label="Canada")

    count = figure(page, "would count for another marketplace")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Corrections are saved.", exact=False)).to_be_visible()
    places = [
        row["country"]
        for row in rows(page, server, "/shipments.csv")
        if row["destination_fc"] == "MEX3"
    ]
    assert places.count("CA") == count


def test_without_script_the_page_shows_it_too(page: Page, server: Server, connected: None) -> None:
    assert page.context.browser is not None
    bare = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = bare.new_page()
    plain.goto(server.url + CONNECTION)
    plain.get_by_label("Estimated pick-up delay").fill("3")
    plain.get_by_role("button", name="Show what saving would do").click()

    expect(plain.locator("#consequences li").first).to_be_visible()
    expect(plain.get_by_label("Estimated pick-up delay")).to_have_value("3")
    bare.close()
