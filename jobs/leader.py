"""Which process runs the timetable: one at a time, and another soon after it is killed."""

import logging
import time
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, or_, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from extensions import db
from inventory.models import Leader
from inventory.services import accounts

logger = logging.getLogger(__name__)

#: How long a lead holds that is not confirmed.
LEASE_S = 8.0
#: How often the row is written.
CONFIRM_S = 2.0
#: Any number: advisory locks are per database, and we have one.
LOCK_KEY = 7_305_812
QUIET = {"synchronize_session": False}


class Lock(Protocol):
    """What else a leader must hold besides the row."""

    #: Whether holding it proves that an earlier leader is gone.
    decides: bool

    def hold(self) -> bool: ...

    def let_go(self) -> None: ...


class Leading:
    """This process's part in the election. Call ``tick`` each second, in an app context."""

    def __init__(self, owner: str, lock: Lock) -> None:
        self.owner = owner
        self._lock = lock
        self._fence = 0
        self._confirmed = -LEASE_S

    @property
    def leads(self) -> bool:
        """Whether this process leads. Time alone ends a lead: a paused process finds it ended."""
        return self._fence > 0 and time.monotonic() - self._confirmed < LEASE_S

    def tick(self) -> bool:
        """Take the lead if nobody has it, or confirm it; return whether this process leads."""
        try:
            if not self._lock.hold():
                self._stop("another process has the lock")
            elif not self._fence:
                self._take()
            elif time.monotonic() - self._confirmed >= CONFIRM_S:
                self._confirm()
        except DBAPIError as error:
            db.session.rollback()
            self._lock.let_go()
            self._stop(type(error.orig).__name__)
        return self.leads

    def is_current(self) -> bool:
        """Whether the lead is still ours, in the open transaction, until it ends.

        A leader that was paused for a while fails here, whatever it believes.
        """
        mine = select(Leader.id).where(
            Leader.id == 1, Leader.owner == self.owner, Leader.fence == self._fence
        )
        return db.session.scalar(mine.with_for_update(read=True)) is not None

    def resign(self) -> None:
        """Let another process lead at once."""
        if self._fence:
            self._write({"seen_at": accounts.now() - timedelta(seconds=LEASE_S)})
        self._fence = 0
        self._lock.let_go()

    def _take(self) -> None:
        now = accounts.now()
        lease = timedelta(seconds=LEASE_S)
        free = or_(
            Leader.owner == self.owner,
            Leader.seen_at < now - lease,
            Leader.seen_at > now + lease,  # the clock was set back
        )
        lead = update(Leader).where(Leader.id == 1)
        if not self._lock.decides:
            lead = lead.where(free)
        values: dict[str, Any] = {"owner": self.owner, "fence": Leader.fence + 1, "seen_at": now}
        fence = db.session.scalar(
            lead.values(**values).returning(Leader.fence), execution_options=QUIET
        )
        self._began(fence or self._first())
        db.session.commit()

    def _first(self) -> int:
        """Make the row; 0 when it is there, and so another's."""
        if db.session.scalar(select(Leader.id)):
            return 0
        row = Leader(id=1, owner=self.owner, fence=1, seen_at=accounts.now())
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            return 0
        db.session.expunge(row)
        return 1

    def _began(self, fence: int) -> None:
        self._fence = fence
        if fence:
            self._confirmed = time.monotonic()
            logger.info("%s leads, fence %d", self.owner, fence)

    def _confirm(self) -> None:
        before = time.monotonic()
        if self._write({"seen_at": accounts.now()}):
            self._confirmed = before
        else:
            self._stop("another process took the lead")

    def _write(self, values: dict[str, Any]) -> bool:
        written = db.session.scalar(
            update(Leader)
            .where(Leader.id == 1, Leader.owner == self.owner, Leader.fence == self._fence)
            .values(**values)
            .returning(Leader.id),
            execution_options=QUIET,
        )
        db.session.commit()
        return written is not None

    def _stop(self, reason: str) -> None:
        if self._fence:
            logger.warning("%s no longer leads: %s", self.owner, reason)
        self._fence = 0


class RowOnly:
    """SQLite: the row is the whole lock."""

    decides = False

    def hold(self) -> bool:
        return True

    def let_go(self) -> None:
        pass


class AdvisoryLock:
    """Postgres: a session lock on a connection kept for life; the server frees it at our death."""

    decides = True

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 5},
        )
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Take the lock, or ask whether its connection is still there."""
        if self._connection is not None:
            self._connection.execute(text("select 1"))
            return True
        connection = self._engine.connect()
        try:
            taken = connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": LOCK_KEY})
        except DBAPIError:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True

    def let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def lock_of(engine: Engine) -> Lock:
    """Return the lock that the database of ``engine`` offers."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine.url.render_as_string(hide_password=False))
    return RowOnly()
