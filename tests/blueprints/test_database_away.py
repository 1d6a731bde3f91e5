"""A database that is away: every page says so, and works again once it is back."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from extensions import db
from tests.databases import on_postgres
from tests.factories import make_user

PAGES = ["/", "/purchase-orders", "/stock.csv", "/settings/account", "/login", "/nowhere"]
NOBODY_LISTENS = "postgresql://user:hidden-password@127.0.0.1:1/away"

Stranded = Callable[[str], FlaskClient]
sqlite_only = pytest.mark.skipif(on_postgres(), reason="is about SQLite's file")
postgres_only = pytest.mark.skipif(not on_postgres(), reason="is about Postgres' backends")


@pytest.fixture
def stranded(app: Flask, make_app: Callable[..., Flask]) -> Iterator[Stranded]:
    """Return a signed-in browser of an app whose database is the given one."""
    session_id = make_user().get_id()
    contexts = []

    def enter(url: str) -> FlaskClient:
        other = make_app(SQLALCHEMY_DATABASE_URI=url)
        contexts.append(other.app_context())
        contexts[-1].push()
        browser = other.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = session_id
        return browser

    yield enter
    for context in reversed(contexts):
        context.pop()


@pytest.fixture(params=["postgres", "no folder", "no database", "garbage"])
def away(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that cannot be used."""
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"no database at all. " * 1000)
    return {
        "postgres": NOBODY_LISTENS,
        "no folder": f"sqlite:////{tmp_path.name}/is/nowhere.db",
        "no database": f"sqlite:///{tmp_path}",  # a folder
        "garbage": f"sqlite:///{garbage}",
    }[request.param]


def test_every_page_says_so(
    stranded: Stranded, away: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = stranded(away)

    answers = [browser.get(path) for path in PAGES]

    assert [answer.status_code for answer in answers] == [503] * len(PAGES)
    for answer in answers:
        assert "The database does not answer" in answer.text
        assert (answer.headers["Retry-After"], answer.headers["Refresh"]) == ("5", "5")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Traceback" not in caplog.text
    assert "hidden-password" not in caplog.text


def test_what_is_sent_then_is_not_lost_unsaid(stranded: Stranded, away: str) -> None:
    answer = stranded(away).post("/settings/account", data={"timezone": "Asia/Tokyo"})

    assert answer.status_code == 503
    assert "Nothing of this was saved" in answer.text
    assert "Refresh" not in answer.headers


def test_machines_are_told(stranded: Stranded, away: str) -> None:
    answer = stranded(away).get("/healthz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["database"], answer.json["jobs"]) == ("down", "unknown")


@sqlite_only
def test_a_file_locked_by_somebody_else_is_read_but_not_written(client: FlaskClient) -> None:
    file = db.engine.url.database or ""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        read = client.get("/settings/account")
        written = client.post("/settings/account/theme", data={"theme": "dark"})
    again = client.post("/settings/account/theme", data={"theme": "dark"})

    assert (read.status_code, written.status_code, again.status_code) == (200, 503, 303)


@postgres_only
def test_a_restarted_server_is_not_noticed(client: FlaskClient) -> None:
    assert client.get("/purchase-orders").status_code == 200
    db.session.remove()
    with db.engine.connect() as admin:
        admin.execute(
            sa.text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid != pg_backend_pid()"
            )
        )

    assert client.get("/purchase-orders").status_code == 200
