"""Several people change one SKU at once: no unit is lost, and the ledger has no gap."""

import threading
from itertools import pairwise

from flask import Flask
from sqlalchemy import select

from extensions import db
from inventory.models import StockEntry, StockLevel, WarehouseKind
from inventory.services import own_stock
from tests.factories import make_listing, make_warehouse


def test_each_entry_begins_where_the_one_before_ended(app: Flask) -> None:
    shed = make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL").id
    listing = make_listing().id
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            with app.app_context():
                for _ in range(5):
                    own_stock.move(shed, {listing: number}, order_id=None, user_id=None)
                    db.session.commit()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    db.session.rollback()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    entries = db.session.scalars(select(StockEntry).order_by(StockEntry.id)).all()
    assert failures == []
    assert db.session.scalars(select(StockLevel.fulfillable)).one() == 50
    assert len(entries) == 20
    assert all(one.units_after == other.units_before for one, other in pairwise(entries))
