"""Goods received by hand: in parts, more than ordered, undone, in and out of own stock."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extensions import db
from inventory.models import OrderKind, OrderReceipt, StockLevel, StockOrder, Warehouse
from inventory.services import order_facts, own_stock, receiving
from tests.factories import (
    link,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_warehouse,
)

DAY = date(2026, 11, 20)


@pytest.fixture
def shed(app: Flask) -> Warehouse:
    return make_warehouse(kind="own", name="Shed")


def make(shed: Warehouse, *units: int, **fields: object) -> StockOrder:
    known = {"origin": "local", "reference": "PO-1", "status": "Open", "destination_id": shed.id}
    order = make_order(**known | fields)
    for number, count in enumerate(units):
        listing = make_listing(seller_sku=f"A-{number}")
        make_order_line(order, listing_id=listing.id, units_ordered=count, units_outstanding=count)
    return order


def ids(order: StockOrder) -> list[int]:
    return [line.id for line in order_facts.lines_of(order.id).values()]


def held(place: Warehouse) -> dict[str, int]:
    rows = db.session.query(StockLevel).filter_by(warehouse_id=place.id)
    return {row.seller_sku: row.fulfillable for row in rows}


def test_units_come_in_parts_into_the_stock(shed: Warehouse) -> None:
    order = make(shed, 10, 5)
    first, second = ids(order)

    receiving.receive(order, {first: 4}, DAY, user_id=None)
    receiving.receive(order, {first: 6, second: 2}, DAY, user_id=None)
    db.session.commit()

    assert (order.units_received, order.units_outstanding) == (12, 3)
    assert held(shed) == {"A-0": 10, "A-1": 2}
    assert [one.units for one in receiving.batches(order.id)] == [8, 4]


def test_more_than_ordered_is_over_and_never_outstanding(shed: Warehouse) -> None:
    order = make(shed, 10, 5)

    receiving.receive(order, {ids(order)[0]: 13}, DAY, user_id=None)

    assert (order.units_received, order.units_outstanding) == (13, 5)


def test_undo_takes_a_form_back_once(shed: Warehouse) -> None:
    order = make(shed, 10)
    batch = receiving.receive(order, {ids(order)[0]: 4}, DAY, user_id=None)

    assert receiving.undo(order, batch, user_id=None) == 4
    db.session.commit()

    assert (order.units_received, order.units_outstanding) == (0, 10)
    assert held(shed) == {"A-0": 0}
    assert db.session.query(OrderReceipt).one().undone_at is not None
    with pytest.raises(receiving.AlreadyUndone):
        receiving.undo(order, batch, user_id=None)


def test_what_has_left_the_stock_since_cannot_be_undone(shed: Warehouse) -> None:
    order = make(shed, 10)
    batch = receiving.receive(order, {ids(order)[0]: 4}, DAY, user_id=None)
    listing_id = order_facts.lines_of(order.id)["A-0"].listing_id
    own_stock.adjust(shed.id, listing_id, -2, reason="sold", user_id=None)
    db.session.commit()

    with pytest.raises(own_stock.BelowZero):
        receiving.undo(order, batch, user_id=None)
    db.session.rollback()

    assert held(shed) == {"A-0": 2}


def test_a_transfer_takes_its_goods_from_the_source(shed: Warehouse) -> None:
    barn = make_warehouse(kind="own", name="Barn")
    order = make(shed, 10, kind=OrderKind.TRANSFER, source_id=barn.id)
    listing_id = order_facts.lines_of(order.id)["A-0"].listing_id
    own_stock.move(barn.id, {listing_id: 30}, order_id=None, user_id=None)

    receiving.receive(order, {ids(order)[0]: 4}, DAY, user_id=None)

    assert (held(barn), held(shed)) == ({"A-0": 26}, {"A-0": 4})


def test_a_source_that_has_not_so_many_refuses(shed: Warehouse) -> None:
    order = make(
        shed, 10, kind=OrderKind.TRANSFER, source_id=make_warehouse(kind="own", name="Barn").id
    )

    with pytest.raises(own_stock.BelowZero):
        receiving.receive(order, {ids(order)[0]: 4}, DAY, user_id=None)


def test_at_amazon_s_warehouse_the_stock_is_amazon_s_to_count(app: Flask) -> None:
    home = make_warehouse()
    order = make(home, 10)

    receiving.receive(order, {ids(order)[0]: 4}, DAY, user_id=None)

    assert (order.units_outstanding, held(home)) == (6, {})


@pytest.mark.parametrize("status_type", ["draft", "closed", "canceled"])
def test_only_what_is_active_is_received(shed: Warehouse, status_type: str) -> None:
    order = make(shed, 10, status_type=status_type)

    with pytest.raises(receiving.CannotReceive, match=status_type):
        receiving.receive(order, {ids(order)[0]: 1}, DAY, user_id=None)


def test_what_amazon_receives_is_not_received_by_hand(app: Flask) -> None:
    order = make(make_warehouse(), 10)
    link(order, make_shipment())

    with pytest.raises(receiving.CannotReceive, match="Amazon"):
        receiving.receive(order, {ids(order)[0]: 1}, DAY, user_id=None)


def test_nothing_at_all_is_refused(shed: Warehouse) -> None:
    order = make(shed, 10)

    with pytest.raises(receiving.CannotReceive):
        receiving.receive(order, {ids(order)[0]: 0, 999: 4}, DAY, user_id=None)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=6))
def test_stock_is_what_was_received_and_not_undone(
    shed: Warehouse, steps: list[tuple[int, bool]]
) -> None:
    db.session.query(StockOrder).delete()
    db.session.query(StockLevel).delete()
    order = make(shed, 20)
    line_id, kept = ids(order)[0], 0

    for units, is_undone in steps:
        batch = receiving.receive(order, {line_id: units}, DAY, user_id=None)
        kept += 0 if is_undone else units
        if is_undone:
            receiving.undo(order, batch, user_id=None)

    assert sum(held(shed).values()) == kept == order.units_received
    assert order.units_outstanding == max(0, 20 - kept)
