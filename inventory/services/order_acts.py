"""Acts on orders as a whole: duplicate, split, status, vendor, delete. One order or many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderLine, OrderShipment, StatusType, StockOrder, Vendor
from inventory.rules.order_acts import refusal
from inventory.services import (
    accounts,
    changes,
    lookalikes,
    order_facts,
    order_saving,
    order_statuses,
)
from inventory.services.order_saving import Line

#: Of one bulk act.
MOST_ORDERS = 500
COPIED = (*order_saving.ALWAYS, *order_saving.OWN)


class CannotDo(Exception):
    """The act is not possible on this order. ``args[0]`` is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Done:
    """A bulk act: orders changed as one ``batch``, and sentences on those that were not."""

    batch: str
    changed: int
    refused: Sequence[str] = ()


def duplicate(order: StockOrder, *, user_id: int | None) -> StockOrder:
    """Return a new draft with the same header and lines, nothing received. Flushes."""
    header = {name: getattr(order, name) for name in COPIED if name != "payment_on"}
    header |= {"status": "Draft", "summary": f"Made as a copy of {order.reference}"}
    if order.shipping_handling_source == "user":
        header["shipping_handling"] = order.shipping_handling
    lines = [_line(row) for row in _lines(order) if row.units_ordered]
    return order_saving.create(order.kind, header, lines, user_id=user_id)


def split(order: StockOrder, units: Mapping[int, int], *, user_id: int | None) -> StockOrder:
    """Move units (line id -> units) to a second order with the same header; return that.

    Only what is not received yet can go, and something must stay. Fees stay where they are.
    Flushes. Raises ``CannotDo``.
    """
    if order_saving.owned_by_amazon(order):
        raise CannotDo("Its lines are Amazon’s, so it cannot be split here.")
    if order.status_type not in (StatusType.ACTIVE, StatusType.DRAFT):
        raise CannotDo(f"It is {order.status_type}. Make it active first.")
    lines = _lines(order)
    going = [replace(_line(row), units=units[row.id]) for row in lines if units.get(row.id)]
    for row in lines:
        free = max(0, row.units_ordered - row.units_received)
        if not 0 <= units.get(row.id, 0) <= free:
            raise CannotDo(f"Of {row.seller_sku}, from 0 to {free} units can go.")
    left = sum(row.units_ordered for row in lines) - sum(line.units for line in going)
    if not going or not left:
        raise CannotDo("Choose some of the units, not none and not all.")
    order_saving.claim(order, None)
    second = _second(order, going, user_id)
    _take(order, lines, units)
    before = left + sum(line.units for line in going)
    fields = {"units ordered": [before, left]}
    _log(order, f"Split: {second.reference} has the rest", fields, user_id, None)
    lookalikes.look_around(order)
    return second


def set_status(
    order: StockOrder, status: str, *, user_id: int | None, batch: str | None = None
) -> bool:
    """Give ``order`` a named status; False when it has it. Flushes. Raises ``CannotDo``."""
    kind = order_statuses.types().get(status)
    if kind is None:
        raise CannotDo("There is no such status.")
    if (order.status, order.status_type) == (status, kind):
        return False
    is_amazons = order_saving.owned_by_amazon(order)
    why = refusal(
        order.status_type,
        kind,
        is_amazons=is_amazons,
        has_receipts=order.units_received > 0,
        has_lines=order.line_count > 0,
    )
    if why:
        raise CannotDo(why)
    order_saving.claim(order, None)
    fields = {"status": [order.status, status], "type": [order.status_type.value, kind.value]}
    order.status, order.status_type = status, kind
    if not is_amazons:
        is_over = kind in (StatusType.CLOSED, StatusType.CANCELED)
        order.closed_on = accounts.today() if is_over else None
        order_saving.recount(order, _lines(order))
    _log(order, f"Status {fields['status'][0]} → {status}", fields, user_id, batch)
    lookalikes.look_around(order)
    return True


def set_vendor(
    order: StockOrder, vendor: Vendor | None, *, user_id: int | None, batch: str | None = None
) -> bool:
    """Give ``order`` a vendor, or none; False when it has it. Flushes. Raises ``CannotDo``."""
    if order.kind != "purchase":
        raise CannotDo("A transfer order has no vendor.")
    if vendor is not None and vendor.disabled_at is not None:
        raise CannotDo(f"{vendor.name} is disabled.")
    if order.vendor_id == (vendor.id if vendor else None):
        return False
    order_saving.claim(order, None)
    names = [order.vendor.name if order.vendor else None, vendor.name if vendor else None]
    order.vendor = vendor
    db.session.flush()
    text = f"Vendor set to {names[1]}" if vendor else "Vendor removed"
    _log(order, text, {"vendor": names}, user_id, batch)
    return True


def unlock_date(order: StockOrder, *, user_id: int | None) -> bool:
    """Let shipments or the lead time say the expected date again; False when they do. Flushes."""
    if order.expected_source != "user":
        return False
    lines = [_line(row) for row in _lines(order)]
    return order_saving.save(order, {"expected_on": None}, lines, version=None, user_id=user_id)


def for_many(order_ids: Sequence[int], act: Callable[[StockOrder, str], bool]) -> Done:
    """Do ``act`` (order, batch) on each of at most 500 orders; those it refuses are told of."""
    batch, changed, refused = str(uuid4()), 0, []
    found = sa.select(StockOrder).where(StockOrder.id.in_(list(order_ids)[:MOST_ORDERS]))
    for order in db.session.scalars(found.order_by(StockOrder.id)).all():
        try:
            changed += act(order, batch)
        except CannotDo as why:
            refused.append(f"{order.reference}: {why}")
    return Done(batch, changed, refused)


def delete_draft(order: StockOrder, *, user_id: int | None) -> None:
    """Delete an order that is a draft of the seller's own. Flushes. Raises ``CannotDo``."""
    if order.status_type != StatusType.DRAFT or order_saving.owned_by_amazon(order):
        raise CannotDo("Only a draft can be deleted. Cancel the order instead.")
    order_saving.claim(order, None)
    _log(order, "Draft deleted", {}, user_id, None)
    db.session.execute(sa.delete(OrderShipment).where(OrderShipment.order_id == order.id))
    db.session.delete(order)
    db.session.flush()


def _second(order: StockOrder, going: Sequence[Line], user_id: int | None) -> StockOrder:
    header: dict[str, Any] = {name: getattr(order, name) for name in COPIED}
    # Fees and discount were said of the whole, and stay with the first.
    header |= {"discount": None, "placement_fee": None, "status": order.status}
    header |= {"summary": f"Split off {order.reference}", "created_on": order.created_on}
    if order.expected_source == "user":
        header["expected_on"] = order.expected_on
    return order_saving.create(order.kind, header, going, user_id=user_id)


def _take(order: StockOrder, lines: Sequence[OrderLine], units: Mapping[int, int]) -> None:
    kept = []
    for row in lines:
        row.units_ordered -= units.get(row.id, 0)
        if row.units_ordered:
            kept.append(row)
        else:
            db.session.delete(row)
    order_saving.recount(order, kept)
    db.session.flush()


def _lines(order: StockOrder) -> list[OrderLine]:
    return list(order_facts.lines_of(order.id).values())


def _line(row: OrderLine) -> Line:
    return Line(
        row.seller_sku,
        row.listing_id,
        row.units_ordered,
        row.unit_cost,
        row.tax_rate,
        row.units_per_case,
    )


def _log(
    order: StockOrder,
    text: str,
    fields: Mapping[str, Sequence[Any]],
    user_id: int | None,
    batch: str | None,
) -> None:
    change = changes.record(
        "order", order.id, text, name=order.reference, fields=fields, user_id=user_id
    )
    change.batch = batch
