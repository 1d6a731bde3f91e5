"""Alembic runs here: on the app's engine, with its models."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
database = migrate.db


def run() -> None:
    """Run the migrations on one connection, in one transaction each."""
    with database.engine.execution_options(unmarked=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table must not cascade into those that refer to it. Past SQLAlchemy,
            # which would begin a transaction first: within one the pragma does nothing.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.commit()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")


run()
