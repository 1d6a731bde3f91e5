"""Answers too empty to be believed at once.

An outage at Amazon can look like a seller without stock. Where there was something before and
a whole, error-free chain now shows nothing, two syncs in a row have to agree, some time apart.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from extensions import db
from inventory.models import SyncKind, SyncMark
from inventory.services import syncs

#: Sooner a second look, or the same run going on, is still the same outage.
APART = timedelta(minutes=10)
_SCOPE = "empty:{}"


def agrees(connection_id: int, kind: SyncKind, marketplace_id: str, at: datetime) -> bool:
    """Return whether the sync before saw nothing either; else remember that this one did.

    Flushes.
    """
    scope = _SCOPE.format(marketplace_id)
    first = syncs.read_at(connection_id, kind, scope)
    if first is None:
        syncs.mark(connection_id, kind, scope, at)
        return False
    if first <= at < first + APART:
        return False
    forget(connection_id, kind, marketplace_id)
    return True


def forget(connection_id: int, kind: SyncKind, marketplace_id: str) -> None:
    """Note that there is something again. Flushes."""
    db.session.execute(
        delete(SyncMark).where(
            SyncMark.connection_id == connection_id,
            SyncMark.kind == kind,
            SyncMark.scope == _SCOPE.format(marketplace_id),
        )
    )
