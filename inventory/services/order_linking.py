"""A shipment hung on an order of the seller's own, and taken off it again."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Attachment,
    OrderLine,
    OrderReceipt,
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
)
from inventory.services import (
    accounts,
    changes,
    lookalikes,
    order_dates,
    order_facts,
    order_saving,
    orders,
)

#: What somebody said of the order that goes, taken over where the one that stays says nothing.
TAKEN_OVER = ("vendor_id", "payment_terms", "payment_on", "discount", "placement_fee")


class CannotLink(Exception):
    """The orders cannot be the same goods. ``args[0]`` is a sentence for people."""


def link(order: StockOrder, made: StockOrder, *, user_id: int | None) -> None:
    """Say that ``made``, Amazon's order of one shipment, is the seller's own ``order``.

    The shipment hangs on ``order``, whose units to come are the shipment's from now on; ``made``
    is deleted, its log stays. So nothing counts twice. Flushes. Raises ``CannotLink``.
    """
    _refuse(order, made)
    merge(order, made, user_id=user_id)


def merge(order: StockOrder, made: StockOrder, *, user_id: int | None) -> None:
    """As ``link``, whatever state the orders are in. Flushes."""
    shipment = db.session.scalars(
        sa.select(Shipment)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .where(OrderShipment.order_id == made.id)
    ).one()
    db.session.execute(
        sa.update(OrderShipment)
        .where(OrderShipment.shipment_id == shipment.id)
        .values(order_id=order.id, user_id=user_id, linked_at=accounts.now())
    )
    _take_over(order, made)
    _log(made, f"This is {order.reference}", {"order": [made.reference, order.reference]}, user_id)
    fields = {"units ordered": [order.units_ordered, made.units_ordered]}
    _log(order, f"Shipment {shipment.amazon_shipment_id} linked", fields, user_id)
    db.session.delete(made)
    db.session.flush()
    order_saving.claim(order, None)
    if order.expected_source != "user":
        order.expected_source = ""
    orders.follow_order(order)
    lookalikes.look_around(order)


def unlink(shipment: Shipment, *, user_id: int | None) -> StockOrder:
    """Take ``shipment`` off the order a person linked it to; return that order.

    The shipment gets an order of its own again, where it is due one, and the seller's counts by
    its own lines again. Flushes. Raises ``CannotLink`` where no person has linked it.
    """
    row = db.session.get(OrderShipment, shipment.id)
    if row is None or row.order.origin == "amazon" or row.order.locked_at is not None:
        raise CannotLink(f"{shipment.amazon_shipment_id} was not linked by hand.")
    order = row.order
    db.session.delete(row)
    db.session.flush()
    _log(order, f"Shipment {shipment.amazon_shipment_id} unlinked", {}, user_id)
    order_saving.claim(order, None)
    if _has_shipments(order):
        orders.follow_order(order)
    else:
        back_to_its_lines(order)
    orders.follow(shipment.connection_id, [shipment.id], None)
    lookalikes.look_around(order)
    return order


def order_of(shipment_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement of the order that a shipment hangs on."""
    return (
        sa.select(StockOrder)
        .join(OrderShipment, OrderShipment.order_id == StockOrder.id)
        .where(OrderShipment.shipment_id == shipment_id)
    )


def _refuse(order: StockOrder, made: StockOrder) -> None:
    if made.origin != "amazon":
        raise CannotLink(f"{made.reference} was not made for a shipment.")
    if order.origin == "amazon" or order.locked_at is not None:
        raise CannotLink(f"{order.reference} belongs to Amazon already.")
    if order.status_type != StatusType.ACTIVE:
        raise CannotLink(f"{order.reference} is {order.status_type}. Make it active first.")
    if order.destination_id != made.destination_id:
        raise CannotLink(f"{order.reference} goes to {order.destination.name}.")
    received = (
        sa.select(OrderReceipt.id)
        .join(OrderLine, OrderLine.id == OrderReceipt.line_id)
        .where(OrderLine.order_id == order.id, OrderReceipt.undone_at.is_(None))
    )
    if db.session.scalar(received.limit(1)) is not None:
        raise CannotLink(
            f"Units of {order.reference} were received by hand. Undo those receipts first."
        )


def _take_over(order: StockOrder, made: StockOrder) -> None:
    for name in TAKEN_OVER:
        if getattr(order, name) in (None, ""):
            setattr(order, name, getattr(made, name))
    if made.notes:
        order.notes = f"{order.notes}\n{made.notes}".strip()
    is_typed = made.shipping_handling_source == "user" and made.currency == order.currency
    if is_typed and order.shipping_handling is None:
        order.shipping_handling, order.shipping_handling_source = made.shipping_handling, "user"
    db.session.execute(
        sa.update(Attachment).where(Attachment.order_id == made.id).values(order_id=order.id)
    )


def back_to_its_lines(order: StockOrder) -> None:
    """Let an order whose shipments are gone count by its own lines again. Flushes."""
    lines = order_facts.lines_of(order.id)
    for sku, line in list(lines.items()):
        line.units_received, line.units_ignored = 0, 0
        if not line.units_ordered:  # came with the shipment
            db.session.delete(lines.pop(sku))
    order.status, order.status_type = "Open", StatusType.ACTIVE
    order.amazon_status, order.flags, order.units_ignored = "", "", 0
    order.closed_on = order.ignored_on = None
    if order.shipping_handling_source == "amazon":
        order.shipping_handling, order.shipping_handling_source = None, ""
    if order.expected_source != "user":
        order_dates.set_expected(order, None)
    order_saving.recount(order, list(lines.values()))
    db.session.flush()


def _has_shipments(order: StockOrder) -> bool:
    found = sa.select(OrderShipment.shipment_id).where(OrderShipment.order_id == order.id)
    return db.session.scalar(found.limit(1)) is not None


def _log(
    order: StockOrder, text: str, fields: Mapping[str, Sequence[Any]], user_id: int | None
) -> None:
    changes.record("order", order.id, text, name=order.reference, fields=fields, user_id=user_id)
