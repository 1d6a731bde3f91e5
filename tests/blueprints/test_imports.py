"""/<list>/import: a file is looked at, then brought in, all of it or nothing"""

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from bench import bench_sheets
from extensions import db
from inventory.models import (
    Change,
    ImportDraft,
    OrderLine,
    OrderReceipt,
    Role,
    StatusType,
    StockLevel,
    StockOrder,
    Vendor,
    VendorItem,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts
from inventory.services.import_drafts import clean_name
from tests.factories import (
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_variant,
    make_vendor,
    make_warehouse,
)

PATH = "/purchase-orders/import"
ORDERS = "reference,destination,sku,units\n"


@pytest.fixture
def place() -> Callable[[], Warehouse]:
    def make() -> Warehouse:
        connection = make_connection()
        for sku in "AB":
            make_listing(connection_id=connection.id, seller_sku=sku)
        return make_warehouse(connection=connection, name="Harbour FBA US")

    return make


def send(
    client: FlaskClient,
    content: str | bytes,
    path: str = "/purchase-orders/import",
    name: str = "old.csv",
) -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    # Not by ``data``: the test client would leave a temporary file open for a large one.
    body = head.encode() + raw + b"\r\n--cut--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=cut")


def looked(client: FlaskClient, content: str | bytes, path: str = PATH) -> str:
    """Send a file; return the address of its dry run."""
    answer = send(client, content, path)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_and_then_brought_in(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()

    dry_run = looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,480\nPO-7,,B,20\n")
    page = client.get(dry_run)
    assert "1 order, 2 lines, 500 units. Nothing is stored yet." in " ".join(page.text.split())
    assert count(StockOrder) == 0

    done = client.post(dry_run)
    order = db.session.scalars(sa.select(StockOrder)).one()
    assert done.location == f"/purchase-orders/{order.id}"
    assert (order.reference, order.units_ordered) == ("PO-7", 500)
    assert "1 order with 500 units brought in." in client.get("/purchase-orders").text
    assert count(ImportDraft) == 0


def undo_address(page: str) -> str:
    found = re.search(r'action="(/[a-z-]+/(?:import|changes)/[^"]+/undo)"', page)
    assert found
    return found[1]


def test_an_import_is_undone_once_and_whole(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()
    rows = f"{ORDERS}PO-7,Harbour FBA US,A,480\nPO-8,Harbour FBA US,B,20\n"
    client.post(looked(client, rows))
    address = undo_address(client.get("/purchase-orders").text)

    client.post(address)

    assert (count(StockOrder), count(OrderLine)) == (0, 0)
    assert "Undone: 2 orders deleted." in client.get("/purchase-orders").text
    # SQLite gives the ids of deleted rows away again.
    client.post(looked(client, rows))
    client.post(address)
    assert count(StockOrder) == 2
    assert "Undone already." in client.get("/purchase-orders").text


def test_an_import_stays_where_an_order_changed_since(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()
    rows = f"{ORDERS}PO-7,Harbour FBA US,A,480\nPO-8,Harbour FBA US,B,20\n"
    client.post(looked(client, rows))
    address = undo_address(client.get("/purchase-orders").text)
    order = db.session.scalars(sa.select(StockOrder).where(StockOrder.reference == "PO-8")).one()
    client.post(
        "/purchase-orders/acts", data={"order": order.id, "act": "status", "status": "Draft"}
    )

    client.post(address)

    assert count(StockOrder) == 2
    assert "Nothing was undone: PO-8 changed since." in client.get("/purchase-orders").text


def test_an_import_is_undone_later_too(client: FlaskClient, place: Callable[[], Warehouse]) -> None:
    place()
    client.post(looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,480\nPO-8,Harbour FBA US,B,20\n"))
    client.get("/purchase-orders")  # its button is seen once
    brought_vendors(client)

    page = client.get("/purchase-orders/import").text

    assert "old.csv" in page
    assert "2 orders" in page
    assert "Brought in lately" not in client.get("/transfer-orders/import").text
    assert "2 vendors" in client.get("/vendors/import").text
    client.post(undo_address(page))
    assert count(StockOrder) == 0
    assert "Brought in lately" not in client.get("/purchase-orders/import").text
    assert "Brought in lately" in client.get("/vendors/import").text


def test_every_problem_is_shown_by_row_and_nothing_comes(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()

    dry_run = looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,-1\nPO-8,Nowhere,Z,1\n")
    page = client.get(dry_run).text
    refused = client.post(dry_run)

    assert "2 problems" in page
    assert "“-1” is negative." in page
    assert "“Nowhere” is no warehouse known here." in page
    assert "Bring in" not in page
    assert refused.status_code == 409
    assert count(StockOrder) == 0


def test_a_second_click_brings_nothing_twice(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()
    dry_run = looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,480\n")

    first = client.post(dry_run, data={"submission": "one"})
    again = client.post(dry_run, data={"submission": "one"})
    other = client.post(dry_run, data={"submission": "two"})

    assert again.location == first.location
    assert other.location == "/purchase-orders/import"
    assert count(StockOrder) == 1


def test_what_changed_meanwhile_is_seen_when_it_is_brought_in(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    home = place()
    dry_run = looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,480\n")
    assert "Bring in 1 order" in client.get(dry_run).text
    make_order(reference="PO-7", destination_id=home.id)

    answer = client.post(dry_run)

    assert answer.status_code == 409
    assert "An order “PO-7” is there already." in answer.text
    assert count(StockOrder) == 1


def test_the_file_of_somebody_else_is_not_found(
    sign_in: Callable[..., FlaskClient], place: Callable[[], Warehouse]
) -> None:
    place()
    dry_run = looked(sign_in(Role.PLANNER), f"{ORDERS}PO-7,Harbour FBA US,A,480\n")

    answer = sign_in(Role.PLANNER).get(dry_run)

    assert (answer.status_code, answer.location) == (303, "/purchase-orders/import")


def test_a_file_belongs_to_the_page_it_was_sent_to(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    place()
    dry_run = looked(client, f"{ORDERS}PO-7,Harbour FBA US,A,480\n")

    answer = client.get(dry_run.replace("purchase", "transfer"))

    assert answer.location == "/transfer-orders/import"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"name,units\nA,1\n", "Missing: “destination”, “sku”."),
        (b"\x89PNG\r\n\x00", "no CSV or XLSX file"),
        (bench_sheets.bomb, "unpacks to more than"),
        (ORDERS.encode() + b"P,W,A,1\n" * 50_001, "more than 50000 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    client: FlaskClient, content: bytes | Callable[[], bytes], said: str
) -> None:
    answer = send(client, content if isinstance(content, bytes) else content())

    assert answer.status_code == 422
    assert said in answer.text
    assert count(ImportDraft) == 0


def test_a_form_without_a_file_asks_for_one(client: FlaskClient) -> None:
    answer = client.post("/vendors/import", data={})

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_file_too_large_for_any_form_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = send(client, b"x" * (21 * 1024 * 1024))

    assert answer.status_code == 413
    assert "The limit is 20 MB." in answer.text
    assert client.post("/login", data={"email": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("old.csv", "old.csv"),
        ("C:\\x\\..\\<b>\u202egnp.csv", "-b-gnp.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nX-Header: 1;b.csv", "aX-Header- 1-b.csv"),
        ("..", "file"),
        ("", "file"),
        ("\ud800.csv", "csv"),
        (f"{'x' * 300}.csv", f"{'x' * 109}.csv"),
    ],
)
def test_the_name_of_a_file_is_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@pytest.mark.parametrize("kind", ["purchase-orders", "transfer-orders", "vendors"])
def test_the_template_has_the_columns_and_can_be_read(client: FlaskClient, kind: str) -> None:
    text = client.get(f"/{kind}/import/template.csv").text
    book = client.get(f"/{kind}/import/template.xlsx").data

    header = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[0]
    assert text.splitlines()[0].split(",") == header
    assert looked(client, text, f"/{kind}/import").startswith(f"/{kind}/import/")


def test_other_lists_have_no_import(client: FlaskClient) -> None:
    assert client.get("/stock/import").status_code == 404
    assert client.get("/1/import/1").status_code == 404


def test_vendors_and_their_items_are_brought_in(client: FlaskClient) -> None:
    variant = make_variant(make_listing(seller_sku="A"), sku="A")
    make_vendor(name="Old", email="old@example.com", currency="EUR")
    content = (
        "vendor,currency,lead time,sku,vendor sku,cost,case\n"
        "New,usd,45,A,K-1,4.25,24\nOLD,,30,,,,\n"
    )

    dry_run = looked(client, content, "/vendors/import")
    page = " ".join(client.get(dry_run).text.split())
    client.post(dry_run)

    assert "Here it is" in page
    assert "Lead time" not in page
    assert "1 new vendor, 1 vendor changed, 1 item. Nothing is stored yet." in page
    new, old = db.session.scalars(sa.select(Vendor).order_by(Vendor.name)).all()
    assert (new.name, new.currency, new.lead_time_days) == ("New", "USD", 45)
    assert (old.name, old.currency, old.lead_time_days, old.email) == (
        "Old", "EUR", 30, "old@example.com",
    )  # fmt: skip
    item = db.session.scalars(sa.select(VendorItem)).one()
    assert (item.vendor_id, item.variant_id, item.vendor_sku) == (new.id, variant.id, "K-1")


def test_lines_are_brought_into_an_order(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    order = make_order(
        destination_id=place().id, origin="local", status="Draft", status_type=StatusType.DRAFT
    )
    listing = make_listing(
        seller_sku="A", connection_id=order.destination.connection_id, channel="FBM"
    )
    make_order_line(order, listing_id=listing.id, units_ordered=5, units_outstanding=0)

    dry_run = looked(client, "sku,units,cost\nA,8,\nB,3,4.25\n", f"/orders/{order.id}/import")
    done = client.post(dry_run)

    assert done.location == f"/purchase-orders/{order.id}"
    lines = db.session.scalars(sa.select(OrderLine).order_by(OrderLine.seller_sku)).all()
    assert [(one.seller_sku, one.units_ordered) for one in lines] == [("A", 8), ("B", 3)]


def test_an_order_of_amazon_s_takes_no_lines(client: FlaskClient) -> None:
    order = make_order()

    answer = client.get(f"/orders/{order.id}/import")

    assert answer.location == f"/purchase-orders/{order.id}"
    assert "Amazon owns its lines" in client.get("/purchase-orders").text


VENDORS = "vendor,currency,lead time,sku,vendor sku,cost,case\n"


def vendors_as_stored() -> list[tuple[object, ...]]:
    items = sa.select(Vendor.name, VendorItem.vendor_sku, VendorItem.unit_cost).join(VendorItem)
    names = sa.select(Vendor.name, Vendor.currency, Vendor.lead_time_days)
    both = [*db.session.execute(names.order_by(Vendor.name)), *db.session.execute(items)]
    return [tuple(row) for row in both]


def brought_vendors(client: FlaskClient) -> str:
    """Bring in a new vendor and changes of an old one; return the address that undoes it."""
    make_variant(make_listing(seller_sku="A"), sku="A")
    make_variant(make_listing(seller_sku="B"), sku="B")
    make_vendor(name="Old", currency="EUR")
    client.post(looked(client, f"{VENDORS}Old,,,A,O-1,2.50,\n", "/vendors/import"))
    client.get("/vendors")  # its button
    content = f"{VENDORS}New,USD,45,A,K-1,4.25,24\nOLD,,30,A,,9,\nOLD,,,B,O-2,1,\n"
    client.post(looked(client, content, "/vendors/import"))
    return undo_address(client.get("/vendors").text)


def test_an_import_of_vendors_is_undone_once_and_whole(client: FlaskClient) -> None:
    address = brought_vendors(client)
    assert len(vendors_as_stored()) == 5

    client.post(address)
    page = client.get("/vendors").text
    client.post(address)

    assert vendors_as_stored() == [("Old", "EUR", None), ("Old", "O-1", Decimal("2.50"))]
    assert "Undone: 2 vendors as before." in page
    assert "Undone already." in client.get("/vendors").text


@pytest.mark.parametrize("by", ["edit", "item", "order"])
def test_an_import_of_vendors_stays_where_one_moved_on(client: FlaskClient, by: str) -> None:
    address = brought_vendors(client)
    new = db.session.scalars(sa.select(Vendor).where(Vendor.name == "New")).one()
    if by == "edit":
        new.lead_time_days = 50
        db.session.commit()
    elif by == "item":
        form = {"sku": "A", "vendor_sku": "K-2", "unit_cost": "4.25"}
        client.post(f"/vendors/{new.id}/items", data=form)
    else:
        make_order(vendor_id=new.id)
    before = vendors_as_stored()

    client.post(address)

    assert vendors_as_stored() == before
    assert "Nothing was undone: New changed since." in client.get("/vendors").text


def test_an_import_of_lines_is_undone(client: FlaskClient, place: Callable[[], Warehouse]) -> None:
    order = make_order(destination_id=place().id, origin="local", status="Open")
    listing = make_listing(seller_sku="C", connection_id=order.destination.connection_id)
    make_order_line(order, listing_id=listing.id, units_ordered=5, units_outstanding=5)
    client.post(looked(client, "sku,units\nC,8\nB,3\n", f"/orders/{order.id}/import"))
    page = client.get(f"/purchase-orders/{order.id}").text

    client.post(undo_address(page))

    lines = db.session.scalars(sa.select(OrderLine)).all()
    assert [(one.seller_sku, one.units_ordered) for one in lines] == [("C", 5)]
    assert "Lines brought in from the file old.csv" in page
    told = "Undone: Lines brought in from the file old.csv"
    assert told in client.get(f"/purchase-orders/{order.id}").text


def test_a_file_of_lines_that_changes_nothing_has_no_undo(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    order = make_order(destination_id=place().id, origin="local", status="Open")
    listing = make_listing(seller_sku="C", connection_id=order.destination.connection_id)
    make_order_line(order, listing_id=listing.id, units_ordered=5, units_outstanding=5)

    client.post(looked(client, "sku,units\nC,5\n", f"/orders/{order.id}/import"))

    page = client.get("/purchase-orders").text
    assert "1 line brought in from old.csv" in page
    assert "/undo" not in page
    assert db.session.scalar(sa.select(sa.func.count(Change.id))) == 0


def test_units_received_before_have_a_receipt_that_moved_no_stock(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    home = place()
    home.kind, home.connection_id = WarehouseKind.OWN, None
    db.session.commit()
    header = "reference,destination,sku,units,received,created\n"
    rows = "PO-7,Harbour FBA US,A,10,4,2026-03-01\nPO-7,,B,10,,\nPO-8,Harbour FBA US,A,10,6,\n"
    client.post(looked(client, header + rows))
    address = undo_address(client.get("/purchase-orders").text)

    receipts = db.session.scalars(sa.select(OrderReceipt).order_by(OrderReceipt.id)).all()
    order = db.session.scalars(sa.select(StockOrder).where(StockOrder.reference == "PO-7")).one()
    page = client.get(f"/purchase-orders/{order.id}").text

    today = accounts.today()
    assert [(one.units, one.received_on) for one in receipts] == [
        (4, date(2026, 3, 1)), (6, today),
    ]  # fmt: skip
    assert "brought in from the file, moved no stock" in page
    assert db.session.scalar(sa.select(sa.func.sum(StockLevel.fulfillable))) == 0
    client.post(address)
    assert (count(StockOrder), count(OrderReceipt)) == (0, 0)


def test_a_receipt_of_a_file_is_undone_alone_and_takes_no_stock(
    client: FlaskClient, place: Callable[[], Warehouse]
) -> None:
    home = place()
    home.kind, home.connection_id = WarehouseKind.OWN, None
    db.session.commit()
    rows = "reference,destination,sku,units,received\nPO-7,Harbour FBA US,A,10,4\n"
    client.post(looked(client, rows))
    receipt = db.session.scalars(sa.select(OrderReceipt)).one()
    order = db.session.scalars(sa.select(StockOrder)).one()

    client.post(f"/orders/{order.id}/receipts/{receipt.batch}/undo")

    db.session.expire_all()
    assert (order.units_received, order.units_outstanding) == (0, 10)
    assert db.session.scalar(sa.select(sa.func.sum(StockLevel.fulfillable))) == 0
