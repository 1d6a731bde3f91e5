"""Looks at every overdue shipment once a day, as soon as the day changes. On the leader."""

from collections.abc import Callable

from extensions import db, writing
from inventory.services import staleness


def ignore_stale(may_write: Callable[[], bool] = lambda: True) -> bool:
    """Apply the ignore rule if this day it was not yet; return whether it was due. Commits.

    ``may_write`` is asked inside the transaction that writes.
    """
    with_writing = writing.set(False)
    try:
        is_due = staleness.is_due()
        db.session.rollback()
    finally:
        writing.reset(with_writing)
    if not is_due or not may_write():
        db.session.rollback()
        return False
    if staleness.is_due():  # again: another process may have been quicker
        staleness.evaluate()
    db.session.commit()
    return True
