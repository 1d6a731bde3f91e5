"""What follows at once when settings change: currencies, places, expected dates, amounts."""

from collections.abc import Collection

from sqlalchemy import select

from extensions import db
from inventory.models import (
    Connection,
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import centres, expectations, orders, staleness


def follow(connection: Connection, changed: Collection[str], user_id: int | None) -> int:
    """Do what follows from ``changed`` settings of it or a warehouse; return how many dates moved.

    Shipments that are orders already stay orders of their kind. Flushes; the caller commits.
    """
    if "primary_marketplace_id" in changed:
        follow_primary(connection)
        centres.put(connection, centres.open_guesses(connection.id), user_id=user_id)
    moved = move_dates(connection.id)
    if "sync_fees" in changed and connection.sync_fees:
        quote(connection.id)
    return moved


def quote(connection_id: int) -> None:
    """Write the partnered carriers' quotes that are known to the open orders. Flushes."""
    found = (
        select(Shipment.id)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .join(StockOrder, StockOrder.id == OrderShipment.order_id)
        .where(
            Shipment.connection_id == connection_id,
            Shipment.fee.is_not(None),
            StockOrder.status_type == StatusType.ACTIVE,
        )
    )
    orders.follow(connection_id, db.session.scalars(found).all(), None)


def move_dates(connection_id: int) -> int:
    """Move the expected dates of open shipments, and of their orders; return how many moved.

    Dates locked by hand stay. What is ignored follows the dates. Flushes.
    """
    moved = expectations.refresh(connection_id)
    if moved:
        orders.follow(connection_id, moved, None)
        staleness.evaluate(connection_id)
    return len(moved)


def follow_primary(connection: Connection) -> None:
    """Give the FBM warehouse the currency and country of the primary marketplace. Flushes.

    FBA warehouses keep the currency of their own marketplace, and amounts stored keep theirs.
    """
    fbm = db.session.scalar(
        select(Warehouse).where(
            Warehouse.connection_id == connection.id, Warehouse.kind == WarehouseKind.FBM
        )
    )
    if fbm is not None:
        primary = MARKETPLACES[connection.primary_marketplace_id]
        fbm.currency, fbm.country = primary.currency, primary.country
        db.session.flush()
