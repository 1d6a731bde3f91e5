"""Small worlds of shipments, orders and settings, drawn at random; nothing is committed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from extensions import db
from inventory.models import (
    Account,
    Connection,
    Listing,
    OrderType,
    Shipment,
    ShipmentLine,
    StockBasis,
    StockOrder,
    Vendor,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts, expectations, orders, staleness

MARKETPLACES = ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8")
STATUSES = (
    "",
    "WORKING",
    "READY_TO_SHIP",
    "SHIPPED",
    "IN_TRANSIT",
    "RECEIVING",
    "CLOSED",
    "CANCELLED",
)
MODES = ("", "GROUND_SMALL_PARCEL", "FREIGHT_LTL", "FREIGHT_FTL_PALLET")
TYPES = [None, OrderType.PURCHASE, OrderType.TRANSFER]
DAYS = st.one_of(st.none(), st.integers(0, 40))
names = count(1)

#: Which of the two own warehouses, or none.
SOURCE = st.sampled_from([None, 0, 1])
CONNECTION = st.fixed_dictionaries(
    {
        "order_type": st.sampled_from([*TYPES, OrderType.AUTO]),
        "default_source_id": SOURCE,
        "pickup_delay_days": DAYS,
        "sync_fees": st.sampled_from([None, True, False]),
        "import_early": st.sampled_from([None, True, False]),
    }
)
WAREHOUSE = st.fixed_dictionaries(
    {
        "order_type": st.sampled_from(TYPES),
        "default_source_id": SOURCE,
        "pickup_delay_days": DAYS,
        "lead_time_days": DAYS,
        "sync_inbound": st.sampled_from([None, True, False]),
        "stock_basis": st.sampled_from([None, *StockBasis]),
        "enabled": st.booleans(),
    }
)
#: The stock-order settings; not all are touched.
ACCOUNT = st.fixed_dictionaries(
    {},
    optional={
        "lead_time_days": DAYS,
        "ignore_stale": st.booleans(),
        "ignore_after_days": st.integers(0, 40),
    },
)
SHIPMENT = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "mode": st.sampled_from(MODES),
        "place": st.integers(0, 1),
        "pickup": st.one_of(st.none(), st.integers(-80, 30)),
        "ready": st.one_of(st.none(), st.integers(-80, 30)),
        "seen": st.integers(-90, 0),
        "units": st.integers(0, 50),
        "received": st.integers(0, 60),
        "fee": st.one_of(st.none(), st.integers(1, 90000)),
        "fee_currency": st.sampled_from(["USD", "USD", "CAD"]),
        "is_locked": st.booleans(),
        "has_vendor": st.booleans(),
    }
)
WORLD = st.fixed_dictionaries(
    {
        "connection": CONNECTION,
        "warehouses": st.lists(WAREHOUSE, min_size=2, max_size=2),
        "shipments": st.lists(SHIPMENT, max_size=7),
        "ignore_after": st.one_of(st.none(), st.integers(0, 30)),
        "disabled_source": st.booleans(),
    }
)


@dataclass
class World:
    """A connection with two FBA warehouses and what goes there, and two own warehouses."""

    connection: Connection
    warehouses: list[Warehouse]
    sources: list[Warehouse]
    shipments: list[Shipment]

    def orders(self) -> dict[str, StockOrder]:
        found = db.session.scalars(select(StockOrder).execution_options(populate_existing=True))
        return {row.reference: row for row in found}

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return drawn settings as columns: a source's place in the list becomes its id."""
        source = values["default_source_id"]
        chosen = None if source is None else self.sources[source].id
        return {**values, "default_source_id": chosen}


def build(drawn: dict[str, Any]) -> World:
    """Make the rows, dates and orders as syncs under these settings would have."""
    account = db.session.get_one(Account, 1)
    account.ignore_stale = drawn["ignore_after"] is not None
    account.ignore_after_days = drawn["ignore_after"] or 0
    sources = [_added(_own()), _added(_own())]
    if drawn["disabled_source"]:
        sources[1].disabled_at = accounts.now()
    world = World(_connection(), [], sources, [])
    _set(world.connection, world.columns(drawn["connection"]))
    for marketplace_id, values in zip(MARKETPLACES, drawn["warehouses"], strict=False):
        fba = _fba(world.connection, marketplace_id)
        world.warehouses.append(fba)
        _set(fba, world.columns(values))
    world.shipments = [_shipment(world, one) for one in drawn["shipments"]]
    expectations.recompute(world.connection, world.shipments, even_over=True)
    db.session.flush()
    orders.follow(world.connection.id, [row.id for row in world.shipments], None)
    known = world.orders()
    for row, one in zip(world.shipments, drawn["shipments"], strict=True):
        if order := known.get(row.amazon_shipment_id):
            _by_hand(order, one)
    db.session.flush()
    staleness.evaluate(world.connection.id)
    return world


def _connection() -> Connection:
    number = next(names)
    row = Connection(
        name=f"World {number}",
        region="NA",
        seller_id=f"W{number}",
        primary_marketplace_id=MARKETPLACES[0],
        created_at=accounts.now(),
    )
    _added(row)
    return row


def _fba(connection: Connection, marketplace_id: str) -> Warehouse:
    row = Warehouse(
        kind=WarehouseKind.FBA,
        connection_id=connection.id,
        marketplace_id=marketplace_id,
        name=f"FBA {next(names)}",
        country="US",
        currency="USD",
    )
    _added(row)
    return row


def _by_hand(order: StockOrder, one: dict[str, Any]) -> None:
    if one["is_locked"]:
        order.expected_on, order.expected_source = date(2026, 10, 1), "user"
    if one["has_vendor"] and order.kind == "purchase":
        vendor = _added(Vendor(name=f"Vendor {next(names)}", created_at=accounts.now()))
        order.vendor_id = vendor.id


def _set(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name == "enabled":
            row.disabled_at = None if value else accounts.now()
        else:
            setattr(row, name, value)
    db.session.flush()


def _own() -> Warehouse:
    return Warehouse(kind=WarehouseKind.OWN, name=f"Own {next(names)}", country="US")


def _shipment(world: World, one: dict[str, Any]) -> Shipment:
    place, today = world.warehouses[one["place"]], accounts.today()
    is_over = one["status"] in ("CLOSED", "CANCELLED")
    left = 0 if is_over else max(0, one["units"] - one["received"])
    row = Shipment(
        connection_id=world.connection.id,
        amazon_shipment_id=f"FBA{next(names):09}",
        name="",
        amazon_status=one["status"],
        status=one["status"],
        is_open=not is_over,
        flags="",
        destination_fc="ONT8",
        marketplace_id=place.marketplace_id,
        marketplace_source="user",
        warehouse_id=place.id,
        mode=one["mode"],
        pickup_at=_at(one["pickup"]),
        ready_to_ship_at=_at(one["ready"]),
        first_seen_on=today + timedelta(days=one["seen"]),
        first_seen_source="sync",
        fee=None if one["fee"] is None else Decimal(one["fee"]) / 100,
        fee_currency="" if one["fee"] is None else one["fee_currency"],
        lines_read_at=accounts.now(),
        units_shipped=one["units"],
        units_received=one["received"],
        units_outstanding=left,
    )
    _added(row)
    sku = f"SKU-{next(names)}"
    listing = Listing(
        connection_id=world.connection.id,
        channel="FBA",
        seller_sku=sku,
        created_at=accounts.now(),
    )
    _added(listing)
    units = {"units_shipped": one["units"], "units_received": one["received"]}
    _added(ShipmentLine(shipment_id=row.id, listing_id=listing.id, seller_sku=sku, **units))
    return row


def _at(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
