"""Seller accounts on their way in: what is typed, and what is kept of it."""

import re

from sqlalchemy import select

from extensions import db
from inventory.models import Change, Connection, StockLevel, SyncKind, SyncRun, WarehouseKind
from inventory.services import connecting, secrets
from simulator import CREDENTIALS
from tests.factories import (
    LONG_AGO,
    make_application,
    make_connection,
    make_listing,
    make_run,
    make_warehouse,
    saved,
)

US, CA, DE = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1PA6795UKMFR9"
#: What is typed into the form of a new connection.
FIELDS = {
    "platform": "amazon",
    "marketplace_id": US,
    "name": "Harbour NA",
    "seller_id": CREDENTIALS.seller_id,
    "token": CREDENTIALS.refresh_token,
    "application_id": "",
}


def details(**fields: object) -> connecting.Details:
    defaults = {
        "name": "Harbour NA",
        "marketplace_id": US,
        "seller_id": "A2QX7NH0LK4TVE",
        "token": "Atzr|canary",
        "application_id": None,
    }
    return connecting.Details(**{**defaults, **fields})  # type: ignore[arg-type]


def only() -> Connection:
    return db.session.scalars(select(Connection)).one()


def token_of(connection: Connection) -> str:
    identity = f"connection:{connection.id}:refresh_token"
    return secrets.decrypt(connection.refresh_token_encrypted, identity)


def draft_in(page: str) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def runs() -> list[tuple[SyncKind, str]]:
    rows = db.session.scalars(select(SyncRun).order_by(SyncRun.id))
    return [(row.kind, row.cause) for row in rows]


def told(connection: Connection) -> list[str]:
    """The log of a connection, oldest first."""
    rows = select(Change.summary).where(
        Change.subject_kind == "connection", Change.subject_id == connection.id
    )
    return list(db.session.scalars(rows.order_by(Change.id)))


def make_panel(number: int) -> Connection:
    """A connection with all that its panel shows."""
    connection = make_connection(name=f"Panel {number}", application_id=make_application().id)
    warehouse = make_warehouse(connection_id=connection.id, name=f"Panel {number} FBA US")
    make_warehouse(connection_id=connection.id, marketplace_id=CA, taking_part=False)
    make_warehouse(kind=WarehouseKind.FBM, connection_id=connection.id)
    listing = make_listing(connection_id=connection.id)
    level = {"warehouse_id": warehouse.id, "listing_id": listing.id, "fulfillable": 3}
    saved(StockLevel(**level, seller_sku=listing.seller_sku, changed_at=LONG_AGO))
    make_run(connection_id=connection.id)
    return connection
