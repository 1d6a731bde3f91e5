"""Who runs which sync: claims on the queue, and runs taken over from the dead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from extensions import db
from inventory.models import Connection, ConnectionLease, SyncKind, SyncRun, SyncState
from inventory.services import accounts, leases
from inventory.services.fences import MAX_ATTEMPTS, Calls, Fence

#: A bound on the looks of one claim; each is lost to another process that got something.
LOOKS = 50


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that is ours now, as plain values. ``calls`` are those of its earlier attempts."""

    fence: Fence
    kind: SyncKind
    scope: str
    cause: str
    cursor: dict[str, Any]
    buckets: dict[str, Any]
    calls: Calls


def claim_next(
    owner: str, *, connection_id: int | None = None, kind: SyncKind | None = None
) -> Claim | None:
    """Make the first run that may run ours, with its connection's lease. Commits.

    Two workers cannot claim one run: the update matches only while it is still queued, and
    no other run of its connection is running. ``None`` when nothing may run now.
    """
    for _ in range(LOOKS):
        candidate = db.session.execute(
            _claimable(owner, connection_id, kind)
            .order_by(SyncRun.priority, SyncRun.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=SyncRun)
        ).first()
        if candidate is None:
            break
        lease = leases.take(candidate.connection_id, owner)
        claim = lease and _claim(candidate.id, lease)
        if claim:
            db.session.commit()
            return claim
        db.session.rollback()  # another process was quicker; the next look no longer sees it
    db.session.rollback()
    return None


def claimable_count(owner: str) -> int:
    """Return how many runs ``owner`` may claim now."""
    runs = _claimable(owner, None, None).subquery()
    return db.session.scalar(select(func.count(runs.c.connection_id.distinct()))) or 0


def take_over_dead() -> int:
    """Queue runs again whose process stopped beating; return how many. Commits.

    A run that was left so five times is failed.
    """
    now = accounts.now()
    dead = db.session.execute(
        select(SyncRun.id, SyncRun.attempt).where(
            SyncRun.state == SyncState.RUNNING, _is_silent(now)
        )
    ).all()
    taken = 0
    for run_id, attempt in dead:
        is_last = attempt + 1 >= MAX_ATTEMPTS
        left = update(SyncRun).where(
            SyncRun.id == run_id,
            SyncRun.attempt == attempt,
            SyncRun.state == SyncState.RUNNING,
            _is_silent(now),
        )
        values = _given_up(now) if is_last else _queued_again(now)
        left = left.values(attempt=attempt + 1, owner="", heartbeat_at=None, **values)
        returned = db.session.execute(left.returning(SyncRun.id), execution_options=leases.QUIET)
        taken += len(returned.all())
    db.session.commit()
    return taken


def _claimable(owner: str, connection_id: int | None, kind: SyncKind | None) -> Select[int, int]:
    """The runs that may run now, by id and connection."""
    now = accounts.now()
    runs = (
        select(SyncRun.id, SyncRun.connection_id)
        .join(Connection, Connection.id == SyncRun.connection_id)
        .outerjoin(ConnectionLease, ConnectionLease.connection_id == SyncRun.connection_id)
        .where(
            SyncRun.state == SyncState.QUEUED,
            SyncRun.not_before <= now,
            Connection.disabled_at.is_(None),
            or_(
                ConnectionLease.connection_id.is_(None),
                ConnectionLease.owner == owner,
                leases.is_over(now),
            ),
            ~_has_running(SyncRun.connection_id),
        )
    )
    if connection_id is not None:
        runs = runs.where(SyncRun.connection_id == connection_id)
    return runs if kind is None else runs.where(SyncRun.kind == kind)


def _has_running(connection_id: Any) -> Exists:
    other = aliased(SyncRun)
    return (
        select(other.id)
        .where(other.connection_id == connection_id, other.state == SyncState.RUNNING)
        .exists()
    )


def _claim(run_id: int, lease: leases.Lease) -> Claim | None:
    now = accounts.now()
    run = db.session.execute(
        update(SyncRun)
        .where(
            SyncRun.id == run_id,
            SyncRun.state == SyncState.QUEUED,
            ~_has_running(lease.connection_id),
        )
        .values(
            state=SyncState.RUNNING,
            owner=lease.owner,
            started_at=func.coalesce(SyncRun.started_at, literal(now, SyncRun.started_at.type)),
            heartbeat_at=now,
            message="",
        )
        .returning(
            SyncRun.attempt, SyncRun.kind, SyncRun.scope, SyncRun.cause, SyncRun.cursor,
            SyncRun.calls_by_operation, SyncRun.throttled, SyncRun.waited_s,
        ),
        execution_options=leases.QUIET,
    ).first()  # fmt: skip
    if run is None:
        return None
    fence = Fence(run_id, run.attempt, lease.owner, lease.connection_id, lease.fence)
    calls = Calls(run.calls_by_operation, run.throttled, run.waited_s)
    return Claim(fence, run.kind, run.scope, run.cause, run.cursor, lease.buckets, calls)


def _is_silent(now: datetime) -> ColumnElement[bool]:
    """No beat for a lease's time, or the last one was before the clock was set back."""
    return or_(
        SyncRun.heartbeat_at < now - leases.LEASE, SyncRun.heartbeat_at > now + 2 * leases.LEASE
    )


def _queued_again(now: datetime) -> dict[str, Any]:
    message = "The process running this stopped; it goes on by itself."
    return {"state": SyncState.QUEUED, "not_before": now, "message": message}


def _given_up(now: datetime) -> dict[str, Any]:
    message = (
        f"The process running this stopped {MAX_ATTEMPTS} times. The next sync tries again; "
        "if that fails too, the log has the details."
    )
    return {"state": SyncState.FAILED, "finished_at": now, "message": message}
