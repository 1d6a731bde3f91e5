"""Calls of a sync of 500 shipments of 20 lines, against the least there could be.

    python -m bench.bench_shipments

Least: 50 shipments or 50 lines a page (v0 alone). The second, unchanged sync asks what is
open, what is over since, and the lines of each open shipment, since receiving units is no
change to Amazon. Ends with 1 when a ratio is over the target or the second sync writes a row.
"""

import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from extensions import db
from inventory.models import Shipment, SyncKind, SyncRun
from simulator import Simulator
from tests.conftest import SECRETS
from tests.factories import make_account
from tests.story import Story, Writes, amazon_http, connect

TARGET = 1.05
PER_PAGE = 50


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return bench(Path(folder))


def bench(folder: Path) -> int:
    simulator = Simulator(scenario="bench-500", limits=False)
    app = create_app(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'bench.db'}",
        INSTANCE=folder,
        AMAZON_HTTP=amazon_http(simulator),
        **SECRETS,
    )
    with app.app_context():
        upgrade(str(Path(app.root_path) / "migrations"))
        make_account()
        story = Story(app, simulator, connect())
        first, first_s = timed(story)
        with Writes() as writes:
            second, second_s = timed(story)
        is_good = report(story, (first, first_s), (second, second_s), len(writes.seen))
        walk(story)
    return 0 if is_good else 1


def timed(story: Story, kind: SyncKind = SyncKind.SHIPMENTS) -> tuple[SyncRun, float]:
    began = time.perf_counter()
    return story.sync(kind), time.perf_counter() - began


def report(
    story: Story, first: tuple[SyncRun, float], second: tuple[SyncRun, float], writes: int
) -> bool:
    shipments = story.truth["shipments"].values()
    lines = sum(len(one["lines"]) for one in shipments)
    is_open = sa.select(sa.func.count(Shipment.id)).where(Shipment.is_open.is_(True))
    open_count = db.session.scalar(is_open) or 0
    db.session.commit()
    least_first = pages(len(shipments)) + pages(lines)
    least_second = pages(open_count) + 1 + open_count
    print(f"{len(shipments)} shipments, {lines} lines, {open_count} open")
    good = [
        row("first sync", first, least_first, pages(len(shipments)) + len(shipments)),
        row("unchanged second sync", second, least_second, pages(open_count) + 1 + open_count),
    ]
    print(f"statements that wrote to data tables in the second sync: {writes} (target 0)")
    return all(good) and writes == 0


def row(name: str, measured: tuple[SyncRun, float], least: int, one_by_one: int) -> bool:
    run, seconds = measured
    ratio = run.calls / least
    print(
        f"{name}: {run.calls} calls, least {least}, ratio {ratio:.3f} (target <= {TARGET}); "
        f"one call per shipment {one_by_one}; {seconds:.1f} s of our own"
    )
    return ratio <= TARGET


def walk(story: Story) -> None:
    """The walk of the plans has a line of its own: list pages, and one call per thing new."""
    run, seconds = timed(story, SyncKind.PLANS)
    counts = ", ".join(f"{name} {n}" for name, n in sorted(run.calls_by_operation.items()))
    print(f"first walk of the plans: {run.calls} calls ({counts}); {seconds:.1f} s of our own")
    run, seconds = timed(story, SyncKind.PLANS)
    counts = ", ".join(f"{name} {n}" for name, n in sorted(run.calls_by_operation.items()))
    print(f"unchanged second walk: {run.calls} calls ({counts})")


def pages(rows: int) -> int:
    return -(-rows // PER_PAGE)


if __name__ == "__main__":
    sys.exit(main())
