"""What lists can be narrowed to: connections and warehouses, by name. Few rows, read whole."""

from dataclasses import dataclass

from sqlalchemy import select

from inventory.models import Warehouse, WarehouseKind
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


def is_own(choice: Choice) -> bool:
    """Return whether people count what it holds."""
    return choice.kind == WarehouseKind.OWN


def is_fba(choice: Choice) -> bool:
    """Return whether the warehouse is Amazon's."""
    return choice.kind == WarehouseKind.FBA
