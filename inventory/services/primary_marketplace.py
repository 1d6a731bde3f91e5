"""What follows when a connection's primary marketplace changes."""

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, Warehouse, WarehouseKind
from inventory.rules.marketplaces import MARKETPLACES


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
