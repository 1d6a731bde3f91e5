"""The queue of background work, and who may do it. The database is the queue."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model
from inventory.models.connections import Connection


class SyncKind(StrEnum):
    """What a run brings up to date. Values are stable: they are typed on the command line."""

    PARTICIPATIONS = "participations"
    SHIPMENTS = "shipments"
    PLANS = "plans"
    STOCK = "stock"
    LISTINGS = "listings"
    #: Not read on a timetable: an order on its way to become an inbound plan (scope: its id).
    SENDING = "sending"


class SyncState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class SyncRun(Model):
    """One attempt to bring one kind of a connection's data up to date."""

    __table_args__ = (
        # At most one under way per connection, kind and scope.
        Index(
            "uq_sync_run_under_way",
            "connection_id",
            "kind",
            "scope",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_sync_run_state_not_before", "state", "not_before", "id"),
        Index("ix_sync_run_connection_id_kind_id", "connection_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    kind: Mapped[SyncKind]
    #: Empty for all, or one FBA id; "full" for the nightly reconcile.
    scope: Mapped[str] = mapped_column(String(64), default="")
    #: "schedule", "first" or "person".
    cause: Mapped[str] = mapped_column(String(16), default="schedule")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    state: Mapped[SyncState] = mapped_column(default=SyncState.QUEUED)
    #: Lower runs first: a person waits for 0, the timetable for 5.
    priority: Mapped[int] = mapped_column(default=5)
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    # Who runs it. ``attempt`` is the fencing number: each commit checks it is still ours.
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(String(64), default="")
    heartbeat_at: Mapped[datetime | None]

    # Progress, for people.
    stage: Mapped[str] = mapped_column(String(100), default="")
    done: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int | None]
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    calls_by_operation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    throttled: Mapped[int] = mapped_column(default=0)
    waited_s: Mapped[float] = mapped_column(default=0.0)
    #: One sentence: why it failed, or what it is waiting for.
    message: Mapped[str] = mapped_column(String(500), default="")
    #: How far it got, for a run that goes on after a wait.
    cursor: Mapped[dict[str, Any]] = mapped_column(default=dict)

    connection: Mapped[Connection] = relationship()

    @property
    def is_active(self) -> bool:
        return self.state in (SyncState.QUEUED, SyncState.RUNNING)


class SyncMark(Model):
    """How far a kind of data has been read, whole: moved only by a run's success."""

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[SyncKind] = mapped_column(primary_key=True)
    #: Empty, "full", or a marketplace id.
    scope: Mapped[str] = mapped_column(String(64), primary_key=True, default="")
    read_at: Mapped[datetime]


class ConnectionLease(Model):
    """Which process may call Amazon for a connection, until when, and its rate buckets."""

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True
    )
    owner: Mapped[str] = mapped_column(String(64), default="")
    fence: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    buckets: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Leader(Model):
    """Which process runs the timetable (the lease that SQLite needs; on Postgres information)."""

    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), default="")
    fence: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]


class Report(Model):
    """A report asked of Amazon, so that a restart goes on with it instead of asking again."""

    __table_args__ = (
        Index("ix_report_connection_id_report_type", "connection_id", "report_type", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    report_type: Mapped[str] = mapped_column(String(100))
    #: The marketplaces it was asked for, joined by commas: another set is another report.
    marketplace_ids: Mapped[str] = mapped_column(String(500), default="")
    amazon_report_id: Mapped[str] = mapped_column(String(100), default="")
    document_id: Mapped[str] = mapped_column(String(200), default="")
    #: "created", "done", "applied" or "failed" (FATAL, CANCELLED, given up).
    state: Mapped[str] = mapped_column(String(16), default="created")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
