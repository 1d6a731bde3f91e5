"""``flask --app app backup FILE``: one file with everything needed to come back.

A zip of one JSON-lines file per table, the keys kept in the instance folder, the simulator's
state, and a manifest. It restores on SQLite and on Postgres, whichever it was made on.
"""

import base64
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from commands import databases
from extensions import db, writing

#: Kept in the instance folder unless the environment gives them.
KEYS = ("secret-key", "token-encryption-key")
TOKEN_KEY = KEYS[1]
SIMULATOR = "simulator.db"
MANIFEST = "manifest.json"
#: Say which process leads now, which state the data is in, and what waits for a person for a
#: day: nothing to come back to.
LEFT_OUT = {"leader", "data_mark", "import_draft"}
#: Rows held in memory at a time; of files, which may have 10 MB each, one.
ROWS = 1000
FORMAT = 1


def init_app(app: Flask) -> None:
    """Put the command on ``app.cli``."""
    app.cli.add_command(backup)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything into FILE, as of one moment; the app may go on running."""
    if databases.revision() != databases.head():
        raise click.ClickException("Start the app once, so that its database is up to date.")
    # Never a half-written file under the name that somebody trusts, nor one that others read.
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as out:
            counts = _write_tables(out)
            keys = _write_files(out)
            out.writestr(MANIFEST, json.dumps(_manifest(counts), indent=1))
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables.")
    click.echo(
        "It holds the keys that open the stored tokens. Keep it as safe as those."
        if keys
        else "The keys come from the environment and are not in it. Keep them elsewhere."
    )


def tables() -> list[sa.Table]:
    """Return the tables that are kept, in an order of few forward references."""
    return [table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]


def rows_at_once(columns: Iterable[sa.ColumnClause[Any]]) -> int:
    """Return how many rows of a table with these columns are held in memory at a time."""
    return 1 if any(isinstance(column.type, sa.LargeBinary) for column in columns) else ROWS


def _manifest(counts: dict[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "app": current_app.config["VERSION"],
        "revision": databases.revision(),
        "made_at": datetime.now(UTC).isoformat(),
        "tables": counts,
    }


def _write_tables(out: zipfile.ZipFile) -> dict[str, int]:
    with _one_moment() as connection:
        return {table.name: _write_table(out, connection, table) for table in tables()}


def _write_table(out: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> int:
    count = 0
    some = rows_at_once(table.c)
    rows = connection.execution_options(yield_per=some).execute(sa.select(table))
    with out.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8", newline="\n")
        for row in rows.mappings():
            lines.write(json.dumps(dict(row), default=_plain, ensure_ascii=False) + "\n")
            count += 1
        lines.flush()
        lines.detach()
    return count


@contextmanager
def _one_moment() -> Iterator[sa.Connection]:
    """A transaction that sees one state of the database, whatever others write meanwhile."""
    reading = writing.set(False)
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        writing.reset(reading)


def _write_files(out: zipfile.ZipFile) -> list[str]:
    """Return the names of the keys that were written."""
    instance = Path(current_app.config["INSTANCE"])
    keys = [key for key in KEYS if (instance / key).exists()]
    for key in keys:
        out.write(instance / key, f"instance/{key}")
    if (instance / SIMULATOR).exists():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / SIMULATOR
            databases.copy_sqlite(instance / SIMULATOR, copy)
            out.write(copy, f"instance/{SIMULATOR}")
    return keys


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no way to keep a {type(value).__name__}")
