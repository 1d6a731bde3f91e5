"""A sandbox account read once by the worker, on a clock where waiting takes no time."""

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

import time_machine
from flask import Flask, current_app

from extensions import db
from inventory.models import SyncKind, SyncRun
from inventory.services import secrets, syncs
from jobs.heart import Heart
from jobs.worker import work_one
from simulator import CREDENTIALS, Simulator
from tests.conftest import empty_tables
from tests.factories import make_connection
from tests.snapshots import Snapshot, put_back, take
from tests.story import amazon_http


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


class Read(NamedTuple):
    """A world when everything was read: the story's file, the rows, and the time by its clock."""

    story: Path
    rows: Snapshot
    at: datetime
    connection_id: int


#: Region -> its world, read once by each of the tests' workers.
_READ: dict[str, Read] = {}


@contextmanager
def begin(app: Flask, region: str = "NA", primary: str = "ATVPDKIKX0DER") -> Iterator[World]:
    """Connect the sandbox seller and read everything. Days pass only as the test says."""
    if region in _READ:
        empty_tables()
        put_back(_READ[region].rows)
    else:
        _READ[region] = _read(app, region, primary)
    read = _READ[region]
    with TemporaryDirectory() as folder:
        story = Path(shutil.copy(read.story, folder))
        with _at(app, story, read.at) as (amazon, heart, clock):
            yield World(amazon, heart, clock, read.connection_id)


def _read(app: Flask, region: str, primary: str) -> Read:
    story = Path(mkdtemp(prefix="stockbridge-story-")) / "simulator.db"
    atexit.register(shutil.rmtree, story.parent, ignore_errors=True)
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
    with _at(app, story, datetime.now(UTC)) as (amazon, heart, clock):
        world = World(amazon, heart, clock, connection_id)
        while world.work():
            pass
        at = datetime.now(UTC)
    return Read(story, take(region.lower()), at, connection_id)


@contextmanager
def _at(
    app: Flask, story: Path, at: datetime
) -> Iterator[tuple[Simulator, Heart, time_machine.Traveller]]:
    with time_machine.travel(at) as clock:
        amazon = Simulator(story, "by-day", limits=False)
        app.extensions["amazon_http"] = amazon_http(amazon)
        app.extensions.pop("amazon_tokens", None)  # they ask the Amazon before
        heart = Heart(app, "process", wait=lambda _event, seconds: clock.shift(seconds))
        try:
            yield amazon, heart, clock
        finally:
            amazon.close()
