"""Takes back the orders of a file: all of them, or none where one moved on since."""

from collections.abc import Sequence

import sqlalchemy as sa

from extensions import db
from inventory.models import Attachment, Change, OrderShipment, StockOrder
from inventory.services import changes
from inventory.services.order_bringing import BROUGHT
from inventory.services.order_undo import undone_ids


class MovedOn(Exception):
    """Orders changed since they were brought in; ``args`` are the references of the first few."""


def undo(batch: str, *, user_id: int) -> int:
    """Delete the orders that an import made, and return how many; 0: undone or unknown.

    One entry of the log for each. Flushes; the caller commits. Raises ``MovedOn``.
    """
    made = (
        sa.select(Change)
        .where(Change.batch == batch, Change.summary.startswith(BROUGHT))
        .order_by(Change.id)
    )
    acts = db.session.scalars(made).all()
    if not acts or undone_ids([act.id for act in acts]):
        return 0
    ids = [act.subject_id for act in acts if act.subject_id is not None]
    locked = sa.select(StockOrder.id).where(StockOrder.id.in_(ids)).with_for_update()
    db.session.execute(locked)  # against an edit between the look and the deed
    if moved := _moved_on(ids, since=acts[-1].id):
        raise MovedOn(*moved)
    for act in acts:
        undone = changes.record(
            "order",
            act.subject_id,
            f"Undone: {act.summary}",
            name=act.subject_name,
            user_id=user_id,
        )
        undone.undoes_id = act.id
    gone = sa.delete(StockOrder).where(StockOrder.id.in_(ids)).returning(StockOrder.id)
    deleted = db.session.scalars(gone, execution_options={"synchronize_session": False}).all()
    db.session.flush()
    return len(deleted)


def _moved_on(ids: Sequence[int], since: int) -> Sequence[str]:
    """Return the references of up to five orders that anybody touched after the act ``since``."""
    touched = (
        sa.select(Change.subject_id).where(Change.subject_kind == "order", Change.id > since),
        sa.select(OrderShipment.order_id),
        sa.select(Attachment.order_id).where(Attachment.order_id.is_not(None)),
    )
    is_touched = [StockOrder.id.in_(one) for one in touched]
    found = sa.select(StockOrder.reference).where(
        StockOrder.id.in_(ids), sa.or_(StockOrder.version > 1, *is_touched)
    )
    return db.session.scalars(found.order_by(StockOrder.id).limit(5)).all()
