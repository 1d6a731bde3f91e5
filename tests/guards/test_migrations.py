"""Migrations build exactly the tables of the models, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from extensions import db
from tests.databases import on_postgres
from tests.factories import link, make_order, make_shipment, make_user, make_warehouse


def test_migrations_equal_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, db.metadata) == []


@pytest.mark.skipif(on_postgres(), reason="Postgres gives no id twice anyway")
def test_the_ids_of_named_rows_are_given_once(app: Flask) -> None:
    made = sa.text("SELECT name FROM sqlite_master WHERE sql LIKE '%PRIMARY KEY AUTOINCREMENT%'")
    asked = {one.name for one in db.metadata.sorted_tables if one.kwargs["sqlite_autoincrement"]}

    assert set(db.session.scalars(made)) == asked
    assert "stock_order" in asked


def test_every_migration_can_be_taken_back(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    app = make_app() if on_postgres() else make_app(SQLALCHEMY_DATABASE_URI=url)
    folder = str(Path(app.root_path) / "migrations")
    with app.app_context():
        upgrade(folder)
        downgrade(folder, revision="base")

        left = set(sa.inspect(db.engine).get_table_names())
        upgrade(folder)

    assert left == {"alembic_version"}


@pytest.mark.skipif(on_postgres(), reason="only SQLite makes tables again")
def test_rows_that_refer_to_each_other_outlive_an_upgrade(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'other.db'}")
    folder = str(Path(app.root_path) / "migrations")
    with app.app_context():
        upgrade(folder, revision="0003")
        make_user()
        link(make_order(destination_id=make_warehouse().id), make_shipment())
        before = rows()

        upgrade(folder)

        assert rows() == before
        assert before["order_shipment"] == before["stock_order"] == 1
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def rows() -> dict[str, int]:
    """Return table -> its number of rows."""
    db.session.commit()
    tables = [table for table in db.metadata.sorted_tables if table.name != "data_mark"]
    counted = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in tables
    }
    db.session.rollback()
    return counted
