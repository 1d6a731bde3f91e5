"""Send to Amazon, each route from the order to its labels, driven by labels alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.test_accessibility import AXE, SIDEWAYS, complaints

#: Amazon is asked at most twice a second; a step takes some seconds.
STEP_MS = 60_000
SHIP_FROM = {
    "Name": "Harbour Kitchen Depot", "Address line 1": "12 Pier Road", "City": "Portland",
    "State or province": "ME", "Postcode": "04101", "Country": "US",
    "Phone number": "2075550100",
}  # fmt: skip
SIZES = {"Length": "12", "Width": "10", "Height": "8", "Weight": "9.5"}
PALLETS = {
    "Pallets": "2", "Length": "48", "Width": "40", "Height": "60", "Weight of one": "400",
    "Declared value, USD": "900",
}  # fmt: skip


def ordered(page: Page, server: Server) -> Locator:
    """Write an order of two SKUs to the United States, and open the dialog."""
    page.goto(f"{server.url}/listings?q=")
    names = page.locator("tbody th[scope=row] a").all_inner_texts()
    skus = [one for one in names if re.fullmatch(r"[A-Z0-9-]+", one) and "FBM" not in one][:2]
    page.goto(f"{server.url}/purchase-orders/new")
    page.get_by_label("Destination warehouse").select_option(label="Harbour NA FBA US")
    page.get_by_label("Status").select_option(label="Open")
    page.get_by_label("Lines", exact=True).fill(f"{skus[0]}\t24\n{skus[1]}\t48")
    page.get_by_role("button", name="Add lines").click()
    expect(page.get_by_label(f"Quantity of {skus[1]}")).to_have_value("48")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"PO-\d+"))
    page.get_by_role("link", name="Send to Amazon").click()
    dialog = page.get_by_role("dialog", name="Send to Amazon")
    expect(dialog).to_be_visible()
    return dialog


def plan(dialog: Locator, route: str = "Small parcels", button: str = "Create plan") -> None:
    dialog.get_by_label("Default prep owner").select_option(label="Seller")
    dialog.get_by_label("Default labelling owner").select_option(label="Seller")
    dialog.get_by_label("Ship-from address").select_option(label="Another address")
    expect(dialog.get_by_label("Address line 1")).to_be_visible()
    for label, text in SHIP_FROM.items():
        dialog.get_by_label(label, exact=True).fill(text)
    dialog.get_by_label("How the goods go").select_option(label=route)
    dialog.get_by_role("button", name=button).click()


def at(dialog: Locator, step: str, button: str) -> Locator:
    """Wait until the sending is at a step and asks; return the step's button."""
    found = dialog.get_by_role("button", name=button, exact=True)
    expect(found).to_be_visible(timeout=STEP_MS)
    expect(dialog.locator("[aria-current=step]")).to_contain_text(step)
    return found


def pack(dialog: Locator) -> None:
    go_on = at(dialog, "Packing", "Save boxes and go on")
    for group in dialog.get_by_role("table", name=re.compile("^Boxes of")).all():
        for label, text in SIZES.items():
            group.get_by_label(re.compile(f"^{label} of boxes 1,")).fill(text)
    go_on.click()


def place(dialog: Locator, button: str) -> None:
    go_on = at(dialog, "Placement", button)
    dialog.get_by_role("radio", name=re.compile("^Fewest shipments")).check()
    go_on.click()


def ready(dialog: Locator) -> None:
    ask = at(dialog, "Transport", "Ask the carriers")
    day = (datetime.now(UTC) + timedelta(days=4)).date().isoformat()
    dialog.get_by_label(re.compile("^Ready on")).fill(day)
    ask.click()


def choose(dialog: Locator, carrier: str) -> None:
    go_on = at(dialog, "Transport", "Continue to confirm")
    dialog.get_by_role("radio", name=re.compile(carrier)).first.check()
    go_on.click()


def downloaded(page: Page, button: str) -> bytes:
    """Fetch a paper; while a sync calls Amazon, a sentence asks for another try."""
    files: list[Download] = []
    page.on("download", lambda file: files.append(file))
    for _ in range(8):
        pressed = page.get_by_role("button", name=re.compile(f"^{button}")).first
        pressed.click()
        for _ in range(60):
            if files or page.get_by_text("Try again in a minute.").is_visible():
                break
            page.wait_for_timeout(250)
        if files:
            return files[0].path().read_bytes()[:4]
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


@pytest.mark.usefixtures("connected")
def test_parcels_by_amazon_s_partner(page: Page, server: Server) -> None:
    dialog = ordered(page, server)
    plan(dialog)
    at(dialog, "Packing", "Save boxes and go on")
    fill = dialog.get_by_role("button", name=re.compile("^Fill Group 1"))
    dialog.get_by_label("Boxes alike for Group 1").fill("2")
    fill.click()
    expect(dialog.get_by_label("Number of boxes 1, Group 1")).to_have_value("2")
    expect(fill).to_be_focused()
    pack(dialog)
    expect(dialog.get_by_role("heading", name="Choose where the goods go.")).to_be_focused(
        timeout=STEP_MS
    )
    place(dialog, "Continue to transport")
    ready(dialog)

    # Left in the middle, it goes on where it was; focus comes back to what opened it.
    at(dialog, "Transport", "Continue to confirm")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Send to Amazon")).to_be_focused()
    expect(page.get_by_role("heading", name="Receive", exact=True)).to_be_hidden()
    # Opened by itself, as after saving, it gives the focus to its link too.
    page.goto(f"{page.url}?send=open")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Send to Amazon")).to_be_focused()
    page.get_by_role("link", name="Send to Amazon").press("Enter")
    choose(dialog, "Amazon partnered")
    confirm = at(dialog, "Confirm", "Confirm placement and transport")
    expect(dialog.get_by_role("row", name=re.compile("^Total"))).to_contain_text("USD")
    confirm.click()

    expect(dialog.get_by_text("The shipments are at Amazon.")).to_be_visible(timeout=STEP_MS)
    dialog.get_by_text("Cancel sending").click()
    expect(dialog.get_by_text("free of charge until").last).to_be_visible()
    assert downloaded(page, "Box labels") == b"%PDF"
    assert downloaded(page, "Item labels") == b"%PDF"


@pytest.mark.soak
@pytest.mark.usefixtures("connected")
def test_parcels_by_an_own_carrier(page: Page, server: Server) -> None:
    dialog = ordered(page, server)
    plan(dialog)
    pack(dialog)
    place(dialog, "Continue to transport")
    ready(dialog)
    choose(dialog, "your own carrier")
    at(dialog, "Confirm", "Confirm placement and transport").click()
    at(dialog, "Confirm", "Confirm the windows").click()

    expect(dialog.get_by_role("heading", name="Tracking numbers")).to_be_visible(timeout=STEP_MS)
    boxes = dialog.get_by_role("textbox", name=re.compile(r"^FBA\w+U\d+"))
    for number, box in enumerate(boxes.all()):
        box.fill(f"1Z{number}")
    told = boxes.count()
    page.set_viewport_size({"width": 390, "height": 900})
    labels = dialog.get_by_text(re.compile(r"^FBA\w+U\d+$"))
    assert labels.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)") == []
    page.set_viewport_size({"width": 1440, "height": 900})
    dialog.get_by_role("button", name=re.compile("^Tell Amazon the numbers")).click()
    expect(dialog.get_by_text(f"Amazon has been told {told} number")).to_be_visible(timeout=STEP_MS)
    assert downloaded(page, "Box labels") == b"%PDF"


@pytest.mark.soak
@pytest.mark.usefixtures("connected")
def test_freight_packed_later(page: Page, server: Server) -> None:
    dialog = ordered(page, server)
    plan(dialog, "Freight (LTL, FTL), packed later")
    place(dialog, "Continue")
    at(dialog, "Placement", "Confirm placement").click()
    pack(dialog)
    at(dialog, "Transport", "Ask the carriers")
    dialog.get_by_label("Freight class").select_option(label="70")
    for label, text in PALLETS.items():
        dialog.get_by_label(label, exact=True).fill(text)
    ready(dialog)
    choose(dialog, "Amazon partnered")
    at(dialog, "Confirm", "Confirm transport").click()

    expect(dialog.get_by_text("The shipments are at Amazon.")).to_be_visible(timeout=STEP_MS)
    assert downloaded(page, "Bill of lading") == b"%PDF"


@pytest.mark.soak
@pytest.mark.usefixtures("connected")
def test_plan_only_and_axe_finds_nothing_on_the_way(page: Page, server: Server) -> None:
    dialog = ordered(page, server)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    look(page)
    plan(dialog, button="Plan only, finish in Seller Central")

    expect(dialog.get_by_text("The plan is at Amazon.")).to_be_visible(timeout=STEP_MS)
    expect(dialog.get_by_role("link", name="Open in Seller Central")).to_be_visible()
    look(page)


def look(page: Page) -> None:
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints(page) == [], f"{width} px, {scheme}"
        assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})
