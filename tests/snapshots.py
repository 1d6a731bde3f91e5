"""A filled database kept beside its tables, to begin again from: no value leaves the database."""

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from extensions import db
from tests.conftest import filled_tables
from tests.databases import on_postgres

_COPIES = Path(mkdtemp(prefix="stockbridge-kept-"))
atexit.register(shutil.rmtree, _COPIES, ignore_errors=True)


class Snapshot(NamedTuple):
    """Tables that had rows, copied under another name, and where Postgres' numbers stood."""

    name: str
    tables: list[str]
    numbers: list[tuple[str, int]]


def take(name: str) -> Snapshot:
    """Copy every row there is."""
    with _beside() as connection:
        tables = [row[0] for row in connection.execute(filled_tables()).fetchall()]
        for table in tables:
            copy = f'kept."{name}_{table}"'
            connection.execute(f'create table {copy} as select * from "{table}"')  # noqa: S608
        return Snapshot(name, tables, _numbers(connection) if on_postgres() else [])


def put_back(kept: Snapshot) -> None:
    """Give the tables the rows of then; the others must be empty."""
    with _beside() as connection:
        if on_postgres():
            connection.execute("set session_replication_role = replica")  # keys in any order
        for table in kept.tables:
            copy = f'kept."{kept.name}_{table}"'
            connection.execute(f'delete from "{table}"')  # noqa: S608 - our own names
            connection.execute(f'insert into "{table}" select * from {copy}')  # noqa: S608
        for name, number in kept.numbers:
            connection.execute(f"select setval('\"{name}\"', {number})")
        if on_postgres():
            connection.execute("set session_replication_role = default")


def _numbers(connection: Any) -> list[tuple[str, int]]:
    found = connection.execute("select sequencename, last_value from pg_sequences")
    return [(name, number) for name, number in found.fetchall() if number is not None]


@contextmanager
def _beside() -> Iterator[Any]:
    """The driver's connection, to which the copies are a schema of their own."""
    db.session.remove()
    pooled = db.engine.raw_connection()
    driver: Any = pooled.driver_connection
    try:
        if on_postgres():
            driver.execute("create schema if not exists kept")
        else:
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute(f"attach '{_COPIES / 'kept.db'}' as kept")
        yield driver
        driver.commit()
    finally:
        pooled.invalidate()  # with what was attached and switched off
