"""Amazon applications: client id and secret with which access tokens are renewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Application, Connection
from inventory.services import accounts, changes, secrets

ENVIRONMENT_NAME = "From the environment"
FIELDS = ("name", "client_id", "application_id", "secret_expires_on")


class NameTaken(Exception):
    """Another application is called so."""


class ApplicationInUse(Exception):
    """Connections renew their tokens with it; ``names`` are theirs."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Listed:
    """An application as pages show it: never its secret. ``id`` is None for the environment's."""

    id: int | None
    name: str
    client_id: str
    application_id: str
    has_secret: bool
    secret_expires_on: date | None
    connections: tuple[str, ...]


def listed() -> list[Listed]:
    """Return the applications, the environment's first, with the connections that use each."""
    used: dict[int | None, list[str]] = {}
    rows = select(Connection.application_id, Connection.name).where(~Connection.is_sandbox)
    for application_id, name in db.session.execute(rows.order_by(Connection.name)):
        used.setdefault(application_id, []).append(name)
    stored = db.session.scalars(select(Application).order_by(Application.name))
    own = [_listed(one, tuple(used.get(one.id, ()))) for one in stored]
    return [*_from_environment(tuple(used.get(None, ()))), *own]


def choices() -> list[tuple[str, str]]:
    """Return (value, label) for a select: "" is the environment's, offered when configured."""
    return [("" if one.id is None else str(one.id), one.name) for one in listed()]


def create(values: Mapping[str, Any], secret: str, by: int | None) -> Application:
    """Return a new application. ``values`` are ``FIELDS``. Flushes. Raises ``NameTaken``."""
    application = Application(client_secret_encrypted="", created_at=accounts.now())
    _write(application, values)
    _seal(application, secret)
    _record(application, "Added", by)
    return application


def change(
    application: Application, values: Mapping[str, Any], secret: str, by: int | None
) -> None:
    """Save ``values`` (``FIELDS``); an empty ``secret`` keeps the stored one.

    Flushes. Raises ``NameTaken``, and ``StaleDataError`` when somebody else saved first.
    """
    fields = {
        name: [_shown(getattr(application, name)), _shown(values[name])]
        for name in FIELDS
        if getattr(application, name) != values[name]
    }
    _write(application, values)
    if secret:
        _seal(application, secret)
        fields["client_secret"] = ["stored", "replaced"]
    if fields:
        told = ", ".join(field.replace("_", " ") for field in fields)
        _record(application, f"Changed: {told}", by, fields)


def delete(application: Application, by: int | None) -> None:
    """Delete ``application``. Flushes. Raises ``ApplicationInUse``."""
    rows = select(Connection.name).where(Connection.application_id == application.id)
    if names := db.session.scalars(rows.order_by(Connection.name)).all():
        raise ApplicationInUse(names)
    _record(application, "Deleted", by)
    try:
        with db.session.begin_nested():
            db.session.delete(application)
    except IntegrityError:  # a connection chose it a moment ago
        raise ApplicationInUse(["a new connection"]) from None


def _listed(one: Application, connections: tuple[str, ...]) -> Listed:
    return Listed(
        id=one.id,
        name=one.name,
        client_id=one.client_id,
        application_id=one.application_id,
        has_secret=bool(one.client_secret_encrypted),
        secret_expires_on=one.secret_expires_on,
        connections=connections,
    )


def _from_environment(connections: tuple[str, ...]) -> list[Listed]:
    config = current_app.config
    if not config["LWA_CLIENT_ID"]:
        return []
    return [
        Listed(
            id=None,
            name=ENVIRONMENT_NAME,
            client_id=config["LWA_CLIENT_ID"],
            application_id=config["SPAPI_APP_ID"],
            has_secret=bool(config["LWA_CLIENT_SECRET"]),
            secret_expires_on=None,
            connections=connections,
        )
    ]


def _write(application: Application, values: Mapping[str, Any]) -> None:
    same = select(Application.id).where(Application.name == values["name"])
    if (db.session.scalar(same) or application.id) != application.id:
        raise NameTaken(values["name"])
    try:
        with db.session.begin_nested():  # another transaction may take the name right now
            for name in FIELDS:
                setattr(application, name, values[name])
            db.session.add(application)
    except IntegrityError:
        raise NameTaken(values["name"]) from None


def _seal(application: Application, secret: str) -> None:
    identity = f"application:{application.id}:client_secret"
    application.client_secret_encrypted = secrets.encrypt(secret, identity)
    db.session.flush()


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _record(
    application: Application, summary: str, by: int | None, fields: Mapping[str, Any] | None = None
) -> None:
    changes.record(
        "application", application.id, summary, name=application.name, fields=fields, user_id=by
    )
