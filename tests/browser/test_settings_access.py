"""Settings without eyes, on a phone, and by who may only read them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, Server

CONNECTION, WAREHOUSE, ORDERS = (
    "/settings/connections/1",
    "/settings/warehouses/1",
    "/settings/purchase-orders",
)
TOPS = "boxes => boxes.map(box => Math.round(box.getBoundingClientRect().top))"


@pytest.fixture(scope="module")
def planner(
    signed_in: BrowserContext, chromium: Browser, server: Server, connected: None
) -> Iterator[Page]:
    """A page of an invited planner."""
    owner = signed_in.new_page()
    owner.goto(f"{server.url}/settings/users")
    owner.get_by_label("Name").fill("Pia Planner")
    owner.get_by_label("E-mail").fill("pia@example.com")
    owner.get_by_label("Role").select_option(label="Planner")
    owner.get_by_role("button", name="Add user").click()
    link = owner.locator("main input[readonly]").input_value()
    owner.close()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("address", "label", "told"),
    [
        (CONNECTION, "Estimated pick-up delay", "days, "),
        (WAREHOUSE, "Enabled", "on, built-in default"),
        (WAREHOUSE, "Lead time", "14 days, built-in default"),
        (ORDERS, "Days past the expected date", "30 days, built-in default"),
    ],
)
def test_a_screen_reader_hears_help_and_what_is_in_force(
    page: Page, server: Server, connected: None, address: str, label: str, told: str
) -> None:
    page.goto(server.url + address)
    control = page.get_by_label(label, exact=True)
    described = (control.get_attribute("aria-describedby") or "").split()

    words = [page.locator(f"#{one}").inner_text() for one in described]

    assert len(words) == 2
    assert words[1].startswith("In force: ")
    assert told in words[1]


def test_a_refused_field_gets_the_focus_and_its_sentence(
    page: Page, server: Server, connected: None
) -> None:
    page.goto(server.url + ORDERS)
    page.get_by_label("Next reference number").fill("1.5")
    page.get_by_role("button", name="Save", exact=True).click()

    number = page.get_by_label("Next reference number")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description(re.compile("Enter a whole number"))


@pytest.mark.parametrize("address", [CONNECTION, WAREHOUSE, ORDERS])
def test_no_field_moves_while_the_form_is_edited(
    page: Page, server: Server, connected: None, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.url + address)
    before = page.locator("form#settings .field").evaluate_all(TOPS)

    # Without scrolling to it: that would move every field alike.
    page.locator("form#settings .unit input").last.evaluate(
        "input => { input.value = 77; input.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(page.get_by_text("Changed, not saved.").locator("visible=true")).to_have_count(1)
    page.wait_for_load_state("networkidle")

    assert page.locator("form#settings .field").evaluate_all(TOPS) == before


def test_a_phone_shows_the_page_that_is_open_and_whole_corrections(
    page: Page, server: Server, connected: None
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/settings/rates")
    expect(page.get_by_role("link", name="Exchange rates")).to_be_in_viewport(ratio=1)

    page.goto(f"{server.url}{CONNECTION}/centres")
    box = page.get_by_label("Marketplace of MEX3").bounding_box()
    assert box is not None
    assert box["width"] > 150


def test_a_planner_reads_connection_settings_and_is_told_who_changes_them(
    planner: Page, server: Server
) -> None:
    planner.goto(f"{server.url}/settings/connections")
    planner.get_by_role("link", name="Connection settings").click()

    expect(planner.get_by_text("Only an owner changes these settings.")).to_be_visible()
    expect(planner.get_by_label("Estimated pick-up delay")).to_be_disabled()
    expect(planner.locator("main").get_by_role("button")).to_have_count(0)


def test_a_planner_saves_the_settings_of_a_warehouse(planner: Page, server: Server) -> None:
    planner.goto(server.url + WAREHOUSE)
    planner.get_by_label("Days of stock").fill("45")
    planner.get_by_role("button", name="Save", exact=True).click()

    expect(planner.get_by_text("are saved")).to_be_visible()
    expect(planner.get_by_text("In force: 45 days, set here")).to_be_visible()
