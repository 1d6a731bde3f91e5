"""Bring in 20,000 rows of orders: the dry run with all its checks, then the import itself.

The floor is 20,000 rows a second for reading and checking (every value, every name, every SKU
against the catalogue of as many), and for the import as a whole. Its peer is the bare driver: the
same rows of order_line by executemany, and nothing else. The best of all rounds counts: what else
the machine does only slows.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).parents[1]))

from app import create_app
from bench.bench_sheets import HEADER, as_csv, as_xlsx
from bench.bench_upserts import NOW, postgres_url
from bench.table import show
from extensions import db
from inventory.models import (
    Account,
    Change,
    Connection,
    Listing,
    OrderKind,
    OrderLine,
    Role,
    StockOrder,
    User,
    Vendor,
    Warehouse,
    WarehouseKind,
)
from inventory.services import order_bringing, order_imports

ROWS, ROUNDS, FLOOR, LINES = 20_000, 15, 20_000, 20
DAY = "2026-12-31"


def main() -> None:
    table = []
    with tempfile.TemporaryDirectory() as folder:
        table += measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder))
        table += measure("Postgres", postgres_url(Path(folder)), Path(folder))
    title = f"{ROWS} rows of {ROWS // LINES} orders brought in (floor {FLOOR} rows/s with checks)"
    show(title, ("workload", "rows/s", "floor or peer", "ratio"), table)


def measure(name: str, url: str, folder: Path) -> list[tuple[str, str, str, str]]:
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder)
    with app.app_context():
        upgrade(str(Path(app.root_path) / "migrations"))
        _fill()
        rows = _rows()
        csv, xlsx = as_csv(rows), as_xlsx(rows)
        gc.collect()
        gc.freeze()  # as the server does when it has started
        found = [
            _line(f"{name}: CSV, dry run", _timed(lambda: _check(csv)), FLOOR),
            _line(f"{name}: XLSX, dry run", _timed(lambda: _check(xlsx)), FLOOR),
            _line(f"{name}: CSV, import", brought := _timed(lambda: _bring(csv)), FLOOR),
            _line(f"{name}: the same, by the driver", brought, ROWS / _driver()),
        ]
        db.session.remove()
        db.engine.dispose()
    return found


def _fill() -> None:
    connection = Connection(
        name="Bench", region="NA", seller_id="A1", primary_marketplace_id="X", created_at=NOW
    )
    user = User(email="bench@example.com", role=Role.OWNER, nonce="x", created_at=NOW)
    account = Account(id=1, timezone="UTC", currency="USD")
    db.session.add_all([connection, account, user, Vendor(name="Kettles", created_at=NOW)])
    db.session.flush()
    db.session.add(
        Warehouse(
            connection_id=connection.id,
            kind=WarehouseKind.FBA,
            name="Shop FBA DE",
            country="DE",
            currency="EUR",
        )
    )
    listing = {"connection_id": connection.id, "channel": "FBA", "created_at": NOW}
    skus = [listing | {"seller_sku": f"SKU-{n:06d}", "title": f"Kettle {n}"} for n in range(ROWS)]
    db.session.execute(sa.insert(Listing), skus)
    db.session.commit()


def _rows() -> list[tuple[object, ...]]:
    assert HEADER[:4] == ("reference", "destination", "vendor", "sku")
    return [
        (f"PO-{n // LINES}", "Shop FBA DE", "Kettles", f"SKU-{n:06d}", n % 90 + 1, 4.25, DAY)
        for n in range(ROWS)
    ]


def _check(content: bytes) -> Any:
    found = order_imports.check(OrderKind.PURCHASE, content)
    assert not found.problems
    assert found.line_count == ROWS
    return found


def _bring(content: bytes) -> None:
    order_bringing.bring(OrderKind.PURCHASE, _check(content), "bench.csv", user_id=1)
    db.session.commit()


def _timed(run: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        _empty(OrderLine, StockOrder, Change)
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def _empty(*models: Any) -> None:
    """Leave no dead rows of earlier rounds, over which Postgres would write, and clean up."""
    for model in models:
        name, is_postgres = model.__tablename__, db.engine.dialect.name == "postgresql"
        db.session.execute(sa.text(f"truncate {name} cascade") if is_postgres else sa.delete(model))
    db.session.commit()


def _driver() -> float:
    """Return the seconds that the bare driver takes to write the same lines again."""
    fields = (
        "order_id, listing_id, seller_sku, units_ordered, units_received, units_outstanding, "
        "units_ignored, unit_cost"
    )
    values = [tuple(row) for row in db.session.execute(sa.text(f"select {fields} from order_line"))]  # noqa: S608
    times = []
    for _ in range(ROUNDS):
        _empty(OrderLine)
        raw = db.engine.raw_connection()
        mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
        statement = f"insert into order_line ({fields}) values ({', '.join([mark] * 8)})"  # noqa: S608
        started = time.perf_counter()
        cursor = raw.cursor()
        if mark == "?":
            cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(statement, values)
        raw.commit()
        times.append(time.perf_counter() - started)
        raw.close()
    return min(times)


def _line(name: str, seconds: float, other: float) -> tuple[str, str, str, str]:
    return name, f"{ROWS / seconds:,.0f}", f"{other:,.0f}", f"{ROWS / seconds / other:.2f}"


if __name__ == "__main__":
    main()
