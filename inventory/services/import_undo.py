"""Takes back what a file brought in: all of it, or nothing where something moved on since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import Attachment, Change, OrderKind, OrderShipment, StockOrder
from inventory.services import accounts, changes
from inventory.services.order_bringing import BROUGHT

#: How long an import is offered to be undone, and how many of them.
OFFERED_FOR = timedelta(days=30)
MOST_OFFERED = 10


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was brought in and not undone: ``count`` orders, or vendors."""

    batch: str
    file: str
    count: int
    at: datetime
    who: str


class MovedOn(Exception):
    """Something changed since it was brought in; ``args`` are the names of the first few."""


def undo(batch: str, *, user_id: int) -> int:
    """Delete the orders that an import made, and return how many; 0: undone or unknown.

    One entry of the log for each. Flushes; the caller commits. Raises ``MovedOn``.
    """
    acts = acts_of(batch, "order")
    if not acts:
        return 0
    made = _ids(batch)
    locked = sa.select(StockOrder.id).where(StockOrder.id.in_(made)).with_for_update()
    db.session.execute(locked)  # against an edit between the look and the deed
    if moved := _moved_on(made, since=acts[-1].id):
        raise MovedOn(*moved)
    gone = sa.delete(StockOrder).where(StockOrder.id.in_(made)).returning(StockOrder.id)
    deleted = db.session.scalars(gone, execution_options={"synchronize_session": False}).all()
    for act in acts:
        log(act, user_id)
    db.session.flush()
    return len(deleted)


def latest(subject_kind: str, order_kind: OrderKind | None = None) -> Sequence[Import]:
    """Return the newest imports, newest first; of orders those of one kind. Two statements."""
    wanted = [
        Change.subject_kind == subject_kind,
        Change.at >= accounts.now() - OFFERED_FOR,
        Change.summary.startswith(BROUGHT),
        Change.batch.is_not(None),
    ]
    if order_kind is not None:
        wanted.append(Change.subject_id.in_(sa.select(StockOrder.id).filter_by(kind=order_kind)))
    last, count = sa.func.max(Change.id), sa.func.count()
    batches = db.session.execute(
        sa.select(last, count)
        .where(*wanted)
        .group_by(Change.batch)
        .order_by(last.desc())
        .limit(2 * MOST_OFFERED)
    )
    counts = {change_id: number for change_id, number in batches}  # noqa: C416 - to mypy a row is no pair
    undone = sa.select(Change.undoes_id).where(Change.undoes_id.in_(list(counts)))
    found = sa.select(Change).where(Change.id.in_(list(counts)), Change.id.not_in(undone))
    newest = found.options(joinedload(Change.user)).order_by(Change.id.desc()).limit(MOST_OFFERED)
    return [
        Import(
            one.batch or "",
            one.summary.removeprefix(BROUGHT).partition(": ")[0].strip(),
            counts[one.id],
            one.at,
            one.user.shown_name if one.user else "somebody removed since",
        )
        for one in db.session.scalars(newest)
    ]


def acts_of(batch: str, subject_kind: str) -> Sequence[Change]:
    """Return the log's entries of an import, in order; none where it was undone or is unknown."""
    acts = sa.select(Change).where(_brought(batch, subject_kind)).order_by(Change.id)
    ids = sa.select(Change.id).where(_brought(batch, subject_kind))
    undone = sa.select(Change.id).where(Change.undoes_id.in_(ids)).limit(1)
    return db.session.scalars(acts).all() if db.session.scalar(undone) is None else []


def log(act: Change, user_id: int) -> None:
    """Add to the log that ``act`` was undone."""
    undone = changes.record(
        act.subject_kind,
        act.subject_id,
        f"Undone: {act.summary}",
        name=act.subject_name,
        user_id=user_id,
    )
    undone.undoes_id = act.id


def _brought(batch: str, subject_kind: str) -> Any:
    return sa.and_(
        Change.batch == batch,
        Change.subject_kind == subject_kind,
        Change.summary.startswith(BROUGHT),
    )


def _ids(batch: str) -> sa.Select[int | None]:
    """A file may make more orders than a statement takes values."""
    return sa.select(Change.subject_id).where(_brought(batch, "order"))


def _moved_on(made: sa.Select[int | None], since: int) -> Sequence[str]:
    """Return the references of up to five orders that anybody touched after the act ``since``."""
    touched = (
        sa.select(Change.subject_id).where(Change.subject_kind == "order", Change.id > since),
        sa.select(OrderShipment.order_id),
        sa.select(Attachment.order_id).where(Attachment.order_id.is_not(None)),
    )
    is_touched = [StockOrder.id.in_(one) for one in touched]
    found = sa.select(StockOrder.reference).where(
        StockOrder.id.in_(made), sa.or_(StockOrder.version > 1, *is_touched)
    )
    return db.session.scalars(found.order_by(StockOrder.id).limit(5)).all()
