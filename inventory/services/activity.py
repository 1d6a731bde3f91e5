"""Activity: sync runs and the log of changes, as lists that can be paged and filtered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from amazon.operations import OPERATIONS
from extensions import db
from inventory.models import (
    Change,
    Connection,
    ConnectionLease,
    Shipment,
    StockOrder,
    SyncRun,
    SyncState,
    User,
)
from inventory.services import accounts
from inventory.services.history import Entry, entries
from inventory.services.lists import Page, Sort, everything, matches, page

NEWEST_RUN = Sort(SyncRun.id, (), descending=True)
NEWEST_CHANGE = Sort(Change.id, (), descending=True)
#: How many changes the page of a run shows.
CHANGES_SHOWN = 200
RUN_COLUMNS = (
    SyncRun.id, SyncRun.kind, SyncRun.scope, SyncRun.cause, SyncRun.state, SyncRun.queued_at,
    SyncRun.started_at, SyncRun.finished_at, SyncRun.created, SyncRun.changed, SyncRun.unchanged,
    SyncRun.calls, SyncRun.throttled, SyncRun.waited_s, SyncRun.message,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What is wanted; None for all."""

    connection_id: int | None = None
    kind: str | None = None
    state: SyncState | None = None


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What is wanted; blank for all. ``text`` is looked for in name and summary."""

    subject_kind: str = ""
    cause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """A rate bucket of Amazon's: ``level`` calls may be made at once, of ``burst``."""

    operation: str
    level: float
    burst: int
    rate: float


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the log tells of and is still there; ``orders`` have ``id`` and ``kind``."""

    orders: Sequence[Any]
    shipment_ids: Sequence[int]


def runs(wanted: RunFilter, cursor: str = "") -> Page:
    """Return one page of runs, newest first, each with its connection's name."""
    return page(_runs(wanted), NEWEST_RUN, cursor)


def all_runs(wanted: RunFilter) -> Iterator[Any]:
    """Yield all runs that are wanted, newest first: for files."""
    return everything(_runs(wanted), NEWEST_RUN)


def changes(wanted: ChangeFilter, cursor: str = "") -> tuple[Page, list[Entry]]:
    """Return one page of the log, newest first, and its entries in words."""
    found = page(_changes(wanted), NEWEST_CHANGE, cursor, entities=True)
    return found, entries([row.Change for row in found.rows])


def all_changes(wanted: ChangeFilter) -> Iterator[Any]:
    """Yield rows with a ``Change`` and a ``user``'s e-mail, newest first: for files."""
    return everything(_changes(wanted), NEWEST_CHANGE)


def changes_of(run: SyncRun) -> list[Entry]:
    """Return what a run changed, in the order it did, ``CHANGES_SHOWN`` at most."""
    found = sa.select(Change).where(Change.run_id == run.id).options(joinedload(Change.user))
    return entries(db.session.scalars(found.order_by(Change.id).limit(CHANGES_SHOWN)).all())


def subjects(found: Iterable[Entry]) -> Subjects:
    """Return the orders and shipments of ``found`` that are still there. At most two queries."""
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in found:
        if entry.subject_id is not None:
            ids[entry.subject_kind].add(entry.subject_id)
    orders = sa.select(StockOrder.id, StockOrder.kind).where(StockOrder.id.in_(ids["order"]))
    shipments = sa.select(Shipment.id).where(Shipment.id.in_(ids["shipment"]))
    return Subjects(
        db.session.execute(orders).all() if ids["order"] else [],
        db.session.scalars(shipments).all() if ids["shipment"] else [],
    )


def meters(connection_id: int) -> list[Meter]:
    """Return the connection's rate buckets as they are now, refilled since they were written."""
    lease = db.session.get(ConnectionLease, connection_id)
    now = accounts.now()
    return [
        _meter(operation, bucket, now)
        for operation, bucket in sorted((lease.buckets if lease else {}).items())
        if operation in OPERATIONS
    ]


def _meter(operation: str, bucket: dict[str, float], now: datetime) -> Meter:
    known = OPERATIONS[operation]
    rate = bucket.get("rate", known.rate)
    passed_s = max(now.timestamp() - bucket.get("at", 0.0), 0.0)
    level = min(bucket.get("level", known.burst) + passed_s * rate, known.burst)
    return Meter(operation, level, known.burst, rate)


@lru_cache(maxsize=256)
def _runs(wanted: RunFilter) -> Any:
    found: Any = sa.select(*RUN_COLUMNS, Connection.name.label("connection")).join(
        SyncRun.connection
    )
    if wanted.connection_id is not None:
        found = found.where(SyncRun.connection_id == wanted.connection_id)
    if wanted.kind:
        found = found.where(SyncRun.kind == wanted.kind)
    if wanted.state:
        found = found.where(SyncRun.state == wanted.state)
    return found


def _changes(wanted: ChangeFilter) -> Any:
    found: Any = sa.select(Change, Change.id, User.email.label("email"))
    found = found.outerjoin(User, Change.user_id == User.id).options(joinedload(Change.user))
    if wanted.subject_kind:
        found = found.where(Change.subject_kind == wanted.subject_kind)
    if wanted.cause:
        found = found.where(Change.cause == wanted.cause)
    if wanted.text:
        found = found.where(matches(wanted.text, Change.subject_name, Change.summary))
    return found
