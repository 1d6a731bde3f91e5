"""What Amazon says, put together by hand and stored as a sync would: for tests of services."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from amazon.types import Address, InboundShipment, ShipmentItem
from extensions import db
from inventory.models import (
    Change,
    Connection,
    OrderLine,
    OrderShipment,
    Receipt,
    Shipment,
    StockOrder,
    SyncKind,
)
from inventory.services import line_readings, orders, shipment_lines, shipments
from inventory.services.shipments import Seen
from tests.factories import make_run

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ADDRESS = Address("Depot", "1 Quay", "", "Reno", "NV", "89501", "US", "")


class Amazon:
    """Says one thing after the other about one connection; each ``sync`` is a run."""

    def __init__(self, connection: Connection, *, is_first: bool = False) -> None:
        self.connection_id = connection.id
        self.is_first = is_first

    def sync(
        self,
        status: str | None,
        lines: dict[str, tuple[int, int]] | None = None,
        *,
        amazon_id: str = "FBA15ABC",
        at: datetime = AT,
        kind: SyncKind = SyncKind.SHIPMENTS,
        **fields: Any,
    ) -> Shipment:
        """Say it of one shipment, lines ``{SKU: (shipped, received)}``; return its row."""
        run = make_run(connection_id=self.connection_id, kind=kind, state="succeeded")
        seen = Seen(at, run.id, is_first=self.is_first)
        page = [remote(amazon_id, status, **fields)]
        (id_,) = shipments.import_page(self.connection_id, page, seen).ids
        items = [item(amazon_id, sku, *units) for sku, units in (lines or {"A": (10, 0)}).items()]
        read = shipment_lines.import_lines(self.connection_id, items, seen)
        connection = db.session.get_one(Connection, self.connection_id)
        line_readings.finish(connection, read.skus, seen)
        orders.follow(self.connection_id, [id_], run.id)
        db.session.commit()
        return db.session.get_one(Shipment, id_)


def remote(amazon_id: str, status: str | None, **fields: Any) -> InboundShipment:
    known = {
        "shipment_id": amazon_id,
        "name": "Restock",
        "status": status,
        "destination_fc": "ONT8",
        "ship_from": ADDRESS,
        "label_prep_type": "SELLER_LABEL",
        "are_cases_required": False,
        "need_by": None,
        "box_contents_source": "",
    }
    return InboundShipment(**{**known, **fields})


def item(amazon_id: str, sku: str, shipped: int, received: int) -> ShipmentItem:
    return ShipmentItem(amazon_id, sku, f"X00{sku}"[:10], shipped, received, None)


def order_of(shipment: Shipment) -> StockOrder | None:
    return db.session.scalar(
        sa.select(StockOrder)
        .join(OrderShipment, OrderShipment.order_id == StockOrder.id)
        .where(OrderShipment.shipment_id == shipment.id)
        .execution_options(populate_existing=True)
    )


def lines_of(order: StockOrder) -> dict[str, tuple[int, int, int]]:
    rows = db.session.scalars(sa.select(OrderLine).where(OrderLine.order_id == order.id))
    return {
        row.seller_sku: (row.units_ordered, row.units_received, row.units_outstanding)
        for row in rows
    }


def receipts() -> list[int]:
    return list(db.session.scalars(sa.select(Receipt.units).order_by(Receipt.id)))


def told(kind: str, row_id: int) -> list[str]:
    found = sa.select(Change.summary).where(
        Change.subject_kind == kind, Change.subject_id == row_id
    )
    return list(db.session.scalars(found.order_by(Change.id)))
