"""What the last contact with Amazon said about a connection, as its page shows it."""

from collections.abc import Collection

from sqlalchemy import select, update

from extensions import db
from inventory.models import Connection, ConnectionHealth
from inventory.services import accounts, changes

QUIET = {"synchronize_session": False}


def note_trouble(connection_id: int, sentence: str, reason: str = "") -> None:
    """Note that Amazon refuses the connection as a whole. Flushes.

    ``sentence`` says what to do about it. Nothing is asked of Amazon by the timetable until
    somebody acts; ``reason`` (``AuthorizationError.reason``) says to the pages where.
    """
    _tell(connection_id, f"Failing: {sentence}", unless=ConnectionHealth.FAILING)
    _set(
        connection_id,
        health=ConnectionHealth.FAILING,
        trouble=sentence[:500],
        trouble_reason=reason[:32],
        tested_at=accounts.now(),
    )
    db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id, Connection.trouble_since.is_(None))
        .values(trouble_since=accounts.now()),
        execution_options=QUIET,
    )


def note_health(connection_id: int, worked: Collection[str] = ()) -> None:
    """Note that Amazon answered; the operations that ``worked`` miss no role any more.

    Flushes.
    """
    missing = [name for name in _missing(connection_id) if name not in worked]
    _tell(connection_id, "Working", unless=ConnectionHealth.HEALTHY)
    _set(
        connection_id,
        health=ConnectionHealth.HEALTHY,
        trouble="",
        trouble_reason="",
        trouble_since=None,
        tested_at=accounts.now(),
        missing_roles=",".join(missing),
    )


def note_missing_role(connection_id: int, operation: str) -> None:
    """Note that Amazon refuses ``operation`` for want of a role; the rest works. Flushes."""
    missing = dict.fromkeys([*_missing(connection_id), operation])
    _set(connection_id, missing_roles=",".join(missing)[:500])


def _tell(connection_id: int, summary: str, *, unless: ConnectionHealth) -> None:
    """Write a change of health to the log, once."""
    columns = select(Connection.name, Connection.health).where(Connection.id == connection_id)
    for name, health in db.session.execute(columns):
        if health != unless:
            changes.record("connection", connection_id, summary, name=name, cause="amazon")


def _missing(connection_id: int) -> list[str]:
    words = db.session.scalar(
        select(Connection.missing_roles).where(Connection.id == connection_id)
    )
    return [word for word in (words or "").split(",") if word]


def _set(connection_id: int, **values: object) -> None:
    """Past the row's version: a person editing the settings meanwhile is not disturbed."""
    db.session.execute(
        update(Connection).where(Connection.id == connection_id).values(**values),
        execution_options=QUIET,
    )
