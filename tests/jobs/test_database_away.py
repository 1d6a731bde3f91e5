"""The database goes away in the middle of a sync: the same process goes on by itself."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import Popen

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import SyncKind, SyncRun, SyncState
from inventory.services import secrets, syncs
from simulator import CREDENTIALS
from tests import processes
from tests.databases import on_postgres
from tests.factories import make_connection

#: Longer than SQLite waits for a lock.
AWAY_S = 7.0


@pytest.fixture
def jobs(app: Flask, database_url: str, tmp_path: Path) -> "Iterator[Popen[str]]":
    """A process that runs the jobs of a new sandbox connection."""
    connection = make_connection(is_sandbox=True, seller_id=CREDENTIALS.seller_id)
    connection.refresh_token_encrypted = secrets.encrypt(
        "Atzr|sandbox-demo", f"connection:{connection.id}:refresh_token"
    )
    syncs.request_all(connection.id, cause="first")
    db.session.commit()
    process = processes.start("jobs", database_url, tmp_path)
    yield process
    process.kill()
    process.communicate()


def run_until(condition: Callable[[SyncRun], bool], seconds: float) -> SyncRun:
    """Look at the stock run until it is as wanted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = db.session.scalar(sa.select(SyncRun).where(SyncRun.kind == SyncKind.STOCK))
        db.session.expunge_all()
        db.session.rollback()  # else this test would hold SQLite's lock
        if run is not None and condition(run):
            return run
        time.sleep(0.05)
    pytest.fail(f"the run is {run and (run.state, run.message)}")


def take_away() -> None:
    if on_postgres():
        terminate_backends()
    else:
        with closing(sqlite3.connect(db.engine.url.database or "", isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout = 5000")
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(AWAY_S)


def terminate_backends() -> None:
    others = sa.text(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid != pg_backend_pid()"
    )
    end = time.monotonic() + AWAY_S
    with db.engine.connect() as admin:
        while time.monotonic() < end:
            admin.execute(others)
            time.sleep(0.05)


def test_a_sync_goes_on_after_its_database_was_away(app: Flask, jobs: "Popen[str]") -> None:
    run_until(lambda run: run.state == SyncState.RUNNING, 60)

    take_away()

    run = run_until(lambda run: not run.is_active, 120)
    assert (run.state, run.message) == (SyncState.SUCCEEDED, "")
    assert jobs.poll() is None
