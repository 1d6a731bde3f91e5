"""List pages at 1,000 and 100,000 rows: requests a second on one core, p95, statements a page.

The server is gunicorn with one worker pinned to core 0; the load comes over http.client from
core 1. The peer is a bare Flask page that returns the same bytes, served in the same way in the
same run. On one database each (SQLite), signed in, with the filters' names and dates of a page.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade  # noqa: E402 - the path comes first

from app import create_app  # noqa: E402
from extensions import db  # noqa: E402
from inventory.models import (  # noqa: E402
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
    User,
    Variant,
    VariantLink,
    Warehouse,
    WarehouseKind,
)

SIZES = (1_000, 100_000)
PAGES = (
    "/purchase-orders",
    "/purchase-orders?view=all&sort=-outstanding",
    "/purchase-orders?view=attention",
    "/shipments",
    "/listings",
    "/variants",
    "/stock",
)
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
KEYS = {"SECRET_KEY": "bench-" + "s" * 32, "TOKEN_ENCRYPTION_KEY": "bench-" + "k" * 32}
NOW = datetime.now(UTC)


def main() -> None:
    """Print the table; the targets are at its foot."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results: dict[tuple[int, str], dict[str, Any]] = {}
        for size in SIZES:
            app = make_app(folder, size)
            with app.app_context():
                fill(size)
            statements = count_statements(app)
            for page, (bare, ours) in measure(app, folder, size).items():
                results[size, page] = {"bare": bare, "ours": ours, "queries": statements[page]}
        report(results)


def make_app(folder: Path, size: int) -> Flask:
    """Return the app on a database of its own, migrated."""
    url = f"sqlite:///{folder / f'{size}.db'}"
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, **KEYS)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
    return app


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
        "flags": "" if n % 50 else "unknown_sku", "warehouse_id": n % 4 + 1, "mode": "FREIGHT_LTL",
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
        "units_outstanding": n % 900, "created_at": NOW, "flags": "" if n % 50 else "unknown_sku",
    }  # fmt: skip


def line(n: int) -> dict[str, Any]:
    return {
        "order_id": n, "listing_id": n, "seller_sku": f"HP-{n:06}", "units_ordered": n % 900,
        "units_outstanding": n % 900,
    }  # fmt: skip


def cookie(app: Flask) -> str:
    """Return the cookie of a signed-in user."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    at = int(time.time())
    return "session=" + signer.dumps(
        {"_user_id": "1.n", "_fresh": True, "login_at": at, "seen_at": at}
    )


def count_statements(app: Flask) -> dict[str, int]:
    """Return page -> statements that it asks, user and account included."""
    found: dict[str, int] = {}
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    for page in PAGES:
        said.clear()
        answer = app.test_client(use_cookies=False).get(page, headers={"Cookie": cookie(app)})
        assert answer.status_code == 200, (page, answer.status_code)
        assert answer.text.count('<th scope="row">') == 50 or "attention" in page, page
        found[page] = len(said)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return found


def measure(app: Flask, folder: Path, size: int) -> dict[str, tuple[Any, Any]]:
    """Return page -> (bare Flask, ours), each (requests a second, p95 in ms)."""
    bodies = {
        page: app.test_client(use_cookies=False).get(page, headers={"Cookie": cookie(app)}).data
        for page in PAGES
    }
    for number, page in enumerate(PAGES):
        (folder / f"{number}.html").write_bytes(bodies[page])
    (folder / "bare.py").write_text(BARE)
    (folder / "ours.py").write_text(OURS.format(root=str(ROOT), size=size, keys=KEYS))
    session = cookie(app)
    with Served(folder, "ours:app", 8781), Served(folder, "bare:app", 8782):
        return {
            page: (
                load(8782, f"/{number}", "", len(bodies[page])),
                load(8781, page, session, len(bodies[page])),
            )
            for number, page in enumerate(PAGES)
        }


BARE = """
from pathlib import Path
from flask import Flask
app = Flask(__name__)
pages = {path.stem: path.read_text() for path in Path(__file__).parent.glob("*.html")}

@app.get("/<name>")
def show(name):
    return pages[name]
"""
OURS = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from app import create_app
folder = Path(__file__).parent
url = f"sqlite:///{{folder / '{size}.db'}}"
app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, **{keys!r})
"""


class Served:
    """gunicorn with one worker on core 0, for as long as the block runs."""

    def __init__(self, folder: Path, target: str, port: int) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4"]
        where = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--chdir", str(folder)]
        self.command = ["taskset", "-c", "0", *gunicorn, *where, "--log-level", "error", target]
        self.port = port

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT)
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=1).connect()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def load(port: int, path: str, session: str, expected: int) -> tuple[float, float]:
    """Return (requests a second, p95 in ms): the median of rounds over one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask() -> None:
        connection.request("GET", path, headers={"Cookie": session})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        assert abs(len(body) - expected) < 2000, (path, len(body), expected)

    rounds = [timed(ask) for _ in range(ROUNDS)]
    connection.close()
    rates, p95s = zip(*rounds, strict=True)
    return statistics.median(rates), statistics.median(p95s)


def timed(ask: Callable[[], None]) -> tuple[float, float]:
    for _ in range(20):
        ask()
    times = []
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        ask()
        times.append(time.perf_counter() - start)
    return len(times) / sum(times), sorted(times)[int(len(times) * 0.95)] * 1000


def report(results: dict[tuple[int, str], dict[str, Any]]) -> None:
    small, large = SIZES
    columns = ("page", "rows", "bare req/s", "ours req/s", "ratio", "p95 ms", "queries", "growth")
    print(("{:<46}" + "{:>12}" * 7).format(*columns))
    for page in PAGES:
        for size in SIZES:
            one = results[size, page]
            ratio = one["ours"][0] / one["bare"][0]
            growth = results[small, page]["ours"][0] / results[large, page]["ours"][0]
            shown = f"{growth:.2f}" if size == large else ""
            print(
                f"{page:<46}{size:>12}{one['bare'][0]:>12.0f}{one['ours'][0]:>12.0f}"
                f"{ratio:>12.2f}{one['ours'][1]:>12.1f}{one['queries']:>12}{shown:>12}"
            )
    print("targets: ratio >= 0.40, queries <= 8, growth (time at 100,000 / at 1,000) <= 1.30")


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {1})
    main()
