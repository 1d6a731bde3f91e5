"""The keys of every page, and the dialog that lists them."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server


def test_a_question_mark_shows_the_keys_and_escape_hides_them(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/users")
    keys = page.get_by_role("dialog", name="Keys")

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Purchase orders")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_text("Account", exact=True).first.click()
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(keys).to_be_visible()


def test_the_keys_lead_where_the_map_says(page: Page, server: Server) -> None:
    page.goto(server.url)

    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url(f"{server.url}/shipments?view=open")  # and until its scripts listen
    page.keyboard.press("/")
    expect(page.get_by_label("Search everywhere")).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
