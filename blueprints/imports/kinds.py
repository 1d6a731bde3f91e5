"""What can be brought in from a file: its columns, how it is checked, and how it is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from blueprints.presentation import units
from inventory.models import OrderKind, StockOrder
from inventory.rules import order_sheets, vendor_sheets
from inventory.rules.sheets import Column, Problem
from inventory.services import (
    import_undo,
    order_bringing,
    order_imports,
    order_line_imports,
    vendor_import_undo,
    vendor_imports,
)
from inventory.services.order_imports import Checked
from inventory.services.order_line_imports import CheckedLines
from inventory.services.vendor_imports import CheckedVendors

#: Column -> what a person should know of it.
HELP = {
    "reference": "Blank: the next number, one order for each destination, vendor or source, date.",
    "destination": "The warehouse’s name.",
    "source": "The own warehouse it comes from.",
    "vendor": "The vendor’s name.",
    "expected": "2026-12-31. Blank: created plus lead time.",
    "created": "Blank: today. Only shipments from that day on are recognised as this order.",
    "status": "A named status. Blank: the one of new orders.",
    "connection": "Only where several connections have the SKU.",
    "currency": "Three letters. Blank: the vendor’s, else the warehouse’s.",
    "sku": "As in Listings. A SKU once for each order.",
    "units": "Whole units ordered, 1 or more.",
    "received": "Units received before. They move no stock here.",
    "unit_cost": "Without tax, in the order’s currency.",
    "tax": "Percent.",
    "lead_time_days": "Days.",
    "country": "Two letters.",
    "minimum_units": "Units of one order.",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a dry run shows: facts in numbers, problems by row, the first of what would come."""

    facts: Sequence[str]
    problems: Sequence[Problem]
    notes: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    count: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing to bring in. ``check`` returns what ``look`` shows and ``bring`` writes."""

    name: str
    title: str
    noun: str
    #: The page it belongs to.
    back: str
    columns: Sequence[Column]
    example: Sequence[str]
    check: Callable[[bytes], Any]
    look: Callable[[Any], Look]
    #: (checked, file name, user id) -> a sentence, where to go on, where a POST undoes it.
    bring: Callable[[Any, str, int], tuple[str, str, str]]
    #: (batch, user id) -> what is undone, "" for nothing. Raises ``import_undo.MovedOn``.
    undo: Callable[[str, int], str] | None = None
    order_id: int | None = None
    #: What was brought in lately and can be undone.
    latest: Callable[[], Sequence[import_undo.Import]] = tuple

    @property
    def path(self) -> str:
        return f"{self.back}/import"


def named(name: str) -> Kind | None:
    """Return the kind of ``/<name>/import``."""
    if name == "vendors":
        return _vendors()
    kinds = {"purchase-orders": OrderKind.PURCHASE, "transfer-orders": OrderKind.TRANSFER}
    return _orders(name, kinds[name]) if name in kinds else None


def lines_of(order: StockOrder, back: str) -> Kind:
    """Return the kind that brings lines into ``order``; ``back`` is the address of its page."""

    def bring(checked: CheckedLines, file: str, user_id: int) -> tuple[str, str, str]:
        act = order_line_imports.bring(order, checked, file, user_id=user_id)
        told = f"{units(len(checked.lines), 'line')} brought in from {file}."
        undo = url_for("orders.undo", change_id=act) if act else ""
        return told, back, undo

    return Kind(
        "lines",
        f"Import lines of {order.reference}",
        "line",
        back,
        order_sheets.LINES,
        order_sheets.template(order_sheets.LINES),
        lambda content: order_line_imports.check(order, content),
        _lines_look,
        bring,
        order_id=order.id,
    )


def _orders(name: str, kind: OrderKind) -> Kind:
    columns, back = order_imports.COLUMNS[kind], f"{request.script_root}/{name}"

    def bring(checked: Checked, file: str, user_id: int) -> tuple[str, str, str]:
        brought = order_bringing.bring(kind, checked, file, user_id=user_id)
        ids = list(brought.references)
        location = f"{back}/{ids[0]}" if len(ids) == 1 else f"{back}?view=all"
        return str(brought), location, f"{back}/import/{brought.batch}/undo"

    def undo(batch: str, user_id: int) -> str:
        count = import_undo.undo(batch, user_id=user_id)
        return f"{units(count, 'order')} deleted" if count else ""

    return Kind(
        name,
        f"Import {name.replace('-', ' ')}",
        "order",
        back,
        columns,
        order_sheets.template(columns),
        lambda content: order_imports.check(kind, content),
        _orders_look,
        bring,
        undo,
        latest=lambda: import_undo.latest("order", kind),
    )


def _vendors() -> Kind:
    back = f"{request.script_root}/vendors"

    def bring(checked: CheckedVendors, file: str, user_id: int) -> tuple[str, str, str]:
        brought = vendor_imports.bring(checked, file, user_id=user_id)
        return str(brought), back, f"{back}/import/{brought.batch}/undo"

    def undo(batch: str, user_id: int) -> str:
        count = vendor_import_undo.undo(batch, user_id=user_id)
        return f"{units(count, 'vendor')} as before" if count else ""

    return Kind(
        "vendors",
        "Import vendors",
        "vendor",
        back,
        vendor_sheets.COLUMNS,
        vendor_sheets.template(),
        vendor_imports.check,
        _vendors_look,
        bring,
        undo,
        latest=lambda: import_undo.latest("vendor"),
    )


def _orders_look(checked: Checked) -> Look:
    return Look(
        (
            units(len(checked.orders), "order"),
            units(checked.line_count, "line"),
            units(checked.units),
        ),
        checked.problems,
        checked.notes,
        ("Reference", "Destination", "From", "Expected", "Lines", "Units"),
        [_order_row(one) for one in checked.orders[:SHOWN]],
        len(checked.orders),
    )


def _order_row(one: order_imports.Ready) -> Sequence[Any]:
    said, lines = one.order.said, one.order.lines
    on: date | None = said.get("expected")
    return (
        one.order.reference or "next number",
        said.get("destination", "–"),
        said.get("vendor") or said.get("source") or "–",
        on or "lead time",
        len(lines),
        one.order.units,
    )


def _lines_look(checked: CheckedLines) -> Look:
    return Look(
        (
            units(len(checked.lines), "line"),
            units(sum(line.units for line in checked.lines)),
        ),
        checked.problems,
        checked.notes,
        ("SKU", "Units now", "Units"),
        [(line.sku, checked.before.get(line.sku, 0), line.units) for line in checked.lines[:SHOWN]],
        len(checked.lines),
    )


def _vendors_look(checked: CheckedVendors) -> Look:
    found = checked.vendors
    return Look(
        (
            units(checked.new_count, "new vendor"),
            f"{units(len(found) - checked.new_count, 'vendor')} changed",
            units(vendor_sheets.item_count(found), "item"),
        ),
        checked.problems,
        checked.notes,
        ("Vendor", "Here it is", "Items"),
        [
            (
                one.name,
                "new" if one.name.casefold() not in checked.known else "changed",
                len(one.items),
            )
            for one in found[:SHOWN]
        ],
        len(found),
    )


#: Rows of what would come that a page shows.
SHOWN = 50
