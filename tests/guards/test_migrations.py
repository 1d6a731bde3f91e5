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
