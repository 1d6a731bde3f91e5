"""flask backup and restore: everything comes back, or nothing is touched."""

import json
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from commands.backup import LEFT_OUT
from extensions import db
from inventory.models import ExchangeRate, Leader, Warehouse
from inventory.services import accounts, changes, syncs
from tests.conftest import empty_tables
from tests.factories import (
    LONG_AGO,
    link,
    make_attachment,
    make_connection,
    make_order,
    make_order_line,
    make_run,
    make_shipment,
    make_shipment_line,
    make_user,
    make_warehouse,
    saved,
)

Command = Callable[..., Result]


@pytest.fixture
def command(app: Flask) -> Command:
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def fill() -> None:
    """Rows of most kinds of value: dates, money, JSON, enums, circles, any text."""
    make_user(name='Zoë "=1+1" \u202e\n☃')
    connection = make_connection()
    warehouse = make_warehouse(connection=connection)
    connection.default_source_id = warehouse.id
    shipment = make_shipment(connection_id=connection.id)
    make_shipment_line(shipment)
    order = make_order(destination_id=warehouse.id)
    make_order_line(order)
    link(order, shipment)
    content = bytes(range(256)) * 8
    make_attachment(order, content=content)
    saved(
        ExchangeRate(
            currency="JPY",
            day=date(2026, 11, 2),
            per_euro=Decimal("163.1"),
            source="ecb",
            stored_at=LONG_AGO,
        )
    )
    make_run(connection_id=connection.id, calls_by_operation={"getShipments": 3}, waited_s=1.5)
    syncs.mark(connection.id, "stock", "", LONG_AGO)  # type: ignore[arg-type]
    first = changes.record("order", order.id, "Changed", fields={"expected_on": ["a", None]})
    db.session.flush()
    changes.record("order", order.id, "Undone").undoes_id = first.id
    db.session.commit()


def everything() -> dict[str, list[Any]]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in db.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }


def test_everything_comes_back(command: Command, tmp_path: Path) -> None:
    fill()
    before = everything()

    made = command("backup", tmp_path / "all.zip")
    empty_tables()
    restored = command("restore", tmp_path / "all.zip")

    assert (made.exit_code, restored.exit_code) == (0, 0), made.output + restored.output
    assert everything() == before
    assert sum(map(len, before.values())) > 12


def test_new_rows_follow_the_restored_ones(command: Command, tmp_path: Path) -> None:
    last = [make_warehouse().id for _ in range(3)][-1]
    command("backup", tmp_path / "all.zip")
    empty_tables()

    command("restore", tmp_path / "all.zip")

    assert make_warehouse().id > last


def test_a_database_with_rows_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    command("backup", tmp_path / "all.zip")
    make_warehouse(name="Made since")

    result = command("restore", tmp_path / "all.zip")

    assert result.exit_code == 1
    assert "not empty" in result.output
    assert db.session.scalars(sa.select(Warehouse.name)).all() == ["Made since"]


def test_force_replaces_them(command: Command, tmp_path: Path) -> None:
    fill()
    before = everything()
    command("backup", tmp_path / "all.zip")
    make_warehouse(name="Made since")

    result = command("restore", tmp_path / "all.zip", "--force")

    assert result.exit_code == 0, result.output
    assert everything() == before


def test_a_running_app_is_not_pulled_away_from(command: Command, tmp_path: Path) -> None:
    command("backup", tmp_path / "all.zip")
    saved(Leader(id=1, owner="server", seen_at=accounts.now()))

    result = command("restore", tmp_path / "all.zip", "--force")

    assert "The app is running" in result.output


def test_a_damaged_backup_changes_nothing(command: Command, tmp_path: Path) -> None:
    fill()
    before = everything()
    command("backup", tmp_path / "all.zip")
    rewrite(tmp_path / "all.zip", tables=lambda counts: {**counts, "warehouse": 9})

    result = command("restore", tmp_path / "all.zip", "--force")

    assert result.exit_code == 1
    assert "rows of warehouse are missing" in result.output
    assert everything() == before


def test_a_newer_backup_is_refused(command: Command, tmp_path: Path) -> None:
    command("backup", tmp_path / "all.zip")
    rewrite(tmp_path / "all.zip", revision=lambda _old: "9999")

    result = command("restore", tmp_path / "all.zip", "--force")

    assert "newer than this version" in result.output


@pytest.mark.parametrize(
    "files", [None, {"a": "b"}, {"manifest.json": "{"}, {"manifest.json": "[]"}]
)
def test_a_file_that_is_no_backup_is_refused(
    command: Command, tmp_path: Path, files: dict[str, str] | None
) -> None:
    path = tmp_path / "all.zip"
    path.write_text("no zip")
    if files:
        with zipfile.ZipFile(path, "w") as other:
            for name, content in files.items():
                other.writestr(name, content)

    result = command("restore", path)

    assert (result.exit_code, result.output) == (1, f"Error: {path} is no backup of Stockbridge.\n")


def test_the_keys_come_along_and_the_file_is_private(
    command: Command, app: Flask, tmp_path: Path
) -> None:
    instance = Path(app.config["INSTANCE"])
    (instance / "token-encryption-key").write_text("the key")
    command("backup", tmp_path / "all.zip")
    (instance / "token-encryption-key").write_text("another key")
    empty_tables()

    command("restore", tmp_path / "all.zip")

    assert (instance / "token-encryption-key").read_text() == "the key"
    assert stat.S_IMODE((tmp_path / "all.zip").stat().st_mode) == 0o600


MUST_BE_THE_ONE = "TOKEN_ENCRYPTION_KEY must be the one"


@pytest.mark.parametrize(
    ("held", "given", "is_told"),
    [
        ("old", "", False),  # the app made a key of its own at start
        ("old", "new, old", False),
        ("old", "new", True),
        ("", "", True),
        ("", "new", True),
    ],
)
def test_a_key_that_opens_nothing_is_told(
    command: Command,
    make_app: Callable[..., Flask],
    tmp_path: Path,
    held: str,
    given: str,
    is_told: bool,
) -> None:
    key = tmp_path / "token-encryption-key"
    key.write_text(held)
    if not held:
        key.unlink()
    command("backup", tmp_path / "all.zip")
    empty_tables()
    other = make_app(INSTANCE=tmp_path / "fresh", TOKEN_ENCRYPTION_KEY=given)

    with other.app_context():
        result = other.test_cli_runner().invoke(args=["restore", str(tmp_path / "all.zip")])

    assert result.exit_code == 0, result.output
    assert (MUST_BE_THE_ONE in result.output) == is_told


def test_money_and_dates_are_kept_exactly(command: Command, tmp_path: Path) -> None:
    order = make_order(shipping_handling=Decimal("1234567.8901"), expected_on=date(2026, 2, 28))
    command("backup", tmp_path / "all.zip")
    empty_tables()

    command("restore", tmp_path / "all.zip")

    row = db.session.get_one(type(order), order.id, populate_existing=True)
    assert (row.shipping_handling, row.expected_on) == (
        Decimal("1234567.8901"), date(2026, 2, 28)
    )  # fmt: skip


def rewrite(path: Path, **changed: Callable[[Any], Any]) -> None:
    """Change entries of the manifest."""
    with zipfile.ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(files["manifest.json"])
    for name, change in changed.items():
        manifest[name] = change(manifest[name])
    files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, content in files.items():
            new.writestr(name, content)
