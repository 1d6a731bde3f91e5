"""The stock-order settings: what new orders begin with, and when shipments stop counting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import Account, Change, Connection, StatusType, StockOrder
from inventory.rules.versions import version_of
from inventory.services import account_settings, changes, order_statuses, staleness
from inventory.services.ignoring import Evaluated
from inventory.services.settings_effects import move_dates

#: The log's words for the subject: the account's other settings have a log of their own.
SUBJECT, SUBJECT_ID, NAME = "order_settings", 1, "Stock-order settings"
#: Column -> what it is before anybody says otherwise.
DEFAULTS: Mapping[str, Any] = {
    "next_reference": 1,
    "purchase_prefix": "PO-",
    "transfer_prefix": "TO-",
    "default_status": "Open",
    "lead_time_days": None,
    "open_send": False,
    "ignore_stale": False,
    "ignore_after_days": 30,
}
#: What can be put back as it was: the counter only goes on.
RESTORABLE = tuple(name for name in DEFAULTS if name != "next_reference")
#: What changes what counts as on order.
OF_COUNTING = ("ignore_stale", "ignore_after_days", "lead_time_days")


class NumberTaken(Exception):
    """The next number is that of an order that exists; ``args`` is its reference."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: shipments ignored and counted again, and how many dates moved."""

    change: Change
    evaluated: Evaluated
    moved: int


def locked() -> Account:
    """Return the account's row, locked until the end of the transaction: two saves take turns."""
    account_settings.ensure()
    return db.session.scalars(
        select(Account)
        .where(Account.id == 1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def shown(account: Account) -> dict[str, Any]:
    """Return the settings as they are stored; None: the lead time is the built-in one."""
    return {name: getattr(account, name) for name in DEFAULTS}


def version(account: Account) -> str:
    """Return the version of these settings: the account's row has others, with pages of their own.

    Without the counter, which every new order moves.
    """
    return version_of({name: getattr(account, name) for name in RESTORABLE})


def default_statuses() -> list[str]:
    """Return the named statuses that new orders may begin with: drafts and active ones."""
    over = (StatusType.CLOSED, StatusType.CANCELED)
    return [name for name, kind in order_statuses.types().items() if kind not in over]


def check_number(account: Account, values: Mapping[str, Any]) -> None:
    """Raise ``NumberTaken`` when another next number is wanted and an order has it already."""
    number = values.get("next_reference", account.next_reference)
    wanted = [
        f"{values.get(name, getattr(account, name))}{number}"
        for name in ("purchase_prefix", "transfer_prefix")
    ]
    if number == account.next_reference:
        return  # numbers in use are skipped; only a new start is worth a word
    taken = db.session.scalar(
        select(StockOrder.reference).where(StockOrder.reference.in_(wanted)).limit(1)
    )
    if taken is not None:
        raise NumberTaken(taken)


def save(
    account: Account,
    values: Mapping[str, Any],
    *,
    user_id: int | None,
    summary: str = "Settings changed",
) -> Saved | None:
    """Save what differs as one entry of the log, and do what follows from it; None: nothing does.

    Dates of shipments and orders of all connections follow the lead time, what is ignored
    follows at once. Raises ``NumberTaken``; then nothing is changed. Flushes.
    """
    check_number(account, values)
    fields = {
        name: [getattr(account, name), value]
        for name, value in values.items()
        if getattr(account, name) != value
    }
    if not fields:
        return None
    for name in fields:
        setattr(account, name, values[name])
    db.session.flush()
    change = changes.record(SUBJECT, SUBJECT_ID, summary, name=NAME, fields=fields, user_id=user_id)
    moved = _move_dates() if "lead_time_days" in fields else 0
    counts = any(name in fields for name in OF_COUNTING)
    done = staleness.evaluate(user_id=user_id) if counts else Evaluated()
    return Saved(change, done, moved)


def _move_dates() -> int:
    ids = db.session.scalars(select(Connection.id).order_by(Connection.id)).all()
    return sum(move_dates(one) for one in ids)
