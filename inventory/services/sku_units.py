"""A SKU's own part of what orders and shipments bring, for lists that are narrowed to it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from extensions import db
from inventory.models import Listing, OrderLine, Shipment, ShipmentLine, StockOrder
from inventory.services import order_lists, shipment_lists
from inventory.services.lists import among
from inventory.services.order_lists import OrderFilter
from inventory.services.shipment_lists import ShipmentFilter


class SkuUnits(NamedTuple):
    """Units of one SKU; ``planned`` is what was ordered or shipped, ignored is outstanding too."""

    planned: int
    received: int
    outstanding: int
    ignored: int


_total = sa.func.sum
_MISSING = ShipmentLine.units_shipped - ShipmentLine.units_received
#: As a shipment's own figure: what is over of a line makes up for nothing.
_TO_COME = sa.case((sa.and_(Shipment.is_open, _MISSING > 0), _MISSING), else_=0)
_TO_COME_OF_ORDERS = _total(OrderLine.units_outstanding)
_TO_COME_OF_SHIPMENTS = _total(_TO_COME)
_OF_ORDERS = (
    _total(OrderLine.units_ordered),
    _total(OrderLine.units_received),
    _TO_COME_OF_ORDERS,
    _total(OrderLine.units_ignored),
)
_OF_SHIPMENTS = (
    _total(ShipmentLine.units_shipped),
    _total(ShipmentLine.units_received),
    _TO_COME_OF_SHIPMENTS,
    _total(sa.case((Shipment.ignored_on.is_not(None), _TO_COME), else_=0)),
)


def of_orders(order_ids: Sequence[int], sku: str) -> dict[int, int]:
    """Return order id -> units of ``sku`` outstanding; nothing for no SKU. One statement."""
    if not (sku and order_ids):
        return {}
    found = (
        sa.select(OrderLine.order_id, _TO_COME_OF_ORDERS)
        .where(among(OrderLine.order_id, order_ids), _is(OrderLine.listing_id, sku))
        .group_by(OrderLine.order_id)
    )
    return {order_id: int(units) for order_id, units in db.session.execute(found)}


def of_shipments(shipment_ids: Sequence[int], sku: str) -> dict[int, int]:
    """Return shipment id -> units of ``sku`` outstanding; nothing for no SKU. One statement."""
    if not (sku and shipment_ids):
        return {}
    found = (
        sa.select(ShipmentLine.shipment_id, _TO_COME_OF_SHIPMENTS)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(among(ShipmentLine.shipment_id, shipment_ids), _is(ShipmentLine.listing_id, sku))
        .group_by(ShipmentLine.shipment_id)
    )
    return {shipment_id: int(units) for shipment_id, units in db.session.execute(found)}


def in_orders(wanted: OrderFilter) -> SkuUnits | None:
    """Return what all orders that a filter lets through have of its SKU. One statement."""
    if not wanted.sku:
        return None
    return _summed(
        sa.select(*_OF_ORDERS)
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(_is(OrderLine.listing_id, wanted.sku), *order_lists.conditions(wanted))
    )


def in_shipments(wanted: ShipmentFilter) -> SkuUnits | None:
    """Return what all shipments that a filter lets through have of its SKU. One statement."""
    if not wanted.sku:
        return None
    return _summed(
        sa.select(*_OF_SHIPMENTS)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(_is(ShipmentLine.listing_id, wanted.sku), *shipment_lists.conditions(wanted))
    )


def _is(column: Any, sku: str) -> Any:
    return column.in_(sa.select(Listing.id).where(Listing.seller_sku == sku))


def _summed(statement: Any) -> SkuUnits:
    return SkuUnits(*(int(units or 0) for units in db.session.execute(statement).one()))
