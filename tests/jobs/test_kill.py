"""A process that is killed in the middle of a sync: the next one goes on with it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from flask import Flask

from extensions import db
from inventory.models import SyncKind, SyncRun, SyncState
from inventory.services import secrets, syncs
from simulator import CREDENTIALS
from tests import processes
from tests.factories import make_connection

Start = Callable[[], "Popen[str]"]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    started: list[Popen[str]] = []

    def one() -> "Popen[str]":
        started.append(processes.start("jobs", database_url, tmp_path))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def until(condition: Callable[[SyncRun], bool], seconds: float) -> SyncRun | None:
    """Look at the stock run until it is as wanted, or time is up."""
    end = time.monotonic() + seconds
    wanted = db.select(SyncRun).where(SyncRun.kind == SyncKind.STOCK)
    while True:
        run = db.session.scalars(wanted).first()
        db.session.expunge_all()
        db.session.rollback()  # else this test would hold SQLite's lock
        if (run and condition(run)) or time.monotonic() > end:
            return run
        time.sleep(0.05)


def test_a_sync_goes_on_after_its_process_was_killed(app: Flask, start: Start) -> None:
    processes = {process.pid: process for process in (start(), start())}
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
    connection = make_connection(is_sandbox=True, seller_id=CREDENTIALS.seller_id)
    connection.refresh_token_encrypted = secrets.encrypt(
        "Atzr|sandbox-demo", f"connection:{connection.id}:refresh_token"
    )
    syncs.request_all(connection.id, cause="first")
    db.session.commit()
    run = until(lambda run: run.state == SyncState.RUNNING, 60)
    assert run is not None
    assert run.state == SyncState.RUNNING

    processes[int(run.owner.split(":")[1])].kill()
    killed = time.monotonic()

    run = until(lambda run: run.attempt == 1, 40)
    assert run is not None
    assert run.attempt == 1, (run.state, run.message, run.owner)
    assert time.monotonic() - killed < 30
    run = until(lambda run: not run.is_active, 60)
    assert run is not None
    assert (run.state, run.message) == (SyncState.SUCCEEDED, "")
