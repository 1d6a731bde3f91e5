"""One inbound shipment: lines, receipts, Amazon's words, its order and its readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import (
    InboundPlan,
    Listing,
    Receipt,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    Warehouse,
)


@dataclass(frozen=True, slots=True)
class ReceiptDay:
    """What was received on a day, in units: ``units`` may be negative when Amazon corrects.

    ``is_opening``: received before ``day``, when the shipment was first read.
    """

    day: date
    units: int
    so_far: int
    is_opening: bool


def find(shipment_id: int) -> Shipment | None:
    """Return the shipment with connection and warehouse, ``None`` when it is not there."""
    return db.session.scalar(
        sa.select(Shipment)
        .where(Shipment.id == shipment_id)
        .options(joinedload(Shipment.connection), joinedload(Shipment.warehouse))
    )


def lines(shipment_id: int) -> Sequence[Any]:
    """Return (line, listing) by SKU."""
    return db.session.execute(
        sa.select(ShipmentLine, Listing)
        .join(Listing, Listing.id == ShipmentLine.listing_id)
        .where(ShipmentLine.shipment_id == shipment_id)
        .order_by(ShipmentLine.seller_sku)
    ).all()


def receipts(shipment_id: int) -> list[ReceiptDay]:
    """Return the days on which something was received, oldest first, with the running sum."""
    rows = db.session.execute(
        sa.select(Receipt.received_on, Receipt.is_opening, sa.func.sum(Receipt.units))
        .join(ShipmentLine, ShipmentLine.id == Receipt.line_id)
        .where(ShipmentLine.shipment_id == shipment_id)
        .group_by(Receipt.received_on, Receipt.is_opening)
        .order_by(Receipt.received_on, Receipt.is_opening.desc())
    )
    days: list[ReceiptDay] = []
    for day, is_opening, units in rows:
        so_far = days[-1].so_far if days else 0
        days.append(ReceiptDay(day, int(units), so_far + int(units), is_opening))
    return days


def statuses(shipment_id: int) -> Sequence[ShipmentStatus]:
    """Return Amazon's words and when each was seen, newest first."""
    return db.session.scalars(
        sa.select(ShipmentStatus)
        .where(ShipmentStatus.shipment_id == shipment_id)
        .order_by(ShipmentStatus.id.desc())
    ).all()


def plan(shipment: Shipment) -> InboundPlan | None:
    """Return the inbound plan that the shipment belongs to, if it was found."""
    if not shipment.plan_id:
        return None
    return db.session.scalar(
        sa.select(InboundPlan).where(
            InboundPlan.connection_id == shipment.connection_id,
            InboundPlan.plan_id == shipment.plan_id,
        )
    )


def marketplaces(connection_id: int) -> list[str]:
    """Return the ids of the marketplaces that the connection has a warehouse for."""
    return [
        found
        for found in db.session.scalars(
            sa.select(Warehouse.marketplace_id)
            .where(Warehouse.connection_id == connection_id)
            .order_by(Warehouse.name)
        )
        if found
    ]
