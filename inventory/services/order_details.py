"""One order: its lines, its shipments, and the runs that read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import (
    Listing,
    OrderKind,
    OrderLine,
    OrderShipment,
    Shipment,
    StockOrder,
    SyncKind,
    SyncRun,
    SyncState,
)
from inventory.services import landed_costs, syncs
from inventory.services.landed_costs import Costs


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its listing and what a unit of it costs on arrival (``None``: unknown)."""

    line: OrderLine
    listing: Listing
    landed_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Lines:
    """An order's lines by SKU, and what they cost together."""

    rows: list[Line]
    costs: Costs


def find(kind: OrderKind, order_id: int) -> StockOrder | None:
    """Return the order with its warehouses, ``None`` when it is not there or of another kind."""
    return db.session.scalar(
        sa.select(StockOrder)
        .where(StockOrder.id == order_id, StockOrder.kind == kind)
        .options(
            joinedload(StockOrder.destination),
            joinedload(StockOrder.source),
            joinedload(StockOrder.vendor),
        )
    )


def lines(order: StockOrder) -> Lines:
    """Return the order's lines by SKU, with their costs."""
    rows = db.session.execute(
        sa.select(OrderLine, Listing)
        .join(Listing, Listing.id == OrderLine.listing_id)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.seller_sku)
    ).all()
    found = landed_costs.costs(order, [line for line, _ in rows])
    pairs = zip(rows, found.by_line, strict=True)
    return Lines([Line(line, listing, one.unit_cost) for (line, listing), one in pairs], found)


def shipments(order_id: int) -> Sequence[Shipment]:
    """Return the order's shipments with their connection, in the order they became known."""
    return db.session.scalars(
        sa.select(Shipment)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .where(OrderShipment.order_id == order_id)
        .options(joinedload(Shipment.connection))
        .order_by(Shipment.id)
    ).all()


def disabled(found: Sequence[Shipment]) -> str:
    """Return the name of the disabled connection for which none can be read; else ""."""
    if any(one.connection.is_enabled for one in found):
        return ""
    return next((one.connection.name for one in found), "")


def request_syncs(found: Sequence[Shipment], user_id: int) -> list[SyncRun]:
    """Queue a reading of each shipment, before all else. Flushes; the caller commits.

    Those of a disabled connection are left out: their runs would wait for ever.
    """
    return [
        syncs.request(
            one.connection_id,
            SyncKind.SHIPMENTS,
            scope=one.amazon_shipment_id,
            cause="person",
            user_id=user_id,
            priority=0,
        )
        for one in found
        if one.connection.is_enabled
    ]


def is_being_read(order_id: int) -> bool:
    """Return whether a shipment of the order is being read, or waits for it. One statement."""
    found = (
        sa.select(SyncRun.id)
        .join(Shipment, Shipment.connection_id == SyncRun.connection_id)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .where(
            OrderShipment.order_id == order_id,
            SyncRun.scope == Shipment.amazon_shipment_id,
            SyncRun.state.in_((SyncState.QUEUED, SyncState.RUNNING)),
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def runs_of(found: Sequence[Shipment]) -> list[Any]:
    """Return the newest run of each shipment that a person asked for. One statement."""
    ids = [one.amazon_shipment_id for one in found]
    if not ids:
        return []
    newest = (
        sa.select(sa.func.max(SyncRun.id))
        .where(
            SyncRun.connection_id.in_({one.connection_id for one in found}),
            SyncRun.kind == SyncKind.SHIPMENTS,
            SyncRun.scope.in_(ids),
        )
        .group_by(SyncRun.connection_id, SyncRun.scope)
    )
    return list(
        db.session.scalars(sa.select(SyncRun).where(SyncRun.id.in_(newest)).order_by(SyncRun.id))
    )
