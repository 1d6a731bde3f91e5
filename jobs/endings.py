"""How a run ends that did not succeed: what people read, and whether it is tried again."""

import logging
from datetime import datetime, timedelta
from functools import singledispatch

from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    ThrottledError,
    UnavailableError,
)
from inventory.models import SyncState
from inventory.services import accounts, connections, syncs
from inventory.services.secrets import SecretUnreadable
from jobs.heart import Watched
from jobs.job import JobStopped, Later
from jobs.reports import ReportNotReady

logger = logging.getLogger(__name__)

#: Minutes until the next attempt after Amazon did not answer, by the number of the attempt.
WAITS_MIN = (1, 5, 15)
SHORTEST_WAIT = timedelta(minutes=1)
OUR_FAULT = "Something went wrong on our side. The log has the details."
KEY_CHANGED = (
    "The stored token of this connection cannot be read: the encryption key is another one. "
    "Start with the TOKEN_ENCRYPTION_KEY it was stored with, or paste the refresh token again."
)


def end(error: Exception, claim: syncs.Claim, watched: Watched, calls: syncs.Calls) -> None:
    """Write down what ``error`` means for the run. Commits. Raises ``LostRun``."""
    if isinstance(error, AmazonError):
        logger.warning("sync run %d: %s", claim.fence.run_id, error)
    _ended(error, _Ending(claim, watched, calls))


class _Ending:
    """The ways out, with the run's figures."""

    def __init__(self, claim: syncs.Claim, watched: Watched, calls: syncs.Calls) -> None:
        self.fence = claim.fence
        self.connection_id = claim.fence.connection_id
        self._calls = calls
        self._watched = watched

    def fail(self, message: str) -> None:
        buckets = self._watched.throttle.levels()
        syncs.finish(self.fence, SyncState.FAILED, message, calls=self._calls, buckets=buckets)

    def postpone(self, until: datetime, message: str, *, failed: bool = False) -> None:
        buckets = self._watched.throttle.levels()
        syncs.postpone(
            self.fence, until, message, failed=failed, calls=self._calls, buckets=buckets
        )


@singledispatch
def _ended(error: Exception, run: _Ending) -> None:
    logger.error("sync run %d failed", run.fence.run_id, exc_info=error)
    run.fail(OUR_FAULT)


@_ended.register
def _(error: AmazonError, run: _Ending) -> None:
    run.fail(error.user_message)


@_ended.register
def _(error: AuthorizationError, run: _Ending) -> None:
    """Nothing of this connection can work, so nothing is tried until somebody acts."""
    connections.note_trouble(run.connection_id, error.user_message, error.reason)
    syncs.give_up(run.connection_id, error.user_message)
    run.fail(error.user_message)


@_ended.register
def _(_error: SecretUnreadable, run: _Ending) -> None:
    connections.note_trouble(run.connection_id, KEY_CHANGED, "key_changed")
    syncs.give_up(run.connection_id, KEY_CHANGED)
    run.fail(KEY_CHANGED)


@_ended.register
def _(error: MissingRoleError, run: _Ending) -> None:
    connections.note_missing_role(run.connection_id, error.operation)
    run.fail(error.user_message)


@_ended.register
def _(error: ThrottledError, run: _Ending) -> None:
    until = accounts.now() + max(timedelta(seconds=error.retry_after_s), SHORTEST_WAIT)
    run.postpone(until, f"Amazon asks us to wait until {_clock(until)}.")


@_ended.register
def _(error: ReportNotReady, run: _Ending) -> None:
    until = accounts.now() + max(timedelta(seconds=error.retry_after_s), SHORTEST_WAIT)
    run.postpone(until, f"Amazon is still preparing the report; it goes on at {_clock(until)}.")


@_ended.register
def _(error: UnavailableError, run: _Ending) -> None:
    if run.fence.attempt + 1 >= syncs.MAX_ATTEMPTS:
        run.fail(error.user_message)
        return
    minutes = WAITS_MIN[min(run.fence.attempt, len(WAITS_MIN) - 1)]
    until = accounts.now() + timedelta(minutes=minutes)
    message = f"Amazon does not answer properly at the moment. We try again at {_clock(until)}."
    run.postpone(until, message, failed=True)


@_ended.register
def _(error: Later, run: _Ending) -> None:
    run.postpone(error.until, error.message)


@_ended.register
def _(_error: JobStopped, run: _Ending) -> None:
    run.postpone(accounts.now(), "The app was stopped; this goes on by itself.")


def _clock(at: datetime) -> str:
    """Rounded up to the minute, in the account's time zone."""
    local = (at + timedelta(seconds=59)).astimezone(accounts.timezone())
    return f"{local:%H:%M}"
