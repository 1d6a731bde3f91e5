"""What leaves own warehouses with transfers to Amazon, and what active transfers still claim.

A transfer claims its units from the day it is active. They go out of the source's count when a
shipment of it leaves (SHIPPED), once, and come back when that is canceled. What people receive
by hand goes out with the receipt (``receiving``).
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    OrderKind,
    OrderLine,
    StatusType,
    StockEntry,
    StockLevel,
    StockOrder,
    WarehouseKind,
)
from inventory.services import order_facts, own_stock

CAUSE = "shipment"
#: Of a line: still in the source's count, and no longer free for anything else.
CLAIMED = sa.case(
    (
        OrderLine.units_ordered - OrderLine.units_sent < OrderLine.units_outstanding,
        OrderLine.units_ordered - OrderLine.units_sent,
    ),
    else_=OrderLine.units_outstanding,
)
#: Of a stock row: what active transfers claim.
CLAIMED_OF_ROW = (
    sa.select(sa.func.coalesce(sa.func.sum(CLAIMED), 0))
    .join(StockOrder, StockOrder.id == OrderLine.order_id)
    .where(
        OrderLine.listing_id == StockLevel.listing_id,
        StockOrder.source_id == StockLevel.warehouse_id,
        StockOrder.status_type == StatusType.ACTIVE,
        CLAIMED > 0,
    )
    .correlate(StockLevel)
    .scalar_subquery()
)


def move(order: StockOrder, left: Mapping[int, int]) -> None:
    """Take units (listing id -> units; negative: back in) out of the stock of an own source.

    Never below zero: what nobody counted cannot leave. Only what went out for this order comes
    back. Nothing happens for other orders. Flushes.
    """
    if order.kind != OrderKind.TRANSFER or order.source_id is None:
        return
    if order.source is None or order.source.kind != WarehouseKind.OWN:
        return
    own_stock.lock(order.source_id)
    held = own_stock.held(order.source_id, left)
    out = _out(order, left) if any(units < 0 for units in left.values()) else {}
    deltas = {
        one: -min(units, held[one].units) if units > 0 else min(-units, out.get(one, 0))
        for one, units in left.items()
    }
    known = {one: units for one, units in deltas.items() if units}
    if known:
        own_stock.move(order.source_id, known, cause=CAUSE, order_id=order.id, user_id=None)


def give_back(order: StockOrder) -> None:
    """Put back into the source's stock what left with shipments of ``order``. Flushes.

    For an order whose shipments are another's from now on.
    """
    lines = order_facts.lines_of(order.id).values()
    move(order, {line.listing_id: -line.units_sent for line in lines if line.units_sent})
    for line in lines:
        line.units_sent = 0
    db.session.flush()


def claimed(
    warehouse_id: int, listing_ids: Collection[int], *, but: int | None = None
) -> dict[int, int]:
    """Return listing -> units that active transfers out of a warehouse claim. One statement.

    ``but`` is the id of an order that is left out.
    """
    found = (
        sa.select(OrderLine.listing_id, sa.func.sum(CLAIMED))
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(
            StockOrder.source_id == warehouse_id,
            StockOrder.status_type == StatusType.ACTIVE,
            StockOrder.id.is_distinct_from(but),
            OrderLine.listing_id.in_(listing_ids),
            CLAIMED > 0,
        )
        .group_by(OrderLine.listing_id)
    )
    return {one: int(units) for one, units in db.session.execute(found)}


def available(
    warehouse_id: int, listing_ids: Collection[int], *, but: int | None = None
) -> dict[int, int]:
    """Return listing -> units of a warehouse that no active transfer claims; below 0: too many
    are claimed. Two statements, however many listings."""
    taken = claimed(warehouse_id, listing_ids, but=but)
    held = own_stock.held(warehouse_id, listing_ids)
    return {one: row.units - taken.get(one, 0) for one, row in held.items()}


def _out(order: StockOrder, listing_ids: Collection[int]) -> dict[int, int]:
    found = (
        sa.select(
            StockEntry.listing_id,
            sa.func.sum(StockEntry.units_before - StockEntry.units_after),
        )
        .where(
            StockEntry.order_id == order.id,
            StockEntry.warehouse_id == order.source_id,
            StockEntry.cause == CAUSE,
            StockEntry.listing_id.in_(listing_ids),
        )
        .group_by(StockEntry.listing_id)
    )
    return {one: max(0, int(units)) for one, units in db.session.execute(found)}
