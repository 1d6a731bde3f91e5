"""The audit log: what changed, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model
from inventory.models.accounts import User


class DataMark(Model):
    """The one row that changes whenever data does (``services.data_marks``).

    ``runs`` changes with the sync runs, which few pages show.
    """

    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    runs: Mapped[str] = mapped_column(String(16))


class Change(Model):
    """One act on one thing: by whom or what, and old and new value of each field.

    ``fields`` maps a field to ``[old, new]``. ``subject`` names the row ("shipment", 12) without
    a foreign key, so that the log outlives what it tells of.
    """

    __table_args__ = (
        Index("ix_change_subject_kind_subject_id_id", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: The sync run that saw it, when it came from Amazon.
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("sync_run.id", ondelete="SET NULL"), index=True
    )
    #: "person", "amazon", "rule" or "system".
    cause: Mapped[str] = mapped_column(String(16))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None]
    #: What it was called when it happened.
    subject_name: Mapped[str] = mapped_column(String(255), default="")
    #: A sentence without its full stop: "Status SHIPPED → RECEIVING".
    summary: Mapped[str] = mapped_column(String(500))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What undoes it exactly, where ``fields`` are only words; {} where nothing does.
    inverse: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: Shared by the changes of one act on many things, which are undone together.
    batch: Mapped[str | None] = mapped_column(String(36), index=True)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("change.id", ondelete="SET NULL"))
    user: Mapped[User | None] = relationship()
