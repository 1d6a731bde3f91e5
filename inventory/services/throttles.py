"""Waiting after failed sign-ins, per account and per address."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from extensions import db
from inventory.models import LoginThrottle
from inventory.services import accounts

FREE_FAILURES = {"account": 5, "address": 20}
WAITS_S = (30, 60, 120, 300, 900)
FORGET_AFTER = timedelta(hours=24)


def wait_s(*keys: str) -> int:
    """Return for how many more seconds one of ``keys`` must wait; 0 when it may try now."""
    rows = select(LoginThrottle.blocked_until).where(LoginThrottle.key.in_(keys))
    ends = [until for until in db.session.scalars(rows) if until]
    waits = [(until - accounts.now()).total_seconds() for until in ends]
    return max([0, *(math.ceil(wait) for wait in waits)])


def count_attempt(*keys: str) -> None:
    """Count an attempt as failed, before it is tried: many at once then cannot slip through.

    From the sixth failure of an account in a row (the 21st of an address) each makes it wait
    longer. A key begins with its kind: "account:mara@example.com", "address:192.0.2.7".
    """
    now = accounts.now()
    db.session.execute(delete(LoginThrottle).where(LoginThrottle.last_at < now - FORGET_AFTER))
    for key in sorted(keys):  # one order for all: no deadlock
        row = _locked(key, now)
        row.failures += 1
        row.last_at = now
        over = row.failures - FREE_FAILURES[key.partition(":")[0]]
        if over > 0:
            row.blocked_until = now + timedelta(seconds=WAITS_S[min(over, len(WAITS_S)) - 1])
    db.session.flush()


def clear(account_key: str, address_key: str) -> None:
    """Forget the failures of an account that signed in, and take this attempt off its address."""
    db.session.execute(delete(LoginThrottle).where(LoginThrottle.key == account_key))
    address = _locked(address_key, accounts.now())
    address.failures = max(0, address.failures - 1)
    address.blocked_until = None
    db.session.flush()


def _locked(key: str, now: datetime) -> LoginThrottle:
    """Return the row of ``key``, made if missing, locked until the transaction ends."""
    on_postgres = db.engine.dialect.name == "postgresql"
    insert = (postgresql if on_postgres else sqlite).insert(LoginThrottle)
    values = insert.values(key=key, failures=0, last_at=now).on_conflict_do_nothing()
    db.session.execute(values)
    row = select(LoginThrottle).where(LoginThrottle.key == key).with_for_update()
    return db.session.scalars(row.execution_options(populate_existing=True)).one()
