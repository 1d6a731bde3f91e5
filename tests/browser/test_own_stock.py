"""An own warehouse's way: made, counted by hand, counted by a file, undone."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.test_accessibility import AXE, SIDEWAYS, complaints


def test_a_warehouse_is_made_counted_and_a_file_undone(
    page: Page, server: Server, connected: None, tmp_path: Path
) -> None:
    first, second = skus(page, server)
    make_warehouse(page, server)
    count_by_hand(page, first)
    refuse_to_take_out_without_a_reason(page, first)

    file = tmp_path / "counts.csv"
    file.write_text(f"sku;units;reason\n{first};35;Recount\n{second};12;\n")
    count_by_file(page, first, file)
    table = page.get_by_role("table", name="Stock of Prep Centre")
    expect(table.get_by_role("row", name=re.compile(f"^{first}.* 35 "))).to_be_visible()
    expect(table.locator("tfoot")).to_contain_text("47")

    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text("Undone: 2 SKUs as before.")).to_be_visible()
    expect(table.get_by_role("row", name=re.compile(f"^{first}.* 40 "))).to_be_visible()

    page.get_by_role("link", name="Ledger").click()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(5)


def make_warehouse(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/connections")
    page.get_by_role("link", name="Add a warehouse").click()
    page.get_by_label("Name").fill("Prep Centre")
    page.get_by_label("Country").fill("us")
    page.get_by_role("button", name="Add warehouse").click()
    page.get_by_role("link", name="Prep Centre", exact=True).click()


def count_by_hand(page: Page, sku: str) -> None:
    page.get_by_label("SKU", exact=True).press_sequentially(sku[:5])
    expect(page.locator(f'#skus option[value^="{sku}"]')).to_have_count(1)
    page.get_by_label("SKU", exact=True).fill(sku)
    page.get_by_label("Units").fill("40")
    page.get_by_label("Reason").fill("Stocktake")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{sku}: 0 → 40 units.")).to_be_visible()


def refuse_to_take_out_without_a_reason(page: Page, sku: str) -> None:
    page.get_by_label("SKU", exact=True).fill(sku)
    page.get_by_label("What").select_option("Take out")
    page.get_by_label("Units").fill("41")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say why they are taken out")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_focused()


def count_by_file(page: Page, sku: str, file: Path) -> None:
    page.get_by_role("link", name="Upload counts").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    changes = page.get_by_role("table", name="What would change")
    expect(changes.get_by_role("row", name=re.compile(f"{sku} 40 35"))).to_be_visible()
    page.get_by_role("button", name="Store 2 counts").click()


def test_axe_finds_nothing_on_its_pages(page: Page, server: Server, connected: None) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/settings/connections")
    address = page.get_by_role("link", name="Prep Centre", exact=True).get_attribute("href")
    for path in ("", "/ledger", "/file"):
        page.goto(f"{server.url}{address}{path}")
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text())
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert complaints(page) == [], f"{path} at {width} px, {scheme}"
            assert page.evaluate(SIDEWAYS) <= 0, f"{path} scrolls sideways at {width} px"


def skus(page: Page, server: Server) -> list[str]:
    """Two SKUs that are one listing each."""
    lines = page.request.get(f"{server.url}/listings.csv?channel=FBM").text().splitlines()[1:]
    fbm = [line.split(",")[2] for line in lines]
    fba = page.request.get(f"{server.url}/listings.csv?channel=FBA").text()
    return [sku for sku in fbm if f",{sku}," not in fba and re.fullmatch(r"[\w-]+", sku)][:2]
