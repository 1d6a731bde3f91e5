"""When a shipment made in Seller Central becomes an order, and which kind of order."""

from collections.abc import Sequence

from sqlalchemy import func, select

from extensions import db
from inventory.models import (
    Connection,
    OrderKind,
    OrderShipment,
    Shipment,
    ShipmentStatus,
    StatusType,
    StockOrder,
    SyncKind,
    SyncRun,
)
from inventory.rules import flags
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.settings import resolve
from inventory.rules.shipments import creates_order, is_over
from inventory.services import accounts, levels
from inventory.services.levels import Levels

OFF_FLAG = ("sync_off",)


def make(
    connection: Connection, shipments: Sequence[Shipment], run_id: int | None
) -> list[StockOrder]:
    """Return the orders made for those of ``shipments`` that are due one, linked. Flushes.

    Due: Amazon's present word is SHIPPED or later, its lines were read, and its warehouse
    syncs inbound shipments; where that is switched off, the shipment is flagged instead.
    Header details and lines are left to ``order_following``.
    """
    early = resolve("import_early", connection=connection).value
    ready = [row for row in shipments if creates_order(row.amazon_status, import_early=early)]
    ready = [row for row in ready if row.lines_read_at and row.warehouse_id]
    if not ready:
        return []
    fleeting = _fleeting(ready, run_id)
    known = levels.of_connection(connection)
    made = {}
    for row in ready:
        is_on = known.value("sync_inbound", row.warehouse_id or 0)
        row.flags = flags.replaced(row.flags, OFF_FLAG, () if is_on else OFF_FLAG)
        if is_on and row.id not in fleeting:
            made[row.id] = _order(row, known)
    db.session.add_all(made.values())
    db.session.flush()
    now = accounts.now()
    db.session.add_all(
        OrderShipment(order_id=order.id, shipment_id=shipment_id, linked_at=now)
        for shipment_id, order in made.items()
    )
    db.session.flush()
    return list(made.values())


def _fleeting(shipments: Sequence[Shipment], run_id: int | None) -> set[int]:
    """Return those whose first word was DELIVERED, in this very sync.

    Amazon can show DELIVERED minutes after creation and take it back (models #4127): the next
    sync of shipments decides. On a connection's first sync it is old news, and believed.
    """
    delivered = [
        row.id
        for row in shipments
        if row.first_seen_source == "sync" and row.amazon_status == "DELIVERED"
    ]
    if not delivered:
        return set()
    first = (
        select(func.min(ShipmentStatus.id))
        .where(ShipmentStatus.shipment_id.in_(delivered))
        .group_by(ShipmentStatus.shipment_id)
    )
    words = db.session.scalars(select(ShipmentStatus).where(ShipmentStatus.id.in_(first))).all()
    run = db.session.get(SyncRun, run_id) if run_id else None
    reads_statuses = run is not None and run.kind == SyncKind.SHIPMENTS
    return {
        word.shipment_id
        for word in words
        if word.amazon_status == "DELIVERED" and (not reads_statuses or word.run_id == run_id)
    }


def _order(row: Shipment, known: Levels) -> StockOrder:
    destination = known.places[row.warehouse_id or 0]
    found = known.origin(destination.id)
    marketplace = MARKETPLACES.get(row.marketplace_id)
    return StockOrder(
        kind=OrderKind(found.kind),
        reference=row.amazon_shipment_id,
        extra_reference=row.name,
        status="",
        status_type=StatusType.CLOSED if is_over(row.status) else StatusType.ACTIVE,
        origin="amazon",
        destination_id=destination.id,
        source_id=found.source_id,
        source_missing=found.source_missing,
        created_on=row.first_seen_on,
        currency=marketplace.currency if marketplace else destination.currency,
        created_at=accounts.now(),
        flags="",
        shipping_handling_source="",
    )
