"""The rows that bench_pages.py lists: plain ones, in any number."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Account,
    Connection,
    Listing,
    OrderKind,
    OrderLine,
    OrderShipment,
    Role,
    Shipment,
    StatusType,
    StockLevel,
    StockOrder,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
    User,
    Variant,
    VariantLink,
    Warehouse,
    WarehouseKind,
)

NOW = datetime.now(UTC)


def fill(size: int) -> None:
    """Make ``size`` orders, shipments, listings and stock rows, in the plainest way."""
    base()
    rows = range(1, size + 1)
    days = [date.today() + timedelta(days=n - 30) for n in range(60)]  # noqa: DTZ011
    insert(Listing, [listing(n) for n in rows])
    insert(Variant, [{"id": n, "sku": f"V-{n:06}", "created_at": NOW, "title": ""} for n in rows])
    links = [{"listing_id": n, "variant_id": n, "linked_at": NOW, "reason": "own"} for n in rows]
    insert(VariantLink, [{**row, "confidence": 100} for row in links])
    insert(StockLevel, [stock(n) for n in rows])
    insert(Shipment, [shipment(n, days) for n in rows])
    insert(StockOrder, [order(n, days) for n in rows])
    insert(StockOrder, [transfer(n + size, days) for n in rows])
    insert(SyncRun, [run(n) for n in rows])
    insert(OrderShipment, [{"shipment_id": n, "order_id": n, "linked_at": NOW} for n in rows])
    insert(OrderLine, [line(n) for n in rows])
    db.session.commit()
    db.session.execute(sa.text("analyze"))
    db.session.commit()


def base() -> None:
    """Make what all rows hang on: account, user, connection, warehouses, marks."""
    fields = {"email": "a@example.com", "nonce": "n", "created_at": NOW, "role": Role.OWNER}
    db.session.add_all([Account(id=1, timezone="Europe/Berlin", currency="EUR"), User(**fields)])
    one = Connection(
        id=1,
        name="Harbour NA",
        region="NA",
        seller_id="A1",
        primary_marketplace_id="ATVPDKIKX0DER",
        created_at=NOW,
    )
    db.session.add(one)
    db.session.flush()
    for number, country in enumerate(("US", "CA", "MX", "BR"), 1):
        db.session.add(
            Warehouse(
                id=number,
                kind=WarehouseKind.FBA,
                connection_id=1,
                marketplace_id=country,
                name=f"Harbour NA FBA {country}",
                country=country,
            )
        )
    kinds = (SyncKind.SHIPMENTS, SyncKind.STOCK, SyncKind.LISTINGS)
    db.session.add_all(SyncMark(connection_id=1, kind=kind, read_at=NOW) for kind in kinds)
    db.session.commit()


def insert(table: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(sa.insert(table), rows)


def listing(n: int) -> dict[str, Any]:
    codes = {"seller_sku": f"HP-{n:06}", "asin": f"B{n:09}", "fnsku": f"X{n:09}"}
    title = f"Cast iron skillet, {n % 40} in"
    return {
        "id": n, "connection_id": 1, "channel": "FBA", "status": "active", "created_at": NOW,
        "title": title, **codes,
    }  # fmt: skip


def stock(n: int) -> dict[str, Any]:
    return {
        "warehouse_id": n % 4 + 1, "listing_id": n, "seller_sku": f"HP-{n:06}",
        "fulfillable": n % 900, "changed_at": NOW,
    }  # fmt: skip


def shipment(n: int, days: list[date]) -> dict[str, Any]:
    return {
        "id": n, "connection_id": 1, "amazon_shipment_id": f"FBA{n:09}", "name": f"Restock {n}",
        "amazon_status": "IN_TRANSIT", "status": "IN_TRANSIT", "is_open": n % 3 > 0,
        "flags": "" if n % 10 else "unknown_sku", "warehouse_id": n % 4 + 1, "mode": "FREIGHT_LTL",
        "first_seen_on": days[0], "first_seen_source": "sync", "expected_on": days[n % 60],
        "expected_source": "first_seen", "units_shipped": n % 900, "units_outstanding": n % 900,
    }  # fmt: skip


def order(n: int, days: list[date]) -> dict[str, Any]:
    kind = StatusType.ACTIVE if n % 3 else StatusType.CLOSED
    return {
        "id": n, "kind": OrderKind.PURCHASE, "reference": f"FBA{n:09}",
        "extra_reference": f"Restock {n}", "status": "In transit", "status_type": kind,
        "destination_id": n % 4 + 1, "created_on": days[0], "expected_on": days[n % 60],
        "expected_source": "first_seen", "currency": "USD", "units_ordered": n % 900,
        "units_outstanding": n % 900, "created_at": NOW, "flags": "" if n % 10 else "unknown_sku",
    }  # fmt: skip


def transfer(n: int, days: list[date]) -> dict[str, Any]:
    return {**order(n, days), "kind": OrderKind.TRANSFER, "source_id": (n + 1) % 4 + 1}


def run(n: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=n)
    return {
        "id": n, "connection_id": 1, "kind": SyncKind.STOCK, "state": SyncState.SUCCEEDED,
        "cause": "schedule", "queued_at": at, "not_before": at,
        "started_at": at, "finished_at": NOW, "calls": n % 40, "changed": n % 9,
    }  # fmt: skip


def line(n: int) -> dict[str, Any]:
    return {
        "order_id": n, "listing_id": n, "seller_sku": f"HP-{n:06}", "units_ordered": n % 900,
        "units_outstanding": n % 900,
    }  # fmt: skip
