"""The same goods twice: a shipment's order made for Amazon, and an order of the seller's own.

Found by destination, SKUs and quantities, and offered as "this is PO-1043". Linking replaces,
never adds: the shipment hangs on the seller's order, and the one that was made for it is gone
until somebody unlinks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Change,
    NotAlike,
    OrderLine,
    OrderShipment,
    StatusType,
    StockOrder,
)
from inventory.rules import flags
from inventory.rules.lookalikes import TOLERANCE_PERCENT, is_alike
from inventory.services import accounts, changes

FLAG = "looks_like"
#: Compared line by line; the units of the whole have narrowed it by then.
MOST = 100

_linked = sa.exists().where(OrderShipment.order_id == StockOrder.id)


def look(found: Iterable[StockOrder]) -> None:
    """Flag those of ``found`` that look like an open order of the seller's own, and only those.

    At most three statements, however many orders; one where nobody waits for goods. Flushes
    nothing.
    """
    made = [order for order in found if order.origin == "amazon"]
    is_open = [order for order in made if order.status_type == StatusType.ACTIVE]
    waiting = _waiting({order.destination_id for order in is_open})
    near = {order.id: [one for one in waiting if _may_be(one, order)] for order in is_open}
    dismissed = _dismissed({one.id for some in near.values() for one in some})
    near = {
        made_id: [one for one in some if (made_id, one.id) not in dismissed]
        for made_id, some in near.items()
    }
    ids = {one.id for some in near.values() for one in some}
    lines = _lines([*ids, *(order_id for order_id, some in near.items() if some)])
    for order in made:
        alike = next(
            (one for one in near.get(order.id, ()) if is_alike(lines[one.id], lines[order.id])),
            None,
        )
        _flag(order, alike)


def look_around(order: StockOrder) -> None:
    """Look again at the orders made for shipments that may be ``order``, after it was changed.

    Also at those that looked like it until now. Two statements, where none may be it. Flushes.
    """
    db.session.flush()
    said = sa.and_(
        StockOrder.flags != "",
        StockOrder.flags.contains(f"{FLAG}:{order.reference}", autoescape=True),
    )
    near = sa.and_(
        StockOrder.destination_id == order.destination_id,
        StockOrder.line_count == order.line_count,
        StockOrder.units_ordered.between(*_span(order.units_ordered)),
    )
    found = sa.select(StockOrder).where(
        StockOrder.origin == "amazon",
        StockOrder.status_type == StatusType.ACTIVE,
        sa.or_(said, near),
    )
    look(db.session.scalars(found.order_by(StockOrder.id.desc()).limit(MOST)).all())
    db.session.flush()


def dismiss(made: StockOrder, own: StockOrder, *, user_id: int | None) -> Change | None:
    """Say that ``made``, the order of a shipment, is not ``own``: it is never offered again.

    Return the act in the log, ``None`` when it was said already. Flushes.
    """
    shipment_id = db.session.scalar(
        sa.select(OrderShipment.shipment_id).where(OrderShipment.order_id == made.id)
    )
    if shipment_id is None:
        return None
    if db.session.get(NotAlike, (shipment_id, own.id)) is not None:
        return None
    db.session.add(
        NotAlike(shipment_id=shipment_id, order_id=own.id, user_id=user_id, said_at=accounts.now())
    )
    db.session.flush()
    look([made])
    text = f"Not the same as {own.reference}"
    change = changes.record("order", made.id, text, name=made.reference, user_id=user_id)
    change.inverse = {"not alike": [shipment_id, own.id]}
    db.session.flush()
    return change


def offer_again(made: StockOrder, shipment_id: int, own_id: int) -> None:
    """Take ``dismiss`` back: what looks alike is offered again. Flushes."""
    found = sa.delete(NotAlike).where(
        NotAlike.shipment_id == shipment_id, NotAlike.order_id == own_id
    )
    db.session.execute(found)
    look([made])
    db.session.flush()


def candidate(order: StockOrder) -> StockOrder | None:
    """Return the seller's own open order that ``order``, made for a shipment, looks like."""
    word = next((one for one in flags.words(order.flags) if one.startswith(f"{FLAG}:")), "")
    if not word:
        return None
    reference = word.partition(":")[2]
    return next(
        (one for one in _waiting({order.destination_id}) if one.reference == reference), None
    )


def _waiting(destinations: Iterable[int]) -> Sequence[StockOrder]:
    """Return the seller's own open orders to these places that no shipment hangs on."""
    places = set(destinations)
    if not places:
        return []
    return db.session.scalars(
        sa.select(StockOrder)
        .where(
            StockOrder.destination_id.in_(places),
            StockOrder.status_type == StatusType.ACTIVE,
            StockOrder.origin == "local",
            StockOrder.locked_at.is_(None),
            StockOrder.units_received == 0,
            sa.not_(_linked),
        )
        .order_by(StockOrder.created_on, StockOrder.id)
    ).all()


def _may_be(own: StockOrder, made: StockOrder) -> bool:
    low, high = _span(own.units_ordered)
    return (
        own.destination_id == made.destination_id
        and own.line_count == made.line_count
        and low <= made.units_ordered <= high
        and own.created_on <= made.created_on
    )


def _span(units: int) -> tuple[int, int]:
    give = units * TOLERANCE_PERCENT // 100
    return units - give, units + give


def _dismissed(own_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (id of the order made, id of the seller's own) of pairs that are not the same."""
    if not own_ids:
        return set()
    found = (
        sa.select(OrderShipment.order_id, NotAlike.order_id)
        .join(NotAlike, NotAlike.shipment_id == OrderShipment.shipment_id)
        .where(NotAlike.order_id.in_(own_ids))
    )
    return {(made_id, own_id) for made_id, own_id in db.session.execute(found)}


def _lines(order_ids: Sequence[int]) -> Mapping[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if order_ids:
        rows: Sequence[Any] = db.session.execute(
            sa.select(OrderLine.order_id, OrderLine.seller_sku, OrderLine.units_ordered).where(
                OrderLine.order_id.in_(order_ids)
            )
        ).all()
        for order_id, sku, units in rows:
            found[order_id][sku] = units
    return found


def _flag(order: StockOrder, alike: StockOrder | None) -> None:
    # A comma parts the words of a row's flags.
    word = [f"{FLAG}:{alike.reference}"] if alike and "," not in alike.reference else []
    new = flags.replaced(order.flags, (FLAG,), word)
    if new != order.flags:
        order.flags = new
