"""What of the timetable is due. Worked out from the database, so that nothing is forgotten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind, SyncMark, SyncRun
from inventory.rules.timetable import Entry, night_before
from inventory.services import accounts, syncs

#: Participations that could not be read at all are tried again so often.
FIRST_AGAIN = timedelta(hours=1)
#: A last run from the future: the clock was set back, and must not stop us.
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Due:
    """A run to be queued."""

    connection_id: int
    kind: SyncKind
    scope: str
    cause: str


def due_runs(timetable: Sequence[Entry]) -> list[Due]:
    """Return what should be queued now, in the order of the timetable.

    A slot missed while nothing ran is due once, however many were missed. Connections that
    are disabled, or refused by Amazon until somebody acts, have nothing due.
    """
    now, zone = accounts.now(), accounts.timezone()
    return [due for entry in timetable for due in _of_entry(entry, now, zone)]


def _of_entry(entry: Entry, now: datetime, zone: ZoneInfo) -> Iterator[Due]:
    last = aliased(SyncRun)
    newest = (
        select(SyncRun.id)
        .where(
            SyncRun.connection_id == Connection.id,
            SyncRun.kind == entry.kind,
            SyncRun.scope == entry.scope,
        )
        .order_by(SyncRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Connection.id, Connection.created_at, last.state, last.queued_at, SyncMark.read_at)
        .select_from(Connection)
        .outerjoin(last, last.id == newest)
        .outerjoin(
            SyncMark,
            (SyncMark.connection_id == Connection.id)
            & (SyncMark.kind == SyncKind.PARTICIPATIONS)
            & (SyncMark.scope == ""),
        )
        .where(Connection.disabled_at.is_(None), Connection.health != ConnectionHealth.FAILING)
        .order_by(Connection.id)
    ).all()
    for connection_id, created_at, state, queued_at, known_at in rows:
        is_known = known_at is not None
        if state in syncs.UNDER_WAY or not (is_known or _is_first(entry)):
            continue
        if _is_due(entry, now, zone, created_at, queued_at, is_known):
            cause = "schedule" if is_known else "first"
            yield Due(connection_id, SyncKind(entry.kind), entry.scope, cause)


def _is_first(entry: Entry) -> bool:
    return entry.kind == SyncKind.PARTICIPATIONS and not entry.scope


def _is_due(
    entry: Entry,
    now: datetime,
    zone: ZoneInfo,
    created_at: datetime,
    last_at: datetime | None,
    is_known: bool,
) -> bool:
    if last_at is not None and last_at > now + CLOCK_SLACK:
        return True
    if entry.every is None:
        assert entry.at is not None
        slot = night_before(now, zone, entry.at)
        # The first sync of a new connection reads everything anyway.
        return created_at < slot and (last_at is None or last_at < slot)
    every = entry.every if is_known else FIRST_AGAIN
    return last_at is None or last_at + every <= now
