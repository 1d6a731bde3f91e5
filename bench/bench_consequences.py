"""What saving settings would do, with 5,000 shipments: our fragment and the query floor.

The floor is the same SELECT statements, recorded from the fragment and run bare on the driver,
rows fetched. Both are CPU time of the one process that SQLite runs in, so that others on the
machine do not count; "wall" is the fragment by the clock. "all settings" types another value into
every field of the form.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.bench_pages import cookie, make_app  # noqa: E402 - the path comes first
from bench.consequence_rows import fill  # noqa: E402
from bench.table import show  # noqa: E402
from extensions import db, writing  # noqa: E402
from inventory.models import Account  # noqa: E402

SHIPMENTS = 5_000
TARGET_MS = 150
ROUNDS = 15
OWN = 9
CONNECTION = "/settings/connections/1/consequences?version=1&"
WAREHOUSE = "/settings/warehouses/1/consequences?version=1&name=Harbour+NA+FBA+US&"
ORDERS = "/settings/purchase-orders/consequences?version=1&"
STAYS = {"primary_marketplace_id": "ATVPDKIKX0DER", "order_type": "auto"}
CASES = {
    "pick-up delay": CONNECTION + urlencode({**STAYS, "pickup_delay_days": 19}),
    "order type": CONNECTION
    + urlencode({**STAYS, "order_type": "transfer", "default_source_id": OWN}),
    "fee sync": CONNECTION + urlencode({**STAYS, "sync_fees": "y"}),
    "all settings": CONNECTION
    + urlencode(
        {
            "primary_marketplace_id": "A2EUQ1WTGCTBG2",
            "pickup_delay_days": 19,
            "order_type": "transfer",
            "default_source_id": OWN,
            "sync_fees": "y",
            "import_early": "y",
        }
    ),
    "lead time": WAREHOUSE + urlencode({"enabled": "y", "sync_inbound": "y", "lead_time_days": 9}),
    "inbound off": WAREHOUSE + urlencode({"enabled": "y"}),
    "pick-up delay, ignoring": CONNECTION + urlencode({**STAYS, "pickup_delay_days": 19}),
    "ignoring on": ORDERS + urlencode({"ignore_stale": "y", "ignore_after_days": 10}),
    "lead time of all, ignoring": ORDERS
    + urlencode({"ignore_stale": "y", "ignore_after_days": 30, "lead_time_days": 40}),
}
Statement = tuple[str, Any]


def main() -> int:
    """Print the table; return 1 where a fragment is slower than the target."""
    with tempfile.TemporaryDirectory() as name:
        app = make_app(Path(name), SHIPMENTS)
        with app.app_context():
            fill(SHIPMENTS)
            rows = [measure(app, case, address) for case, address in CASES.items()]
    header = ("typed", "statements", "ours ms", "floor ms", "ratio", "wall ms", f"< {TARGET_MS} ms")
    show(f"What saving would do, {SHIPMENTS} shipments", header, [row for row, _ in rows])
    return 0 if all(ms < TARGET_MS for _, ms in rows) else 1


def measure(app: Flask, case: str, address: str) -> tuple[tuple[object, ...], float]:
    """Return a line of the table, and the milliseconds of ours (median)."""
    headers = {"Cookie": cookie(app), "HX-Request": "true"}
    client = app.test_client(use_cookies=False)
    db.session.rollback()  # a transaction of a page only reads
    writing.set(True)
    db.session.execute(sa.update(Account).values(ignore_stale="ignoring" in case.split(", ")))
    db.session.commit()

    def ask() -> None:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.status_code)

    ask()
    with recorded() as statements:
        ask()
    ours, wall = timed(ask)
    with db.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        floor, _ = timed(lambda: [driver.execute(*one).fetchall() for one in statements])
    ratio = f"{ours / floor:.1f}"
    verdict = "yes" if ours < TARGET_MS else "NO"
    figures = (f"{ours:.1f}", f"{floor:.1f}", ratio, f"{wall:.1f}")
    return (case, len(statements), *figures, verdict), ours


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Collect the SELECTs that run in the block, with their parameters as the driver got them."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the median milliseconds of an act: CPU, and by the clock."""
    times = []
    for _ in range(ROUNDS):
        start, clock = time.process_time(), time.perf_counter()
        act()
        times.append((time.process_time() - start, time.perf_counter() - clock))
    cpu, wall = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return cpu, wall


if __name__ == "__main__":
    sys.exit(main())
