"""Orders written by hand: the form of a new one, its lines, and what is refused."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Listing, OrderLine, Role, StockOrder, Submission, VendorItem, Warehouse
from inventory.services import own_stock
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_variant,
    make_vendor,
    make_warehouse,
    saved,
)
from tests.queries import counted

NEW = "/purchase-orders/new"


@pytest.fixture
def home(client: FlaskClient) -> Warehouse:
    home = make_warehouse(name="Harbour NA FBA US")
    for sku in ("HK-1", "HK-2"):
        make_listing(connection_id=home.connection_id, seller_sku=sku)
    return home


def fields(home: Warehouse, lines: str = "", **known: Any) -> dict[str, Any]:
    return {
        "destination_id": home.id,
        "status": "Open",
        "currency": "USD",
        "rounding": "up",
        "spread_by": "value",
        "lines": lines,
        **known,
    }


def the_order() -> StockOrder:
    return db.session.scalars(sa.select(StockOrder)).one()


def lines() -> dict[str, tuple[int, Decimal | None]]:
    rows = db.session.scalars(sa.select(OrderLine))
    return {row.seller_sku: (row.units_ordered, row.unit_cost) for row in rows}


def test_it_works(client: FlaskClient, home: Warehouse) -> None:
    vendor = make_vendor(name="Anhui Hearth")
    data = fields(home, "HK-1\t10\t4.20\nHK-2 5", vendor_id=vendor.id, expected_on="2027-01-04")

    answer = client.post(NEW, data=data)

    order = the_order()
    assert answer.status_code == 303
    assert answer.location == f"/purchase-orders/{order.id}"
    assert (order.reference, order.vendor_id, order.status_type) == ("PO-1", vendor.id, "active")
    assert (order.expected_on, order.expected_source) == (date(2027, 1, 4), "user")
    assert lines() == {"HK-1": (10, Decimal("4.20")), "HK-2": (5, None)}
    page = client.get(answer.location).text
    assert "PO-1 is made." in page
    assert "Anhui Hearth" in page


def test_the_form_shows_the_labels_people_know(client: FlaskClient, home: Warehouse) -> None:
    page = client.get(NEW).text
    other = client.get("/transfer-orders/new").text
    assert "Notes for the source warehouse" in other
    assert "Notes for the vendor" not in other

    for label in ("Vendor", "Destination warehouse", "Expected date", "Save"):
        assert f">{label}<" in page
    assert ">Source warehouse<" in other
    assert ">Vendor<" not in other
    assert 'placeholder="PO-1"' in page


def test_the_form_says_that_lines_come_from_files_too(client: FlaskClient, home: Warehouse) -> None:
    client.post(NEW, data=fields(home, status="Draft"))
    order = the_order()

    for name in ("purchase-orders", "transfer-orders"):
        assert f'<a href="/{name}/import">Whole orders</a>' in client.get(f"/{name}/new").text
    edit = client.get(f"/purchase-orders/{order.id}/edit").text
    assert f'<a href="/orders/{order.id}/import">take them from' in edit


def test_pasted_lines_become_rows_and_nothing_is_saved_yet(
    client: FlaskClient, home: Warehouse
) -> None:
    data = fields(home, "HK-1 10\nGONE 4", rows="add", **{"line-sku": "HK-2", "line-units": "7"})

    answer = client.post(NEW, data=data)

    assert answer.status_code == 200
    assert 'value="HK-1"' in answer.text
    assert 'aria-label="Quantity of HK-2"' in answer.text
    assert "No listing has this SKU." in answer.text
    assert db.session.scalar(sa.select(StockOrder.id)) is None
    assert db.session.scalar(sa.select(Submission.value)) is None


@pytest.mark.parametrize("name", ["lines", "reference", "notes", "status", "destination_id"])
def test_a_nul_is_no_failure_of_ours(client: FlaskClient, home: Warehouse, name: str) -> None:
    data = fields(home, "HK-1 10")

    answer = client.post(NEW, data=data | {name: f"{data.get(name, '')}\x00"})

    assert answer.status_code in (303, 422)


def test_a_row_is_removed_and_one_that_was_found_added(
    client: FlaskClient, home: Warehouse
) -> None:
    rows = {"line-sku": ["HK-1", "HK-2"], "line-units": ["1", "2"]}

    without = client.post(NEW, data=fields(home, drop="1", **rows)).text
    found = client.get(f"/orders/offers?find=hk-&destination_id={home.id}").text
    added = client.post(NEW, data=fields(home, add="HK-1")).text

    assert 'value="HK-1"' not in without
    assert 'value="HK-2"' in without
    assert 'name="add" value="HK-1"' in found.replace("\n", " ").replace("  ", " ")
    assert "Quantity of HK-1" in added


def test_of_a_sku_that_is_there_twice_one_row_is_removed(
    client: FlaskClient, home: Warehouse
) -> None:
    rows = {"line-sku": ["HK-1", "HK-2", "HK-1"], "line-units": ["1", "2", "3"]}

    asked = client.post(NEW, data=fields(home, rows="add", **rows)).text
    left = client.post(NEW, data=fields(home, drop="3", **rows)).text

    assert "This SKU is there twice" in asked
    assert 'name="drop" value="3" aria-label="Remove HK-1"' in asked
    assert left.count('aria-label="Quantity of HK-1"') == 1
    assert "This SKU is there twice" not in left


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("GONE 4", "No listing has this SKU."),
        ("HK-1 -4", "“-4” is negative."),
        ("HK-1 1.5", "“1.5” is no whole number of units."),
        ("HK-1 99999999", "“99999999” is more than 1000000."),
        ("HK-1", "Enter a quantity."),
        ("HK-1 4 x", "Enter a quantity."),
        ("HK-1 4\nHK-1 6", "This SKU is there twice"),
    ],
)
def test_each_line_at_fault_gets_a_sentence_and_all_that_was_typed_stays(
    client: FlaskClient, home: Warehouse, text: str, sentence: str
) -> None:
    answer = client.post(NEW, data=fields(home, f"HK-2 3\n{text}", notes="Fragile <b>"))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Fragile &lt;b&gt;" in answer.text
    assert 'aria-label="Quantity of HK-2"' in answer.text
    assert db.session.scalar(sa.select(StockOrder.id)) is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("destination_id", "", "Choose where the goods go."),
        ("destination_id", "99", "Not a valid choice"),
        ("expected_on", "soon", "Enter a day of the calendar."),
        ("expected_on", "0206-12-31", "“0206-12-31” is not between the years 2000 and 2100."),
        ("shipping_handling", "-4", "“-4” is negative."),
        ("discount", "1e3", "is no amount"),
        ("status", "Closed", "Not a valid choice"),
        ("reference", "x" * 65, "At most 64 characters."),
    ],
)
def test_a_header_at_fault_is_told(
    client: FlaskClient, home: Warehouse, field: str, value: str, sentence: str
) -> None:
    answer = client.post(NEW, data=fields(home, "HK-1 1") | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_order_without_lines_is_a_draft(client: FlaskClient, home: Warehouse) -> None:
    refused = client.post(NEW, data=fields(home, notes="for spring"))

    assert refused.status_code == 422
    assert "An order without lines can only be a draft" in refused.text
    assert 'id="status-e"' in refused.text
    assert "for spring" in refused.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StockOrder)) == 0
    assert client.post(NEW, data=fields(home, status="Draft")).status_code == 303


def test_an_active_order_keeps_a_line(client: FlaskClient, home: Warehouse) -> None:
    client.post(NEW, data=fields(home, "HK-1 10"))
    path = f"/purchase-orders/{the_order().id}/edit"

    assert "can only be a draft" in client.post(path, data=fields(home)).text
    assert lines() == {"HK-1": (10, None)}
    assert client.post(path, data=fields(home, status="Draft")).status_code == 303
    assert lines() == {}
    told = client.post(f"/orders/{the_order().id}/status", data={"status": "Open"})
    assert told.status_code == 303
    assert "can only be a draft" in client.get(f"/purchase-orders/{the_order().id}").text
    assert the_order().status_type == "draft"


def test_a_form_sent_twice_makes_one_order(client: FlaskClient, home: Warehouse) -> None:
    data = fields(home, "HK-1 1", submission="form-1")

    first, second = client.post(NEW, data=data), client.post(NEW, data=data)

    assert first.location == second.location == f"/purchase-orders/{the_order().id}"


def test_a_transfer_needs_a_source_that_can_send_there(
    client: FlaskClient, home: Warehouse
) -> None:
    shed = make_warehouse(kind="own", name="Shed")
    stranger = make_warehouse(kind="fbm", name="Other FBM")
    path = "/transfer-orders/new"

    none = client.post(path, data=fields(home, "HK-1 1", source_id=""))
    wrong = client.post(path, data=fields(home, "HK-1 1", source_id=stranger.id))
    right = client.post(path, data=fields(home, "HK-1 1", source_id=shed.id))

    assert "Choose where the goods come from." in none.text
    assert "Goods cannot come from Other FBM to Harbour NA FBA US." in wrong.text
    assert right.status_code == 303
    assert (the_order().reference, the_order().source_id) == ("TO-1", shed.id)


def test_a_transfer_is_told_what_its_source_can_send(client: FlaskClient, home: Warehouse) -> None:
    shed = make_warehouse(name="Shed", kind="own")
    listing_id = db.session.scalars(sa.select(Listing.id).filter_by(seller_sku="HK-1")).one()
    own_stock.count(shed.id, listing_id, 50, reason="", user_id=None, cause="form")
    db.session.commit()
    path = "/transfer-orders/new"
    data = fields(home, "HK-1 30", source_id=shed.id)
    address = client.post(path, data=data).location

    more = client.post(path, data=fields(home, "HK-1 21\nHK-2 1", source_id=shed.id, rows="add"))
    same = client.get(f"{address}/edit").text

    assert "only 20 available at the source" in more.text
    assert "none available at the source" in more.text
    assert "50 available at the source" in same  # its own claim is not held against it
    stock = client.get(f"/warehouses/{shed.id}/stock").text
    assert "20<small>30 on transfers</small>" in stock
    assert client.get(f"/warehouses/{shed.id}/stock.csv").text.strip().endswith(",20")


def test_disabled_and_combined_warehouses_are_not_offered(
    client: FlaskClient, home: Warehouse
) -> None:
    make_warehouse(name="Switched off", disabled_at=home.connection.created_at)
    make_warehouse(kind="combined", name="All of NA")

    page = client.get(NEW).text

    assert "Harbour NA FBA US</option>" in page
    assert "Switched off</option>" not in page
    assert "All of NA" not in page


def test_a_sku_of_two_connections_is_asked_where_the_place_does_not_say(
    client: FlaskClient, home: Warehouse
) -> None:
    other = make_connection(name="Harbour EU")
    there = make_listing(connection_id=other.id, seller_sku="HK-1")
    shed = make_warehouse(kind="own", name="Shed")

    asked = client.post(NEW, data=fields(shed, "HK-1 5"))
    told = client.post(NEW, data=fields(shed, "HK-1 5", connection_id=other.id))

    assert "Several connections have this SKU." in asked.text
    assert told.status_code == 303
    assert db.session.scalar(sa.select(OrderLine.listing_id)) == there.id


def test_the_vendor_s_case_minimum_and_cost_are_kept_to(
    client: FlaskClient, home: Warehouse
) -> None:
    vendor = make_vendor(currency="USD")
    listing = make_listing(connection_id=home.connection_id, seller_sku="HK-9")
    variant = make_variant(listing)
    known = {"unit_cost": Decimal("3.5"), "units_per_case": 12, "minimum_units": 20}
    saved(VendorItem(vendor_id=vendor.id, variant_id=variant.id, **known))

    form = client.post(NEW, data=fields(home, "HK-9 5", vendor_id=vendor.id, rows="add")).text
    answer = client.post(NEW, data=fields(home, "HK-9 5", vendor_id=vendor.id))

    assert "5 → 24 units, the vendor’s minimum of 20, whole cases of 12" in form
    assert 'aria-label="Unit cost of HK-9" placeholder="3.5"' in form
    assert 'aria-label="Units per case of HK-9" placeholder="12"' in form
    assert lines() == {"HK-9": (24, Decimal("3.5"))}
    assert "the vendor’s minimum of 20, whole cases of 12" in client.get(answer.location).text


def test_costs_are_saved_as_the_vendor_s_when_asked(client: FlaskClient, home: Warehouse) -> None:
    vendor = make_vendor(currency="USD")
    make_variant(make_listing(connection_id=home.connection_id, seller_sku="HK-9"))
    data = fields(home, "HK-9 5 4.10", vendor_id=vendor.id, update_vendor="y")

    client.post(NEW, data=data)

    assert db.session.scalar(sa.select(VendorItem.unit_cost)) == Decimal("4.10")


def test_an_order_is_changed_by_its_own_rows(client: FlaskClient, home: Warehouse) -> None:
    path = client.post(NEW, data=fields(home, "HK-1 10\nHK-2 5")).location
    page = client.get(f"{path}/edit").text
    assert 'value="10"' in page

    rows = {"line-sku": ["HK-1"], "line-units": ["12"], "line-cost": ["4"], "version": "1"}
    answer = client.post(f"{path}/edit", data=fields(home, reference="SPRING", **rows))

    assert answer.location == path
    assert lines() == {"HK-1": (12, Decimal(4))}
    assert (the_order().reference, the_order().version) == ("SPRING", 2)


def test_who_saves_second_sees_both_versions(client: FlaskClient, home: Warehouse) -> None:
    path = client.post(NEW, data=fields(home, "HK-1 10")).location
    rows = {"line-sku": ["HK-1"], "line-units": ["12"], "version": "1"}
    client.post(f"{path}/edit", data=fields(home, notes="Hers", **rows))

    mine = rows | {"line-units": ["15"]}
    answer = client.post(f"{path}/edit", data=fields(home, notes="Mine", **mine))

    assert answer.status_code == 409
    for text in ("Hers", "Mine", "HK-1, units", "<td>12</td>", "<td>15</td>"):
        assert text in answer.text
    assert the_order().notes == "Hers"


def test_of_amazon_s_order_quantities_and_destination_are_read_only(
    client: FlaskClient, home: Warehouse
) -> None:
    order = make_order(destination_id=home.id, line_count=1, units_ordered=10)
    make_order_line(order, listing_id=make_listing(connection_id=home.connection_id).id)
    link(order, make_shipment(connection_id=home.connection_id, warehouse_id=home.id))
    path = f"/purchase-orders/{order.id}/edit"
    sku = db.session.scalars(sa.select(OrderLine)).one().seller_sku

    page = client.get(path).text
    data = fields(home, "HK-1 99", notes="Mine", expected_on="2027-02-01", version="1")
    data |= {"line-sku": [sku], "line-units": ["99"], "line-cost": ["2.5"], "status": "Shipped"}
    answer = client.post(path, data=data)

    assert "Amazon owns lines" in page
    assert "Destination warehouse" not in page
    assert "readonly" in page
    assert answer.status_code == 303
    changed = the_order()
    assert (changed.notes, changed.expected_on) == ("Mine", date(2027, 2, 1))
    assert lines() == {sku: (10, Decimal("2.5"))}


def test_viewers_write_no_orders(sign_in: Callable[..., FlaskClient], client: FlaskClient) -> None:
    viewer = sign_in(Role.VIEWER)

    assert viewer.get(NEW).status_code == 403
    assert viewer.post(NEW, data={}).status_code == 403


def test_who_changes_a_note_does_not_change_quantities(
    client: FlaskClient, home: Warehouse
) -> None:
    path = client.post(NEW, data=fields(home, "HK-1 10", rounding="off")).location
    vendor, listing = make_vendor(), db.session.scalar(sa.select(OrderLine.listing_id))
    variant = make_variant(db.session.get_one(Listing, listing))
    saved(VendorItem(vendor_id=vendor.id, variant_id=variant.id, minimum_units=100))

    rows = {"line-sku": ["HK-1"], "line-units": ["10"]}
    client.post(f"{path}/edit", data=fields(home, notes="New", vendor_id=vendor.id, **rows))
    assert lines() == {"HK-1": (10, None)}

    rows["line-units"] = ["11"]
    client.post(f"{path}/edit", data=fields(home, vendor_id=vendor.id, **rows))
    assert lines() == {"HK-1": (100, None)}


def test_a_blank_currency_is_the_vendor_s_else_the_destination_s(
    client: FlaskClient, home: Warehouse
) -> None:
    vendor = make_vendor(currency="CNY")

    client.post(NEW, data=fields(home, "HK-1 1", vendor_id=vendor.id, currency="", reference="A"))
    client.post(NEW, data=fields(home, "HK-1 1", currency="", reference="B"))

    found = db.session.execute(sa.select(StockOrder.reference, StockOrder.currency))
    assert dict(found.all()) == {"A": "CNY", "B": "USD"}  # type: ignore[arg-type]


def test_two_thousand_lines_with_long_skus_are_one_form(
    client: FlaskClient, home: Warehouse
) -> None:
    skus = [f"{'LONG-SKU-' * 20}{number:04d}" for number in range(2000)]
    common = {"channel": "FBA", "created_at": home.connection.created_at}
    db.session.add_all(
        Listing(connection_id=home.connection_id, seller_sku=sku, **common) for sku in skus
    )
    db.session.commit()

    text = "\n".join(f"{sku}\t3\t4.20" for sku in skus)
    path = client.post(NEW, data=fields(home, text)).location
    rows = {"line-sku": skus, "line-units": ["4"] * 2000, "line-cost": ["4.20"] * 2000}
    with counted() as statements:
        answer = client.post(f"{path}/edit", data=fields(home, **rows))

    assert answer.status_code == 303
    assert (the_order().line_count, the_order().units_outstanding) == (2000, 8000)
    assert len(statements) < 40


@pytest.mark.parametrize(("pasted", "added"), [("", "HK-2"), ("HK-1 5", "HK-1")])
def test_a_search_that_is_left_standing_is_no_line(
    client: FlaskClient, home: Warehouse, pasted: str, added: str
) -> None:
    page = client.post(NEW, data=fields(home, pasted, rows="add", find="HK-2")).text

    assert re.findall(r'name="line-sku" value="([^"]*)"', page) == [added]
    assert "autofocus" in page


def test_the_log_keeps_a_sku_as_it_is_written_and_names_days(
    client: FlaskClient, home: Warehouse
) -> None:
    make_listing(connection_id=home.connection_id, seller_sku="HK_a-3")
    client.post(NEW, data=fields(home, "HK_a-3 10 4.20"))
    path = f"/purchase-orders/{the_order().id}"

    client.post(f"{path}/edit", data=fields(home, "HK_a-3 10 4.10", expected_on="2027-01-04"))

    for page in (client.get("/activity/changes").text, client.get(path).text):
        assert "HK_a-3 cost" in page
        assert "4 Jan 2027" in page
        assert "→ <strong>2027-01-04" not in page
        assert "→ 2027-01-04" not in page
