"""The rows that bench_consequences.py asks about: shipments in every state, half of them linked."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from bench.page_rows import NOW, base, insert
from extensions import db
from inventory.models import (
    OrderKind,
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
    Warehouse,
    WarehouseKind,
)

MODES = ("FREIGHT_LTL", "FREIGHT_FTL_PALLET", "GROUND_SMALL_PARCEL", "")
STATUSES = ("WORKING", "READY_TO_SHIP", "SHIPPED", "IN_TRANSIT", "RECEIVING")
MARKETPLACES = ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8", "A2Q3Y263D00KWC")


def fill(size: int) -> None:
    """Make ``size`` open shipments of one connection; those SHIPPED or later are orders."""
    base()
    for number, marketplace_id in enumerate(MARKETPLACES, 1):
        db.session.get_one(Warehouse, number).marketplace_id = marketplace_id
    own = Warehouse(id=9, kind=WarehouseKind.OWN, name="Prep Centre Reno", country="US")
    db.session.add(own)
    db.session.commit()
    rows = [shipment(n) for n in range(1, size + 1)]
    linked = [row for row in rows if row["status"] not in STATUSES[:2]]
    insert(Shipment, rows)
    insert(StockOrder, [order(row) for row in linked])
    links = [{"shipment_id": row["id"], "order_id": row["id"], "linked_at": NOW} for row in linked]
    insert(OrderShipment, links)
    db.session.commit()
    db.session.execute(sa.text("analyze"))
    db.session.commit()


def shipment(n: int) -> dict[str, Any]:
    status, pickup = STATUSES[n % 5], NOW - timedelta(days=n % 60 - 20)
    on = (pickup + timedelta(days=14)).date()
    return {
        "id": n, "connection_id": 1, "amazon_shipment_id": f"FBA{n:09}", "name": f"Restock {n}",
        "amazon_status": status, "status": status, "is_open": True, "flags": "",
        "warehouse_id": n % 4 + 1, "marketplace_id": MARKETPLACES[n % 4],
        "marketplace_source": "plan" if n % 10 else "primary", "mode": MODES[n % 4],
        "pickup_at": pickup, "ready_to_ship_at": pickup, "first_seen_on": pickup.date(),
        "first_seen_source": "sync", "expected_on": on, "expected_source": "pickup_delay",
        "units_shipped": n % 900, "units_outstanding": n % 900,
        "fee": Decimal(n % 400) if n % 3 == 0 else None, "fee_currency": "USD",
    }  # fmt: skip


def order(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"], "kind": OrderKind.PURCHASE, "reference": row["amazon_shipment_id"],
        "status": "Shipped", "status_type": StatusType.ACTIVE, "origin": "amazon",
        "destination_id": row["warehouse_id"], "created_on": row["first_seen_on"],
        "expected_on": row["expected_on"], "expected_source": "pickup_delay", "currency": "USD",
        "units_ordered": row["units_shipped"], "units_outstanding": row["units_outstanding"],
        "created_at": NOW, "flags": "",
    }  # fmt: skip
