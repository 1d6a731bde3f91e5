"""Connections: what happens to a seller account's link to Amazon once it is made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind
from inventory.services import accounts, changes, secrets, syncs, warehouses
from inventory.services.health import note_health, note_missing_role, note_trouble

__all__ = [
    "OAUTH_LIFE", "AlreadyConnected", "NameTaken", "change_application", "disable", "enable",
    "forget_trouble", "kept_unique", "missing_operations", "note_health", "note_missing_role",
    "note_trouble", "record", "rename", "replace_token", "request_test", "seal", "try_refused",
]  # fmt: skip

#: Amazon wants an OAuth authorisation repeated within a year.
OAUTH_LIFE = timedelta(days=365)


class NameTaken(Exception):
    """Another connection has the name."""


class AlreadyConnected(Exception):
    """The seller account is connected in that region; ``name`` is the connection's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def request_test(connection: Connection, *, cause: str, user_id: int | None) -> None:
    """Queue the reading of participations: the cheapest call that shows whether it works.

    Where they were never read the first sync follows, whoever asked.
    """
    db.session.flush()
    if syncs.read_at(connection.id, SyncKind.PARTICIPATIONS) is None:
        cause = "first"
    syncs.request(connection.id, SyncKind.PARTICIPATIONS, cause=cause, user_id=user_id, priority=0)


def rename(connection: Connection, name: str, *, user_id: int | None) -> None:
    """Rename a connection; warehouses with default names follow. Raises ``NameTaken``."""
    old = connection.name
    if name == old:
        return
    account = {"seller_id": connection.seller_id, "region": connection.region}
    with kept_unique(connection, name=name, **account):
        connection.name = name
    warehouses.rename_with(connection, old)
    record(connection, "Renamed", {"name": [old, name]}, user_id)
    db.session.flush()


def replace_token(
    connection: Connection, token: str, *, user_id: int | None, authorised_by: str = "token"
) -> None:
    """Store another refresh token and try it at once."""
    seal(connection, token)
    connection.authorised_by = authorised_by
    connection.authorised_until = (
        accounts.today() + OAUTH_LIFE if authorised_by == "oauth" else None
    )
    forget_trouble(connection)
    record(connection, "Refresh token replaced", {}, user_id)
    _try_again(connection, user_id)


def change_application(
    connection: Connection, application_id: int | None, *, user_id: int | None
) -> None:
    """Use another Amazon application (None: the environment's) and try it at once."""
    old, connection.application_id = connection.application_id, application_id
    forget_trouble(connection)
    fields = {"application_id": [old, application_id]}
    record(connection, "Amazon application changed", fields, user_id)
    _try_again(connection, user_id)


def try_refused(application_id: int, *, user_id: int | None) -> None:
    """Try the connections again that Amazon refused for their application's id or secret."""
    refused = sa.select(Connection).where(
        Connection.application_id == application_id,
        Connection.trouble_reason == "client_refused",
        Connection.disabled_at.is_(None),
    )
    for connection in db.session.scalars(refused).all():
        forget_trouble(connection)
        _try_again(connection, user_id)


def disable(connection: Connection, *, user_id: int | None) -> None:
    """Stop syncing, also what waits for its turn. Everything known is kept."""
    if connection.is_enabled:
        connection.disabled_at = accounts.now()
        syncs.give_up(connection.id, "The connection was disabled.")
        record(connection, "Disabled", {}, user_id)


def enable(connection: Connection, *, user_id: int | None) -> None:
    """Sync again, from where it stopped."""
    if not connection.is_enabled:
        connection.disabled_at = None
        record(connection, "Enabled", {}, user_id)
        syncs.request_all(connection.id, cause="person", user_id=user_id)


def missing_operations(connection: Connection) -> list[str]:
    """Return the operations Amazon refused for want of a role."""
    return [one for one in connection.missing_roles.split(",") if one]


def seal(connection: Connection, token: str) -> None:
    """Keep a refresh token, encrypted for this row alone. Flushes."""
    identity = f"connection:{connection.id}:refresh_token"
    connection.refresh_token_encrypted = secrets.encrypt(token, identity)
    db.session.flush()


@contextmanager
def kept_unique(
    connection: Connection, *, name: str, seller_id: str, region: str
) -> Iterator[None]:
    """Flush what is set inside, in a savepoint: the database decides, also a race.

    The values are those set inside. Raises ``NameTaken`` or ``AlreadyConnected``.
    """
    connection_id = connection.id
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError:
        raise _what_is_taken(connection_id, name, seller_id, region) from None


def forget_trouble(connection: Connection) -> None:
    """Somebody acted: until Amazon answers, the connection is being tested."""
    connection.health = ConnectionHealth.TESTING
    connection.trouble = connection.trouble_reason = ""
    connection.trouble_since = None


def record(
    connection: Connection,
    summary: str,
    fields: Mapping[str, list[Any]],
    user_id: int | None,
    cause: str = "person",
) -> None:
    """Write an act on ``connection`` to the log."""
    changes.record(
        "connection",
        connection.id,
        summary,
        name=connection.name,
        fields=fields,
        cause=cause,
        user_id=user_id,
    )


def _try_again(connection: Connection, user_id: int | None) -> None:
    """Test, and catch up with what could not be read meanwhile; a refusal ends all of it.

    A disabled connection does so once it is enabled.
    """
    if not connection.is_enabled:
        return
    request_test(connection, cause="person", user_id=user_id)
    syncs.request_all(connection.id, cause="person", user_id=user_id)


def _what_is_taken(
    connection_id: int | None, name: str, seller_id: str, region: str
) -> NameTaken | AlreadyConnected:
    same_account = sa.select(Connection.name).where(
        Connection.seller_id == seller_id, Connection.region == region
    )
    if connection_id is not None:
        same_account = same_account.where(Connection.id != connection_id)
    other = db.session.scalar(same_account)
    return NameTaken(name) if other is None else AlreadyConnected(other)
