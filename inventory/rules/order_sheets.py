"""Orders in an uploaded table: one row a line, rows of one reference are one order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from inventory.rules import typed
from inventory.rules.sheets import Column, Problem, Sheet

MOST_LINES = 2000
MOST_UNITS = 1_000_000
LONGEST_REFERENCE, LONGEST_SKU = 64, 255
#: A line of an order that exists: no header to read.
LINES = (
    Column("sku", ("seller sku", "MSKU", "merchant sku", "item"), is_needed=True),
    Column("units", ("ordered", "quantity", "qty", "units ordered"), is_needed=True),
    Column("unit_cost", ("cost", "price", "unit price")),
    Column("tax", ("tax rate", "vat", "tax %")),
    Column("units_per_case", ("case", "case size", "case pack")),
)
_HEADER = (
    Column("reference", ("order", "order number", "po number", "po", "number")),
    Column("destination", ("destination warehouse", "warehouse", "to"), is_needed=True),
)
_REST = (
    Column("expected", ("expected date", "eta", "due", "arrival")),
    Column("created", ("created date", "date", "order date", "ordered on")),
    Column("status"),
    Column("connection", ("skus of", "account")),
    Column("notes", ("note", "comment")),
    *LINES[:2],
    Column("received", ("units received",)),
)
PURCHASE = (
    *_HEADER,
    Column("vendor", ("supplier",)),
    Column("currency"),
    *_REST,
    *LINES[2:],
)
TRANSFER = (
    *_HEADER,
    Column("source", ("source warehouse", "from"), is_needed=True),
    *_REST,
)
#: What holds for a whole order: the same in all its rows, or blank.
SHARED = (
    "destination", "vendor", "source", "currency", "expected", "created", "status", "connection",
    "notes",
)  # fmt: skip
DAYS = ("expected", "created")
LIMITS = {"notes": 5000, "status": 64, "currency": 3}


@dataclass(slots=True)
class SheetLine:
    """One line as written in row ``row``; amounts are Decimals, tax is in percent."""

    row: int
    sku: str
    units: int
    received: int = 0
    unit_cost: Decimal | None = None
    tax_rate: Decimal | None = None
    units_per_case: int | None = None


@dataclass(slots=True)
class SheetOrder:
    """One order as written; ``said`` maps a shared column to its value, blank ones left out."""

    row: int
    reference: str
    said: dict[str, Any] = field(default_factory=dict)
    lines: list[SheetLine] = field(default_factory=list)
    skus: dict[str, int] = field(default_factory=dict)
    #: Its shared cells as last written: a row that repeats them is not read for them again.
    shared: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)


def orders(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[SheetOrder], list[Problem]]:
    """Return the orders of a sheet read with ``columns``, and what is wrong by row.

    Rows without a reference are one order for each destination, vendor or source, and date.
    """
    names = [column.name for column in columns]
    shared_of = itemgetter(*(at for at, name in enumerate(names) if name in SHARED))
    problems = list(sheet.problems)
    found: dict[Any, SheetOrder] = {}
    for number, values in sheet.rows:
        cells = dict(zip(names, values, strict=True))
        order = _order(found, number, cells)
        if order.shared != (shared := shared_of(values)):
            order.shared = shared
            _share(order, number, cells, problems)
        if line := _line(number, cells, sheet.decimal, problems):
            _add(order, line, problems)
    for order in found.values():
        if len(order.lines) > MOST_LINES:
            sentence = f"{order.reference or 'This order'} has more than {MOST_LINES} lines."
            problems.append(Problem(order.row, "reference", sentence))
    return list(found.values()), problems


def lines(sheet: Sheet) -> tuple[list[SheetLine], list[Problem]]:
    """Return the lines of a sheet read with ``LINES``, and what is wrong by row."""
    order, problems = SheetOrder(0, ""), list(sheet.problems)
    names = [column.name for column in LINES]
    for number, values in sheet.rows:
        cells = dict(zip(names, values, strict=True))
        if line := _line(number, cells, sheet.decimal, problems):
            _add(order, line, problems)
    return order.lines, problems


def template(columns: Sequence[Column]) -> list[str]:
    """Return one row that shows how ``columns`` are filled."""
    example = {
        "reference": "PO-1044", "destination": "Harbour NA FBA US", "vendor": "Kettle Works",
        "source": "Prep Centre Reno", "currency": "USD", "expected": "2026-12-31",
        "created": "2026-11-20", "status": "Open", "notes": "", "sku": "KETTLE-RED", "units": "480",
        "received": "0", "unit_cost": "4.25", "tax": "0", "units_per_case": "24",
    }  # fmt: skip
    return [example.get(column.name, "") for column in columns]


def _order(found: dict[Any, SheetOrder], number: int, cells: dict[str, str]) -> SheetOrder:
    reference = cells["reference"]
    key: Any = reference or tuple(
        cells.get(name, "").casefold() for name in ("destination", "vendor", "source", "expected")
    )
    if key not in found:
        found[key] = SheetOrder(number, reference)
    return found[key]


def _share(order: SheetOrder, number: int, cells: dict[str, str], problems: list[Problem]) -> None:
    if number == order.row and len(order.reference) > LONGEST_REFERENCE:
        sentence = f"has more than {LONGEST_REFERENCE} characters."
        problems.append(Problem(number, "reference", sentence))
    for name in SHARED:
        text = cells.get(name)
        if not text:
            continue
        value, most = typed.day(text) if name in DAYS else text, LIMITS.get(name, 255)
        if isinstance(value, str) and name in DAYS:
            problems.append(Problem(number, name, value))
        elif len(text) > most:
            problems.append(Problem(number, name, f"has more than {most} characters."))
        elif order.said.setdefault(name, value) != value:
            other = order.said[name]
            shown = other.isoformat() if isinstance(other, date) else typed.cut(other)
            sentence = f"“{typed.cut(text)}” differs from “{shown}” earlier in the same order."
            problems.append(Problem(number, name, sentence))


def _line(
    number: int, cells: dict[str, str], decimal: str, problems: list[Problem]
) -> SheetLine | None:
    sku, units = cells["sku"], typed.whole(cells["units"], least=1, most=MOST_UNITS)
    if not sku:
        problems.append(Problem(number, "sku", "is empty."))
    elif len(sku) > LONGEST_SKU:
        problems.append(Problem(number, "sku", f"has more than {LONGEST_SKU} characters."))
    if isinstance(units, str):
        sentence = units if cells["units"] else "is empty."
        problems.append(Problem(number, "units", sentence))
    line = SheetLine(number, sku, units if isinstance(units, int) else 0)
    if text := cells.get("received"):
        line.received = _kept(typed.whole(text, most=MOST_UNITS), number, "received", problems) or 0
    if text := cells.get("unit_cost"):
        line.unit_cost = _kept(typed.amount(text, decimal), number, "unit_cost", problems)
    if text := cells.get("tax"):
        line.tax_rate = _kept(_percent(text, decimal), number, "tax", problems)
    if text := cells.get("units_per_case"):
        case = typed.whole(text, least=1, most=MOST_UNITS)
        line.units_per_case = _kept(case, number, "units_per_case", problems)
    return line if 0 < len(sku) <= LONGEST_SKU else None


def _percent(text: str, decimal: str) -> Decimal | str:
    value = typed.amount(text.removesuffix("%").strip(), decimal)
    if isinstance(value, Decimal) and value > 100:
        return f"“{typed.cut(text)}” is more than 100 percent."
    return value


def _kept(value: Any, number: int, column: str, problems: list[Problem]) -> Any:
    if not isinstance(value, str):
        return value
    problems.append(Problem(number, column, value))
    return None


def _add(order: SheetOrder, line: SheetLine, problems: list[Problem]) -> None:
    first = order.skus.setdefault(line.sku, line.row)
    if first != line.row:
        sentence = f"“{typed.cut(line.sku)}” is in row {first} of the same order already."
        problems.append(Problem(line.row, "sku", sentence))
    else:
        order.lines.append(line)
