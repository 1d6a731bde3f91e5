"""When the timetable reads each kind of a connection's data again."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind, SyncRun
from inventory.rules import timetable
from inventory.services import accounts

#: Newest run of each kind, by the index over connection, kind and id: no scan of all runs.
_LAST = {
    kind: sa.select(SyncRun.queued_at)
    .where(SyncRun.connection_id == Connection.id, SyncRun.kind == kind, SyncRun.scope == "")
    .order_by(SyncRun.id.desc())
    .limit(1)
    .scalar_subquery()
    for kind in SyncKind
}


def next_reads(
    connections: Iterable[Connection], kinds: Iterable[SyncKind]
) -> dict[tuple[int, SyncKind], datetime]:
    """Return (connection, kind) -> when it is due, at the earliest now. One statement.

    Nothing is due of connections that are disabled, or refused until somebody acts.
    """
    wanted, now = list(kinds), accounts.now()
    ids = [one.id for one in connections if one.is_enabled and not _is_failing(one)]
    rows = db.session.execute(
        sa.select(Connection.id, *(_LAST[kind] for kind in wanted)).where(Connection.id.in_(ids))
    )
    return {
        (connection_id, kind): timetable.next_due(kind, last_at, now)
        for connection_id, *last in rows
        for kind, last_at in zip(wanted, last, strict=True)
    }


def _is_failing(one: Connection) -> bool:
    return one.health == ConnectionHealth.FAILING
