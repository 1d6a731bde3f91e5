"""What follows at once when settings change: currencies, expected dates, their orders."""

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, Warehouse, WarehouseKind
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import expectations, orders, staleness


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
