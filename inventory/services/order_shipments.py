"""An order's lines by shipment: what each carries, and what it brought too much or too little."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderShipment, Shipment, ShipmentLine
from inventory.rules import shipments


@dataclass(frozen=True, slots=True)
class Carried:
    """Units of a SKU in one shipment. ``short`` is told once the shipment is over."""

    sku: str
    shipment_id: int
    amazon_shipment_id: str
    status: str
    shipped: int
    received: int
    outstanding: int
    over: int
    short: int


def carried(order_id: int) -> list[Carried]:
    """Return the lines of the order's shipments, by SKU and shipment. One statement."""
    rows = db.session.execute(
        sa.select(
            ShipmentLine.seller_sku,
            Shipment.id,
            Shipment.amazon_shipment_id,
            Shipment.status,
            ShipmentLine.units_shipped,
            ShipmentLine.units_received,
        )
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .where(OrderShipment.order_id == order_id)
        .order_by(ShipmentLine.seller_sku, Shipment.id)
    )
    return [_carried(*row) for row in rows]


def shipped(rows: Sequence[Carried]) -> dict[str, int]:
    """Return SKU -> units shipped, over all shipments."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.sku] += row.shipped
    return found


def _carried(
    sku: str, shipment_id: int, fba_id: str, status: str, units: int, received: int
) -> Carried:
    is_over = shipments.is_over(status)
    return Carried(
        sku,
        shipment_id,
        fba_id,
        status,
        units,
        received,
        shipments.outstanding(status, units, received),
        max(0, received - units),
        max(0, units - received) if is_over else 0,
    )
