"""Inbound plans of the 2024-03-20 API, and how far each was walked."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Model


class InboundPlan(Model):
    """Amazon's parent of shipments: the only way from an FBA id to dates, mode and quote."""

    __table_args__ = (UniqueConstraint("connection_id", "plan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    plan_id: Mapped[str] = mapped_column(String(38))
    name: Mapped[str] = mapped_column(String(255), default="")
    status: Mapped[str] = mapped_column(String(32), default="")
    marketplace_id: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    #: When its shipments were last opened; NULL when never, or to be opened again.
    walked_at: Mapped[datetime | None]
    #: Amazon cannot show it (plans of Amazon Global Logistics).
    is_unreadable: Mapped[bool] = mapped_column(default=False)
