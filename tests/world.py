"""A sandbox account read once by the worker, on a clock where waiting takes no time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import requests
import time_machine
from flask import Flask, current_app

from extensions import db
from inventory.models import SyncKind, SyncRun
from inventory.services import secrets, syncs
from jobs.heart import Heart
from jobs.worker import work_one
from simulator import CREDENTIALS, IN_MEMORY, Simulator, SimulatorTransport
from tests.factories import make_connection


class World(NamedTuple):
    """The simulated Amazon, and the process whose worker reads it."""

    amazon: Simulator
    heart: Heart
    clock: time_machine.Traveller
    connection_id: int

    def sync(self, kind: SyncKind, scope: str = "") -> SyncRun:
        """Queue a run and work it until it ends or waits for later; return it."""
        run_id = syncs.request(self.connection_id, kind, scope=scope, cause="person").id
        db.session.commit()
        self.work()
        return self.run(run_id)

    def work(self) -> bool:
        """Work the first run that may run; return False if there is none."""
        db.session.rollback()  # what the test read until now must not hold SQLite's write lock
        with current_app.app_context():
            return work_one(self.heart)

    def run(self, run_id: int) -> SyncRun:
        run = db.session.get_one(SyncRun, run_id, populate_existing=True)
        db.session.commit()
        return run


@contextmanager
def begin(app: Flask, region: str = "NA", primary: str = "ATVPDKIKX0DER") -> Iterator[World]:
    """Connect the sandbox seller and read everything. Days pass only as the test says."""
    amazon = Simulator(IN_MEMORY, "by-day", limits=False)
    transport = SimulatorTransport(amazon)

    def session() -> requests.Session:
        http = requests.Session()
        http.mount("https://", transport)
        return http

    app.extensions["amazon_http"] = session
    connection = make_connection(
        region=region,
        primary_marketplace_id=primary,
        is_sandbox=True,
        seller_id=CREDENTIALS.seller_id,
    )
    connection_id = connection.id
    where = f"connection:{connection_id}:refresh_token"
    connection.refresh_token_encrypted = secrets.encrypt("Atzr|sandbox-demo", where)
    syncs.request_all(connection_id, cause="first")
    db.session.commit()
    with time_machine.travel(datetime.now(UTC)) as clock:
        heart = Heart(app, "process", wait=lambda _event, seconds: clock.shift(seconds))
        world = World(amazon, heart, clock, connection_id)
        while world.work():
            pass
        yield world
    amazon.close()
