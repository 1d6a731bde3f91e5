"""What an edit of an order changed, exactly: kept with its place in the log, to be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inventory.models import Change, OrderLine, StockOrder
from inventory.services import changes, order_facts
from inventory.services.order_facts import plain

#: Columns of the header that people write; dates and money are told apart below.
HEADER = (
    "reference", "vendor_id", "source_id", "destination_id", "currency", "rounding", "spread_by",
    "shipping_handling", "shipping_handling_source", "placement_fee", "discount",
    "payment_terms", "payment_on", "notes", "vendor_notes", "created_on",
)  # fmt: skip
AMAZONS = ("reference", "source_id", "destination_id", "rounding", "created_on")
MONEY = ("shipping_handling", "placement_fee", "discount")
DAYS = ("created_on", "payment_on", "expected_on")

#: Name -> value in JSON.
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """An order at one moment: in the words of the log, and exactly."""

    fields: State
    line_fields: State
    header: State
    lines: State


def taken(order: StockOrder, lines: Mapping[str, OrderLine]) -> Taken:
    """Return what ``order`` and its lines (by SKU) say now."""
    return Taken(
        order_facts.facts(order),
        order_facts.line_facts(lines.values()),
        header_of(order),
        lines_of(lines),
    )


def log(
    order: StockOrder,
    before: Taken,
    after: Taken,
    *,
    user_id: int | None,
    undoes: Change | None = None,
) -> bool:
    """Log what differs as one act, with its inverse; False when nothing does.

    ``undoes`` is the act that this one takes back.
    """
    inverse = {
        "header": differing(before.header, after.header),
        "lines": differing(before.lines, after.lines),
    }
    if not any(inverse.values()):
        return False
    fields = order_facts.differing(before.fields, after.fields)
    line_fields = order_facts.differing(before.line_fields, after.line_fields)
    change = changes.record(
        "order",
        order.id,
        f"Undone: {undoes.summary}" if undoes else order_facts.summary(fields, line_fields),
        name=order.reference,
        fields=fields | dict(list(line_fields.items())[: order_facts.LOGGED]),
        user_id=user_id,
    )
    change.inverse, change.undoes_id = inverse, undoes.id if undoes else None
    return True


def header_of(order: StockOrder) -> State:
    """Return what people wrote of an order; ``expected_on`` only where somebody typed it."""
    known = {name: _json(getattr(order, name)) for name in HEADER}
    return known | {"expected_on": _json(typed_date(order))}


def typed_date(order: StockOrder) -> date | None:
    """Return the expected date that somebody typed; ``None`` where it was worked out."""
    return order.expected_on if order.expected_source == "user" else None


def lines_of(lines: Mapping[str, OrderLine]) -> State:
    """Return SKU -> listing, units, cost, tax and units per case of each line."""
    return {
        sku: [
            line.listing_id,
            line.units_ordered,
            plain(line.unit_cost),
            plain(line.tax_rate),
            line.units_per_case,
        ]
        for sku, line in lines.items()
    }


def differing(before: State, after: State) -> State:
    """Return name -> [old, new] of what differs; what is on one side only is ``None``."""
    names = dict.fromkeys([*before, *after])
    pairs = {name: [before.get(name), after.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def is_peoples(inverse: Mapping[str, State]) -> bool:
    """Return whether an edit changed only what stays people's once shipments say the rest."""
    pairs = inverse["lines"].values()
    is_money = all(old and new and _but_money(old) == _but_money(new) for old, new in pairs)
    return is_money and not inverse["header"].keys() & set(AMAZONS)


def has_moved(differences: State, now: State) -> bool:
    """Return whether something in ``differences`` is not any more what it became then."""
    return any(now.get(name) != new for name, (_, new) in differences.items())


def read(name: str, value: Any) -> Any:
    """Return a column's value as ``header_of`` wrote it."""
    if value is None:
        return None
    if name in MONEY:
        return Decimal(value)
    return date.fromisoformat(value) if name in DAYS else value


def _but_money(line: list[Any]) -> list[Any]:
    return [line[0], line[1], line[4]]


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
