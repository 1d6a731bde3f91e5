"""The desk of stale shipments in a browser: acts without a reload, keys, ticks, and axe."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app import create_app
from extensions import db
from tests.browser.conftest import Server, serving, set_up
from tests.browser.test_accessibility import AXE, SIDEWAYS, complaints
from tests.factories import link, make_order, make_shipment, make_shipment_line


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[tuple[Server, Page]]:
    """An installation with three overdue shipments, and a page of its owner; no jobs run."""
    with serving(tmp_path_factory.mktemp("desk"), JOBS_ENABLED="0") as server:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        set_up(context.new_page(), server)
        fill(server.folder)
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield server, page
        context.close()


def fill(folder: Path) -> None:
    database = f"sqlite:///{folder / 'stockbridge.db'}"
    app = create_app(SQLALCHEMY_DATABASE_URI=database, INSTANCE=folder)
    with app.app_context():
        on = datetime.now(UTC).date()
        for number, days in ((1, 40), (2, 30), (3, 20)):
            shipment = make_shipment(
                amazon_shipment_id=f"FBA18KF{number}PP7M",
                name="FBA STA (05/24/2026 02:14)-ONT8",
                expected_on=on - timedelta(days=days),
                units_shipped=10 * number,
                units_outstanding=10 * number,
            )
            line = make_shipment_line(shipment, units_shipped=10 * number)
            assert line.id
            order = make_order(reference=shipment.amazon_shipment_id, units_outstanding=10 * number)
            link(order, shipment)
        db.session.remove()
        db.engine.dispose()


def test_keys_ignore_a_row_and_undo_it_without_a_reload(desk: tuple[Server, Page]) -> None:
    server, page = desk
    page.goto(f"{server.url}/shipments/stale")
    page.evaluate("() => { window.stayed = true; }")

    page.keyboard.press("j")
    page.keyboard.press("i")
    row = page.get_by_role("row", name="FBA18KF1PP7M")
    expect(row.get_by_role("button", name="Count again: FBA18KF1PP7M")).to_be_visible()
    expect(page.get_by_text("10 units in 1 shipment do not count as on order.")).to_be_visible()
    expect(page.get_by_text("FBA18KF1PP7M: Ignored by hand.")).to_be_visible()
    page.keyboard.press("u")
    expect(row.get_by_role("button", name="Ignore: FBA18KF1PP7M")).to_be_visible()

    assert page.evaluate("() => window.stayed") is True


def test_what_is_ticked_is_counted_and_ignored_together(desk: tuple[Server, Page]) -> None:
    server, page = desk
    page.goto(f"{server.url}/shipments/stale?view=overdue")

    page.get_by_label("Select all of this page").check()
    expect(page.get_by_text("3 selected, 60 units")).to_be_visible()
    page.get_by_label("Select FBA18KF2PP7M").uncheck()
    expect(page.get_by_text("2 selected, 40 units")).to_be_visible()
    page.get_by_label("Note for those that are ticked").fill("Asked the carrier")
    page.locator("#bulk").get_by_role("button", name="Ignore", exact=True).click()
    expect(page.get_by_text("2 shipments: Ignored by hand.")).to_be_visible()
    expect(page.get_by_role("row", name="FBA18KF2PP7M")).to_be_visible()
    expect(page.get_by_role("row", name="FBA18KF1PP7M")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="FBA18KF1PP7M")).to_be_visible()


def test_a_note_is_written_in_its_row(desk: tuple[Server, Page]) -> None:
    server, page = desk
    page.goto(f"{server.url}/shipments/stale")

    page.get_by_label("Note: FBA18KF3PP7M").click()
    page.get_by_role("textbox", name="Note on FBA18KF3PP7M").fill("Lost at Oakland")
    page.keyboard.press("Enter")

    expect(page.get_by_text("FBA18KF3PP7M: Note written.")).to_be_visible()
    expect(page.locator("small", has_text="Lost at Oakland")).to_be_visible()


def test_on_a_phone_every_act_is_in_reach(desk: tuple[Server, Page]) -> None:
    server, page = desk
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{server.url}/shipments/stale")

    page.get_by_role("button", name="Ignore: FBA18KF1PP7M").click()
    again = page.get_by_role("button", name="Count again: FBA18KF1PP7M")
    expect(again).to_be_visible()
    for one in (again, page.get_by_label("Note: FBA18KF1PP7M")):
        box = one.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390 - 16
    page.get_by_label("Note: FBA18KF1PP7M").click()
    field = page.get_by_role("textbox", name="Note on FBA18KF1PP7M").bounding_box()
    assert field
    assert field["x"] >= 16
    page.keyboard.press("Escape")
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Ignore: FBA18KF1PP7M")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("address", ["/shipments/stale", "/shipments/stale/claims", "/shipments/1"])
def test_axe_finds_nothing(desk: tuple[Server, Page], address: str) -> None:
    server, page = desk
    page.emulate_media(reduced_motion="reduce")
    page.goto(server.url + address)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())

    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert complaints(page) == [], f"{width} px, {scheme}"
        assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})
