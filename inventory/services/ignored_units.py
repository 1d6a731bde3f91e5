"""Which shipments are ignored, and the units of orders that follow: whole sets at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderLine, OrderShipment, Shipment, ShipmentLine, StockOrder
from inventory.services.lists import among

#: Ids in one statement.
IDS = 10_000
UNSYNCED = {"synchronize_session": False}
#: What a session that has the rows must read again.
FOLLOWING: dict[type[object], tuple[str, ...]] = {
    Shipment: ("ignored_on",),
    OrderLine: ("units_ignored",),
    StockOrder: ("units_ignored", "ignored_on"),
}


def mark(shipment_ids: Sequence[int], ignored_on: date | None) -> None:
    """Ignore these shipments since a day, or (None) count them again. One statement."""
    for ids in _batches(shipment_ids):
        change = sa.update(Shipment).where(among(Shipment.id, ids)).values(ignored_on=ignored_on)
        db.session.execute(change, execution_options=UNSYNCED)
    _forget()


def follow(order_ids: Iterable[int]) -> None:
    """Bring ``units_ignored`` and ``ignored_on`` of these orders up to date with their
    shipments: two statements, which write what differs."""
    for ids in _batches(sorted(set(order_ids))):
        db.session.execute(_lines(ids), execution_options=UNSYNCED)
        db.session.execute(_orders(ids), execution_options=UNSYNCED)
    _forget()


def _lines(order_ids: Sequence[int]) -> Any:
    to_come = ShipmentLine.units_shipped - ShipmentLine.units_received
    is_ignored = sa.and_(Shipment.ignored_on.is_not(None), Shipment.is_open, to_come > 0)
    units = (
        sa.select(
            OrderShipment.order_id,
            ShipmentLine.seller_sku,
            sa.func.sum(sa.case((is_ignored, to_come), else_=0)).label("units"),
        )
        .join(Shipment, Shipment.id == OrderShipment.shipment_id)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(among(OrderShipment.order_id, order_ids))
        .group_by(OrderShipment.order_id, ShipmentLine.seller_sku)
        .subquery()
    )
    return (
        sa.update(OrderLine)
        .where(
            OrderLine.order_id == units.c.order_id,
            OrderLine.seller_sku == units.c.seller_sku,
            OrderLine.units_ignored != units.c.units,
        )
        .values(units_ignored=units.c.units)
    )


def _orders(order_ids: Sequence[int]) -> Any:
    units = (
        sa.select(OrderLine.order_id, sa.func.sum(OrderLine.units_ignored).label("units"))
        .where(among(OrderLine.order_id, order_ids))
        .group_by(OrderLine.order_id)
        .subquery()
    )
    is_coming = sa.and_(Shipment.is_open, Shipment.units_outstanding > 0)
    since = (
        sa.select(
            OrderShipment.order_id,
            sa.func.min(sa.case((is_coming, Shipment.ignored_on))).label("since"),
        )
        .join(Shipment, Shipment.id == OrderShipment.shipment_id)
        .where(among(OrderShipment.order_id, order_ids))
        .group_by(OrderShipment.order_id)
        .subquery()
    )
    found = (
        sa.select(
            StockOrder.id,
            sa.func.coalesce(units.c.units, 0).label("units"),
            since.c.since,
        )
        .outerjoin(units, units.c.order_id == StockOrder.id)
        .outerjoin(since, since.c.order_id == StockOrder.id)
        .where(among(StockOrder.id, order_ids))
        .subquery()
    )
    differs = sa.or_(
        StockOrder.units_ignored != found.c.units,
        StockOrder.ignored_on.is_distinct_from(found.c.since),
    )
    return (
        sa.update(StockOrder)
        .where(StockOrder.id == found.c.id, differs)
        .values(units_ignored=found.c.units, ignored_on=found.c.since)
    )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + IDS] for at in range(0, len(ids), IDS))


def _forget() -> None:
    """The statements went past the session: what it still knows of the columns is old."""
    for row in list(db.session.identity_map.values()):
        if names := FOLLOWING.get(type(row)):
            db.session.expire(row, names)
