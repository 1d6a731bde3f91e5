"""Vendors and what each asks for an item, in an uploaded table: one row an item. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.rules import typed
from inventory.rules.currencies import CODES
from inventory.rules.sheets import Column, Problem, Sheet

COLUMNS = (
    Column("vendor", ("name", "supplier", "vendor name"), is_needed=True),
    Column("email", ("e-mail",)),
    Column("phone", ("telephone",)),
    Column("contact", ("contact person",)),
    Column("line1", ("address", "address line 1", "street")),
    Column("line2", ("address line 2",)),
    Column("city", ("town",)),
    Column("state", ("county", "state or county")),
    Column("postal_code", ("zip", "zip code", "postcode")),
    Column("country"),
    Column("currency"),
    Column("payment_terms", ("terms",)),
    Column("lead_time_days", ("lead time", "lead time in days")),
    Column("notes", ("note",)),
    Column("sku", ("seller sku", "MSKU")),
    Column("vendor_sku", ("supplier sku", "item number")),
    Column("unit_cost", ("cost", "price")),
    Column("units_per_case", ("case", "case size", "case pack")),
    Column("minimum_units", ("minimum", "moq", "minimum order quantity")),
)
#: Characters of a vendor's texts, as stored.
LIMITS = {
    "vendor": 150, "email": 254, "phone": 20, "contact": 50, "line1": 180, "line2": 60,
    "city": 30, "state": 30, "postal_code": 32, "payment_terms": 100, "notes": 5000,
}  # fmt: skip
ITEM = ("vendor_sku", "unit_cost", "units_per_case", "minimum_units")
MOST_DAYS, MOST_UNITS = 730, 1_000_000


@dataclass(slots=True)
class SheetItem:
    """What the vendor asks for a SKU; ``said`` has the columns of ``ITEM`` that are not blank."""

    row: int
    sku: str
    said: dict[str, Any]


@dataclass(slots=True)
class SheetVendor:
    """A vendor as written; ``said`` maps a column to its value, blank ones left out."""

    row: int
    name: str
    said: dict[str, Any] = field(default_factory=dict)
    items: list[SheetItem] = field(default_factory=list)
    skus: dict[str, int] = field(default_factory=dict)


def vendors(sheet: Sheet) -> tuple[list[SheetVendor], list[Problem]]:
    """Return the vendors of a sheet read with ``COLUMNS``, and what is wrong by row."""
    names = [column.name for column in COLUMNS]
    problems, found = list(sheet.problems), dict[str, SheetVendor]()
    for number, values in sheet.rows:
        cells = {name: text for name, text in zip(names, values, strict=True) if text}
        name = cells.pop("vendor", "")
        if not name:
            problems.append(Problem(number, "vendor", "is empty."))
            continue
        vendor = found.setdefault(name.casefold(), SheetVendor(number, name))
        if len(name) > LIMITS["vendor"]:
            problems.append(Problem(number, "vendor", _too_long("vendor")))
        item = {key: cells.pop(key) for key in ITEM if key in cells}
        _add(vendor, number, cells.pop("sku", ""), item, sheet.decimal, problems)
        _share(vendor, number, cells, problems)
    return list(found.values()), problems


def template() -> list[str]:
    """Return one row that shows how the columns are filled."""
    example = {
        "vendor": "Kettle Works", "email": "orders@example.com", "line1": "1 Harbour Road",
        "city": "Ningbo", "country": "CN", "currency": "USD", "payment_terms": "30 days net",
        "lead_time_days": "45", "sku": "KETTLE-RED", "vendor_sku": "KW-17", "unit_cost": "4.25",
        "units_per_case": "24", "minimum_units": "240",
    }  # fmt: skip
    return [example.get(column.name, "") for column in COLUMNS]


def _share(
    vendor: SheetVendor, number: int, cells: dict[str, str], problems: list[Problem]
) -> None:
    """Take what is said of the vendor itself: the same in all its rows, or blank."""
    for name, text in cells.items():
        value = _value(name, text)
        if isinstance(value, _Wrong):
            problems.append(Problem(number, name, str(value)))
        elif vendor.said.setdefault(name, value) != value:
            shown = typed.cut(str(vendor.said[name]))
            sentence = f"“{typed.cut(text)}” differs from “{shown}” earlier for this vendor."
            problems.append(Problem(number, name, sentence))


def _add(
    vendor: SheetVendor,
    number: int,
    sku: str,
    cells: dict[str, str],
    decimal: str,
    problems: list[Problem],
) -> None:
    if not sku:
        if cells:
            problems.append(Problem(number, "sku", "is empty, but the row has an item’s terms."))
        return
    first = vendor.skus.setdefault(sku, number)
    if first != number:
        sentence = f"“{typed.cut(sku)}” is in row {first} for this vendor already."
        problems.append(Problem(number, "sku", sentence))
        return
    said = {}
    for name, text in cells.items():
        value = _item_value(name, text, decimal)
        if isinstance(value, _Wrong):
            problems.append(Problem(number, name, str(value)))
        else:
            said[name] = value
    vendor.items.append(SheetItem(number, sku, said))


class _Wrong(str):
    """A sentence, where a text would be a value."""


def _value(name: str, text: str) -> Any:
    if name == "lead_time_days":
        days = typed.whole(text, most=MOST_DAYS)
        return _Wrong(days) if isinstance(days, str) else days
    if name in ("country", "currency"):
        text = text.upper()
    if name == "country" and not (len(text) == 2 and text.isascii() and text.isalpha()):
        return _Wrong(f"“{typed.cut(text)}” is no country: two letters, such as CN.")
    if name == "currency" and text not in CODES:
        return _Wrong(f"“{typed.cut(text)}” is no currency known here.")
    return _Wrong(_too_long(name)) if len(text) > LIMITS.get(name, 255) else text


def _item_value(name: str, text: str, decimal: str) -> Any:
    if name == "vendor_sku":
        return text if len(text) <= 255 else _Wrong(_too_long(name))
    value = (
        typed.amount(text, decimal)
        if name == "unit_cost"
        else typed.whole(text, least=int(name == "units_per_case"), most=MOST_UNITS)
    )
    return _Wrong(value) if isinstance(value, str) else value


def _too_long(name: str) -> str:
    return f"has more than {LIMITS.get(name, 255)} characters."


def item_count(found: Sequence[SheetVendor]) -> int:
    """Return how many items the vendors have together."""
    return sum(len(vendor.items) for vendor in found)
