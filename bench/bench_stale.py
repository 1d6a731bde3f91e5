"""Evaluate the ignore rule over 5,000 stale shipments of 4 lines, among 20,000 others.

The floor is the one SELECT that any evaluation needs, with its verdicts and nothing written.
"Ignored" writes 5,000 shipments, 20,000 order lines, 5,000 orders and 5,000 log entries.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).parents[1]))

from app import create_app
from extensions import db
from inventory.models import (
    Account,
    Change,
    Connection,
    Listing,
    OrderLine,
    OrderShipment,
    Shipment,
    ShipmentLine,
    StockOrder,
    Warehouse,
)
from inventory.services import accounts, ignoring, stale_cases, staleness
from tests import databases
from tests.queries import counted

STALE, OTHERS, LINES, ROUNDS = 5000, 20_000, 4, 5
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    print(
        f"{'database':9} {'evaluation':14} {'shipments':>9} {'seconds':>8} {'statements':>10} "
        f"{'floor s':>8} {'ratio':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder))
        os.environ["TEST_DATABASE"] = "postgres"
        measure("Postgres", databases.fresh_url(Path(folder)), Path(folder))


def measure(name: str, url: str, folder: Path) -> None:
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder)
    with app.app_context():
        upgrade(str(Path(app.root_path) / "migrations"))
        fill()
        settings = {"ignored": True, "nothing new": True, "counted again": False}
        times: dict[str, list[tuple[float, float, int, int]]] = {word: [] for word in settings}
        for _ in range(ROUNDS):
            for word, is_on in settings.items():
                db.session.execute(sa.update(Account).values(ignore_stale=is_on))
                db.session.commit()
                floor, _, _ = timed(select_alone)
                times[word].append((*timed(evaluate), floor))  # type: ignore[arg-type]
            db.session.execute(sa.delete(Change))
            db.session.commit()
        for word, found in times.items():
            seconds, floor = (median(one[at] for one in found) for at in (0, 3))
            print(
                f"{name:9} {word:14} {found[0][2]:9,} {seconds:8.3f} {found[0][1]:10} "
                f"{floor:8.3f} {seconds / floor:6.1f}"
            )
        db.session.remove()
        db.engine.dispose()


def timed(act: Callable[[], int]) -> tuple[float, int, int]:
    """Return seconds, statements, and what ``act`` returned."""
    with counted() as statements:
        started = time.perf_counter()
        count = act()
        seconds = time.perf_counter() - started
    return seconds, len(statements), count


def select_alone() -> int:
    now = accounts.now()
    found = stale_cases.cases(
        ignoring.rule_in_force(), connection_id=None, today=accounts.today(now), now=now
    )
    db.session.rollback()
    return len(found)


def evaluate() -> int:
    done = staleness.evaluate()
    db.session.commit()
    return done.ignored + done.counted


def fill() -> None:
    db.session.add(Account(id=1, timezone="UTC", currency="USD", ignore_looked_on=date.today()))  # noqa: DTZ011
    owner = Connection(
        name="Bench",
        region="NA",
        seller_id="A1",
        primary_marketplace_id="ATVPDKIKX0DER",
        created_at=NOW,
    )
    db.session.add(owner)
    db.session.flush()
    place = Warehouse(name="FBA", kind="fba", country="US", currency="USD", connection_id=owner.id)
    db.session.add(place)
    db.session.flush()
    listings = [
        {"id": n, "connection_id": owner.id, "channel": "FBA", "seller_sku": f"SKU-{n}",
         "status": "active", "created_at": NOW}
        for n in range(1, LINES + 1)
    ]  # fmt: skip
    insert(Listing, listings)
    numbers = range(1, STALE + OTHERS + 1)
    insert(Shipment, [shipment(n, owner.id, place.id) for n in numbers])
    insert(StockOrder, [order(n, place.id) for n in numbers])
    insert(OrderShipment, [{"shipment_id": n, "order_id": n, "linked_at": NOW} for n in numbers])
    pairs = [(n, one) for n in numbers for one in range(1, LINES + 1)]
    insert(ShipmentLine, [
        {"shipment_id": n, "listing_id": one, "seller_sku": f"SKU-{one}", "units_shipped": 10,
         "units_received": 0}
        for n, one in pairs
    ])  # fmt: skip
    insert(OrderLine, [
        {"order_id": n, "listing_id": one, "seller_sku": f"SKU-{one}", "units_ordered": 10,
         "units_outstanding": 10}
        for n, one in pairs
    ])  # fmt: skip
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def shipment(number: int, connection_id: int, warehouse_id: int) -> dict[str, Any]:
    """Every fifth is stale; of the others half are closed, half on time."""
    is_open = number % 5 == 0 or number % 2 == 0
    days = 60 if number % 5 == 0 else -20
    return {
        "id": number, "connection_id": connection_id, "amazon_shipment_id": f"FBA{number:09d}",
        "status": "SHIPPED" if is_open else "CLOSED", "is_open": is_open,
        "warehouse_id": warehouse_id, "first_seen_on": NOW.date(), "first_seen_source": "sync",
        "expected_on": accounts.now().date() - timedelta(days=days),
        "units_shipped": 10 * LINES, "units_outstanding": 10 * LINES if is_open else 0,
    }  # fmt: skip


def order(number: int, warehouse_id: int) -> dict[str, Any]:
    is_open = number % 5 == 0 or number % 2 == 0
    return {
        "id": number, "kind": "purchase", "reference": f"FBA{number:09d}", "status": "Shipped",
        "status_type": "active" if is_open else "closed", "destination_id": warehouse_id,
        "created_on": NOW.date(), "created_at": NOW,
        "units_outstanding": 10 * LINES if is_open else 0,
    }  # fmt: skip


def insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        db.session.execute(sa.insert(model), rows[start : start + 5000])


if __name__ == "__main__":
    main()
