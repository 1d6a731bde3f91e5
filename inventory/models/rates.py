"""Exchange rates of a day, as the European Central Bank, a file or a person gave them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Model, Rate


class ExchangeRate(Model):
    """How much of a currency one euro buys on a day."""

    __table_args__ = (CheckConstraint("per_euro > 0", name="per_euro"),)

    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    per_euro: Mapped[Decimal] = mapped_column(Rate)
    #: "ecb", "file" or "user"; a person's stays when the bank's arrives.
    source: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    stored_at: Mapped[datetime]
