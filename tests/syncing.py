"""Runs syncs against the simulator at once: the clock of the throttle moves when it sleeps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from amazon.throttle import Throttle
from extensions import db
from inventory.models import Connection, SyncKind, SyncRun, SyncState
from inventory.services import accounts, clients, secrets, syncs
from jobs.job import ConnectionFacts, Job
from simulator import CREDENTIALS, Simulator
from tests.factories import make_connection
from tests.story import amazon_http

DE, FR, GB = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"
US = "ATVPDKIKX0DER"
#: What syncs write besides data: runs, marks, leases, and that data changed.
BOOKKEEPING = {"sync_run", "sync_mark", "connection_lease", "data_mark"}


def connect(region: str = "NA", primary: str = US) -> Connection:
    """A connection to the built-in simulator."""
    connection = make_connection(
        name=f"Harbour {region}",
        region=region,
        seller_id=CREDENTIALS.seller_id,
        primary_marketplace_id=primary,
        is_sandbox=True,
    )
    where = f"connection:{connection.id}:refresh_token"
    connection.refresh_token_encrypted = secrets.encrypt("Atzr|sandbox", where)
    db.session.commit()
    return connection


def attach(simulator: Simulator) -> None:
    """Let this app's calls go to ``simulator``."""
    current_app.extensions["amazon_http"] = amazon_http(simulator)


def run(
    handler: Callable[[Job], None],
    connection: Connection,
    kind: SyncKind,
    *,
    scope: str = "",
    sleep: Callable[[float], None] | None = None,
    now: Callable[[], datetime] = accounts.now,
) -> SyncRun:
    """Queue, claim and run a sync as the worker does; what the handler raises comes out."""
    connection_id = connection.id
    run_id = syncs.request(connection_id, kind, scope=scope).id
    db.session.commit()
    claim = syncs.claim_next("tests", connection_id=connection_id, kind=kind)
    assert claim is not None
    assert claim.fence.run_id == run_id
    elapsed = [0.0]

    def skip(seconds: float) -> None:
        assert not db.session().in_transaction()
        elapsed[0] += seconds
        if sleep:
            sleep(seconds)

    connection = db.session.get_one(Connection, connection_id)
    client = clients.open_client(
        connection, throttle=Throttle(clock=lambda: elapsed[0]), sleep=skip
    )
    facts = ConnectionFacts.of(connection)
    db.session.commit()
    job = Job(run_id, facts, client, kind, claim.scope, claim.cause, claim.cursor, now, claim.fence)
    try:
        handler(job)
    except Exception:
        db.session.rollback()
        syncs.finish(claim.fence, SyncState.FAILED, "failed")
        raise
    syncs.finish(claim.fence, SyncState.SUCCEEDED)
    db.session.expire_all()
    return db.session.get_one(SyncRun, run_id)


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """Collect the names of data tables in which rows are written meanwhile."""
    tables: set[str] = set()

    def watch(connection, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
        words = statement.replace('"', "").split()
        verb = words[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount > 0:
            tables.add(words[1] if verb == "UPDATE" else words[2])

    sa.event.listen(db.engine, "after_cursor_execute", watch)
    try:
        yield tables
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", watch)
        tables -= BOOKKEEPING
