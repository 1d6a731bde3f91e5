"""Mails newly ignored shipments to owners and planners, once a day. On the leader."""

import logging
from datetime import datetime, timedelta

from extensions import db, writing
from inventory.services import accounts, digests, mail

logger = logging.getLogger(__name__)

#: A mail that could not be sent is tried again after so long.
AGAIN_AFTER = timedelta(hours=1)


class Digest:
    """Remembers when to try again; what was sent is in the database."""

    def __init__(self) -> None:
        self._not_before: datetime | None = None

    def send(self) -> bool:
        """Send the digest if it is due; return whether one went out. Commits.

        No transaction is open while the mail server is talked to. A process that dies between
        sending and noting it sends the mail again: better twice than never.
        """
        now = accounts.now()
        if not mail.is_on() or (self._not_before and now < self._not_before):
            return False
        with_writing = writing.set(False)
        try:
            if not digests.is_due(now):
                return False
            composed = digests.compose(now)
        finally:
            db.session.rollback()
            writing.reset(with_writing)
        if composed and not self._deliver(composed, now):
            return False
        digests.mark_sent(now)
        db.session.commit()
        return composed is not None

    def _deliver(self, composed: digests.Digest, now: datetime) -> bool:
        try:
            mail.send(composed.recipients, composed.subject, composed.text)
        except mail.NotSent as error:
            self._not_before = now + AGAIN_AFTER
            logger.warning("the digest was not sent, tried again in an hour: %s", error)
            return False
        return True
