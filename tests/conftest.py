"""The fixtures: the app on a fresh database, browsers signed in by role."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from app import amazon_http, create_app
from blueprints import frames
from extensions import db
from inventory.models import Role
from tests import html
from tests.databases import fresh_url
from tests.factories import make_account, make_user

SECRETS = {"SECRET_KEY": "tests-" + "s" * 32, "TOKEN_ENCRYPTION_KEY": "tests-" + "k" * 32}


class Browser(FlaskClient):
    """Each request gets its own context and session, so what it did not commit is lost."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # what the test read until now must not hold SQLite's write lock
        kwargs.setdefault("buffered", True)  # a file is read whole while its request lives
        with self.application.app_context():
            # Whole, while the context lives that a streamed answer reads from.
            response = super().open(*args, **{"buffered": True, **kwargs})
            html.check(response, is_fragment="HX-Request" in response.request.headers)
        db.session.expire_all()
        return response


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database, one per worker; each test empties it again."""
    folder = tmp_path_factory.mktemp("database")
    url = fresh_url(folder)
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, **SECRETS)
    with app.app_context():
        upgrade(str(Path(app.root_path) / "migrations"))
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def kept_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One app per worker: making one for each test would be a third of their time."""
    return built(database_url, tmp_path_factory.mktemp("instance"))


def built(database_url: str, instance: Path, **overrides: Any) -> Flask:
    fields = {
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
        "PROPAGATE_EXCEPTIONS": False,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "INSTANCE": instance,
        "LWA_CLIENT_ID": "",
        "LWA_CLIENT_SECRET": "",
        "PUBLIC_URL": "",
        **SECRETS,
        **overrides,
    }
    app = create_app(**fields)
    app.test_client_class = Browser
    return app


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build apps on the worker's database: several stand for several processes."""
    apps: list[Flask] = []

    def build(**overrides: Any) -> Flask:
        apps.append(built(database_url, tmp_path, **overrides))
        return apps[-1]

    yield build
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(kept_app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The app on an empty database, with the account that the first user makes.

    Its configuration and what it keeps are those of a new one, whatever tests before did.
    """
    app, kept = kept_app, (kept_app.config, kept_app.extensions, kept_app.view_functions)
    before = [dict(one) for one in kept]
    app.config["INSTANCE"] = tmp_path
    app.extensions["amazon_http"] = amazon_http(app)
    frames.init_app(app)
    with app.app_context():
        empty_tables()
        make_account()
        yield app
        db.session.remove()
        db.engine.dispose()  # a thread may have left a transaction open
    for one, was in zip(kept, before, strict=True):
        one.clear()
        one.update(was)


def empty_tables() -> None:
    """Delete every row, whatever refers to what."""
    db.session.remove()
    with db.engine.begin() as connection:
        # Without triggers, or with keys looked at in the end, the order does not matter.
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set local session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        # Not truncate: that makes new files. Numbers begin at 1 again.
        for name in connection.exec_driver_sql(filled_tables()).scalars().all():
            connection.exec_driver_sql(f'delete from "{name}"')  # noqa: S608 - our own names
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "select setval(quote_ident(sequencename)::regclass, 1, false)"
                " from pg_sequences where last_value is not null"
            )
        else:
            connection.exec_driver_sql("delete from sqlite_sequence")


@cache
def filled_tables() -> str:
    """Return the statement that names the tables with rows: a test fills few of them."""
    names = (table.name for table in db.metadata.sorted_tables)
    return " union all ".join(
        f"select '{name}' where exists (select 1 from \"{name}\")"  # noqa: S608 - our own names
        for name in names
    )


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """Return a browser signed in as a new user of a role."""

    def enter(role: Role = Role.OWNER, **fields: Any) -> FlaskClient:
        user = make_user(role=role, **fields)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
        return client

    return enter


@pytest.fixture
def client(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """A browser signed in as an owner."""
    return sign_in(Role.OWNER)
