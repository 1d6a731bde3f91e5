"""References of orders made here: a prefix by kind, and one counter for both kinds."""

from itertools import count

import sqlalchemy as sa

from extensions import db
from inventory.models import Account, OrderKind, StockOrder
from inventory.services import account_settings

#: References looked up at once while skipping those in use.
AT_ONCE = 50
QUIET = {"synchronize_session": False}


def next_reference(kind: OrderKind) -> str:
    """Take the next number and return its reference, such as "PO-1044".

    Numbers whose reference an order has already, of whatever kind, are skipped. The counter's
    row stays locked until the caller commits, so nobody else gets the same one; after a
    rollback the number is free again.
    """
    number, prefix = _take(kind)
    free = free_number(number, prefix)
    if free != number:
        db.session.execute(
            sa.update(Account).where(Account.id == 1).values(next_reference=free + 1),
            execution_options=QUIET,
        )
    return f"{prefix}{free}"


def coming_reference(account: Account, kind: OrderKind) -> str:
    """Return the reference that the next order of ``kind`` will get. Takes nothing."""
    prefix = account.purchase_prefix if kind == OrderKind.PURCHASE else account.transfer_prefix
    return f"{prefix}{free_number(account.next_reference, prefix)}"


def free_number(number: int, prefix: str) -> int:
    """Return the first number from ``number`` on whose reference no order has."""
    for start in count(number, AT_ONCE):
        wanted = {f"{prefix}{one}": one for one in range(start, start + AT_ONCE)}
        taken = db.session.scalars(
            sa.select(StockOrder.reference).where(StockOrder.reference.in_(wanted))
        )
        if left := wanted.keys() - set(taken):
            return min(wanted[reference] for reference in left)
    raise AssertionError("unreachable: the numbers have no end")


def _take(kind: OrderKind) -> tuple[int, str]:
    prefix = Account.purchase_prefix if kind == OrderKind.PURCHASE else Account.transfer_prefix
    step = (
        sa.update(Account)
        .where(Account.id == 1)
        .values(next_reference=Account.next_reference + 1)
        .returning(Account.next_reference - 1, prefix)
    )
    row = db.session.execute(step, execution_options=QUIET).one_or_none()
    if row is None:  # no account row yet
        account_settings.ensure()
        row = db.session.execute(step, execution_options=QUIET).one()
    return row[0], row[1]
