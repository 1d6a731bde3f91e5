"""What the holder of a running sync may write: only while the run is still its own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update

from extensions import db
from inventory.models import ConnectionLease, SyncRun, SyncState
from inventory.services import accounts, leases

#: A run that stopped or met a dead Amazon so often is failed.
MAX_ATTEMPTS = 5
COUNTS = ("created", "changed", "unchanged")


class LostRun(Exception):
    """Another process has taken the run over. Nothing of the open step was stored."""


@dataclass(frozen=True, slots=True)
class Fence:
    """What tells the run's holder from any earlier or later one."""

    run_id: int
    attempt: int
    owner: str
    connection_id: int
    lease_fence: int


class Counting(Protocol):
    """The counters of a client (``amazon.transport.Transport``)."""

    calls: Counter[str]
    throttled: int
    waited_s: float


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls to Amazon by operation, how many were throttled, and the seconds waited."""

    by_operation: Mapping[str, int] = field(default_factory=dict)
    throttled: int = 0
    waited_s: float = 0.0

    @classmethod
    def of(cls, client: Counting) -> "Calls":
        """Return the counters of ``client`` as they are now."""
        return cls(dict(client.calls), client.throttled, client.waited_s)

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(
            Counter(self.by_operation) + Counter(other.by_operation),
            self.throttled + other.throttled,
            self.waited_s + other.waited_s,
        )


def checkpoint(
    fence: Fence,
    *,
    stage: str | None = None,
    done: int | None = None,
    expected: int | None = None,
    counts: Mapping[str, int] | None = None,
    cursor: Mapping[str, Any] | None = None,
    client: Calls | None = None,
) -> None:
    """Commit the open step together with its progress and a heartbeat.

    ``counts`` adds to created, changed and unchanged; ``client`` are the calls of the whole
    run; ``None`` leaves a value as it is. Raises ``LostRun``, having rolled the step back.
    """
    values: dict[str, Any] = {"heartbeat_at": accounts.now(), **_calls(client)}
    given = {"stage": stage and stage[:100], "done": done, "expected": expected}
    values |= {name: value for name, value in given.items() if value is not None}
    for name in COUNTS:
        if added := (counts or {}).get(name):
            values[name] = getattr(SyncRun, name) + added
    if cursor is not None:
        values["cursor"] = dict(cursor)
    _write(fence, values)
    db.session.commit()


def beat(fence: Fence, buckets: Mapping[str, Any] | None = None) -> None:
    """Say that the run is alive, hold its lease, store its buckets. Commits.

    Raises ``LostRun`` when run or lease are no longer ours.
    """
    _write(fence, {"heartbeat_at": accounts.now()})
    if not leases.renew(fence.connection_id, fence.owner, fence.lease_fence, buckets):
        _lose(fence)
    db.session.commit()


def finish(
    fence: Fence,
    state: SyncState,
    message: str = "",
    *,
    calls: Calls | None = None,
    buckets: Mapping[str, Any] | None = None,
) -> None:
    """End the run and release its lease. Commits. Raises ``LostRun``.

    ``message`` is a sentence for people, empty for a success.
    """
    ended = {"state": state, "message": message[:500], "finished_at": accounts.now()}
    _write(fence, {**ended, "heartbeat_at": None, **_calls(calls)})
    leases.release(fence.connection_id, fence.owner, fence.lease_fence, buckets)
    db.session.commit()


def postpone(
    fence: Fence,
    until: datetime,
    message: str,
    *,
    failed: bool = False,
    calls: Calls | None = None,
    buckets: Mapping[str, Any] | None = None,
) -> None:
    """Queue the run again, not before ``until``, with the cursor it has; release its lease.

    ``failed`` counts this as one of the run's attempts (a wait Amazon asks for is none).
    Commits. Raises ``LostRun``.
    """
    waiting = {"state": SyncState.QUEUED, "not_before": until, "message": message[:500]}
    attempt = fence.attempt + 1 if failed else fence.attempt
    _write(
        fence,
        {**waiting, "owner": "", "heartbeat_at": None, "attempt": attempt, **_calls(calls)},
    )
    leases.release(fence.connection_id, fence.owner, fence.lease_fence, buckets)
    db.session.commit()


def _calls(calls: Calls | None) -> dict[str, Any]:
    if calls is None:
        return {}
    return {
        "calls": sum(calls.by_operation.values()),
        "calls_by_operation": dict(calls.by_operation),
        "throttled": calls.throttled,
        "waited_s": calls.waited_s,
    }


def _write(fence: Fence, values: Mapping[str, Any]) -> None:
    lease_is_ours = (
        select(ConnectionLease.connection_id)
        .where(
            ConnectionLease.connection_id == fence.connection_id,
            ConnectionLease.owner == fence.owner,
            ConnectionLease.fence == fence.lease_fence,
        )
        .exists()
    )
    written = db.session.execute(
        update(SyncRun)
        .where(
            SyncRun.id == fence.run_id,
            SyncRun.attempt == fence.attempt,
            SyncRun.owner == fence.owner,
            SyncRun.state == SyncState.RUNNING,
            lease_is_ours,
        )
        .values(**values)
        .returning(SyncRun.id),
        execution_options=leases.QUIET,
    ).first()
    if written is None:
        _lose(fence)


def _lose(fence: Fence) -> None:
    db.session.rollback()
    raise LostRun(f"sync run {fence.run_id}, attempt {fence.attempt}")
