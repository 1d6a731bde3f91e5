"""Orders as people write them: made, and edited, with their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from extensions import db
from inventory.models import Change, OrderKind, OrderLine, OrderShipment, StatusType, StockOrder
from inventory.rules.order_lines import outstanding
from inventory.services import (
    accounts,
    changes,
    lookalikes,
    order_dates,
    order_edits,
    order_facts,
    order_numbers,
    order_statuses,
    orders,
    stock,
)

#: What people say of any order; the others below are Amazon's once shipments hang on it.
ALWAYS = (
    "vendor_id", "currency", "discount", "placement_fee", "spread_by", "notes", "vendor_notes",
    "payment_terms", "payment_on",
)  # fmt: skip
OWN = ("destination_id", "source_id", "rounding")


class OrderChanged(Exception):
    """Somebody saved the order since the form was rendered."""


class ReferenceTaken(Exception):
    """Another order of this kind has this reference."""


class LinesReceived(Exception):
    """Lines would go of which units were received. ``skus``."""

    def __init__(self, skus: Sequence[str]) -> None:
        self.skus = list(skus)
        super().__init__(", ".join(skus))


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is to be: units of a listing; cost without tax, tax in percent."""

    sku: str
    listing_id: int
    units: int
    unit_cost: Decimal | None = None
    tax_rate: Decimal | None = None
    units_per_case: int | None = None


def create(
    kind: OrderKind, header: Mapping[str, Any], lines: Sequence[Line], *, user_id: int | None
) -> StockOrder:
    """Make an order; ``header`` has columns by name, ``status`` a named status.

    A blank ``reference`` takes the next number, no ``expected_on`` the lead time. Flushes; the
    caller commits. Raises ``ReferenceTaken``.
    """
    reference = header.get("reference") or ""
    if reference and is_taken(kind, reference):
        raise ReferenceTaken(reference)
    status = header["status"]
    order = StockOrder(
        kind=kind,
        reference=reference or order_numbers.next_reference(kind),
        origin="local",
        status=status,
        status_type=order_statuses.types().get(status, StatusType.ACTIVE),
        created_on=header.get("created_on") or accounts.today(),
        created_at=accounts.now(),
        **{name: header[name] for name in (*ALWAYS, *OWN) if name in header},
    )
    _set_shipping(order, header.get("shipping_handling"))
    db.session.add(order)
    db.session.flush()
    order_dates.set_expected(order, header.get("expected_on"))
    _put_lines(order, {}, lines)
    summary = header.get("summary", "Made here")
    changes.record("order", order.id, summary, name=order.reference, user_id=user_id)
    lookalikes.look_around(order)
    return order


def save(
    order: StockOrder,
    header: Mapping[str, Any],
    lines: Sequence[Line],
    *,
    version: int | None,
    user_id: int | None,
    undoes: Change | None = None,
) -> bool:
    """Store what differs of the header's columns and the lines; False when nothing does.

    Of an order that Amazon owns, only costs, taxes and what people say. Logged as one act, with
    what undoes it; ``undoes`` is the act that this one takes back.
    Flushes. Raises ``OrderChanged``, ``LinesReceived``, ``ReferenceTaken``.
    """
    claim(order, version)
    known = order_facts.lines_of(order.id)
    before = order_edits.taken(order, known)
    is_amazons, currency = owned_by_amazon(order), order.currency
    _set_header(order, header, is_amazons=is_amazons)
    if is_amazons:
        if order.currency != currency and order.shipping_handling_source == "amazon":
            order.shipping_handling = None  # in the other currency; the quotes say it in this one
        _set_costs(known, lines)
        orders.follow_order(order)
    else:
        _put_lines(order, known, lines)
    after = order_edits.taken(order, order_facts.lines_of(order.id))
    if not order_edits.log(order, before, after, user_id=user_id, undoes=undoes):
        return False
    lookalikes.look_around(order)
    return True


def claim(order: StockOrder, version: int | None) -> None:
    """Take the order for one change: its version goes up. Raises ``OrderChanged``.

    ``version`` is the one its form showed, ``None`` for a script that takes what is there.
    """
    wanted = order.version if version is None else version
    step = (
        sa.update(StockOrder)
        .where(StockOrder.id == order.id, StockOrder.version == wanted)
        .values(version=StockOrder.version + 1)
        .returning(StockOrder.version)
    )
    new = db.session.scalar(step, execution_options={"synchronize_session": False})
    if new is None:
        raise OrderChanged(order.reference)
    set_committed_value(order, "version", new)


def owned_by_amazon(order: StockOrder) -> bool:
    """Return whether shipments at Amazon, or a plan on its way there, decide about its lines."""
    if order.origin == "amazon" or order.locked_at is not None:
        return True
    linked = sa.select(OrderShipment.shipment_id).where(OrderShipment.order_id == order.id)
    return db.session.scalar(linked.limit(1)) is not None


def is_taken(kind: OrderKind, reference: str, but: int | None = None) -> bool:
    """Return whether another order of ``kind`` than that of id ``but`` has the reference."""
    found = sa.select(StockOrder.id).where(
        StockOrder.kind == kind,
        StockOrder.reference == reference,
        StockOrder.id.is_distinct_from(but),
    )
    return db.session.scalar(found.limit(1)) is not None


def recount(order: StockOrder, lines: Sequence[OrderLine]) -> None:
    """Set what is to come of each line, and the order's sums of them. For orders without
    shipments: those of the others are the shipments'."""
    is_active = order.status_type == StatusType.ACTIVE
    for line in lines:
        line.units_outstanding = outstanding(
            line.units_ordered, line.units_received, is_active=is_active
        )
    order.line_count = len(lines)
    order.units_ordered = sum(line.units_ordered for line in lines)
    order.units_received = sum(line.units_received for line in lines)
    order.units_outstanding = sum(line.units_outstanding for line in lines)


def _set_header(order: StockOrder, header: Mapping[str, Any], *, is_amazons: bool) -> None:
    for name in ALWAYS if is_amazons else (*ALWAYS, *OWN, "created_on"):
        if name in header:
            setattr(order, name, header[name])
    reference = header.get("reference") or order.reference
    if reference != order.reference and not is_amazons:
        if is_taken(order.kind, reference, order.id):
            raise ReferenceTaken(reference)
        order.reference = reference
    db.session.flush()
    db.session.expire(order, ["vendor", "source", "destination"])
    if "shipping_handling" in header:
        _set_shipping(order, header["shipping_handling"])
    if "shipping_handling_source" in header:
        order.shipping_handling_source = header["shipping_handling_source"]
    _set_expected(order, header, is_amazons=is_amazons)


def _set_shipping(order: StockOrder, amount: Decimal | None) -> None:
    """An amount that differs is somebody's, and no quote overwrites it; none lets quotes in."""
    if amount != order.shipping_handling:
        order.shipping_handling = amount
        order.shipping_handling_source = "" if amount is None else "user"


def _set_expected(order: StockOrder, header: Mapping[str, Any], *, is_amazons: bool) -> None:
    if "expected_on" not in header:
        return
    on = header["expected_on"]
    if on is not None or not is_amazons:
        order_dates.set_expected(order, on)
    elif order.expected_source == "user":
        order.expected_source = ""  # its shipments say it, once they are followed


def _set_costs(known: Mapping[str, OrderLine], lines: Sequence[Line]) -> None:
    for wanted in lines:
        if line := known.get(wanted.sku):
            line.unit_cost, line.tax_rate = wanted.unit_cost, wanted.tax_rate
    db.session.flush()


def _put_lines(order: StockOrder, known: Mapping[str, OrderLine], lines: Sequence[Line]) -> None:
    gone = known.keys() - {line.sku for line in lines}
    if received := sorted(sku for sku in gone if known[sku].units_received):
        raise LinesReceived(received)
    for sku in gone:
        db.session.delete(known[sku])
    rows = [known.get(line.sku) or _new(order, line.sku) for line in lines]
    for row, line in zip(rows, lines, strict=True):
        row.listing_id, row.units_ordered = line.listing_id, line.units
        row.unit_cost, row.tax_rate = line.unit_cost, line.tax_rate
        row.units_per_case = line.units_per_case
    recount(order, rows)
    db.session.add_all(rows)
    db.session.flush()
    stock.appear([order.id])


def _new(order: StockOrder, sku: str) -> OrderLine:
    return OrderLine(order_id=order.id, seller_sku=sku, units_received=0, units_ignored=0)
