"""Upsert 20,000 listings, first time, changed, unchanged, against the bare driver.

The driver executes the same statement for the same rows with the same 1,000 rows per commit
(executemany; with psycopg in pipeline mode). It is given ready parameters and learns nothing
of what was created or changed. Ours starts from dictionaries, and tells. The COPY lines are
for information: a load into a temporary table and one merge, as one would move 20,000 rows
that do not come in pages. The best of all rounds counts: what else the machine does only slows.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).parents[1]))

from app import create_app
from extensions import db
from inventory.models import Connection, Listing
from inventory.services import upserts
from tests import databases

ROWS, PER_COMMIT, ROUNDS = 20_000, 1000, 9
KEY = ("connection_id", "channel", "seller_sku")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]


def main() -> None:
    print(
        f"{'database':9} {'workload':10} {'ours/s':>9} {'driver/s':>9} {'ratio':>6} {'written':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder))
        measure("Postgres", postgres_url(Path(folder)), Path(folder))


def measure(name: str, url: str, folder: Path) -> None:
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder)
    with app.app_context():
        upgrade(str(Path(app.root_path) / "migrations"))
        connection = Connection(
            name="Bench",
            region="NA",
            seller_id="A1",
            primary_marketplace_id="ATVPDKIKX0DER",
            created_at=NOW,
        )
        db.session.add(connection)
        db.session.commit()
        first, changed = listings(connection.id, "a"), listings(connection.id, "b")
        loads = {"first": first, "changed": changed, "unchanged": changed}
        times: dict[str, list[tuple[float, float]]] = {load: [] for load in loads}
        written: dict[str, int] = {}
        for _ in range(ROUNDS):
            ours, drivers = {}, {}
            empty()
            for load, rows in loads.items():
                drivers[load] = timed(driver, rows)[0]
            empty()
            for load, rows in loads.items():
                ours[load], written[load] = timed(our_way, rows)
            for load in loads:
                times[load].append((ours[load], drivers[load]))
        for load, pairs in times.items():
            line(name, load, min(a for a, _ in pairs), min(b for _, b in pairs), written[load])
        if url.startswith("postgresql"):
            empty()
            for load, rows in loads.items():
                seconds, count = timed(copy_and_merge, rows)
                print(f"{name:9} {load:10} {'COPY':>9} {ROWS / seconds:9,.0f} {'':6} {count:8,}")
        db.session.remove()
        db.engine.dispose()


def postgres_url(folder: Path) -> str:
    os.environ["TEST_DATABASE"] = "postgres"
    return databases.fresh_url(folder)


def line(name: str, load: str, ours: float, drivers: float, written: int) -> None:
    print(
        f"{name:9} {load:10} {ROWS / ours:9,.0f} {ROWS / drivers:9,.0f} "
        f"{drivers / ours:6.2f} {written:8,}"
    )


def listings(connection_id: int, mark: str) -> Rows:
    return [
        {
            "connection_id": connection_id,
            "channel": "FBA",
            "seller_sku": f"SKU-{number:06d}",
            "asin": f"B{number:09d}",
            "fnsku": f"X{number:09d}",
            "title": f"Kettle no. {number}, {mark}, with a lid and a longer name as they have",
            "status": "active",
            "created_at": NOW,
        }
        for number in range(ROWS)
    ]


def chunks(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + PER_COMMIT] for start in range(0, len(rows), PER_COMMIT))


def timed(write: Callable[[Rows], Callable[[], int]], rows: Rows) -> tuple[float, int]:
    run = write(rows)
    started = time.perf_counter()
    count = run()
    return time.perf_counter() - started, count


def our_way(rows: Rows) -> Callable[[], int]:
    def run() -> int:
        count = 0
        for chunk in chunks(rows):
            done = upserts.upsert(Listing, chunk, key=KEY, kept=("created_at",))
            db.session.commit()
            count += done.written
        return count

    return run


def driver(rows: Rows) -> Callable[[], int]:
    on_sqlite = db.engine.dialect.name == "sqlite"
    # The same statement, for one row: SQLite's has it so, Postgres' is made so again.
    plan = upserts.plan_of(Listing, "sqlite", rows[0], KEY, kept=("created_at",))
    statement = plan.statement if on_sqlite else for_postgres(plan.statement)
    values = upserts.parameters(plan, rows)
    raw = db.engine.raw_connection()

    def run() -> int:
        count = 0
        cursor = raw.cursor()
        for chunk in chunks(values):
            if on_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(statement, chunk)
            count += cursor.rowcount
            raw.commit()
        raw.close()
        return count

    return run


def for_postgres(statement: str) -> str:
    return statement.replace("?", "%s").replace("IS NOT", "IS DISTINCT FROM")


def copy_and_merge(rows: Rows) -> Callable[[], int]:
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    names = ", ".join(rows[0])
    values = [tuple(row.values()) for row in rows]

    def run() -> int:
        with psycopg.connect(url) as raw, raw.cursor() as cursor:
            cursor.execute("create temp table load (like listing) on commit drop")
            cursor.execute("alter table load drop column id")
            with cursor.copy(f"copy load ({names}) from stdin") as copy:
                for row in values:
                    copy.write_row(row)
            cursor.execute(
                f"insert into listing ({names}) select {names} from load "  # noqa: S608
                "on conflict (connection_id, channel, seller_sku) do update set "
                "asin = excluded.asin, fnsku = excluded.fnsku, title = excluded.title, "
                "status = excluded.status where (listing.asin, listing.fnsku, listing.title, "
                "listing.status) is distinct from (excluded.asin, excluded.fnsku, "
                "excluded.title, excluded.status)"
            )
            return cursor.rowcount

    return run


def empty() -> None:
    db.session.execute(sa.delete(Listing))
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("vacuum analyze listing"))


if __name__ == "__main__":
    main()
