"""services/departures: what leaves an own warehouse with a transfer, and what is claimed of it"""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    OrderKind,
    StatusType,
    StockEntry,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.services import departures, order_acts, order_linking, order_saving, own_stock
from inventory.services.order_saving import Line
from tests.factories import make_warehouse
from tests.saying import Amazon, order_of
from tests.story import connect


@pytest.fixture
def connection(app: Flask) -> Connection:
    """A connection whose shipments to the United States become transfers from the prep centre."""
    connection = connect()
    source = make_warehouse(name="Prep", kind=WarehouseKind.OWN)
    connection.order_type, connection.default_source_id = "transfer", source.id
    for sku in "AB":
        row = Listing(
            connection_id=connection.id,
            channel="FBA",
            seller_sku=sku,
            created_at=connection.created_at,
        )
        db.session.add(row)
        db.session.flush()
        own_stock.count(source.id, row.id, 100, reason="", user_id=None, cause="form")
    db.session.commit()
    return connection


def test_a_transfer_claims_its_units_while_it_is_active(connection: Connection) -> None:
    made = transfer(connection, {"A": 30})
    assert (held(), available()) == ({"A": 100, "B": 100}, {"A": 70, "B": 100})

    order_acts.set_status(made, "Draft", user_id=None)
    assert available() == {"A": 100, "B": 100}


def test_what_ships_to_amazon_leaves_the_source_once(connection: Connection) -> None:
    amazon = Amazon(connection)

    amazon.sync("WORKING", {"A": (60, 0)})
    assert held()["A"] == 100
    for status in ("SHIPPED", "IN_TRANSIT", "RECEIVING"):
        amazon.sync(status, {"A": (60, 0)})
        assert (held(), available()) == ({"A": 40, "B": 100}, {"A": 40, "B": 100})

    entry = db.session.query(StockEntry).filter_by(cause="shipment").one()
    order = db.session.get_one(StockOrder, entry.order_id)
    assert (order.reference, entry.units_before, entry.units_after) == ("FBA15ABC", 100, 40)


def test_fewer_units_shipped_come_back(connection: Connection) -> None:
    amazon = Amazon(connection)
    amazon.sync("SHIPPED", {"A": (60, 0)})

    amazon.sync("SHIPPED", {"A": (50, 0), "B": (5, 0)})

    assert held() == {"A": 50, "B": 95}


@pytest.mark.parametrize("there", [100, 45, 0])
def test_a_canceled_shipment_brings_back_what_went_out(connection: Connection, there: int) -> None:
    own_stock.count(source().id, listings()["A"], there, reason="x", user_id=None, cause="form")
    amazon = Amazon(connection)
    amazon.sync("SHIPPED", {"A": (60, 0)})
    assert held()["A"] == max(0, there - 60)  # what nobody counted cannot leave

    amazon.sync("CANCELLED", {"A": (60, 0)})

    assert held()["A"] == there


def test_what_left_before_the_connection_was_read_is_not_in_the_count(
    connection: Connection,
) -> None:
    Amazon(connection, is_first=True).sync("SHIPPED", {"A": (60, 0)})

    assert (held(), available()) == ({"A": 100, "B": 100}, {"A": 100, "B": 100})


def test_linking_and_unlinking_never_count_twice(connection: Connection) -> None:
    own = transfer(connection, {"A": 60})
    shipment = Amazon(connection).sync("SHIPPED", {"A": (60, 0)})
    made = order_of(shipment)
    assert made is not None
    assert (held()["A"], available()["A"]) == (40, -20)  # seen as two until they are linked

    order_linking.link(own, made, user_id=None)
    assert (held()["A"], available()["A"]) == (40, 40)

    order_linking.unlink(shipment, user_id=None)
    assert (held()["A"], available()["A"]) == (40, -20)


def transfer(connection: Connection, units: Mapping[str, int]) -> StockOrder:
    found = sa.select(Warehouse).filter_by(connection_id=connection.id, country="US", kind="fba")
    home = db.session.scalars(found).one()
    header = {"destination_id": home.id, "source_id": source().id, "status": "Open"}
    lines = [Line(sku, listings()[sku], count) for sku, count in units.items()]
    made = order_saving.create(
        OrderKind.TRANSFER, header | {"currency": "USD"}, lines, user_id=None
    )
    db.session.commit()
    assert made.status_type == StatusType.ACTIVE
    return made


def source() -> Warehouse:
    return db.session.query(Warehouse).filter_by(name="Prep").one()


def listings() -> dict[str, int]:
    return {row.seller_sku: row.id for row in db.session.query(Listing)}


def held() -> dict[str, int]:
    rows = own_stock.held(source().id, listings().values()).values()
    return {row.sku: row.units for row in rows}


def available() -> dict[str, int]:
    found = departures.available(source().id, listings().values())
    return {sku: found[one] for sku, one in listings().items()}
