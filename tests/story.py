"""A seller's account at the simulated Amazon, and syncs of it: for tests of jobs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import requests
import sqlalchemy as sa
from flask import Flask

from amazon.throttle import Throttle
from extensions import db
from inventory.models import (
    Connection,
    SyncKind,
    SyncRun,
    SyncState,
    Warehouse,
    WarehouseKind,
)
from inventory.rules.marketplaces import in_region
from inventory.services import accounts, clients, secrets, syncs
from jobs.job import ConnectionFacts, Job
from jobs.plans import sync_plans
from jobs.shipments import sync_shipments
from simulator import CREDENTIALS, Simulator, SimulatorTransport
from tests.factories import make_connection, make_warehouse

HANDLERS = {SyncKind.SHIPMENTS: sync_shipments, SyncKind.PLANS: sync_plans}
#: The simulator takes any application with a token that begins like this.
REFRESH_TOKEN = "Atzr|sandbox-tests"
#: Tables a sync that finds nothing new must leave alone.
DATA_TABLES = (
    "shipment", "shipment_line", "receipt", "shipment_status", "inbound_plan", "stock_order",
    "order_line", "order_shipment", "listing", "change",
)  # fmt: skip


class Hasty:
    """A clock that sleeping moves on at once."""

    def __init__(self) -> None:
        self._slept_s = 0.0

    def time(self) -> float:
        return time.time() + self._slept_s

    def sleep(self, seconds: float) -> None:
        self._slept_s += seconds


@dataclass
class Story:
    """One connection to one simulated account; ``simulator`` is Amazon itself."""

    app: Flask
    simulator: Simulator
    connection: Connection
    later: timedelta = field(default_factory=timedelta)

    @property
    def truth(self) -> dict[str, Any]:
        return self.simulator.truth(self.connection.region)

    @property
    def warehouses(self) -> dict[str, Warehouse]:
        found = sa.select(Warehouse).where(Warehouse.kind == WarehouseKind.FBA)
        return {row.marketplace_id or "": row for row in db.session.scalars(found)}

    def sync(self, kind: SyncKind = SyncKind.SHIPMENTS, scope: str = "", **fields: Any) -> SyncRun:
        """Run one sync as the worker does, up to its end; what fails is raised."""
        run = syncs.request(self.connection.id, kind, scope=scope, cause="person", **fields)
        db.session.commit()
        claim = syncs.claim_next("tests", connection_id=self.connection.id, kind=kind)
        assert claim is not None
        job = self._job(claim)
        try:
            HANDLERS[kind](job)
        except BaseException:
            db.session.rollback()
            syncs.finish(claim.fence, SyncState.FAILED, "failed")
            raise
        syncs.finish(claim.fence, SyncState.SUCCEEDED, calls=job.calls)
        db.session.expire_all()
        return run

    def sync_all(self) -> None:
        self.sync(SyncKind.SHIPMENTS)
        self.sync(SyncKind.PLANS)

    def _job(self, claim: syncs.Claim) -> Job:
        connection = db.session.get_one(Connection, self.connection.id)
        clock = Hasty()
        client = clients.open_client(
            connection, throttle=Throttle(clock=clock.time), sleep=clock.sleep
        )
        facts = ConnectionFacts.of(connection)
        db.session.commit()
        return Job(
            run_id=claim.fence.run_id,
            connection=facts,
            client=client,
            kind=claim.kind,
            scope=claim.scope,
            cause=claim.cause,
            cursor=dict(claim.cursor),
            now=self.now,
            fence=claim.fence,
        )

    def now(self) -> datetime:
        return accounts.now() + self.later


def amazon_http(simulator: Simulator) -> Any:
    """Return what makes HTTP sessions that reach ``simulator``, whatever the host.

    They share one transport, as in the app: its table of addresses takes 20 ms to build.
    """
    transport = SimulatorTransport(simulator)

    def session() -> requests.Session:
        http = requests.Session()
        http.mount("https://", transport)
        return http

    return session


def connect(region: str = "NA", **fields: Any) -> Connection:
    """A sandbox connection with the warehouses that the participations would have made."""
    home = in_region(region)[0]
    connection = make_connection(
        **{
            "region": region,
            "primary_marketplace_id": home.id,
            "seller_id": CREDENTIALS.seller_id,
            "is_sandbox": True,
            **fields,
        }
    )
    connection.refresh_token_encrypted = secrets.encrypt(
        REFRESH_TOKEN, f"connection:{connection.id}:refresh_token"
    )
    for one in in_region(region):
        make_warehouse(
            connection_id=connection.id,
            marketplace_id=one.id,
            country=one.country,
            currency=one.currency,
            name=f"{connection.name} FBA {one.country}",
        )
    make_warehouse(
        kind=WarehouseKind.FBM, connection_id=connection.id, name=f"{connection.name} FBM"
    )
    db.session.commit()
    return connection


def counted_rows() -> Mapping[str, int]:
    return {
        name: db.session.scalar(sa.text(f"select count(*) from {name}")) or 0  # noqa: S608
        for name in DATA_TABLES
    }


class Statements:
    """Collects the statements sent while it listens."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        sa.event.listen(db.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        sa.event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)


class Writes(Statements):
    """Collects only those that write to data tables."""

    def _note(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.lower().replace('"', "").split()
        table = {"insert": 2, "update": 1, "delete": 2}.get(words[0])
        if table and words[table] in DATA_TABLES:
            self.seen.append(statement)
