"""Connecting a seller account: what a person enters, and the connection made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extensions import db
from inventory.models import Connection
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import accounts
from inventory.services.connections import (
    OAUTH_LIFE,
    forget_trouble,
    kept_unique,
    record,
    request_test,
    seal,
)

#: What the simulator takes: the sandbox seller of a region, and its token.
SANDBOX_SELLER, SANDBOX_TOKEN = "A1SANDBOX", "Atzr|sandbox"


@dataclass(frozen=True, slots=True)
class Details:
    """What a person enters to connect. ``token`` is None to keep the stored one."""

    name: str
    marketplace_id: str
    seller_id: str
    token: str | None
    application_id: int | None
    is_sandbox: bool = False
    authorised_by: str = "token"

    @property
    def region(self) -> str:
        return MARKETPLACES[self.marketplace_id].region


def sandbox_details(name: str, marketplace_id: str) -> Details:
    """Return what connects the built-in sandbox seller: it needs no credentials."""
    region = MARKETPLACES[marketplace_id].region
    return Details(
        name=name,
        marketplace_id=marketplace_id,
        seller_id=SANDBOX_SELLER + region,
        token=SANDBOX_TOKEN,
        application_id=None,
        is_sandbox=True,
        authorised_by="sandbox",
    )


def create(details: Details, *, user_id: int | None) -> Connection:
    """Add a connection and queue its first contact with Amazon, which tests the token.

    Flushes; the caller commits. Raises ``NameTaken`` or ``AlreadyConnected``, also when another
    transaction won the race; nothing is stored then.
    """
    connection = Connection(created_at=accounts.now(), refresh_token_encrypted="")
    _apply(connection, details)
    fields = {
        "primary_marketplace_id": [None, details.marketplace_id],
        "seller_id": [None, details.seller_id],
    }
    record(connection, "Connected", fields, user_id)
    request_test(connection, cause="first", user_id=user_id)
    return connection


def correct(connection: Connection, details: Details, *, user_id: int | None) -> None:
    """Take new details for a connection that has never worked, and try it again.

    Raises as ``create``. Flushes; the caller commits.
    """
    before = _described(connection)
    _apply(connection, details)
    fields = _differences(before, _described(connection))
    if details.token:
        fields["refresh_token"] = ["(hidden)", "(hidden)"]
    record(connection, "Corrected what Amazon refused", fields, user_id)
    forget_trouble(connection)
    request_test(connection, cause="first", user_id=user_id)


def _apply(connection: Connection, details: Details) -> None:
    account = {"seller_id": details.seller_id, "region": details.region}
    with kept_unique(connection, name=details.name, **account):
        connection.name = details.name
        connection.region = details.region
        connection.seller_id = details.seller_id
        connection.primary_marketplace_id = details.marketplace_id
        connection.application_id = details.application_id
        connection.is_sandbox = details.is_sandbox
        connection.authorised_by = details.authorised_by
        if details.authorised_by == "oauth":
            connection.authorised_until = accounts.today() + OAUTH_LIFE
        db.session.add(connection)
    if details.token is not None:
        seal(connection, details.token)


def _described(connection: Connection) -> dict[str, Any]:
    names = ("name", "seller_id", "primary_marketplace_id", "application_id")
    return {name: getattr(connection, name) for name in names}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}
