"""flask sync: what is due or named, now and here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from amazon.errors import RejectedError
from extensions import db
from inventory.models import Connection, SyncKind, SyncRun, SyncState
from inventory.services import accounts, secrets, syncs
from jobs import worker
from jobs.job import Job
from tests.factories import LONG_AGO, make_connection, make_run

Sync = Callable[..., Result]


@pytest.fixture
def sync(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sync]:
    """Run the command; what the kinds would do is one commit."""

    def handler(job: Job) -> None:
        if job.kind == SyncKind.STOCK and job.scope == "refused":
            raise RejectedError("getInventorySummaries", 400)
        job.commit(stage="All", counts={"created": 2})
        syncs.mark(job.connection.id, job.kind, job.scope, job.now())

    for kind in SyncKind:
        monkeypatch.setitem(worker.HANDLERS, kind, handler)
    runner = app.test_cli_runner()

    def invoke(*words: str) -> Result:
        db.session.rollback()  # what the test read until now must not hold SQLite's write lock
        return runner.invoke(args=["sync", *words])

    return invoke


def make_sandbox(**fields: object) -> Connection:
    connection = make_connection(is_sandbox=True, created_at=accounts.now(), **fields)
    connection.refresh_token_encrypted = secrets.encrypt(
        "Atzr|sandbox-demo", f"connection:{connection.id}:refresh_token"
    )
    db.session.commit()
    return connection


def test_a_new_connection_is_read_from_first_to_last(sync: Sync) -> None:
    make_sandbox(name="Harbour")

    result = sync("--wait")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[1] for line in lines] == [
        "participations", "shipments", "stock", "listings", "plans"
    ]  # fmt: skip
    assert lines[1] == ("Harbour: shipments succeeded (2 created, 0 changed, 0 unchanged, 0 calls)")


def test_what_is_not_due_is_not_run(sync: Sync) -> None:
    make_sandbox()
    sync("--wait")

    for words in (["--wait"], []):
        result = sync(*words)

        assert (result.exit_code, result.output) == (0, "Nothing is due.\n")


def test_a_named_kind_of_a_named_connection_runs_alone(sync: Sync) -> None:
    make_sandbox(name="Other")
    connection = make_sandbox(name="Harbour")

    result = sync("--connection", str(connection.id), "--kind", "plans", "--wait")

    assert result.output.startswith("Harbour: plans succeeded")
    assert len(result.output.splitlines()) == 1


def test_a_named_connection_runs_everything_even_if_not_due(sync: Sync) -> None:
    connection = make_sandbox()
    sync("--wait")

    result = sync("--connection", str(connection.id), "--wait")

    assert len(result.output.splitlines()) == 4


def test_a_run_that_fails_is_told_in_the_exit_code(sync: Sync) -> None:
    run = make_run(connection_id=make_sandbox().id, kind=SyncKind.STOCK, scope="refused")

    result = sync("--connection", str(run.connection_id), "--kind", "stock", "--wait")

    assert result.exit_code == 1
    assert "stock (refused) failed" in result.output
    assert "Amazon refused one request" in result.output


def test_without_wait_it_only_queues(sync: Sync) -> None:
    connection = make_sandbox()

    result = sync("--connection", str(connection.id), "--kind", "stock")

    run = db.session.scalars(db.select(SyncRun)).one()
    assert (result.exit_code, run.state, run.cause) == (0, SyncState.QUEUED, "person")
    assert result.output == "1 run queued.\n"


def test_it_tells_how_many_are_queued(sync: Sync) -> None:
    make_sandbox(name="Harbour")
    make_sandbox(name="Other")

    assert sync().output == "2 runs queued.\n"


@pytest.mark.parametrize("number", ["99", "disabled"])
def test_an_unknown_or_disabled_connection_is_refused(sync: Sync, number: str) -> None:
    disabled = make_connection(disabled_at=LONG_AGO)

    result = sync("--connection", number.replace("disabled", str(disabled.id)), "--wait")

    assert result.exit_code == 1
    assert "no enabled connection" in result.output


def test_a_database_without_tables_is_told(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'own.db'}")

    with app.app_context():
        result = app.test_cli_runner().invoke(args=["sync"])

    assert result.exit_code == 1
    assert result.output.startswith("Error: Start the app once (make run)")
