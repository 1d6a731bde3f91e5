"""What goes with a connection, and the drafts of its token"""

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from inventory.models import (
    Change,
    Listing,
    Shipment,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.services import (
    connection_drafts,
    connection_removal,
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
