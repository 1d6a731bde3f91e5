"""Goods received by hand: of orders that no shipment at Amazon belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    OrderKind,
    OrderLine,
    OrderReceipt,
    StatusType,
    StockOrder,
    User,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts, changes, order_facts, order_saving, own_stock

#: Receipts shown on an order's page, newest first.
NEWEST = 20


class CannotReceive(Exception):
    """Nothing of the order can be received here. ``args[0]`` is a sentence for people."""


class AlreadyUndone(Exception):
    """The receipt is not there, or was undone."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one form received: units of so many lines, by whom, and whether it was undone."""

    batch: str
    received_on: date
    units: int
    lines: int
    who: str
    seen_at: datetime
    undone_at: datetime | None
    #: Brought in with the order from a file.
    is_opening: bool


def refusal(order: StockOrder) -> str:
    """Return why nothing of ``order`` can be received by hand; "" when it can."""
    if order_saving.owned_by_amazon(order):
        return "Amazon receives it: what it counts comes with the next sync."
    if order.status_type != StatusType.ACTIVE:
        return f"It is {order.status_type}. Make it active first."
    return ""


def receive(
    order: StockOrder, units: Mapping[int, int], received_on: date, *, user_id: int | None
) -> str:
    """Book units (line id -> units, at least one above 0) as received; return the batch.

    More than ordered is taken, and shows as over. They go into the stock of an own destination,
    and out of that of an own source. Flushes. Raises ``CannotReceive`` and
    ``own_stock.BelowZero`` (the source has not so many); the caller rolls back.
    """
    if why := refusal(order):
        raise CannotReceive(why)
    order_saving.claim(order, None)
    lines = order_facts.lines_of(order.id)
    coming = {line: units[line.id] for line in lines.values() if units.get(line.id)}
    if not coming or any(count < 0 for count in coming.values()):
        raise CannotReceive("Enter the units of at least one line.")
    batch, now = str(uuid4()), accounts.now()
    for line, count in coming.items():
        line.units_received += count
    db.session.add_all(
        OrderReceipt(
            line_id=line.id,
            received_on=received_on,
            units=count,
            user_id=user_id,
            seen_at=now,
            batch=batch,
        )
        for line, count in coming.items()
    )
    order_saving.recount(order, list(lines.values()))
    db.session.flush()
    _move(order, _by_listing(coming), batch, user_id)
    total = sum(coming.values())
    _log(order, f"{_units(total)} received by hand", coming, user_id, batch)
    return batch


def undo(order: StockOrder, batch: str, *, user_id: int | None) -> int:
    """Take back what one form received; return its units. Flushes.

    Raises ``AlreadyUndone``, ``CannotReceive`` (the order is closed) and ``own_stock.BelowZero``
    (some of it has left the stock since).
    """
    if why := refusal(order):
        raise CannotReceive(why)
    order_saving.claim(order, None)
    lines = order_facts.lines_of(order.id)
    by_id = {line.id: line for line in lines.values()}
    rows = db.session.scalars(
        sa.select(OrderReceipt).where(
            OrderReceipt.batch == batch,
            OrderReceipt.undone_at.is_(None),
            OrderReceipt.line_id.in_(list(by_id)),
        )
    ).all()
    if not rows:
        raise AlreadyUndone(batch)
    back = {by_id[row.line_id]: -row.units for row in rows}
    for row in rows:
        row.undone_at = accounts.now()
    for line, count in back.items():
        line.units_received += count
    order_saving.recount(order, list(lines.values()))
    db.session.flush()
    if not rows[0].is_opening:
        _move(order, _by_listing(back), str(uuid4()), user_id, cause="undo")
    total = -sum(back.values())
    _log(order, f"Receipt of {_units(total)} undone", back, user_id, None)
    return total


def batches(order_id: int) -> Sequence[Batch]:
    """Return what was received by hand, newest first, with what was undone. One statement."""
    rows: Sequence[Any] = db.session.execute(
        sa.select(
            OrderReceipt.batch,
            sa.func.min(OrderReceipt.received_on),
            sa.func.sum(OrderReceipt.units),
            sa.func.count(),
            sa.func.max(sa.func.coalesce(sa.func.nullif(User.name, ""), User.email, "")),
            sa.func.min(OrderReceipt.seen_at),
            sa.func.min(OrderReceipt.undone_at),
            OrderReceipt.is_opening,
        )
        .join(OrderLine, OrderLine.id == OrderReceipt.line_id)
        .outerjoin(User, User.id == OrderReceipt.user_id)
        .where(OrderLine.order_id == order_id)
        .group_by(OrderReceipt.batch, OrderReceipt.is_opening)
        .order_by(sa.func.min(OrderReceipt.seen_at).desc(), sa.func.min(OrderReceipt.id).desc())
        .limit(NEWEST)
    ).all()
    return [Batch(row[0], row[1], int(row[2]), *row[3:]) for row in rows]


def _by_listing(units: Mapping[OrderLine, int]) -> dict[int, int]:
    return {line.listing_id: count for line, count in units.items()}


def _move(
    order: StockOrder,
    units: Mapping[int, int],
    batch: str,
    user_id: int | None,
    *,
    cause: str = "receipt",
) -> None:
    """What other places hold is counted by Amazon. A transfer's goods leave when they arrive."""
    told: dict[str, Any] = {"order_id": order.id, "user_id": user_id, "cause": cause}
    if _is_own(order.destination):
        own_stock.move(order.destination.id, units, batch=batch, **told)
    if order.kind == OrderKind.TRANSFER and order.source and _is_own(order.source):
        out = {listing_id: -count for listing_id, count in units.items()}
        own_stock.move(order.source.id, out, batch=batch, **told)


def _is_own(place: Warehouse) -> bool:
    return place.kind == WarehouseKind.OWN


def _log(
    order: StockOrder,
    text: str,
    units: Mapping[OrderLine, int],
    user_id: int | None,
    batch: str | None,
) -> None:
    told = list(units.items())[: order_facts.LOGGED]
    fields = {
        f"{line.seller_sku} received": [line.units_received - count, line.units_received]
        for line, count in told
    }
    change = changes.record(
        "order", order.id, text, name=order.reference, fields=fields, user_id=user_id
    )
    change.batch = batch


def _units(count: int) -> str:
    return f"{count:,} unit{'' if count == 1 else 's'}"
