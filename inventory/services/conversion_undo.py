"""Undoing a conversion of open orders: all of it, or nothing when an order changed since."""

from uuid import uuid4

from sqlalchemy import select

from extensions import db
from inventory.models import Change, OrderKind, StatusType, StockOrder
from inventory.rules.consequences import counted
from inventory.services import changes, conversions


class NotConverted(Exception):
    """An order changed since the conversion: it is not put back. Holds the references."""


def undo(act: Change, *, user_id: int | None) -> int:
    """Put the orders of a conversion back; return how many.

    Raises ``NotConverted`` with the references of those that changed since. Flushes.
    """
    mine = Change.batch == act.batch, Change.subject_kind == "order"
    done = list(db.session.scalars(select(Change).where(*mine).order_by(Change.id)))
    ids = [one.subject_id for one in done]
    rows = db.session.scalars(select(StockOrder).where(StockOrder.id.in_(ids)))
    orders = {row.id: row for row in rows}
    back = [(one, orders[one.subject_id]) for one in done if one.subject_id in orders]
    changed = [row.reference for one, row in back if not _is_as_left(one, row)]
    if changed or is_undone(act):
        raise NotConverted(", ".join(changed))
    batch = str(uuid4())
    for one, row in back:
        old = {name: pair[0] for name, pair in one.fields.items()}
        kind = OrderKind(old.get("kind", row.kind))
        missing = bool(old.get("source_missing", row.source_missing))
        fields = conversions.put(row, kind, old.get("source_id", row.source_id), missing)
        conversions.log(row, f"Put back to {kind} order", fields, batch, user_id).undoes_id = one.id
    told = changes.record(
        act.subject_kind,
        act.subject_id,
        f"Put {counted(len(back), 'order')} back as before the conversion",
        name=act.subject_name,
        user_id=user_id,
    )
    told.batch, told.undoes_id = batch, act.id
    db.session.flush()
    return len(back)


def is_undone(act: Change) -> bool:
    """Return whether somebody undid this act."""
    undone = select(Change.id).where(Change.undoes_id == act.id).limit(1)
    return db.session.scalar(undone) is not None


def of_subject(kind: str, subject_id: int, act_id: int) -> Change | None:
    """Return the act of converting with this id, if it is the subject's."""
    act = db.session.get(Change, act_id)
    is_mine = act is not None and (act.subject_kind, act.subject_id) == (kind, subject_id)
    is_conversion = act is not None and act.batch and not act.fields and not act.undoes_id
    return act if is_mine and is_conversion else None


def _is_as_left(done: Change, order: StockOrder) -> bool:
    as_left = all(getattr(order, name) == pair[1] for name, pair in done.fields.items())
    return as_left and order.status_type == StatusType.ACTIVE and order.locked_at is None
