"""Orders brought in from a file: looked at first, then made, all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Connection, OrderKind, StockOrder, Vendor, Warehouse, WarehouseKind
from inventory.rules import order_sheets, sheets
from inventory.rules.currencies import CODES
from inventory.rules.order_sheets import SheetLine, SheetOrder
from inventory.rules.sheets import Column, Problem
from inventory.services import order_skus, order_statuses, warehouses

#: Values of one statement: SQLite and Postgres take 32,000 and more.
AT_ONCE = 5000
COLUMNS: Mapping[OrderKind, Sequence[Column]] = {
    OrderKind.PURCHASE: order_sheets.PURCHASE,
    OrderKind.TRANSFER: order_sheets.TRANSFER,
}


@dataclass(slots=True)
class Ready:
    """An order of the file with the rows its names stand for; ``None`` where there is none."""

    order: SheetOrder
    destination: Warehouse | None
    vendor: Vendor | None
    source: Warehouse | None
    connection_id: int | None = None
    #: SKU -> listing.
    found: Mapping[str, order_skus.Found] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file would bring, and every problem by row: with one, nothing is brought."""

    orders: list[Ready]
    problems: list[Problem]
    notes: list[str]

    @property
    def line_count(self) -> int:
        return sum(len(ready.order.lines) for ready in self.orders)

    @property
    def units(self) -> int:
        return sum(ready.order.units for ready in self.orders)


def check(kind: OrderKind, content: bytes) -> Checked:
    """Return what the file would bring. Writes nothing. Raises ``sheets.SheetError``.

    Statements: a few, and one for each destination and vendor, however many rows.
    """
    sheet = sheets.read(content, COLUMNS[kind])
    found, problems = order_sheets.orders(sheet, COLUMNS[kind])
    names = _Names(problems)
    ready = [names.resolve(order, kind) for order in found]
    _refuse_known(kind, found, problems)
    _find_skus(ready, problems)
    problems.sort(key=lambda one: (one.row, one.column))
    return Checked(ready, problems, sheet.notes)


def find_lines(
    found: Sequence[SheetLine],
    problems: list[Problem],
    destination: Warehouse,
    vendor: Vendor | None,
    connection_id: int | None = None,
) -> dict[str, order_skus.Found]:
    """Return SKU -> listing at ``destination``; lines without one are added to ``problems``."""
    known: dict[str, order_skus.Found] = {}
    faults: dict[str, str] = {}
    for some in _parts({line.sku for line in found}):
        answer = order_skus.resolve(some, destination, vendor=vendor, connection_id=connection_id)
        known |= answer.found
        faults |= answer.faults
    for line in found:
        if line.sku in faults:
            sentence = f"“{line.sku[:40]}”: {faults[line.sku]}".replace(
                order_skus.SEVERAL, "several connections have it: say which under “connection”."
            )
            problems.append(Problem(line.row, "sku", sentence))
    return known


class _Names:
    """The names of warehouses, vendors, connections and statuses, whatever their case."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._places = _by_name(
            db.session.scalars(sa.select(Warehouse).where(Warehouse.kind != WarehouseKind.COMBINED))
        )
        self._vendors = _by_name(db.session.scalars(sa.select(Vendor)))
        self._connections = _by_name(db.session.scalars(sa.select(Connection)))
        self._statuses = {name.casefold(): name for name in order_statuses.types()}
        self._sources: dict[int, set[int]] = {}

    def resolve(self, order: SheetOrder, kind: OrderKind) -> Ready:
        """Return ``order`` with its rows; its status and currency as we write them."""
        said = order.said
        ready = Ready(
            order,
            self._named(order, "destination", self._places, "warehouse"),
            self._named(order, "vendor", self._vendors, "vendor"),
            self._named(order, "source", self._places, "warehouse"),
        )
        connection = self._named(order, "connection", self._connections, "connection")
        ready.connection_id = connection.id if connection else None
        needed = ("destination",) if kind == OrderKind.PURCHASE else ("destination", "source")
        for name in needed:
            if name not in said:
                self._tell(order, name, "is empty.")
        self._check_places(ready)
        if "currency" in said:
            said["currency"] = said["currency"].upper()
            if said["currency"] not in CODES:
                self._tell(order, "currency", f"“{said['currency']}” is no currency known here.")
        if "status" in said:
            status = self._statuses.get(said["status"].casefold())
            if status is None:
                self._tell(order, "status", f"“{said['status']}” is no status of orders.")
            said["status"] = status
        return ready

    def _named(self, order: SheetOrder, column: str, known: Mapping[str, Any], noun: str) -> Any:
        name = order.said.get(column)
        if not name:
            return None
        row = known.get(name.casefold())
        if row is None:
            self._tell(order, column, f"“{name[:60]}” is no {noun} known here.")
        elif getattr(row, "disabled_at", None):
            self._tell(order, column, f"“{name[:60]}” is switched off.")
        return row

    def _check_places(self, ready: Ready) -> None:
        destination, source = ready.destination, ready.source
        if destination is None or source is None:
            return
        if destination.id not in self._sources:
            usable = {place.id for place in warehouses.usable_sources(destination)}
            self._sources[destination.id] = usable
        if source.id not in self._sources[destination.id]:
            sentence = f"“{source.name}” cannot be the source of a transfer to {destination.name}."
            self._tell(ready.order, "source", sentence)

    def _tell(self, order: SheetOrder, column: str, sentence: str) -> None:
        self._problems.append(Problem(order.row, column, sentence))


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.name.casefold(): row for row in rows}


def _refuse_known(kind: OrderKind, found: Sequence[SheetOrder], problems: list[Problem]) -> None:
    by_reference = {order.reference: order.row for order in found if order.reference}
    for some in _parts(by_reference):
        there = sa.select(StockOrder.reference).where(
            StockOrder.kind == kind, StockOrder.reference.in_(some)
        )
        for reference in db.session.scalars(there.distinct()):
            sentence = f"An order “{reference}” is there already."
            problems.append(Problem(by_reference[reference], "reference", sentence))


def _find_skus(ready: Sequence[Ready], problems: list[Problem]) -> None:
    """Find the listings of all orders that share destination, vendor and connection at once."""
    groups: dict[Any, list[Ready]] = {}
    for one in ready:
        if one.destination is not None:
            key = (one.destination.id, one.vendor and one.vendor.id, one.connection_id)
            groups.setdefault(key, []).append(one)
    for some in groups.values():
        first = some[0]
        assert first.destination is not None
        lines = [line for one in some for line in one.order.lines]
        found = find_lines(lines, problems, first.destination, first.vendor, first.connection_id)
        for one in some:
            one.found = found


def _parts(values: Iterable[str]) -> Iterable[list[str]]:
    left = iter(values)
    while part := list(islice(left, AT_ONCE)):
        yield part
