"""Brings one order up to date with its shipments, and logs what that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from extensions import db
from inventory.models import (
    Connection,
    OrderLine,
    Shipment,
    ShipmentLine,
    StatusType,
    StockOrder,
    Warehouse,
)
from inventory.rules import fees, flags, orders, wording
from inventory.rules.fees import Wanted
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.rates import Cross
from inventory.rules.settings import resolve
from inventory.rules.statuses import BUILT_IN
from inventory.services import accounts, changes, departures

#: Words of shipments that say nothing about an order.
NOT_FOR_ORDERS = ("sync_off",)
#: Kept: ``lookalikes`` sets it.
OF_LOOKALIKES = "looks_like:"
LOGGED_LINES = 20


@dataclass(frozen=True, slots=True)
class Here:
    """What one order is brought up to date with; lines by SKU, the order's and Amazon's."""

    connection: Connection
    shipments: Sequence[Shipment]
    parts: Sequence[orders.Part]
    lines: Mapping[str, OrderLine]
    shipped: Mapping[str, ShipmentLine]
    #: Exchange rates for quotes in another currency.
    crosses: Mapping[Wanted, Cross] = field(default_factory=dict)


def update(order: StockOrder, here: Here, run_id: int | None, *, is_new: bool) -> bool:
    """Set what Amazon decides about ``order``; return whether a known order changed.

    What people decide stays: a date or an amount of theirs, a named status while its type
    holds, reference and destination of an order that was not made by Amazon.
    """
    before = _facts(order)
    line_changes, left = _follow_lines(order, here)
    if left and not (is_new and _is_old_news(here)):
        departures.move(order, left)
    _follow_status(order, here)
    if order.origin == "amazon":
        _follow_shipment(order, here.shipments[0])
    _follow_dates(order, here)
    lacks_rate = _follow_fee(order, here)
    order.flags = _flags(order, here, lacks_rate=lacks_rate)
    after = _facts(order)
    fields = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if is_new:
        _log(order, f"Made from shipment {order.reference}", {}, run_id)
        return False
    if places := fields.get("destination"):
        fields["destination"] = [db.session.get_one(Warehouse, place).name for place in places]
    text = wording.sentence(fields, accounts.today())
    fields |= dict(list(line_changes.items())[:LOGGED_LINES])
    if fields:
        _log(order, text, fields, run_id)
    return bool(fields)


def _is_old_news(here: Here) -> bool:
    """Return whether the goods had left before their connection was read at all."""
    return all(row.first_seen_source != "sync" for row in here.shipments)


def _follow_lines(order: StockOrder, here: Here) -> tuple[dict[str, list[int]], dict[int, int]]:
    """Return what differs of units, and listing -> units that left since (negative: came back)."""
    wanted = orders.units(here.parts)
    if order.origin != "amazon":
        plan = {sku: line.units_ordered for sku, line in here.lines.items()}
        wanted = orders.planned(wanted, plan)
    differing: dict[str, list[int]] = {}
    left: dict[int, int] = {}
    new: list[OrderLine] = []
    for sku, units in wanted.items():
        line = here.lines.get(sku)
        if line is None:
            line = _new_line(order, sku, here.shipped[sku].listing_id)
            new.append(line)
        if line.units_ordered != units.ordered:
            differing[f"{sku} ordered"] = [line.units_ordered, units.ordered]
        if line.units_received != units.received:
            differing[f"{sku} received"] = [line.units_received, units.received]
        line.units_ordered = units.ordered
        line.units_received = units.received
        line.units_outstanding = units.outstanding
        line.units_ignored = units.ignored
        if units.sent != line.units_sent:
            left[line.listing_id] = units.sent - line.units_sent
            line.units_sent = units.sent
    db.session.bulk_save_objects(new)
    order.line_count = len(wanted)
    order.units_ordered = sum(units.ordered for units in wanted.values())
    order.units_received = sum(units.received for units in wanted.values())
    order.units_outstanding = sum(units.outstanding for units in wanted.values())
    order.units_ignored = sum(units.ignored for units in wanted.values())
    order.ignored_on = orders.ignored_on(here.parts)
    return differing, left


def _new_line(order: StockOrder, sku: str, listing_id: int) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        seller_sku=sku,
        listing_id=listing_id,
        units_ordered=0,
        units_received=0,
        units_outstanding=0,
        units_ignored=0,
        units_sent=0,
    )


def _follow_status(order: StockOrder, here: Here) -> None:
    known = order.status_type
    order.status_type = StatusType(orders.type_of(here.parts, known))
    is_everybodys = order.origin != "amazon" and order.status in BUILT_IN
    name = "" if is_everybodys else order.status
    order.status = orders.name_of(here.parts, name, type_changed=order.status_type != known)
    order.amazon_status = orders.least_advanced(here.parts)
    order.closed_on = orders.closed_on(here.parts, order.status_type)


def _follow_shipment(order: StockOrder, row: Shipment) -> None:
    order.extra_reference = row.name
    order.created_on = row.first_seen_on
    if row.warehouse_id is None or order.destination_id == row.warehouse_id:
        return
    order.destination_id = row.warehouse_id
    # An amount once stored keeps its currency.
    if order.shipping_handling is None and row.marketplace_id in MARKETPLACES:
        order.currency = MARKETPLACES[row.marketplace_id].currency


def _follow_dates(order: StockOrder, here: Here) -> None:
    if order.expected_source != "user":
        order.expected_on, order.expected_source = orders.expected(here.parts)


def follows_quotes(order: StockOrder, connection: Connection) -> bool:
    """Return whether quotes say what ``order`` costs to ship: never over a person's amount.

    Switching the setting off leaves past amounts; they are only told anew in another currency.
    """
    if order.shipping_handling_source == "user":
        return False
    has_new_currency = order.shipping_handling_source == "amazon" and (
        order.shipping_handling is None
    )
    return has_new_currency or bool(resolve("sync_fees", connection=connection).value)


def _follow_fee(order: StockOrder, here: Here) -> bool:
    if not follows_quotes(order, here.connection):
        return False
    quotes = [quote for part in here.parts for quote in part.quotes]
    fee = fees.fee(quotes, order.currency, here.crosses)
    if fee.amount != order.shipping_handling:
        order.shipping_handling = fee.amount
    order.shipping_handling_source = "" if fee.amount is None else "amazon"
    kept = [] if fee.lacks_rate else [quote.kept for quote in fee.quotes]
    if kept != order.converted_from:
        order.converted_from = kept
    return fee.lacks_rate


def _flags(order: StockOrder, here: Here, *, lacks_rate: bool) -> str:
    found = {word for row in here.shipments for word in flags.words(row.flags)}
    found -= set(NOT_FOR_ORDERS)
    found |= {word for word in flags.words(order.flags) if word.startswith(OF_LOOKALIKES)}
    if order.source_missing:
        found.add("source_missing")
    if lacks_rate:
        found.add("fee_currency")
    return flags.replaced("", (), found)


def _facts(order: StockOrder) -> dict[str, Any]:
    return {
        "status": order.status,
        "type": order.status_type.value,
        "Amazon's status": order.amazon_status,
        "name": order.extra_reference,
        "destination": order.destination_id,
        "created": _text(order.created_on),
        "expected": _text(order.expected_on),
        "closed": _text(order.closed_on),
        "shipping and handling": _amount(order.shipping_handling, order.currency),
        "units ordered": order.units_ordered,
        "units received": order.units_received,
        "units outstanding": order.units_outstanding,
        "flags": order.flags,
    }


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _amount(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else f"{value:.{get_currency_precision(currency)}f} {currency}"


def _log(
    order: StockOrder, text: str, fields: Mapping[str, Sequence[Any]], run_id: int | None
) -> None:
    changes.record(
        "order",
        order.id,
        text,
        name=order.reference,
        fields=fields,
        cause="amazon" if run_id else "rule",
        run_id=run_id,
    )
