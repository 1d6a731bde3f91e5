"""When shipments that are older than the connection were made: a date by window."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, Shipment
from inventory.services import accounts, expectations
from inventory.services.shipments import by_amazon_id


def undated(connection_id: int) -> list[str]:
    """Return the FBA ids of shipments dated "today" for want of anything better."""
    guessed = select(Shipment.amazon_shipment_id).where(
        Shipment.connection_id == connection_id, Shipment.first_seen_source == "today"
    )
    return list(db.session.scalars(guessed.order_by(Shipment.id)))


def store(connection_id: int, since: Mapping[str, datetime], run_id: int | None) -> list[int]:
    """Date shipments by the start of the window of change they lie in; return their ids.

    Expected dates follow. Flushes.
    """
    connection = db.session.get_one(Connection, connection_id)
    rows = by_amazon_id(connection_id, since)
    for amazon_id, row in rows.items():
        row.first_seen_on = accounts.today(since[amazon_id])
        row.first_seen_source = "window"
    expectations.recompute(connection, rows.values(), even_over=True, run_id=run_id, cause="amazon")
    db.session.flush()
    return [row.id for row in rows.values()]
