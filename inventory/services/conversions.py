"""Open orders that Amazon's shipments became, turned into the other kind: one act, undoable."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from extensions import db
from inventory.models import (
    Change,
    Connection,
    OrderKind,
    OrderShipment,
    StatusType,
    StockOrder,
    Warehouse,
)
from inventory.rules import flags
from inventory.rules.consequences import counted
from inventory.rules.orders import TRANSFER
from inventory.services import changes, departures
from inventory.services.levels import Levels

MISSING = ("source_missing",)
_OTHER = aliased(StockOrder)
#: Why an order stays as it is: it says what only the other kind can say, or is under way.
VENDOR, LOCKED, TAKEN = (
    "it has a vendor or terms of payment",
    "it is being sent to Amazon",
    "another order of that kind has its reference",
)
_TERMS = or_(
    StockOrder.vendor_id.is_not(None),
    StockOrder.payment_terms != "",
    StockOrder.payment_on.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Open orders that differ from what shipments become now, of one kind and one refusal."""

    kind: str
    orders: int
    units: int
    refused: str


def groups(levels: Levels, places: Sequence[int]) -> list[Group]:
    """Return the open orders to ``places`` that are not what ``levels`` say. One statement."""
    if not places:
        return []
    found = _differing(levels, places).subquery()
    keys = (found.c.kind, found.c.refused)
    totals = (func.count(), func.sum(found.c.units_outstanding))
    rows = db.session.execute(select(*keys, *totals).group_by(*keys).order_by(*keys))
    return [Group(kind, count, int(units), refused) for kind, refused, count, units in rows]


def candidates(levels: Levels, places: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the orders behind ``groups``, each with why it is ``refused`` ("" when not)."""
    if not places:
        return []
    found = _differing(levels, places)
    return db.session.execute(found.order_by(StockOrder.expected_on, StockOrder.id)).all()


def refusals(found: Sequence[Group]) -> str:
    """Return why orders cannot be converted, as sentences."""
    counts: Counter[str] = Counter()
    for one in found:
        if one.refused:
            counts[one.refused] += one.orders
    return " ".join(
        f"{counted(count, 'order')} cannot be converted: {reason}."
        for reason, count in counts.items()
    )


def convert(
    levels: Levels,
    places: Sequence[int],
    *,
    on: Connection | Warehouse,
    user_id: int | None,
) -> int:
    """Make every open order to ``places`` what ``levels`` say; return how many were another.

    The orders' changes share a ``batch`` with the act, which is logged ``on`` whose settings
    it follows, and are undone by ``conversion_undo``. Refused ones stay. Flushes.
    """
    ready = {row.id for row in candidates(levels, places) if not row.refused}
    if not ready:
        return 0
    batch = str(uuid4())
    for order in db.session.scalars(select(StockOrder).where(StockOrder.id.in_(ready))):
        after = levels.origin(order.destination_id)
        fields = put(order, OrderKind(after.kind), after.source_id, after.source_missing)
        log(order, f"Converted to {after.kind} order", fields, batch, user_id)
    act = changes.record(
        "connection" if isinstance(on, Connection) else "warehouse",
        on.id,
        f"Converted {counted(len(ready), 'open order')}",
        name=on.name,
        user_id=user_id,
    )
    act.batch = batch
    db.session.flush()
    return len(ready)


def _differing(levels: Levels, places: Sequence[int]) -> Select[Any]:
    """Select open orders of Amazon's, linked to a shipment, that are not what is in force."""
    wanted = [(one, levels.origin(one)) for one in places]
    differs = or_(
        *(
            and_(
                StockOrder.destination_id == one,
                or_(
                    StockOrder.kind != after.kind,
                    StockOrder.source_id.is_distinct_from(after.source_id),
                ),
            )
            for one, after in wanted
        )
    )
    transfers = [one for one, after in wanted if after.kind == TRANSFER]
    return select(
        StockOrder.id,
        StockOrder.kind,
        StockOrder.reference,
        StockOrder.source_id,
        StockOrder.destination_id,
        StockOrder.units_outstanding,
        _refused(transfers).label("refused"),
    ).where(
        StockOrder.status_type == StatusType.ACTIVE,
        StockOrder.origin == "amazon",
        exists().where(OrderShipment.order_id == StockOrder.id),
        differs,
    )


def _refused(transfers: Sequence[int]) -> Any:
    to_transfer = StockOrder.destination_id.in_(transfers)
    taken = exists().where(
        _OTHER.reference == StockOrder.reference,
        _OTHER.destination_id == StockOrder.destination_id,
        _OTHER.id != StockOrder.id,
    )
    return case(
        (StockOrder.locked_at.is_not(None), literal(LOCKED)),
        (and_(to_transfer, _TERMS), literal(VENDOR)),
        (taken, literal(TAKEN)),
        else_=literal(""),
    )


def put(
    order: StockOrder, kind: OrderKind, source_id: int | None, source_missing: bool
) -> dict[str, list[Any]]:
    """Set an order's kind and source; return the fields that changed, as the log keeps them."""
    after = {"kind": kind, "source_id": source_id, "source_missing": source_missing}
    fields = {
        name: [getattr(order, name), value]
        for name, value in after.items()
        if getattr(order, name) != value
    }
    if "source_id" in fields:
        departures.give_back(order)
    for name, value in after.items():
        setattr(order, name, value)
    words = MISSING if source_missing else ()
    order.flags = flags.replaced(order.flags, MISSING, words)
    return fields


def log(
    order: StockOrder,
    text: str,
    fields: dict[str, list[Any]],
    batch: str,
    user_id: int | None,
) -> Change:
    """Log one order of an act. The caller commits."""
    done = changes.record(
        "order", order.id, text, name=order.reference, fields=fields, user_id=user_id
    )
    done.batch = batch
    return done


def places_of(row: Connection | Warehouse, levels: Levels) -> list[int]:
    """Return the FBA warehouses whose orders follow the settings of ``row``."""
    return levels.fba_ids if isinstance(row, Connection) else [row.id]
