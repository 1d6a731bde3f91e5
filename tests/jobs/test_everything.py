"""A new sandbox connection, from nothing to all its data, by the worker alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests
import time_machine
from flask import Flask, current_app

from extensions import db
from inventory.models import Connection, Listing, Shipment, StockLevel, SyncKind, SyncRun
from inventory.services import secrets, syncs
from jobs.heart import Heart
from jobs.worker import work_one
from simulator import CREDENTIALS, Simulator, SimulatorTransport
from tests.factories import make_connection

Work = Callable[[], list[SyncRun]]


@pytest.fixture
def work(app: Flask) -> Iterator[Work]:
    """Work the queue off and return the runs, oldest first. Waiting takes no time."""
    pretend = Simulator(limits=False)

    def session() -> requests.Session:
        http = requests.Session()
        http.mount("https://na.simulator.invalid", SimulatorTransport(pretend))
        return http

    app.extensions["amazon_http"] = session

    def off() -> list[SyncRun]:
        with time_machine.travel(datetime.now(UTC)) as clock:
            heart = Heart(app, "process", wait=lambda _event, seconds: clock.shift(seconds))
            worked = True
            while worked:
                with current_app.app_context():
                    worked = work_one(heart)
        return list(db.session.scalars(db.select(SyncRun).order_by(SyncRun.id)))

    yield off
    pretend.close()


@pytest.fixture
def connection(app: Flask) -> Connection:
    made = make_connection(is_sandbox=True, seller_id=CREDENTIALS.seller_id)
    made.refresh_token_encrypted = secrets.encrypt(
        "Atzr|sandbox-demo", f"connection:{made.id}:refresh_token"
    )
    syncs.request_all(made.id, cause="first")
    db.session.commit()
    return made


def count(model: type[db.Model]) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_the_first_sync_reads_everything(connection: Connection, work: Work) -> None:
    runs = work()

    assert [(run.kind, run.state, run.message) for run in runs] == [
        (kind, "succeeded", "") for kind in (SyncKind.PARTICIPATIONS, *syncs.DATA_KINDS)
    ]
    assert min(count(model) for model in (Shipment, Listing, StockLevel)) > 0
    assert all(run.calls for run in runs)


def test_a_second_one_creates_nothing(connection: Connection, work: Work) -> None:
    work()
    syncs.request_data(connection.id, cause="person", full=True)
    db.session.commit()

    again = work()[5:]

    assert [run.state for run in again] == ["succeeded"] * 4
    assert [run.created for run in again] == [0] * 4
