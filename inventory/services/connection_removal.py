"""The end of a connection: everything read through it goes with it."""

from sqlalchemy import Select, delete, func, or_, select, update

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    OrderLine,
    Shipment,
    StockOrder,
    Warehouse,
)
from inventory.services import changes


def losses(connection: Connection) -> dict[str, int]:
    """Return how many rows of each kind would go with ``connection``, by their plural."""
    here = _warehouses(connection)
    counts = {
        "warehouses": select(func.count()).select_from(here.subquery()),
        "listings": select(func.count(Listing.id)).where(Listing.connection_id == connection.id),
        "shipments": select(func.count(Shipment.id)).where(Shipment.connection_id == connection.id),
        "orders": select(func.count(StockOrder.id)).where(StockOrder.destination_id.in_(here)),
    }
    return {noun: db.session.scalar(count) or 0 for noun, count in counts.items()}


def purge(connection: Connection, *, user_id: int | None) -> None:
    """Delete a connection with its warehouses, stock, listings, shipments and their orders.

    The log of changes stays. Orders elsewhere lose it as their source. Flushes.
    """
    here = _warehouses(connection)
    listings = select(Listing.id).where(Listing.connection_id == connection.id)
    fields = {noun: [count, 0] for noun, count in losses(connection).items()}
    changes.record(
        "connection",
        connection.id,
        "Deleted with everything read through it",
        name=connection.name,
        fields=fields,
        user_id=user_id,
    )
    db.session.flush()
    for statement in (
        delete(StockOrder).where(StockOrder.destination_id.in_(here)),
        update(StockOrder).where(StockOrder.source_id.in_(here)).values(source_id=None),
        delete(OrderLine).where(OrderLine.listing_id.in_(listings)),
        delete(Shipment).where(Shipment.connection_id == connection.id),
        update(Connection)
        .where(or_(Connection.id == connection.id, Connection.default_source_id.in_(here)))
        .values(default_source_id=None),
        delete(Connection).where(Connection.id == connection.id),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expunge(connection)


def _warehouses(connection: Connection) -> Select[int]:
    return select(Warehouse.id).where(Warehouse.connection_id == connection.id)
