"""Orders as people write them: made, edited, refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from extensions import db
from inventory.models import (
    Account,
    Change,
    Listing,
    OrderKind,
    OrderLine,
    StockLevel,
    StockOrder,
    Warehouse,
)
from inventory.services import accounts, order_saving, order_skus
from inventory.services.order_saving import Line
from tests.factories import (
    link,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_user,
    make_vendor,
    make_warehouse,
)
from tests.queries import counted


@pytest.fixture
def home(app: Flask) -> Warehouse:
    return make_warehouse(name="Harbour NA FBA US")


def line(home: Warehouse, sku: str = "HK-1", units: int = 10, **known: Any) -> Line:
    listing = make_listing(connection_id=home.connection_id, seller_sku=sku)
    return Line(sku, listing.id, units, **known)


def make(home: Warehouse, *lines: Line, **header: Any) -> StockOrder:
    known = {"destination_id": home.id, "status": "Open", "currency": "USD"}
    made = order_saving.create(OrderKind.PURCHASE, known | header, lines, user_id=make_user().id)
    db.session.commit()
    return made


def test_an_order_takes_the_next_number_and_counts_its_lines(home: Warehouse) -> None:
    made = make(home, line(home, "HK-1", 10), line(home, "HK-2", 5, unit_cost=Decimal("4.2")))

    assert (made.reference, made.origin, made.status_type) == ("PO-1", "local", "active")
    assert (made.line_count, made.units_ordered, made.units_outstanding) == (2, 15, 15)
    assert make(home).reference == "PO-2"
    assert db.session.query(Change).filter_by(subject_kind="order").count() == 2


def test_a_draft_is_not_on_order(home: Warehouse) -> None:
    made = make(home, line(home), status="Draft")

    assert (made.units_ordered, made.units_outstanding) == (10, 0)


def test_a_reference_that_is_taken_is_refused(home: Warehouse) -> None:
    make(home, reference="SPRING-1")

    with pytest.raises(order_saving.ReferenceTaken):
        make(home, reference="SPRING-1")


@pytest.mark.parametrize(
    ("vendor_days", "warehouse_days", "account_days", "days"),
    [
        (9, 20, 30, 9),
        (None, 20, 30, 20),
        (None, None, 30, 30),
        (None, None, None, 14),
        (0, 5, 5, 0),
    ],
)
def test_a_blank_date_is_today_and_the_narrowest_lead_time(
    home: Warehouse,
    vendor_days: int | None,
    warehouse_days: int | None,
    account_days: int | None,
    days: int,
) -> None:
    vendor = make_vendor(lead_time_days=vendor_days)
    home.lead_time_days = warehouse_days
    db.session.get_one(Account, 1).lead_time_days = account_days
    db.session.commit()

    made = make(home, vendor_id=vendor.id)

    assert made.expected_on == accounts.today() + timedelta(days=days)
    assert made.expected_source == "lead_time"


def test_a_typed_date_is_locked_until_it_is_blank_again(home: Warehouse) -> None:
    made = make(home, expected_on=date(2027, 1, 4))
    assert (made.expected_on, made.expected_source) == (date(2027, 1, 4), "user")

    order_saving.save(made, {"expected_on": None}, (), version=None, user_id=None)

    assert made.expected_source == "lead_time"


def test_saving_changes_what_differs_and_says_so(home: Warehouse) -> None:
    first, second, third = line(home, "A", 10), line(home, "B", 5), line(home, "C", 7)
    made = make(home, first, second)
    vendor = make_vendor(name="Anhui Hearth")

    new = [Line("A", first.listing_id, 12, Decimal("4.20")), third]
    changed = order_saving.save(made, {"vendor_id": vendor.id}, new, version=1, user_id=None)
    db.session.commit()

    rows = {row.seller_sku: row.units_ordered for row in db.session.query(OrderLine)}
    assert changed
    assert rows == {"A": 12, "C": 7}
    assert (made.units_ordered, made.units_outstanding, made.version) == (19, 19, 2)
    told = db.session.query(Change).order_by(Change.id.desc()).first()
    assert told is not None
    assert told.summary == "Vendor and 3 lines changed"
    assert told.fields["vendor"] == [None, "Anhui Hearth"]
    assert told.fields["B ordered"] == [5, 0]
    assert told.fields["A cost"] == [None, "4.2"]


def test_saving_the_same_again_writes_no_entry(home: Warehouse) -> None:
    first = line(home, "A", 10)
    made = make(home, first)

    assert not order_saving.save(made, {"currency": "USD"}, [first], version=None, user_id=None)


def test_a_form_from_before_somebody_s_save_is_refused(home: Warehouse) -> None:
    first = line(home, "A", 10)
    made = make(home, first)
    order_saving.save(made, {"notes": "Hers"}, [first], version=1, user_id=None)

    with pytest.raises(order_saving.OrderChanged):
        order_saving.save(made, {"notes": "His"}, [first], version=1, user_id=None)

    assert made.notes == "Hers"


def test_a_line_of_which_units_were_received_stays(home: Warehouse) -> None:
    made = make(home, line(home, "A", 10))
    db.session.query(OrderLine).one().units_received = 3
    db.session.commit()

    with pytest.raises(order_saving.LinesReceived) as refused:
        order_saving.save(made, {}, [line(home, "B")], version=None, user_id=None)

    assert refused.value.skus == ["A"]


def test_of_amazon_s_order_only_costs_and_words_are_saved(home: Warehouse) -> None:
    shipment = make_shipment(connection_id=home.connection_id, warehouse_id=home.id)
    listing = make_listing(connection_id=home.connection_id, seller_sku="A")
    make_shipment_line(shipment, listing_id=listing.id)
    order = make_order(destination_id=home.id, line_count=1, units_ordered=10)
    row = make_order_line(order, listing_id=listing.id)
    link(order, shipment)
    other = make_warehouse(marketplace_id="A2EUQ1WTGCTBG2", connection_id=home.connection_id)

    header = {"destination_id": other.id, "notes": "Fragile", "shipping_handling": Decimal(80)}
    wanted = [Line("A", listing.id, 99, Decimal(4), Decimal(19))]
    order_saving.save(order, header, wanted, version=None, user_id=None)

    assert (order.destination_id, order.notes) == (home.id, "Fragile")
    assert (row.units_ordered, row.unit_cost, row.tax_rate) == (10, 4, 19)
    assert (order.shipping_handling, order.shipping_handling_source) == (80, "user")


def test_two_thousand_lines_are_resolved_by_one_statement(home: Warehouse) -> None:
    skus = [f"S-{number}" for number in range(2000)]
    db.session.add_all(
        Listing(
            connection_id=home.connection_id,
            channel="FBA",
            seller_sku=sku,
            created_at=accounts.now(),
        )
        for sku in skus
    )
    db.session.commit()

    with counted() as statements:
        found = order_skus.resolve(skus, home).found
    asked = len(statements)
    made = make(home, *(Line(sku, found[sku].listing_id, 3) for sku in skus))

    assert asked == 1
    assert (made.line_count, made.units_outstanding) == (2000, 6000)


def test_a_sku_is_the_destination_s_own_listing(home: Warehouse) -> None:
    here = make_listing(connection_id=home.connection_id, seller_sku="A")
    make_listing(connection_id=home.connection_id, seller_sku="A", channel="FBM")
    make_listing(seller_sku="A")
    make_listing(seller_sku="B")

    found = order_skus.resolve(["A", "B", "C"], home)

    assert {sku: one.listing_id for sku, one in found.found.items()} == {"A": here.id}
    assert found.faults["B"] == f"{home.name} takes no listing with this SKU."
    assert found.faults["C"] == order_skus.UNKNOWN


def test_elsewhere_a_sku_of_several_connections_is_asked(home: Warehouse) -> None:
    own = make_warehouse(kind="own")
    first, second = make_listing(seller_sku="A"), make_listing(seller_sku="A")
    alone = make_listing(seller_sku="B", channel="FBM")
    make_listing(seller_sku="B", channel="FBA", connection_id=alone.connection_id)

    asked = order_skus.resolve(["A", "B"], own)
    told = order_skus.resolve(["A"], own, connection_id=second.connection_id)
    kept = order_skus.resolve(["A"], own, known={"A": first.id})

    assert asked.faults == {"A": order_skus.SEVERAL}
    assert asked.found["B"].channel == "FBA"
    assert told.found["A"].listing_id == second.id
    assert kept.found["A"].listing_id == first.id


def test_what_is_on_order_is_listed_where_it_goes(home: Warehouse) -> None:
    wanted = line(home, "NEW-1", 5)
    other = make_warehouse(name="Dock", kind="own")

    made = make(home, wanted)
    order_saving.save(made, {"destination_id": other.id}, [wanted], version=None, user_id=None)
    db.session.commit()

    rows = db.session.query(StockLevel).all()
    held = {(row.warehouse_id, row.seller_sku): row.fulfillable for row in rows}
    assert held == {(home.id, "NEW-1"): 0, (other.id, "NEW-1"): 0}
