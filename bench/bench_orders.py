"""The page of an order of 2,000 lines beside a bare Flask page that returns the same bytes.

Served and asked as bench_pages.py does, in the same run. "Amazon's" was made for one shipment
and is read only; "own" waits for its goods, so that its page has a form of 2,000 fields more;
"edit" is the form that its lines are written in. "drawn" is the page drawn anew for each
request, "kept" the page as it is served while data does not change (SQLite).
"""

import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402 - the path comes first
from flask import Flask  # noqa: E402

from bench import bench_pages as pages  # noqa: E402
from bench.page_rows import fill, insert  # noqa: E402
from bench.page_servers import BARE, OURS, Served  # noqa: E402
from bench.table import show  # noqa: E402
from extensions import db  # noqa: E402
from inventory.models import OrderLine, StockOrder  # noqa: E402

LINES = 2_000
#: Of bench.page_rows: an active one with a shipment, and an active transfer, which has none.
AMAZONS, OWN = 1, LINES + 1
PAGES = {
    "Amazon's": f"/purchase-orders/{AMAZONS}",
    "own": f"/transfer-orders/{OWN}",
    "edit": f"/transfer-orders/{OWN}/edit",
}


def main() -> None:
    """Print the table; the target is at its foot."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = pages.make_app(folder, LINES)
        with app.app_context():
            make_orders()
        sizes = keep_bodies(app, folder)
        rows = measure(app, folder, sizes)
    header = ("page", "KB", "bare ms", "drawn ms", "kept ms", "kept/bare", "drawn cpu ms")
    show(f"The page of an order of {LINES:,} lines", header, rows)
    print("target: kept/bare <= 2; the form is drawn anew each time")


def make_orders() -> None:
    """Make two orders of all listings, one of them Amazon's."""
    fill(LINES)
    db.session.execute(sa.delete(OrderLine))
    totals = {"line_count": LINES, "units_ordered": 10 * LINES, "units_outstanding": 10 * LINES}
    for order_id, origin in ((AMAZONS, "amazon"), (OWN, "local")):
        chosen = sa.update(StockOrder).where(StockOrder.id == order_id)
        db.session.execute(chosen.values(origin=origin, **totals))
        insert(OrderLine, [line(order_id, n) for n in range(1, LINES + 1)])
    db.session.commit()


def line(order_id: int, n: int) -> dict[str, object]:
    return {
        "order_id": order_id, "listing_id": n, "seller_sku": f"HP-{n:06}", "units_ordered": 10,
        "units_outstanding": 10,
    }  # fmt: skip


def keep_bodies(app: Flask, folder: Path) -> dict[str, int]:
    """Write what each page answers, for the bare page to return; return its size in bytes."""
    sizes = {}
    for number, (who, path) in enumerate(PAGES.items()):
        client = app.test_client(use_cookies=False)
        answer = client.get(path, headers={"Cookie": pages.cookie(app)})
        assert answer.status_code == 200, (path, answer.status_code)
        (folder / f"{number}.html").write_bytes(answer.data)
        sizes[who] = len(answer.data)
    return sizes


def measure(app: Flask, folder: Path, sizes: dict[str, int]) -> list[tuple[object, ...]]:
    (folder / "bare.py").write_text(BARE)
    for who, kept in (("drawn", 0), ("kept", 128)):
        text = OURS.format(root=str(ROOT), size=LINES, keys=pages.KEYS, kept=kept)
        (folder / f"{who}.py").write_text(text)
    session = pages.cookie(app)
    rows: list[tuple[object, ...]] = []
    with ExitStack() as stack:
        bare, drawn, kept_ones = (
            stack.enter_context(Served(folder, f"{name}:app")) for name in ("bare", "drawn", "kept")
        )
        for number, (who, path) in enumerate(PAGES.items()):
            asked = ((bare, f"/{number}"), (drawn, path), (kept_ones, path))
            rounds = [
                [pages.load(server, address, session) for server, address in asked]
                for _ in range(pages.ROUNDS)
            ]
            times = [
                statistics.median(1000 / one.rate for one in each)
                for each in zip(*rounds, strict=True)
            ]
            cpu = statistics.median(one[1].cpu_ms for one in rounds)
            told = (*(f"{one:.1f}" for one in times), f"{times[2] / times[0]:.2f}", f"{cpu:.0f}")
            rows.append((who, sizes[who] // 1000, *told))
    return rows


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {1})
    main()
