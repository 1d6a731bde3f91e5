"""``flask --app app restore FILE``: come back from a backup."""

import json
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import downgrade, upgrade

from commands import databases
from commands.backup import FORMAT, KEYS, MANIFEST, SIMULATOR, TOKEN_KEY
from commands.loading import Damaged, Loading
from extensions import db
from inventory.models import Leader

#: A leader seen so lately is running.
SEEN = timedelta(seconds=30)


def init_app(app: Flask) -> None:
    """Put the command on ``app.cli``."""
    app.cli.add_command(restore)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds now.")
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Fill the database from FILE. Stop the app first, and start it again afterwards."""
    with _opened(file) as saved:
        manifest = _manifest(saved)
        databases.refuse_newer(manifest["revision"])
        _refuse_harm(force)
        _prepare(manifest["revision"])
        count = _load(saved, manifest["tables"])
        _write_files(saved)
        is_key_held = f"instance/{TOKEN_KEY}" in saved.namelist()
    upgrade(str(databases.folder()))
    click.echo(f"{count} rows of {len(manifest['tables'])} tables restored. Start the app.")
    if not is_key_held or not _opens_what_is_kept():
        click.echo("TOKEN_ENCRYPTION_KEY must be the one that the backup was made with.")


def _opened(file: Path) -> zipfile.ZipFile:
    """Return FILE as a zip that has a manifest."""
    try:
        saved = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise _no_backup(file) from None
    if MANIFEST not in saved.namelist():
        saved.close()
        raise _no_backup(file)
    return saved


def _no_backup(file: Path) -> click.ClickException:
    return click.ClickException(f"{file} is no backup of Stockbridge.")


def _manifest(saved: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(saved.read(MANIFEST))
        made_as = manifest["format"]
    except (ValueError, TypeError, KeyError, zipfile.BadZipFile):
        raise _no_backup(Path(str(saved.filename))) from None
    if made_as != FORMAT:
        raise click.ClickException("This backup was made by a newer version of the app.")
    return manifest


def _refuse_harm(force: bool) -> None:
    if databases.revision() is None:
        return
    seen_at = db.session.scalar(sa.select(Leader.seen_at))
    db.session.rollback()
    if seen_at and datetime.now(UTC) - seen_at < SEEN:
        raise click.ClickException("The app is running. Stop it first.")
    if not force and not databases.is_empty():
        raise click.ClickException(
            "The database is not empty. --force replaces everything in it by the backup."
        )


def _prepare(revision: str) -> None:
    """Give the database the tables that the backup was made of."""
    found = databases.revision()
    if found == revision:
        return
    if found:
        downgrade(str(databases.folder()), revision="base")
    upgrade(str(databases.folder()), revision=revision)


def _load(saved: zipfile.ZipFile, counts: dict[str, int]) -> int:
    try:
        with db.engine.execution_options(unmarked=True).begin() as connection:
            return Loading(connection, saved).load(counts)
    except Damaged as error:
        raise click.ClickException(f"The backup is damaged ({error}); nothing changed.") from None


def _write_files(saved: zipfile.ZipFile) -> None:
    instance = Path(current_app.config["INSTANCE"])
    for name in (*KEYS, SIMULATOR):
        if f"instance/{name}" not in saved.namelist():
            continue
        for journal in (f"{name}-wal", f"{name}-shm"):
            (instance / journal).unlink(missing_ok=True)
        target = instance / f"{name}.new"
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(saved.read(f"instance/{name}"))
        target.replace(instance / name)


def _opens_what_is_kept() -> bool:
    """A key that nobody gives is read from the restored file at the next start."""
    if not current_app.config["IS_TOKEN_KEY_GIVEN"]:
        return True
    kept = (Path(current_app.config["INSTANCE"]) / TOKEN_KEY).read_text().strip()
    given = current_app.config["TOKEN_ENCRYPTION_KEY"].split(",")
    return kept in [key.strip() for key in given]
