"""Places that hold stock."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model
from inventory.models.connections import Connection, OrderType


class WarehouseKind(StrEnum):
    FBA = "fba"
    FBM = "fbm"
    OWN = "own"
    COMBINED = "combined"


class StockBasis(StrEnum):
    """What counts as stock at an FBA warehouse."""

    FULFILLABLE = "fulfillable"
    FC_TRANSFER = "fc_transfer"
    FC_PROCESSING = "fc_processing"


class Warehouse(Model):
    """An FBA network in one country, a connection's FBM stock, or a place of the seller's own."""

    __table_args__ = (
        UniqueConstraint("connection_id", "marketplace_id"),
        Index(
            "uq_warehouse_fbm",
            "connection_id",
            unique=True,
            sqlite_where=text("kind = 'fbm'"),
            postgresql_where=text("kind = 'fbm'"),
        ),
        CheckConstraint(
            "(kind IN ('fba', 'fbm')) = (connection_id IS NOT NULL)", name="kind_connection"
        ),
        CheckConstraint("lead_time_days >= 0", name="lead_time"),
        CheckConstraint("days_of_stock >= 0", name="days_of_stock"),
        CheckConstraint("pickup_delay_days >= 0", name="pickup_delay"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WarehouseKind]
    connection_id: Mapped[int | None] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )
    #: FBA only.
    marketplace_id: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(150), unique=True)
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    #: Whether the account sells in the marketplace; true for other kinds.
    taking_part: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None]

    # Address: on documents, and where transfers ship from.
    contact: Mapped[str] = mapped_column(String(50), default="")
    line1: Mapped[str] = mapped_column(String(180), default="")
    line2: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    state: Mapped[str] = mapped_column(String(30), default="")
    postal_code: Mapped[str] = mapped_column(String(32), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")

    # Settings. NULL means inherited (from the connection, the stock-order page, the default).
    order_type: Mapped[OrderType | None]
    default_source_id: Mapped[int | None] = mapped_column(
        ForeignKey("warehouse.id", ondelete="SET NULL"), index=True
    )
    pickup_delay_days: Mapped[int | None]
    lead_time_days: Mapped[int | None]
    days_of_stock: Mapped[int | None]
    sync_inbound: Mapped[bool | None]
    stock_basis: Mapped[StockBasis | None]
    version: Mapped[int] = mapped_column(default=1)

    connection: Mapped[Connection | None] = relationship(foreign_keys=[connection_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_enabled(self) -> bool:
        """Return whether it is in use: the account takes part and nobody switched it off."""
        return self.taking_part and self.disabled_at is None


class CentrePlace(Model):
    """A person's word on which marketplace a fulfilment centre serves, for one connection."""

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True
    )
    centre: Mapped[str] = mapped_column(String(16), primary_key=True)
    marketplace_id: Mapped[str] = mapped_column(String(20))
