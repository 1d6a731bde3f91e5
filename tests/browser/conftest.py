"""The real product in a real browser: `serve` in a process of its own, Chromium in front of it."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: The first sync of the sandbox seller at Amazon's published rates takes about a minute.
FIRST_SYNC_S = 240
PASSWORD = "a heron stands in the harbour"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """A served installation: its address, folder and the set-up link it printed."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    setup_url: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh installation with jobs running, as `make run` starts it."""
    with serving(tmp_path_factory.mktemp("installation")) as server:
        yield server


@contextlib.contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    """Serve an installation that lives in ``folder`` until the block ends."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LWA_")},
        "INSTANCE_PATH": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'stockbridge.db'}",
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "JOBS_ENABLED": "1",
        "RATES_URL": "",  # no other host is asked for anything
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    log = folder / "server.log"
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with log.open("w") as out, running(command, environment, out) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(f"{url}/healthz", process, log)
        link = re.search(r"http\S+/setup\?token=\S+", log.read_text())
        assert link, log.read_text()
        yield Server(url, folder, process, link.group(0))


@contextlib.contextmanager
def running(
    command: list[str], environment: dict[str, str], out: IO[str]
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=out,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[str], log: Path) -> None:
    for _ in range(150):
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("TEST_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(server: Server, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser whose user went through the set-up: the owner of the installation."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    set_up(context.new_page(), server)
    yield context
    context.close()


def set_up(page: Page, server: Server) -> None:
    page.goto(server.setup_url)
    page.get_by_label("Your name").fill("Mara Lindqvist")
    page.get_by_label("E-mail").fill("mara@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Main currency").select_option("EUR")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1, name="What needs attention")).to_be_visible()
    page.close()


@pytest.fixture
def page(signed_in: BrowserContext, server: Server) -> Iterator[Page]:
    """A page of the signed-in owner that fails the test on any console error or CSP report."""
    page = signed_in.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url)
    yield page
    page.close()
    assert complaints == []


@pytest.fixture(scope="session")
def connected(signed_in: BrowserContext, server: Server) -> None:
    """The sandbox seller of North America, connected and synced once."""
    page = signed_in.new_page()
    page.goto(f"{server.url}/settings/connections")
    page.get_by_role("link", name="+ New connection").click()
    page.get_by_label("Sandbox seller").check()
    page.get_by_label("Primary marketplace").select_option(label="United States")
    page.get_by_label("Connection name").fill("Harbour NA")
    connect(page)
    expect(page.get_by_text("Harbour NA FBA US").first).to_be_visible(timeout=60_000)
    wait_for_first_sync(page, server)
    page.close()


def connect(page: Page) -> None:
    """Send the form of a new connection, and wait for the page that follows: to leave cancels."""
    button = page.get_by_role("button", name="Connect", exact=True)
    before = button.bounding_box()
    page.get_by_label("Connection name").blur()
    page.wait_for_load_state("networkidle")
    assert button.bounding_box() == before, "the button moved away under the press"
    button.click()
    page.wait_for_url(re.compile(r"/settings/connections/\d+/start$"))


def sync_now(page: Page, server: Server) -> None:
    """Press "Sync now" of the first connection, and wait for the runs it has asked for."""
    page.goto(f"{server.url}/settings/connections")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Sync now").first.click()
    wait_for_first_sync(page, server)


def wait_for_first_sync(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/activity")
    for _ in range(FIRST_SYNC_S):
        states = page.locator("tbody tr").all_inner_texts()
        if len(states) >= 5 and not any("Queued" in text or "Running" in text for text in states):
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())
