"""Units received too many in neighbouring shipments: often the ones missing in this one.

Amazon can receive units under another shipment's id (Seller help 200795880).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from inventory.models import Shipment, ShipmentLine
from inventory.services import lists

#: Shipments whose ends lie so far apart at most are neighbours.
NEAR = timedelta(days=60)
RECEIVED = ("RECEIVING", "CLOSED")


@dataclass(frozen=True, slots=True)
class Overage:
    """Units of a SKU beyond what ``amazon_shipment_id`` (our id: ``shipment_id``) shipped."""

    seller_sku: str
    units: int
    shipment_id: int
    amazon_shipment_id: str


def is_short(shipment: Shipment) -> bool:
    """Return whether units are missing of a shipment that Amazon has received from."""
    return shipment.status in RECEIVED and shipment.units_received < shipment.units_shipped


def near(shipment: Shipment) -> list[Overage]:
    """Return what neighbours have too many of the SKUs missing here, by SKU. One statement.

    Neighbours are of the same connection and warehouse, closed or being received.
    """
    mine, other = aliased(ShipmentLine), aliased(ShipmentLine)
    over = other.units_received - other.units_shipped
    rows = lists.read(
        sa.select(
            other.seller_sku,
            over.label("units"),
            Shipment.id,
            Shipment.amazon_shipment_id,
            Shipment.closed_on,
            Shipment.expected_on,
            Shipment.first_seen_on,
        )
        .join(Shipment, Shipment.id == other.shipment_id)
        .join(mine, mine.listing_id == other.listing_id)
        .where(
            mine.shipment_id == shipment.id,
            mine.units_received < mine.units_shipped,
            over > 0,
            Shipment.id != shipment.id,
            Shipment.connection_id == shipment.connection_id,
            Shipment.warehouse_id == shipment.warehouse_id,
            Shipment.status.in_(RECEIVED),
        )
        .order_by(other.seller_sku, Shipment.id)
    )
    end = _end(shipment.closed_on, shipment.expected_on, shipment.first_seen_on)
    return [
        Overage(row.seller_sku, row.units, row.id, row.amazon_shipment_id)
        for row in rows
        if abs(_end(row.closed_on, row.expected_on, row.first_seen_on) - end) <= NEAR
    ]


def _end(closed_on: date | None, expected_on: date | None, first_seen_on: date) -> date:
    return closed_on or expected_on or first_seen_on
