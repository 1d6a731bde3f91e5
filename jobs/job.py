"""What a job is given: its run, its connection as plain values, a client, and one way to commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from amazon.client import SellingPartnerClient
from inventory.models import Connection, SyncKind
from inventory.services import syncs


class JobStopped(Exception):
    """The process is being stopped: leave the run to the next one."""


class Later(Exception):
    """There is nothing to do before ``until``: the run waits in the queue with ``message``."""

    def __init__(self, until: datetime, message: str) -> None:
        super().__init__(message)
        self.until = until
        self.message = message


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """A connection as it was when the run was claimed; safe to use between transactions."""

    id: int
    name: str
    region: str
    seller_id: str
    primary_marketplace_id: str

    @classmethod
    def of(cls, row: Connection) -> Self:
        """Return the facts of a row."""
        return cls(row.id, row.name, row.region, row.seller_id, row.primary_marketplace_id)


@dataclass(slots=True)
class Job:
    """A claimed run. ``commit`` after each page; nothing is held open during a call.

    ``calls_before`` are the calls of the run's earlier attempts.
    """

    run_id: int
    connection: ConnectionFacts
    client: SellingPartnerClient
    kind: SyncKind
    scope: str
    cause: str
    cursor: dict[str, Any]
    now: Callable[[], datetime]
    fence: syncs.Fence
    calls_before: syncs.Calls = field(default_factory=syncs.Calls)
    is_stopping: Callable[[], bool] = field(default=lambda: False)

    def commit(
        self,
        *,
        stage: str | None = None,
        done: int | None = None,
        expected: int | None = None,
        counts: Mapping[str, int] | None = None,
        cursor: Mapping[str, Any] | None = None,
    ) -> None:
        """Commit the open step with its progress, if the run is still ours.

        ``counts`` adds to created, changed and unchanged. Raises ``syncs.LostRun`` (nothing of
        the step is stored then) when another process has taken the run over.
        """
        if cursor is not None:
            self.cursor = dict(cursor)
        syncs.checkpoint(
            self.fence,
            stage=stage,
            done=done,
            expected=expected,
            counts=counts or {},
            cursor=self.cursor,
            client=self.calls,
        )
        if self.is_stopping():
            raise JobStopped

    def started(self) -> datetime:
        """Return when this reading began: one that was interrupted goes on as the same one.

        Commits the first time.
        """
        if "started" not in self.cursor:
            self.commit(cursor={**self.cursor, "started": self.now().isoformat()})
        return datetime.fromisoformat(self.cursor["started"]).astimezone(UTC)

    @property
    def calls(self) -> syncs.Calls:
        """All calls of the run so far."""
        return self.calls_before + syncs.Calls.of(self.client)
