"""Bringing a database to the newest tables, with a copy beside it first."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade

from extensions import db


def migrate() -> None:
    """Upgrade the database if it is older than the code, having copied a SQLite file.

    Raises ``ClickException`` when it is newer: then old code would damage it.
    """
    found, newest = revision(), head()
    if found == newest:
        return
    refuse_newer(found)
    if found:
        _copy_beside(found)
    upgrade(str(folder()))
    click.echo(f"Database upgraded to {newest}." if found else "Database made.")


def refuse_newer(found: str | None) -> None:
    """Raise ``ClickException`` if ``found`` is a revision that this code does not know."""
    if found and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise click.ClickException(
            f"The database is newer than this version of the app (it is at {found}, the app "
            f"knows up to {head()}). Install the newer version again, or restore a backup."
        )


def revision() -> str | None:
    """Return the revision the database is at; ``None`` for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the newest revision that the code knows."""
    return _scripts().get_current_head() or ""


def folder() -> Path:
    """Return where the migrations are."""
    return Path(current_app.root_path) / "migrations"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(folder()))


def _copy_beside(found: str) -> None:
    """Postgres has tools of its own; there the operator's backup is meant."""
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        click.echo(f"The database is at {found}; it is upgraded now.")
        return
    copy = f"{path}.{found}-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup"
    copy_sqlite(Path(path), Path(copy))
    click.echo(f"The database is at {found}; a copy was made: {copy}")


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as of one moment, even while others write into it."""
    target.touch(mode=0o600)
    reader, writer = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        writer.close()
        reader.close()


def is_empty() -> bool:
    """Return True if no table has a row (the leader's and the mark's own rows aside)."""
    names = set(sa.inspect(db.engine).get_table_names()) - {
        "alembic_version",
        "data_mark",
        "leader",
    }
    with db.engine.connect() as connection:
        return not any(
            connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
            for name in names
        )
