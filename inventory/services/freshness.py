"""How old the data is: per connection and kind, when it was last read whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind, SyncMark, SyncRun, SyncState
from inventory.services import accounts, lists
from inventory.services.next_reads import next_reads

#: Three readings missed: the timetable reads shipments and stock every 30 minutes.
STALE_AFTER = timedelta(minutes=90)
#: Read daily, so old only after two nights.
SLOW_KINDS = (SyncKind.LISTINGS, SyncKind.PARTICIPATIONS)
SLOW_STALE_AFTER = timedelta(hours=49)
KINDS = (SyncKind.SHIPMENTS, SyncKind.PLANS, SyncKind.STOCK, SyncKind.LISTINGS)
UNDER_WAY = (SyncState.QUEUED, SyncState.RUNNING)

#: When each connection's kind was read, its oldest part. Built once: each list page asks it.
MARKS = (
    sa.select(
        SyncMark.connection_id,
        SyncMark.kind,
        sa.func.min(SyncMark.read_at, type_=SyncMark.read_at.type).label("read_at"),
    )
    .where(SyncMark.kind.in_(sa.bindparam("kinds", expanding=True)), SyncMark.scope != "full")
    .group_by(SyncMark.connection_id, SyncMark.kind)
)
STOCK_MARKS = sa.select(SyncMark.connection_id, SyncMark.scope, SyncMark.read_at).where(
    SyncMark.kind == SyncKind.STOCK, SyncMark.scope != "full"
)
_oldest = MARKS.subquery()
AGES = (
    sa.select(
        Connection.id,
        Connection.name,
        Connection.disabled_at,
        Connection.is_sandbox,
        _oldest.c.read_at,
    )
    .outerjoin(_oldest, _oldest.c.connection_id == Connection.id)
    .order_by(Connection.name)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """When one kind of a connection's data was last read; ``None`` for never."""

    connection_id: int
    connection: str
    kind: SyncKind
    read_at: datetime | None
    is_enabled: bool
    is_stale: bool
    is_simulated: bool = False
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConnectionFreshness:
    """A connection with its readings and, by kind, the runs under way."""

    connection: Connection
    readings: tuple[Reading, ...]
    runs: dict[SyncKind, SyncRun]

    @property
    def is_active(self) -> bool:
        """Return whether something is being read: the panel then asks again."""
        return bool(self.runs)

    @property
    def is_failing(self) -> bool:
        return self.connection.health == ConnectionHealth.FAILING


def ages(kind: SyncKind) -> list[Reading]:
    """Return each connection's age of ``kind``, by name: the line beside a list's title.

    Kinds that are read per marketplace are as old as their oldest part.
    """
    rows = lists.read(AGES, kinds=[kind])
    now = accounts.now()
    return [
        Reading(
            row.id,
            row.name,
            kind,
            row.read_at,
            row.disabled_at is None,
            is_stale(kind, row.read_at, now),
            row.is_sandbox,
        )
        for row in rows
    ]


def is_stale(kind: SyncKind, read_at: datetime | None, now: datetime) -> bool:
    """Return whether a reading at ``read_at`` is too old to be relied on. Never read: not yet."""
    if read_at is None:
        return False
    return now > stale_at(kind, read_at)


def stale_at(kind: SyncKind, read_at: datetime) -> datetime:
    """Return until when a reading at ``read_at`` can be relied on."""
    return read_at + (SLOW_STALE_AFTER if kind in SLOW_KINDS else STALE_AFTER)


def by_connection(
    connections: Sequence[Connection], runs: Iterable[SyncRun]
) -> list[ConnectionFreshness]:
    """Return the freshness panel: each connection with all its kinds. Two statements."""
    rows = db.session.execute(MARKS, {"kinds": list(KINDS)})
    marks = {(row.connection_id, row.kind): row.read_at for row in rows}
    now, next_at = accounts.now(), next_reads(connections, KINDS)
    active = {(run.connection_id, run.kind): run for run in runs if run.is_active}
    return [
        ConnectionFreshness(
            one,
            tuple(
                Reading(
                    one.id,
                    one.name,
                    kind,
                    marks.get((one.id, kind)),
                    one.is_enabled,
                    is_stale(kind, marks.get((one.id, kind)), now),
                    one.is_sandbox,
                    next_at.get((one.id, kind)),
                )
                for kind in KINDS
            ),
            {kind: run for (owner, kind), run in active.items() if owner == one.id},
        )
        for one in connections
    ]


def under_way() -> list[SyncRun]:
    """Return the runs that wait or run, oldest first."""
    return list(
        db.session.scalars(
            sa.select(SyncRun).where(SyncRun.state.in_(UNDER_WAY)).order_by(SyncRun.id)
        )
    )


def stock_marks() -> dict[tuple[int, str], datetime]:
    """Return (connection, marketplace or "") -> when its stock was last read."""
    return {(row.connection_id, row.scope): row.read_at for row in lists.read(STOCK_MARKS)}
