"""Leases: one process at a time calls Amazon for a connection, and hands on its rate buckets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import ConnectionLease
from inventory.services import accounts

#: How long a lease, and a run's heartbeat, hold without being renewed.
LEASE = timedelta(seconds=20)
QUIET = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was taken. ``buckets`` is what ``amazon.throttle.Throttle`` goes on from."""

    connection_id: int
    owner: str
    fence: int
    buckets: dict[str, Any]


def take(connection_id: int, owner: str) -> Lease | None:
    """Take the connection's lease for ``owner``; ``None`` while another process has it.

    The fence rises by one each time, so that what an earlier holder still writes is refused.
    Flushes; the caller commits, and renews within ``LEASE``.
    """
    now = accounts.now()
    taken = db.session.execute(
        update(ConnectionLease)
        .where(
            ConnectionLease.connection_id == connection_id,
            or_(ConnectionLease.owner == owner, is_over(now)),
        )
        .values(owner=owner, fence=ConnectionLease.fence + 1, expires_at=now + LEASE)
        .returning(ConnectionLease.fence, ConnectionLease.buckets),
        execution_options=QUIET,
    ).first()
    if taken:
        return Lease(connection_id, owner, taken.fence, taken.buckets)
    return _make(connection_id, owner)


def is_over(now: datetime) -> ColumnElement[bool]:
    """The condition that a lease has ended, or was written before the clock was set back."""
    return or_(ConnectionLease.expires_at <= now, ConnectionLease.expires_at > now + 2 * LEASE)


def renew(
    connection_id: int, owner: str, fence: int, buckets: Mapping[str, Any] | None = None
) -> bool:
    """Hold the lease for another ``LEASE`` and store its buckets; False when it is not ours.

    Flushes; the caller commits.
    """
    return _write(connection_id, owner, fence, accounts.now() + LEASE, buckets)


def release(
    connection_id: int, owner: str, fence: int, buckets: Mapping[str, Any] | None = None
) -> None:
    """Let the next process have the lease at once. Flushes; the caller commits."""
    _write(connection_id, owner, fence, accounts.now(), buckets)


def _write(
    connection_id: int,
    owner: str,
    fence: int,
    expires_at: datetime,
    buckets: Mapping[str, Any] | None,
) -> bool:
    values: dict[str, Any] = {"expires_at": expires_at}
    if buckets is not None:
        values["buckets"] = dict(buckets)
    written = db.session.execute(
        update(ConnectionLease)
        .where(
            ConnectionLease.connection_id == connection_id,
            ConnectionLease.owner == owner,
            ConnectionLease.fence == fence,
        )
        .values(**values)
        .returning(ConnectionLease.fence),
        execution_options=QUIET,
    ).first()
    return written is not None


def _make(connection_id: int, owner: str) -> Lease | None:
    """The first lease of a connection; ``None`` when the row is there, and so another's."""
    if db.session.get(ConnectionLease, connection_id) is not None:
        return None
    row = ConnectionLease(
        connection_id=connection_id,
        owner=owner,
        fence=1,
        expires_at=accounts.now() + LEASE,
        buckets={},
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    db.session.expunge(row)
    return Lease(connection_id, owner, 1, {})
