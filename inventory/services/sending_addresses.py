"""The addresses that goods for Amazon can leave from: our warehouses', vendors', learned ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Sending, Shipment, StockOrder, Warehouse, WarehouseKind
from inventory.rules.ship_from import ShipFrom

#: Shipments looked at for addresses, newest first.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Address:
    """One to choose: ``source`` says where it is known from, in words."""

    source: str
    ship_from: ShipFrom

    @property
    def key(self) -> str:
        """What tells it from the others in a form."""
        one = self.ship_from
        return "|".join((one.name, one.line1, one.postal_code, one.country))


def known(order: StockOrder) -> list[Address]:
    """Return the addresses to choose from, the likeliest first; each once."""
    found: dict[str, Address] = {}
    for address in _all(order):
        if address.ship_from.line1:
            found.setdefault(address.key, address)
    return list(found.values())


def _all(order: StockOrder) -> Iterator[Address]:
    if order.source is not None:
        yield Address(order.source.name, _of_warehouse(order.source))
    if order.vendor is not None:
        yield Address(order.vendor.name, _of_vendor(order.vendor))
    yield from _used(order)
    own = sa.select(Warehouse).where(
        Warehouse.kind == WarehouseKind.OWN, Warehouse.disabled_at.is_(None)
    )
    for warehouse in db.session.scalars(own.order_by(Warehouse.name)):
        yield Address(warehouse.name, _of_warehouse(warehouse))
    yield from _learned(order)


def _used(order: StockOrder) -> Iterator[Address]:
    found = sa.select(Sending).where(Sending.connection_id == order.destination.connection_id)
    for sending in db.session.scalars(found.order_by(Sending.id.desc()).limit(LOOKED_AT)):
        yield Address("Used before", from_json(sending.ship_from))


def _learned(order: StockOrder) -> Iterator[Address]:
    """Amazon's version v0 tells no phone number, so that has to be added."""
    found = sa.select(Shipment).where(Shipment.connection_id == order.destination.connection_id)
    for row in db.session.scalars(found.order_by(Shipment.id.desc()).limit(LOOKED_AT)):
        if row.ship_from:
            yield Address("Learned from shipments", from_json(row.ship_from))


def from_json(told: Any) -> ShipFrom:
    """Return a stored address; the country is called ``country_code`` where Amazon told it."""
    names = ("name", "line1", "line2", "city", "state", "postal_code", "phone")
    country = told.get("country") or told.get("country_code") or ""
    return ShipFrom(**{name: str(told.get(name) or "") for name in names}, country=str(country))


def _of_warehouse(row: Warehouse) -> ShipFrom:
    name = row.contact or row.name
    return ShipFrom(
        name[:50], row.line1, row.line2, row.city, row.state, row.postal_code, row.country,
        row.phone,
    )  # fmt: skip


def _of_vendor(row: Any) -> ShipFrom:
    name = row.contact or row.name
    return ShipFrom(
        name[:50], row.line1, row.line2, row.city, row.state, row.postal_code, row.country,
        row.phone,
    )  # fmt: skip
