"""What goes with a connection, and the drafts of its token"""

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from inventory.models import (
    Change,
    Connection,
    Listing,
    Shipment,
    StockOrder,
    SyncKind,
    SyncRun,
    Warehouse,
    WarehouseKind,
)
from inventory.services import (
    connecting,
    connection_drafts,
    connection_removal,
    secrets,
)
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_user,
    make_warehouse,
)

US, CA, DE = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1PA6795UKMFR9"


def details(**fields: object) -> connecting.Details:
    defaults = {
        "name": "Harbour NA",
        "marketplace_id": US,
        "seller_id": "A2QX7NH0LK4TVE",
        "token": "Atzr|canary",
        "application_id": None,
    }
    return connecting.Details(**{**defaults, **fields})  # type: ignore[arg-type]


def token_of(connection: Connection) -> str:
    identity = f"connection:{connection.id}:refresh_token"
    return secrets.decrypt(connection.refresh_token_encrypted, identity)


def runs() -> list[tuple[SyncKind, str]]:
    rows = db.session.scalars(select(SyncRun).order_by(SyncRun.id))
    return [(row.kind, row.cause) for row in rows]


def told(connection: Connection) -> list[str]:
    rows = select(Change.summary).where(
        Change.subject_kind == "connection", Change.subject_id == connection.id
    )
    return list(db.session.scalars(rows.order_by(Change.id)))


def test_purging_takes_everything_read_through_it_and_leaves_the_rest(app: Flask) -> None:
    connection = make_connection(name="Gone")
    here = make_warehouse(connection_id=connection.id)
    fbm = make_warehouse(
        kind=WarehouseKind.FBM, connection_id=connection.id, marketplace_id=None, name="Gone FBM"
    )
    listing = make_listing(connection_id=connection.id)
    shipment = make_shipment(connection_id=connection.id)
    make_shipment_line(shipment, listing_id=listing.id)
    order = make_order(destination_id=here.id)
    make_order_line(order, listing_id=listing.id)
    link(order, shipment)
    elsewhere = make_order(kind="transfer", source_id=fbm.id)
    kept = elsewhere.id

    counts = connection_removal.losses(connection)
    connection_removal.purge(connection, user_id=make_user().id)
    db.session.commit()
    db.session.expire_all()

    assert counts == {"warehouses": 2, "listings": 1, "shipments": 1, "orders": 1}
    assert db.session.scalar(select(func.count(Shipment.id))) == 0
    assert db.session.scalar(select(func.count(Listing.id))) == 0
    assert db.session.scalars(select(StockOrder.id)).all() == [kept]
    assert (
        db.session.scalars(select(Warehouse.name).where(Warehouse.name.like("Gone%"))).all() == []
    )
    assert "Deleted with everything" in db.session.scalars(select(Change.summary)).all()[-1]


def test_a_draft_is_its_users_alone_and_ends(app: Flask) -> None:
    mine, other = make_user(), make_user()
    key = connection_drafts.keep("Atzr|kept", mine.id)

    assert connection_drafts.find(key, mine.id) == "Atzr|kept"
    assert connection_drafts.find(key, other.id) is None
    connection_drafts.forget(key)
    assert connection_drafts.find(key, mine.id) is None


def test_a_draft_older_than_an_hour_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    key = connection_drafts.keep("Atzr|kept", user.id)
    later = connection_drafts.accounts.now() + connection_drafts.LIFE * 2
    monkeypatch.setattr(connection_drafts.accounts, "now", lambda: later)

    assert connection_drafts.find(key, user.id) is None
