"""What a connection is doing now, in one look: its health, its runs, the age of its data."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from extensions import db
from inventory.models import (
    Connection,
    ConnectionHealth,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
)
from inventory.services import accounts
from inventory.services.next_reads import next_reads

UNDER_WAY = (SyncState.QUEUED, SyncState.RUNNING)
#: The kinds that people mean by "synced".
AGE_KINDS = (SyncKind.SHIPMENTS, SyncKind.STOCK)
STALE_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``synced_at`` is the older of shipments and stock; None before both were read once.

    ``health`` is "disabled", "failing", "waiting", "syncing", "new" or "healthy".
    """

    health: str
    runs: tuple[SyncRun, ...]
    synced_at: datetime | None
    next_at: datetime | None

    @property
    def is_busy(self) -> bool:
        """Return whether there is something to watch: a page asks again while there is."""
        return any(one.state == SyncState.RUNNING or is_due(one) for one in self.runs)

    @property
    def current(self) -> SyncRun | None:
        """Return the run to show: the one running, else the one waiting for Amazon, else next."""
        order = {SyncState.RUNNING: 0, SyncState.QUEUED: 1}
        by_rank = sorted(self.runs, key=lambda one: (order[one.state], not one.message, one.id))
        return by_rank[0] if by_rank else None

    @property
    def is_stale(self) -> bool:
        return self.synced_at is not None and accounts.now() - self.synced_at > STALE_AFTER


def is_due(run: SyncRun) -> bool:
    """Return whether a queued run may start now, or soon after a wait that Amazon asked for."""
    return run.not_before <= accounts.now() or bool(run.message)


def statuses(connections: Sequence[Connection]) -> dict[int, SyncStatus]:
    """Return each connection's status by its id; three queries, however many there are."""
    ids = [one.id for one in connections]
    marks: dict[int, dict[SyncKind, datetime]] = defaultdict(dict)
    newest = select(SyncMark.connection_id, SyncMark.kind, func.max(SyncMark.read_at))
    newest = newest.where(SyncMark.connection_id.in_(ids))
    for owner, kind, at in db.session.execute(
        newest.group_by(SyncMark.connection_id, SyncMark.kind)
    ):
        marks[owner][kind] = at
    runs: dict[int, list[SyncRun]] = defaultdict(list)
    under_way = select(SyncRun).where(SyncRun.connection_id.in_(ids), SyncRun.state.in_(UNDER_WAY))
    for run in db.session.scalars(under_way.order_by(SyncRun.id)):
        runs[run.connection_id].append(run)
    next_at = next_reads(connections, AGE_KINDS)
    return {one.id: _status(one, runs[one.id], marks[one.id], next_at) for one in connections}


def status(connection: Connection) -> SyncStatus:
    """Return one connection's status."""
    return statuses([connection])[connection.id]


def _status(
    connection: Connection,
    runs: list[SyncRun],
    marks: dict[SyncKind, datetime],
    next_at: dict[tuple[int, SyncKind], datetime],
) -> SyncStatus:
    later = [one.not_before for one in runs if not is_due(one)]
    later += [
        next_at[connection.id, kind] for kind in AGE_KINDS if (connection.id, kind) in next_at
    ]
    known = all(kind in marks for kind in AGE_KINDS)
    return SyncStatus(
        health=_health(connection, runs),
        runs=tuple(runs),
        synced_at=min(marks[kind] for kind in AGE_KINDS) if known else None,
        next_at=min(later, default=None),
    )


def _health(connection: Connection, runs: list[SyncRun]) -> str:
    if not connection.is_enabled:
        return "disabled"
    if connection.health == ConnectionHealth.FAILING:
        return "failing"
    if any(one.state == SyncState.RUNNING for one in runs):
        return "syncing"
    if any(one.message and one.state == SyncState.QUEUED for one in runs):
        return "waiting"
    if any(is_due(one) for one in runs):
        return "syncing"
    return "healthy" if connection.health == ConnectionHealth.HEALTHY else "new"
