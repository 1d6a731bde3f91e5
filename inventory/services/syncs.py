"""Sync runs: the queue of background work, kept in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import (
    Connection,
    Leader,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
)
from inventory.rules.timetable import FULL
from inventory.services import accounts, leases
from inventory.services.claims import Claim, claim_next, claimable_count, take_over_dead
from inventory.services.fences import (
    MAX_ATTEMPTS,
    Calls,
    Fence,
    LostRun,
    beat,
    checkpoint,
    finish,
    postpone,
)

__all__ = [
    "DATA_KINDS", "FULL", "MAX_ATTEMPTS", "UNDER_WAY", "Calls", "Claim", "Fence", "LostRun", "beat",
    "checkpoint", "claim_next", "claimable_count", "finish", "give_up", "leader_seen_at", "mark",
    "oldest_age_s", "postpone", "read_at", "request", "request_all", "request_data",
    "take_over_dead",
]  # fmt: skip

UNDER_WAY = (SyncState.QUEUED, SyncState.RUNNING)
#: What is brought up to date once the participations are known, in this order.
DATA_KINDS = (SyncKind.SHIPMENTS, SyncKind.STOCK, SyncKind.LISTINGS, SyncKind.PLANS)
#: Cause -> the priority of the first kind, and how far the others follow.
PRIORITIES = {"person": (0, 0), "first": (1, 1)}


def request(
    connection_id: int,
    kind: SyncKind,
    *,
    scope: str = "",
    cause: str = "schedule",
    user_id: int | None = None,
    priority: int = 5,
    not_before: datetime | None = None,
) -> SyncRun:
    """Queue a run, or return the one under way for this connection, kind and scope.

    ``cause`` is "schedule", "first" or "person". A lower priority runs first. A person's
    request brings a waiting run forward. Flushes; the caller commits.
    """
    now = accounts.now()
    if run := _under_way(connection_id, kind, scope):
        return _hurried(run, now, priority) if cause == "person" else run
    run = SyncRun(
        connection_id=connection_id,
        kind=kind,
        scope=scope,
        cause=cause,
        user_id=user_id,
        priority=priority,
        queued_at=now,
        not_before=not_before or now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:  # another process was quicker
        if other := _under_way(connection_id, kind, scope):
            return other
        raise
    return run


def request_all(
    connection_id: int, *, cause: str, user_id: int | None = None, full: bool = False
) -> list[SyncRun]:
    """Queue all kinds: shipments, stock, listings, plans. Flushes; the caller commits.

    Where the participations were never read, those come first, alone: their success queues
    the rest (``jobs.worker``), since nothing can be placed without warehouses.
    """
    if read_at(connection_id, SyncKind.PARTICIPATIONS) is None:
        kind = SyncKind.PARTICIPATIONS
        return [request(connection_id, kind, cause="first", user_id=user_id, priority=0)]
    return request_data(connection_id, cause=cause, user_id=user_id, full=full)


def request_data(
    connection_id: int, *, cause: str, user_id: int | None = None, full: bool = False
) -> list[SyncRun]:
    """As ``request_all``, the participations being known. Flushes."""
    first, step = PRIORITIES.get(cause, (5, 0))
    scope = FULL if full else ""
    return [
        request(
            connection_id,
            kind,
            scope=scope,
            cause=cause,
            user_id=user_id,
            priority=first + place * step,
        )
        for place, kind in enumerate(DATA_KINDS)
    ]


def give_up(connection_id: int, message: str) -> None:
    """Fail the waiting runs of a connection that cannot work until somebody acts. Flushes."""
    db.session.execute(
        update(SyncRun)
        .where(SyncRun.connection_id == connection_id, SyncRun.state == SyncState.QUEUED)
        .values(state=SyncState.FAILED, message=message[:500], finished_at=accounts.now()),
        execution_options=leases.QUIET,
    )


def mark(connection_id: int, kind: SyncKind, scope: str, at: datetime) -> None:
    """Note that this kind of data has been read, whole, as of ``at``. Flushes."""
    row = db.session.get(SyncMark, (connection_id, kind, scope))
    if row is None:
        row = SyncMark(connection_id=connection_id, kind=kind, scope=scope, read_at=at)
        db.session.add(row)
    row.read_at = at
    db.session.flush()


def read_at(connection_id: int, kind: SyncKind, scope: str = "") -> datetime | None:
    """Return when this kind of data was last read, whole; ``None`` if never."""
    return db.session.scalar(
        select(SyncMark.read_at).where(
            SyncMark.connection_id == connection_id,
            SyncMark.kind == kind,
            SyncMark.scope == scope,
        )
    )


def oldest_age_s() -> int | None:
    """Return the age in seconds of the oldest data of enabled connections; ``None`` without any.

    Data never read is as old as its connection.
    """
    newest = (
        select(SyncMark.connection_id, SyncMark.kind, func.max(SyncMark.read_at).label("at"))
        .where(SyncMark.kind.in_(DATA_KINDS))
        .group_by(SyncMark.connection_id, SyncMark.kind)
        .subquery()
    )
    rows: Sequence[Any] = db.session.execute(
        select(Connection.created_at, func.count(newest.c.at), func.min(newest.c.at))
        .outerjoin(newest, newest.c.connection_id == Connection.id)
        .where(Connection.disabled_at.is_(None))
        .group_by(Connection.id, Connection.created_at)
    ).all()
    times = [at if count == len(DATA_KINDS) else created for created, count, at in rows]
    return max(0, int((accounts.now() - min(times)).total_seconds())) if times else None


def leader_seen_at() -> datetime | None:
    """Return when a process that runs the timetable was last seen; ``None`` if never."""
    return db.session.scalar(select(Leader.seen_at))


def _under_way(connection_id: int, kind: SyncKind, scope: str) -> SyncRun | None:
    return db.session.scalar(
        select(SyncRun)
        .where(
            SyncRun.connection_id == connection_id,
            SyncRun.kind == kind,
            SyncRun.scope == scope,
            SyncRun.state.in_(UNDER_WAY),
        )
        .execution_options(populate_existing=True)
    )


def _hurried(run: SyncRun, now: datetime, priority: int) -> SyncRun:
    run.priority = min(run.priority, priority)
    run.not_before = min(run.not_before, now)
    db.session.flush()
    return run
