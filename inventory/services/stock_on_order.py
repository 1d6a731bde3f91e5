"""What is on its way to each warehouse, by SKU: on order, overdue, ignored, and unexplained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from inventory.models import (
    OrderKind,
    OrderLine,
    OrderShipment,
    StatusType,
    StockLevel,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.services import lists

#: What of a line is on order: an ignored shipment's units are not.
COUNTED = OrderLine.units_outstanding - OrderLine.units_ignored
IS_LINKED = sa.exists().where(OrderShipment.order_id == StockOrder.id).correlate(StockOrder)
_listings: Any = sa.bindparam("listings", expanding=True)
_place = aliased(Warehouse)
IS_FBA = StockLevel.warehouse_id.in_(sa.select(_place.id).where(_place.kind == WarehouseKind.FBA))
#: Amazon's own count of what is on its way and not yet for sale.
INBOUND = StockLevel.inbound_shipped + StockLevel.inbound_receiving
_other = aliased(StockLevel)
_pool = (
    sa.select(_other.warehouse_id)
    .where(_other.listing_id == StockLevel.listing_id, _other.pool_key == StockLevel.pool_key)
    .correlate(StockLevel)
)


def _linked(destinations: Any) -> Any:
    """Return, of a stock row, what open orders with a shipment still bring, ignored or not."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(OrderLine.units_outstanding), 0))
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(
            OrderLine.listing_id == StockLevel.listing_id,
            destinations,
            StockOrder.status_type == StatusType.ACTIVE,
            IS_LINKED,
        )
        .correlate(StockLevel)
        .scalar_subquery()
    )


#: What Amazon counts as on its way and no linked open order brings (negative: the orders wait
#: for more), NULL where Amazon does not count. Each warehouse of a shared pool shows the pool's
#: count, so it is held against the orders to all of them. A check, never added to on order.
UNEXPLAINED = sa.case(
    (
        IS_FBA,
        INBOUND
        - sa.case(
            (StockLevel.pool_key != "", _linked(StockOrder.destination_id.in_(_pool))),
            else_=_linked(StockOrder.destination_id == StockLevel.warehouse_id),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Units still to come to a warehouse.

    ``overdue`` and ``transfers`` are parts of ``units``; ``ignored`` is beside them.
    """

    units: int = 0
    overdue: int = 0
    ignored: int = 0
    transfers: int = 0


def on_order(listing_ids: Sequence[int], today: date) -> dict[tuple[int, int], OnOrder]:
    """Return (warehouse, listing) -> what open orders still bring. One statement."""
    return {
        (row.warehouse_id, row.listing_id): OnOrder(*map(int, row[2:]))
        for row in lists.read(_of_listings(today), listings=listing_ids)
    }


def by_place(today: date) -> lists.Statement:
    """Return a SELECT of ``warehouse_id``, ``listing_id`` and the fields of ``OnOrder``."""
    total, none = sa.func.sum, 0
    is_late = StockOrder.expected_on < today
    is_transfer = StockOrder.kind == OrderKind.TRANSFER
    return (
        sa.select(
            StockOrder.destination_id.label("warehouse_id"),
            OrderLine.listing_id,
            total(COUNTED).label("units"),
            total(sa.case((is_late, COUNTED), else_=none)).label("overdue"),
            total(OrderLine.units_ignored).label("ignored"),
            total(sa.case((is_transfer, COUNTED), else_=none)).label("transfers"),
        )
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(StockOrder.status_type == StatusType.ACTIVE, OrderLine.units_outstanding > 0)
        .group_by(StockOrder.destination_id, OrderLine.listing_id)
    )


def is_overdue(today: date) -> Any:
    """Return the condition that a stock row waits for units whose date has passed."""
    late = (
        sa.select(StockOrder.destination_id, OrderLine.listing_id)
        .join(OrderLine, OrderLine.order_id == StockOrder.id)
        .where(
            StockOrder.kind.in_(list(OrderKind)),  # the index begins with it
            StockOrder.status_type == StatusType.ACTIVE,
            StockOrder.expected_on < today,
            COUNTED > 0,
        )
    )
    return sa.tuple_(StockLevel.warehouse_id, StockLevel.listing_id).in_(late)


@lru_cache(maxsize=4)
def _of_listings(today: date) -> lists.Statement:
    return by_place(today).where(OrderLine.listing_id.in_(_listings))
