"""The levels of settings as they are, and as they would be with what somebody typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from extensions import db
from inventory.models import Account, Connection, Warehouse, WarehouseKind
from inventory.rules.orders import Origin, Place, origin
from inventory.rules.settings import resolve
from inventory.services import accounts


class Typed:
    """A row with some of its values replaced: reads like the row, and is never stored."""

    def __init__(self, row: Any, values: Mapping[str, Any]) -> None:
        self._row, self._values = row, values

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__["_values"]
        return values[name] if name in values else getattr(self.__dict__["_row"], name)

    @property
    def is_enabled(self) -> bool:
        """Return whether it would be in use; "enabled" is what a warehouse's form says."""
        return bool(self._row.taking_part and self._values.get("enabled", self._row.is_enabled))


@dataclass(frozen=True)
class Levels:
    """One connection's settings: ``places`` are its warehouses and those that are nobody's."""

    account: Any
    connection: Any
    places: Mapping[int, Any]

    def value(self, name: str, warehouse_id: int) -> Any:
        """Return the setting ``name`` in force at a warehouse."""
        return resolve(
            name,
            account=self.account,
            connection=self.connection,
            warehouse=self.places[warehouse_id],
        ).value

    def origin(self, warehouse_id: int) -> Origin:
        """Return which kind of order a shipment to the warehouse becomes, and from where."""
        order_type = self.value("order_type", warehouse_id)
        source = self.places.get(self.value("default_source_id", warehouse_id) or 0)
        place = _place(source) if source else None
        return origin(str(order_type), place, destination=_place(self.places[warehouse_id]))

    @property
    def fba_ids(self) -> list[int]:
        """Return the ids of the connection's FBA warehouses."""
        return [one for one, row in self.places.items() if row.kind == WarehouseKind.FBA]

    def name(self, warehouse_id: int | None) -> str:
        """Return a warehouse's name; "none" where there is none."""
        place = self.places.get(warehouse_id or 0)
        return str(place.name) if place else "none"


class Step(NamedTuple):
    """A connection's settings before and after a save."""

    before: Levels
    after: Levels

    def changed(self, name: str) -> list[int]:
        """Return the FBA warehouses where another value of ``name`` would be in force."""
        return [
            one
            for one in self.before.fba_ids
            if self.before.value(name, one) != self.after.value(name, one)
        ]

    def origins_changed(self) -> list[int]:
        """Return the FBA warehouses whose shipments would become other orders than now."""
        return [
            one for one in self.before.fba_ids if self.before.origin(one) != self.after.origin(one)
        ]


def of_connection(connection: Connection) -> Levels:
    """Return the levels of one connection as they are stored. One statement."""
    return Levels(accounts.account(), connection, places_of(connection.id))


def step(row: Connection | Warehouse | Account, values: Mapping[str, Any]) -> list[Step]:
    """Return what saving ``values`` on ``row`` would do to each connection it reaches.

    A connection and its own warehouses reach that one; an own warehouse, which may be the
    source of any, and the stock-order settings reach all. ``values`` are columns, and
    "enabled" of a warehouse.
    """
    typed = Typed(row, values)
    if isinstance(row, Connection):
        before = of_connection(row)
        return [Step(before, Levels(before.account, typed, before.places))]
    if isinstance(row, Warehouse) and row.connection is not None:
        return [_with_place(of_connection(row.connection), row.id, typed)]
    found = every()
    if isinstance(row, Warehouse):
        return [_with_place(levels, row.id, typed) for levels in found]
    return [Step(levels, Levels(typed, levels.connection, levels.places)) for levels in found]


def every() -> list[Levels]:
    """Return the levels of every connection. Two statements."""
    account = accounts.account()
    warehouses = db.session.scalars(select(Warehouse)).all()
    connections = db.session.scalars(select(Connection).order_by(Connection.id)).all()
    return [
        Levels(account, one, {row.id: row for row in _reached(warehouses, one.id)})
        for one in connections
    ]


def places_of(connection_id: int) -> dict[int, Warehouse]:
    """Return the warehouses of the connection, and those that are nobody's, by id."""
    nobodys = Warehouse.kind.in_((WarehouseKind.OWN, WarehouseKind.COMBINED))
    found = select(Warehouse).where(or_(Warehouse.connection_id == connection_id, nobodys))
    return {row.id: row for row in db.session.scalars(found)}


def _with_place(levels: Levels, warehouse_id: int, typed: Typed) -> Step:
    places = {**levels.places, warehouse_id: typed}
    return Step(levels, Levels(levels.account, levels.connection, places))


def _reached(warehouses: Sequence[Warehouse], connection_id: int) -> list[Warehouse]:
    return [row for row in warehouses if row.connection_id in (None, connection_id)]


def _place(row: Any) -> Place:
    return Place(row.id, str(row.kind), row.connection_id, row.is_enabled)
