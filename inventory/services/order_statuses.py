"""Named statuses of orders: the built-in ones and the seller's own, each on one type."""

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Account, OrderStatus, StatusType, StockOrder
from inventory.rules.orders import NAMES
from inventory.rules.statuses import BUILT_IN
from inventory.services import changes

#: The log's words for the subject: that of the page the statuses are kept on.
SUBJECT = ("order_settings", 1)
LIMIT = 64
QUIET = {"synchronize_session": False}


class StatusRefused(Exception):
    """A status that cannot be so; ``args`` is the sentence that says why."""


def types() -> dict[str, StatusType]:
    """Return name -> type, built-in names first, then the seller's own by name. One statement."""
    own = db.session.scalars(select(OrderStatus).order_by(OrderStatus.name))
    built_in = {name: StatusType(kind) for name, kind in BUILT_IN.items()}
    return built_in | {status.name: status.type for status in own}


def own() -> list[OrderStatus]:
    """Return the seller's own statuses by name."""
    return list(db.session.scalars(select(OrderStatus).order_by(OrderStatus.name)))


def counts() -> Mapping[str, int]:
    """Return name -> number of orders that have it; names without any are left out."""
    rows = select(StockOrder.status, func.count()).group_by(StockOrder.status)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def add(name: str, kind: StatusType, *, user_id: int) -> OrderStatus:
    """Add a status. Flushes. Raises ``StatusRefused``."""
    row = OrderStatus(name=_free(name), type=kind)
    _store(row)
    fields = {"status": [None, row.name], "type": [None, kind.value]}
    changes.record(*SUBJECT, f"Status {row.name} added", fields=fields, user_id=user_id)
    return row


def change(row: OrderStatus, name: str, kind: StatusType, *, user_id: int) -> bool:
    """Give a status another name, which its orders take on, or another type; False: neither.

    The type of a status that orders have is refused: what counts as on order would change
    behind a word. Flushes. Raises ``StatusRefused``.
    """
    old, old_kind = row.name, row.type
    if (old, old_kind) == (name, kind):
        return False
    if kind != old_kind and _count(old):
        raise StatusRefused(f"Orders are {old}: give them another status before changing its type.")
    if kind in (StatusType.CLOSED, StatusType.CANCELED) and _is_default(old):
        raise StatusRefused("New orders begin with it, so it cannot be one of closed orders.")
    row.name, row.type = _free(name, own_id=row.id), kind
    _store(row)
    quietly = {"execution_options": QUIET}
    renamed = update(StockOrder).where(StockOrder.status == old).values(status=name)
    begun = update(Account).where(Account.default_status == old).values(default_status=name)
    db.session.execute(renamed, **quietly)
    db.session.execute(begun, **quietly)
    pairs = {"status": [old, name], "type": [old_kind.value, kind.value]}
    fields = {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
    changes.record(*SUBJECT, f"Status {name} changed", fields=fields, user_id=user_id)
    return True


def remove(row: OrderStatus, *, user_id: int) -> None:
    """Delete a status that no order has and none begins with. Flushes. Raises ``StatusRefused``."""
    if count := _count(row.name):
        words = f"{count:,} order{'' if count == 1 else 's'}"
        raise StatusRefused(f"{words} {'is' if count == 1 else 'are'} {row.name}. It is kept.")
    if _is_default(row.name):
        raise StatusRefused(f"New orders begin as {row.name}. Choose another default first.")
    db.session.delete(row)
    fields = {"status": [row.name, None], "type": [row.type.value, None]}
    changes.record(*SUBJECT, f"Status {row.name} deleted", fields=fields, user_id=user_id)
    db.session.flush()


def _free(name: str, own_id: int | None = None) -> str:
    """Return ``name`` if nothing else is called so, in whatever letters."""
    if name.casefold() in {one.casefold() for one in (*BUILT_IN, *NAMES)}:
        raise StatusRefused(f"{name} is a status of Stockbridge’s own. Choose another name.")
    others = select(OrderStatus.name).where(OrderStatus.id != (own_id or 0))
    if name.casefold() in {one.casefold() for one in db.session.scalars(others)}:
        raise StatusRefused("Another status has this name. Choose a different one.")
    return name


def _store(row: OrderStatus) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise StatusRefused("Another status has this name. Choose a different one.") from None


def _count(name: str) -> int:
    counted = select(func.count()).select_from(StockOrder).where(StockOrder.status == name)
    return db.session.scalar(counted) or 0


def _is_default(name: str) -> bool:
    return db.session.scalar(select(Account.default_status)) == name
