"""What lists can be narrowed to and rows be set to, by name. Few rows, read whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from inventory.models import OrderStatus, Vendor, Warehouse, WarehouseKind
from inventory.rules.statuses import BUILT_IN
from inventory.services import lists

#: Built once: each list page asks it.
WAREHOUSES = select(
    Warehouse.id,
    Warehouse.name,
    Warehouse.kind,
    Warehouse.connection_id,
    Warehouse.country,
    Warehouse.marketplace_id,
    Warehouse.stock_basis,
).order_by(Warehouse.name)
#: Vendors and the seller's own statuses together: an order list asks no more than it must.
_named = union_all(
    select(
        literal("vendor").label("noun"),
        Vendor.id,
        Vendor.name,
        Vendor.disabled_at.is_(None).label("is_usable"),
    ),
    select(literal("status"), OrderStatus.id, OrderStatus.name, OrderStatus.id.is_not(None)),
).subquery()
OF_ORDERS = select(_named).order_by(_named.c.name, _named.c.id)


@dataclass(frozen=True, slots=True)
class Choice:
    """A row by its name; ``connection_id`` is ``None`` for warehouses of one's own."""

    id: int
    name: str
    kind: str = ""
    connection_id: int | None = None
    country: str = ""
    marketplace_id: str | None = None
    #: ``None`` is the default.
    stock_basis: str | None = None


def warehouses() -> dict[int, Choice]:
    """Return id -> warehouse, by name; also those that are switched off, which rows may name."""
    return {row.id: Choice(*row) for row in lists.read(WAREHOUSES)}


@dataclass(frozen=True, slots=True)
class OfOrders:
    """What order lists name: all vendors (id -> name, by name), those in use, all statuses."""

    vendors: Mapping[int, str]
    usable: Sequence[tuple[int, str]]
    statuses: Sequence[str]


def of_orders() -> OfOrders:
    """Return what orders can be narrowed and set to. One statement."""
    rows = lists.read(OF_ORDERS)
    vendors = [row for row in rows if row.noun == "vendor"]
    return OfOrders(
        {row.id: row.name for row in vendors},
        tuple((row.id, row.name) for row in vendors if row.is_usable),
        (*BUILT_IN, *(row.name for row in rows if row.noun == "status")),
    )


def is_own(choice: Choice) -> bool:
    """Return whether people count what it holds."""
    return choice.kind == WarehouseKind.OWN


def is_fba(choice: Choice) -> bool:
    """Return whether the warehouse is Amazon's."""
    return choice.kind == WarehouseKind.FBA
