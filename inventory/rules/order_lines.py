"""Lines of an order as people type or paste them: read, checked, rounded to cases. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inventory.rules import typed

#: Amazon takes so many lines in one plan; so many fit on one order.
MOST_LINES = 2000
MOST_UNITS = 1_000_000
UP, DOWN, OFF = "up", "down", "off"

UNITS = "Enter a quantity."
TAX = "The tax is at most 100 percent."

_NUMBER, _PLAIN = r"[-+]?[\d.,']*\d", r"[-+]?[\d.']*\d"
#: The shortest SKU that leaves only numbers: "RED KETTLE 12 4.20" has a SKU of two words.
_SPACED = re.compile(rf"(?P<sku>.+?)\s+(?P<units>{_NUMBER})(?:\s+(?P<cost>{_NUMBER}))?")
_COMMAS = re.compile(rf"(?P<sku>.+?)\s*,\s*(?P<units>{_PLAIN})(?:\s*,\s*(?P<cost>{_PLAIN}))?")
_SEMICOLONS = re.compile(rf"(?P<sku>.+?)\s*;\s*(?P<units>{_NUMBER})(?:\s*;\s*(?P<cost>{_NUMBER}))?")
_ENDS_IN_NUMBER = re.compile(rf".+\s{_NUMBER}")


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as typed; blank costs, taxes and cases are unknown."""

    sku: str
    units: str
    cost: str = ""
    tax: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line as it is meant: units of a SKU, cost of one without tax, tax in percent."""

    sku: str
    units: int
    unit_cost: Decimal | None = None
    tax_rate: Decimal | None = None
    units_per_case: int | None = None


def pasted(text: str) -> list[Typed]:
    """Return the lines of ``text``: SKU, units and perhaps a cost, parted by tab, comma or space.

    Cells of a spreadsheet are parted by tabs and taken as they are. A line that has no quantity
    comes back with none, so that it can be told of.
    """
    return [_line(line) for line in text.splitlines() if line.strip()]


def _line(line: str) -> Typed:
    if "\t" in line:
        cells = [cell.strip() for cell in line.split("\t")] + ["", ""]
        return Typed(cells[0], cells[1], cells[2])
    line = line.strip()
    found = _SEMICOLONS.fullmatch(line) or _COMMAS.fullmatch(line)
    # "KETTLE 1,240" has spaces between its parts, and a comma within a number.
    if not found or _ENDS_IN_NUMBER.fullmatch(found["sku"]):
        found = _SPACED.fullmatch(line)
    if not found:
        return Typed(line.rstrip(",;"), "")
    return Typed(found["sku"].rstrip(",;"), found["units"], found["cost"] or "")


def read(line: Typed) -> tuple[Wanted | None, dict[str, str]]:
    """Return the line, or ``None`` with a sentence for each field ("units", "cost" …) at fault."""
    found: dict[str, Any] = {
        "sku": line.sku or "Enter a SKU.",
        "units": typed.whole(line.units, least=1, most=MOST_UNITS) if line.units else UNITS,
        "cost": typed.amount(line.cost) if line.cost else None,
        "tax": _percent(line.tax) if line.tax else None,
        "case": typed.whole(line.case, least=1, most=MOST_UNITS) if line.case else None,
    }
    wrong = {name: value for name, value in found.items() if name != "sku" and _is_text(value)}
    if not line.sku:
        wrong["sku"] = found["sku"]
    if wrong:
        return None, wrong
    return Wanted(line.sku, found["units"], found["cost"], found["tax"], found["case"]), {}


def _percent(text: str) -> Decimal | str:
    value = typed.amount(text)
    return TAX if isinstance(value, Decimal) and value > 100 else value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def doubles(skus: Iterable[str]) -> set[str]:
    """Return the SKUs that are there twice: their units belong on one line."""
    seen: set[str] = set()
    return {sku for sku in skus if sku in seen or seen.add(sku)}  # type: ignore[func-returns-value]


def rounded(units: int, case: int | None, minimum: int | None, rounding: str) -> int:
    """Return ``units`` in whole cases of ``case`` units, rounded "up" or "down"; "off": as typed.

    Rounding up also goes up to the vendor's ``minimum``. Rounding down can give 0: less than a
    case.
    """
    if rounding == UP:
        units = max(units, minimum or 0)
    if not case or rounding == OFF:
        return units
    return -(-units // case) * case if rounding == UP else units // case * case


def outstanding(ordered: int, received: int, *, is_active: bool) -> int:
    """Return the units of a line still to come: none of a draft or of what is over, never < 0."""
    return max(0, ordered - received) if is_active else 0
