import pytest
from flask import Flask
from sqlalchemy import select

from amazon.types import Participation
from extensions import db
from inventory.models import Participation as StoredParticipation
from inventory.models import Warehouse, WarehouseKind
from inventory.services import accounts, warehouses
from inventory.services.warehouses import WarehouseNameTaken
from tests.factories import make_connection, make_warehouse


def test_default_names_follow_the_connection_and_others_stay(app: Flask) -> None:
    connection = make_connection(name="Old")
    warehouses.appear(connection, [])
    rows = {one.country: one for one in warehouses.of_connection(connection.id)}
    rows["CA"].name = "Toronto"
    connection.name = "New"

    warehouses.rename_with(connection, "Old")

    names = {one.name for one in warehouses.of_connection(connection.id)}
    assert names == {"New FBA US", "Toronto", "New FBA MX", "New FBA BR", "New FBM"}


def test_a_name_taken_by_hand_is_numbered(app: Flask) -> None:
    make_warehouse(kind=WarehouseKind.OWN, name="Shop FBM", country="US")
    connection = make_connection(name="Shop")

    warehouses.appear(connection, [])

    assert "Shop FBM 2" in {one.name for one in warehouses.of_connection(connection.id)}


def test_marketplaces_of_other_regions_are_left_out(app: Flask) -> None:
    connection = make_connection(region="NA")
    german = Participation("A1PA6795UKMFR9", "DE", "Amazon.de", "EUR", True, False, "Shop")

    warehouses.appear(connection, [german])

    assert db.session.scalars(select(StoredParticipation)).all() == []
    assert warehouses.in_use(connection.id, "") == []


def test_an_own_warehouse_needs_a_name_of_its_own(app: Flask) -> None:
    made = warehouses.create_own(" Depot ", "DE", address={"city": "Hamburg", "kind": "fba"})

    assert (made.name, made.city, made.kind) == ("Depot", "Hamburg", WarehouseKind.OWN)
    with pytest.raises(WarehouseNameTaken):
        warehouses.create_own("Depot", "FR")


def test_sources_are_enabled_own_ones_and_the_connections_fbm(app: Flask) -> None:
    here, elsewhere = make_connection(), make_connection()
    destination = make_warehouse(connection_id=here.id)
    depot = make_warehouse(kind=WarehouseKind.OWN, name="Depot")
    fbm = make_warehouse(kind=WarehouseKind.FBM, connection_id=here.id, name="Shelf")
    make_warehouse(kind=WarehouseKind.FBM, connection_id=elsewhere.id)
    make_warehouse(kind=WarehouseKind.OWN, disabled_at=accounts.now())
    make_warehouse(kind=WarehouseKind.COMBINED)

    assert ids(warehouses.usable_sources(destination)) == ids([depot, fbm])
    assert ids(warehouses.usable_sources(connection_id=here.id)) == ids([depot, fbm])
    assert ids(warehouses.usable_sources(depot)) == []
    assert ids(warehouses.usable_sources()) == ids([depot])


def ids(rows: "list[Warehouse]") -> list[int]:
    db.session.flush()
    return [one.id for one in rows]
