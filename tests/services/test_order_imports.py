"""services/order_imports and order_bringing: a file of orders, looked at and brought in"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import (
    Change,
    Connection,
    Listing,
    OrderKind,
    OrderLine,
    StatusType,
    StockLevel,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts, order_bringing, order_imports
from tests.factories import (
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_user,
    make_vendor,
    make_warehouse,
)
from tests.queries import counted

HEADER = "reference,destination,vendor,expected,status,sku,units,received,unit_cost\n"


@pytest.fixture
def place(app: Flask) -> Warehouse:
    """An FBA warehouse whose connection has the SKUs A, B and C."""
    connection = make_connection(name="Harbour")
    for sku in "ABC":
        make_listing(connection_id=connection.id, seller_sku=sku)
    return make_warehouse(connection=connection, name="Harbour FBA US")


def checked(rows: str, header: str = HEADER) -> order_imports.Checked:
    return order_imports.check(OrderKind.PURCHASE, (header + rows).encode())


def problems(rows: str, header: str = HEADER) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.sentence) for one in checked(rows, header).problems]


def bring(
    rows: str, header: str = HEADER, kind: OrderKind = OrderKind.PURCHASE
) -> list[StockOrder]:
    found = order_imports.check(kind, (header + rows).encode())
    made = order_bringing.bring(kind, found, "old.csv", user_id=make_user().id)
    db.session.commit()
    return [db.session.get_one(StockOrder, order_id) for order_id in made.references]


def test_rows_of_a_reference_become_one_order(place: Warehouse) -> None:
    vendor = make_vendor(name="Kettles", currency="EUR")

    (order,) = bring("PO-7,harbour fba us,KETTLES,2026-12-31,open,A,480,40,4.25\nPO-7,,,,,B,20,,\n")

    assert (order.reference, order.destination_id, order.vendor_id) == ("PO-7", place.id, vendor.id)
    assert (order.status, order.status_type, order.origin) == ("Open", StatusType.ACTIVE, "local")
    assert (order.expected_on, order.expected_source) == (date(2026, 12, 31), "user")
    assert (order.units_ordered, order.units_received, order.units_outstanding) == (500, 40, 460)
    assert (order.currency, order.line_count) == ("EUR", 2)
    lines = db.session.scalars(sa.select(OrderLine).order_by(OrderLine.seller_sku)).all()
    assert [(one.seller_sku, one.units_ordered, one.units_outstanding) for one in lines] == [
        ("A", 480, 440),
        ("B", 20, 20),
    ]
    assert [one.unit_cost for one in lines] == [Decimal("4.25"), None]
    change = db.session.scalars(sa.select(Change).where(Change.subject_id == order.id)).one()
    assert change.summary == "Brought in from the file old.csv"


def test_what_is_brought_in_is_listed_where_it_goes(place: Warehouse) -> None:
    bring("PO-1,Harbour FBA US,,,,A,5,,\nPO-2,Harbour FBA US,,,,B,5,,\n")

    rows = db.session.query(StockLevel).order_by(StockLevel.seller_sku)
    held = [(row.warehouse_id, row.seller_sku, row.total) for row in rows]
    assert held == [(place.id, "A", 0), (place.id, "B", 0)]


def test_blank_references_take_the_next_numbers(place: Warehouse) -> None:
    rows = ",Harbour FBA US,,2026-12-01,,A,1,,\n,Harbour FBA US,,2026-12-01,,B,1,,\n"

    made = bring(f"PO-1,Harbour FBA US,,,,A,1,,\n{rows},Harbour FBA US,,2026-12-02,,A,1,,\n")

    assert [(one.reference, one.line_count) for one in made] == [
        ("PO-1", 1),
        ("PO-2", 2),
        ("PO-3", 1),
    ]


def test_without_a_date_the_lead_time_counts(place: Warehouse) -> None:
    make_vendor(name="Kettles", lead_time_days=45)

    (order,) = bring("PO-7,Harbour FBA US,Kettles,,,A,1,,\n")

    assert order.expected_on == accounts.today() + timedelta(days=45)
    assert order.expected_source == "lead_time"


def test_a_draft_and_a_closed_order_wait_for_nothing(place: Warehouse) -> None:
    made = bring("PO-1,Harbour FBA US,,,Draft,A,5,,\nPO-2,Harbour FBA US,,,Closed,A,5,3,\n")

    assert [one.status_type for one in made] == [StatusType.DRAFT, StatusType.CLOSED]
    assert [one.units_outstanding for one in made] == [0, 0]
    assert [one.closed_on for one in made] == [None, accounts.today()]


def test_a_transfer_has_a_source(place: Warehouse) -> None:
    own = make_warehouse(kind=WarehouseKind.OWN, name="Reno")
    header = "reference,destination,source,sku,units\n"

    (order,) = bring("TO-9,Harbour FBA US,reno,A,5\n", header, OrderKind.TRANSFER)

    assert (order.source_id, order.kind) == (own.id, OrderKind.TRANSFER)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("PO-1,Nowhere,,,,A,1,,", "destination", "no warehouse known here"),
        ("PO-1,,,,,A,1,,", "destination", "is empty"),
        ("PO-1,Harbour FBA US,Nobody,,,A,1,,", "vendor", "no vendor known here"),
        ("PO-1,Harbour FBA US,Gone,,,A,1,,", "vendor", "switched off"),
        ("PO-1,Harbour FBA US,,soon,,A,1,,", "expected", "no date"),
        ("PO-1,Harbour FBA US,,,Lost,A,1,,", "status", "no status"),
        ("PO-1,Harbour FBA US,,,,Z,1,,", "sku", "No listing has this SKU"),
        ("PO-1,Harbour FBA US,,,,OTHER,1,,", "sku", "takes no listing"),
        ("PO-1,Harbour FBA US,,,,,1,,", "sku", "is empty"),
        ("PO-1,Harbour FBA US,,,,A,0,,", "units", "less than 1"),
        ("PO-1,Harbour FBA US,,,,A,-3,,", "units", "negative"),
        ("PO-1,Harbour FBA US,,,,A,1.5,,", "units", "no whole number"),
        ("PO-1,Harbour FBA US,,,,A,,,", "units", "is empty"),
        ("PO-1,Harbour FBA US,,,,A,1,-1,", "received", "negative"),
        ("PO-1,Harbour FBA US,,,,A,1,,x", "unit_cost", "no amount"),
        ("PO-0,Harbour FBA US,,,,A,1,,", "reference", "is there already"),
        (f"{'P' * 65},Harbour FBA US,,,,A,1,,", "reference", "more than 64"),
    ],
)
def test_each_problem_is_told_by_row(place: Warehouse, row: str, column: str, said: str) -> None:
    make_vendor(name="Gone", disabled_at=accounts.now())
    make_listing(seller_sku="OTHER")
    make_order(reference="PO-0")

    found = problems(f"PO-5,Harbour FBA US,,,,B,1,,\n{row}\n")

    assert [(at, name) for at, name, _ in found] == [(3, column)]
    assert said in found[0][2]


def test_all_that_is_wrong_in_a_row_is_told_at_once(place: Warehouse) -> None:
    found = problems("PO-1,Harbour FBA US,,,,Z,-1,x,y\n")

    assert [column for _, column, _ in found] == ["received", "sku", "unit_cost", "units"]


def test_rows_of_one_order_must_agree(place: Warehouse) -> None:
    found = problems(
        "PO-1,Harbour FBA US,,2026-12-01,,A,1,,\nPO-1,,,2026-12-02,,A,2,,\nPO-1,,,,,A,3,,\n"
    )

    assert [(row, column) for row, column, _ in found] == [(3, "expected"), (3, "sku"), (4, "sku")]
    assert "differs from “2026-12-01”" in found[0][2]
    assert "in row 2" in found[1][2]


def test_a_sku_of_two_connections_needs_a_word(place: Warehouse) -> None:
    make_warehouse(kind=WarehouseKind.OWN, name="Reno")
    other = make_connection(name="Second")
    make_listing(connection_id=other.id, seller_sku="A")
    header = "reference,destination,sku,units,connection\n"

    asked = problems("PO-1,Reno,A,1,\n", header)
    clear = checked("PO-1,Reno,A,1,second\n", header)

    assert "say which under “connection”" in asked[0][2]
    assert clear.problems == []
    assert db.session.get(Connection, clear.orders[0].connection_id) == other


def test_with_a_problem_nothing_is_brought(place: Warehouse) -> None:
    with pytest.raises(order_bringing.ProblemsLeft):
        bring("PO-1,Harbour FBA US,,,,A,1,,\nPO-2,Harbour FBA US,,,,Z,1,,\n")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(StockOrder)) == 0


def test_an_order_that_a_shipment_was_made_for_is_told_of(place: Warehouse) -> None:
    made_for = make_order(destination_id=place.id, line_count=1, units_ordered=5)
    listing = db.session.scalars(sa.select(Listing).where(Listing.seller_sku == "A")).one()
    make_order_line(made_for, listing_id=listing.id, units_ordered=5)

    bring("PO-1,Harbour FBA US,A,5,2026-10-01\n", "reference,destination,sku,units,created\n")

    assert made_for.flags == "looks_like:PO-1"


def test_the_same_file_again_is_refused(place: Warehouse) -> None:
    rows = "PO-1,Harbour FBA US,,,,A,1,,\n"
    bring(rows)

    assert problems(rows) == [(2, "reference", "An order “PO-1” is there already.")]


def test_a_long_file_takes_few_statements(place: Warehouse) -> None:
    rows = "".join(f"PO-{n // 3},Harbour FBA US,,,,{'ABC'[n % 3]},1,,\n" for n in range(300))

    with counted() as statements:
        assert checked(rows).problems == []

    assert len(statements) < 12


def test_a_place_that_lists_all_of_it_already_is_left_alone(place: Warehouse) -> None:
    bring("PO-1,Harbour FBA US,,,,A,1,,\n")
    shown = sa.select(StockLevel.listing_id, StockLevel.fulfillable, StockLevel.changed_at)
    before = db.session.execute(shown).all()

    bring("PO-2,Harbour FBA US,,,,A,1,,\n")

    assert len(before) == 1
    assert db.session.execute(shown).all() == before


def test_many_orders_are_written_with_few_statements(place: Warehouse) -> None:
    header = "reference,destination,sku,units,received\n"
    rows = "".join(f"PO-{number},Harbour FBA US,A,5,2\n" for number in range(200))
    found = order_imports.check(OrderKind.PURCHASE, (header + rows).encode())
    user = make_user()

    with counted() as statements:
        order_bringing.bring(OrderKind.PURCHASE, found, "many.csv", user_id=user.id)

    assert len(statements) < 30
