"""Stock orders: purchase and transfer orders."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model
from inventory.models.shipments import Shipment
from inventory.models.warehouses import Warehouse


class OrderKind(StrEnum):
    PURCHASE = "purchase"
    TRANSFER = "transfer"


class StatusType(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"
    CANCELED = "canceled"


class StockOrder(Model):
    """Units on order to a warehouse: bought from a vendor, or moved from another warehouse.

    Quantities are sums of its lines, kept here so that lists need no query per row.
    """

    __table_args__ = (
        UniqueConstraint("kind", "reference", "destination_id"),
        Index("ix_stock_order_kind_status_expected", "kind", "status_type", "expected_on", "id"),
        Index("ix_stock_order_kind_expected", "kind", "expected_on", "id"),
        Index("ix_stock_order_kind_reference", "kind", "reference", "id"),
        Index("ix_stock_order_kind_status_reference", "kind", "status_type", "reference", "id"),
        Index("ix_stock_order_kind_outstanding", "kind", "units_outstanding", "id"),
        Index(
            "ix_stock_order_kind_status_outstanding",
            "kind",
            "status_type",
            "units_outstanding",
            "id",
        ),
        Index(
            "ix_stock_order_flagged",
            "kind",
            "expected_on",
            "id",
            sqlite_where=text("flags != ''"),
            postgresql_where=text("flags != ''"),
        ),
        Index("ix_stock_order_kind_created", "kind", "created_on", "id"),
        Index("ix_stock_order_reference", "reference"),
        CheckConstraint("kind = 'transfer' OR source_id IS NULL", name="source"),
        CheckConstraint("units_received >= 0", name="received"),
        CheckConstraint("units_outstanding >= 0", name="outstanding"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrderKind]
    reference: Mapped[str] = mapped_column(String(64))
    #: The shipment's name, for orders that came from Amazon.
    extra_reference: Mapped[str] = mapped_column(String(255), default="")
    #: The named status shown to people; its type decides whether it counts.
    status: Mapped[str] = mapped_column(String(64))
    status_type: Mapped[StatusType]
    #: "amazon": made from a shipment; "local": made here.
    origin: Mapped[str] = mapped_column(String(16), default="local")
    destination_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"), index=True)
    #: Should have been a transfer, but no usable source was set.
    source_missing: Mapped[bool] = mapped_column(default=False)
    #: What a person should look at, as on its shipments; comma-separated.
    flags: Mapped[str] = mapped_column(String(200), default="")
    created_on: Mapped[date]
    expected_on: Mapped[date | None]
    expected_source: Mapped[str] = mapped_column(String(16), default="")
    closed_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    shipping_handling: Mapped[Decimal | None]
    #: "amazon" (the quote) or "user".
    shipping_handling_source: Mapped[str] = mapped_column(String(16), default="")
    units_ordered: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    units_outstanding: Mapped[int] = mapped_column(default=0)
    line_count: Mapped[int] = mapped_column(default=0)
    #: Status of its least advanced open shipment.
    amazon_status: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    destination: Mapped[Warehouse] = relationship(foreign_keys=[destination_id])
    source: Mapped[Warehouse | None] = relationship(foreign_keys=[source_id])


class OrderLine(Model):
    """Units of one listing on an order."""

    __table_args__ = (
        UniqueConstraint("order_id", "seller_sku"),
        CheckConstraint("units_ordered >= 0", name="ordered"),
        CheckConstraint("units_received >= 0", name="received"),
        CheckConstraint("units_outstanding >= 0", name="outstanding"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("stock_order.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    seller_sku: Mapped[str] = mapped_column(String(255))
    units_ordered: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    #: Still to come; 0 once the order is closed, canceled or the line is over-received.
    units_outstanding: Mapped[int] = mapped_column(default=0)
    unit_cost: Mapped[Decimal | None]


class OrderShipment(Model):
    """An order's link to a shipment: by whom (nobody: the sync) and since when."""

    shipment_id: Mapped[int] = mapped_column(
        ForeignKey("shipment.id", ondelete="CASCADE"), primary_key=True
    )
    order_id: Mapped[int] = mapped_column(
        ForeignKey("stock_order.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    linked_at: Mapped[datetime]
    shipment: Mapped[Shipment] = relationship()
    order: Mapped[StockOrder] = relationship()
