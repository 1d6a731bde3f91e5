"""What the log tells of an order that a person changed: its facts before and after, in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from babel.numbers import get_currency_precision

from extensions import db
from inventory.models import OrderLine, StockOrder

#: Lines told one by one; of more only the number is told.
LOGGED = 20
#: Of a note.
CHARACTERS = 80


def lines_of(order_id: int) -> dict[str, OrderLine]:
    """Return SKU -> line of an order. One statement."""
    found = sa.select(OrderLine).where(OrderLine.order_id == order_id)
    return {line.seller_sku: line for line in db.session.scalars(found)}


def facts(order: StockOrder) -> dict[str, Any]:
    """Return what people decide about an order, by name, as the log keeps it."""
    return {
        "reference": order.reference,
        "status": order.status,
        "vendor": order.vendor.name if order.vendor else None,
        "source": order.source.name if order.source else None,
        "destination": order.destination.name,
        "created": _day(order.created_on),
        "expected": _day(order.expected_on),
        "date locked": "yes" if order.expected_source == "user" else None,
        "currency": order.currency,
        "shipping and handling": money(order.shipping_handling, order.currency),
        "placement fee": money(order.placement_fee, order.currency),
        "discount": money(order.discount, order.currency),
        "spread by": order.spread_by,
        "rounding": order.rounding,
        "payment terms": order.payment_terms,
        "payment date": _day(order.payment_on),
        "notes": order.notes,
        "vendor notes": order.vendor_notes,
    }


def line_facts(lines: Iterable[OrderLine]) -> dict[str, Any]:
    """Return units and money of each line, by "<SKU> ordered", "cost", "tax", "case"."""
    found: dict[str, Any] = {}
    for line in lines:
        found[f"{line.seller_sku} ordered"] = line.units_ordered
        found[f"{line.seller_sku} cost"] = plain(line.unit_cost)
        found[f"{line.seller_sku} tax"] = plain(line.tax_rate)
        found[f"{line.seller_sku} case"] = line.units_per_case
    return found


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return name -> [old, new] of what differs, long texts cut.

    A line that was not there had 0 units.
    """
    names = dict.fromkeys([*before, *after])
    pairs = {name: [before.get(name), after.get(name)] for name in names}
    return {
        name: [_told(name, one) for one in pair]
        for name, pair in pairs.items()
        if pair[0] != pair[1]
    }


def summary(fields: Mapping[str, Any], line_fields: Mapping[str, Any]) -> str:
    """Return "Vendor, notes and 3 lines changed"."""
    names = [name for name in fields if name != "date locked"]
    lines = len({name.rpartition(" ")[0] for name in line_fields})
    told = [*names, *([f"{lines:,} line{'' if lines == 1 else 's'}"] if lines else [])]
    text = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told or ["Date"])
    return f"{text[:1].upper()}{text[1:]} changed"


def money(amount: Decimal | None, currency: str) -> str | None:
    """Return an amount with its code, as the log keeps it."""
    if amount is None:
        return None
    return f"{amount:.{get_currency_precision(currency or 'USD')}f} {currency}".strip()


def _told(name: str, value: Any) -> Any:
    if value is None and name.endswith(" ordered"):
        return 0
    is_long = isinstance(value, str) and len(value) > CHARACTERS
    return f"{value[: CHARACTERS - 1]}…" if is_long else value


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def plain(value: Decimal | None) -> str | None:
    """Return a number as the log keeps it, without zeros at its end; ``number`` reads it."""
    return None if value is None else f"{value.normalize():f}"


def number(text: str) -> Decimal:
    """Return the number that ``plain`` wrote."""
    return Decimal(text)
