"""Files uploaded and not applied yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Model


class ImportDraft(Model):
    """A file between its dry run and its import: what was looked at is what is applied.

    Gone once it is applied, or after a day. Not in the backup.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    #: What it brings: "purchase-orders", "transfer-orders", "vendors", "lines".
    kind: Mapped[str] = mapped_column(String(32))
    #: The order that gets its lines.
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("stock_order.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
