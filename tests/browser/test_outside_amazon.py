"""The simulator on a port of its own, reached as Amazon is: by endpoint, application and token."""

import os
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from simulator import CREDENTIALS
from tests.browser.conftest import (
    Server,
    connect,
    free_port,
    running,
    serving,
    set_up,
    wait_until_up,
)


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation whose Amazon is `make simulator`."""
    folder = tmp_path_factory.mktemp("outside")
    port = free_port()
    amazon = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SIMULATOR_PORT": str(port),
        "SIMULATOR_FILE": str(folder / "amazon.db"),
    }
    log = folder / "amazon.log"
    with (
        log.open("w") as out,
        running([sys.executable, "-m", "simulator"], environment, out) as process,
    ):
        wait_until_up(f"{amazon}/simulator/control", process, log)
        settings = {"SPAPI_ENDPOINT_NA": amazon, "LWA_TOKEN_URL": f"{amazon}/auth/o2/token"}
        with serving(folder, **settings) as server:
            yield server


@pytest.fixture
def owner(outside: Server, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    set_up(context.new_page(), outside)
    yield context.new_page()
    context.close()


def test_a_real_account_connects_after_its_secret_is_put_right(
    owner: Page, outside: Server
) -> None:
    add_application(owner, outside, "not the secret")
    owner.goto(f"{outside.url}/settings/connections/new")
    owner.get_by_label("Primary marketplace").select_option(label="United States")
    owner.get_by_label("Connection name").fill("Harbour")
    owner.get_by_label("Seller ID").fill(CREDENTIALS.seller_id)
    owner.get_by_label("Refresh token").fill(CREDENTIALS.refresh_token)
    connect(owner)
    expect(owner.get_by_text("client secret").first).to_be_visible(timeout=30_000)

    owner.goto(f"{outside.url}/settings/applications")
    owner.get_by_role("link", name="Harbour planning").first.click()
    owner.get_by_label("Client secret").fill(CREDENTIALS.client_secret)
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_text("Harbour planning saved")).to_be_visible()
    owner.goto(f"{outside.url}/settings/connections")

    expect(owner.get_by_text("Harbour FBA CA").first).to_be_visible(timeout=60_000)


def test_without_javascript_the_sandbox_seller_connects(
    outside: Server, chromium: Browser, owner: Page
) -> None:
    state = owner.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{outside.url}/settings/connections/new")
    page.get_by_label("Sandbox seller").check()
    page.get_by_label("Primary marketplace").select_option(label="Japan")
    page.get_by_label("Connection name").fill("Harbour FE")
    connect(page)

    for _ in range(30):
        page.goto(f"{outside.url}/settings/connections")
        if page.get_by_role("link", name="Settings of Harbour FE FBA JP").count():
            break
        page.wait_for_timeout(1000)
    page.get_by_role("link", name="Settings of Harbour FE FBA JP").click()
    page.get_by_label("Lead time").fill("21")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_label("Lead time")).to_have_value("21")
    context.close()


def add_application(page: Page, server: Server, secret: str) -> None:
    page.goto(f"{server.url}/settings/applications")
    page.get_by_role("link", name="Add an application").first.click()
    page.get_by_label("Name", exact=True).fill("Harbour planning")
    page.get_by_label("Client ID").fill(CREDENTIALS.client_id)
    page.get_by_label("Client secret").fill(secret)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Harbour planning").first).to_be_visible()
