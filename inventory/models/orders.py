"""Stock orders: purchase and transfer orders."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model
from inventory.models.shipments import Shipment
from inventory.models.vendors import Vendor
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
        Index(
            "ix_stock_order_ignored",
            "kind",
            "expected_on",
            "id",
            sqlite_where=text("units_ignored > 0"),
            postgresql_where=text("units_ignored > 0"),
        ),
        Index("ix_stock_order_kind_created", "kind", "created_on", "id"),
        Index("ix_stock_order_reference", "reference"),
        CheckConstraint("kind = 'transfer' OR source_id IS NULL", name="source"),
        CheckConstraint("units_received >= 0", name="received"),
        CheckConstraint("units_outstanding >= 0", name="outstanding"),
        IDS_ONCE,
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
    #: The quotes in another currency that are part of it, as (rules.fees) ``Quote.kept`` says.
    converted_from: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    units_ordered: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    units_outstanding: Mapped[int] = mapped_column(default=0)
    #: Of the outstanding, on shipments that are ignored (since ``ignored_on``): not on order.
    units_ignored: Mapped[int] = mapped_column(default=0, server_default="0")
    ignored_on: Mapped[date | None]
    line_count: Mapped[int] = mapped_column(default=0)
    #: Status of its least advanced open shipment.
    amazon_status: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime]

    # What people say of it.
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendor.id"), index=True)
    #: Shown to the vendor, on the printed order and in the e-mail.
    vendor_notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    payment_terms: Mapped[str] = mapped_column(String(100), default="", server_default="")
    payment_on: Mapped[date | None]
    #: Off the lines' total, before tax.
    discount: Mapped[Decimal | None]
    #: Amazon's fee for placing the goods in few centres; a cost line of its own.
    placement_fee: Mapped[Decimal | None]
    #: How shipping and handling is spread over lines: "value", "units" or "weight".
    spread_by: Mapped[str] = mapped_column(String(8), default="value", server_default="value")
    #: Cases: "up", "down" or "off".
    rounding: Mapped[str] = mapped_column(String(8), default="up", server_default="up")
    #: Being sent to Amazon, or sent: the lines cannot be changed here.
    locked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    destination: Mapped[Warehouse] = relationship(foreign_keys=[destination_id])
    vendor: Mapped[Vendor | None] = relationship()
    source: Mapped[Warehouse | None] = relationship(foreign_keys=[source_id])


class OrderLine(Model):
    """Units of one listing on an order."""

    __table_args__ = (
        UniqueConstraint("order_id", "seller_sku"),
        CheckConstraint("units_ordered >= 0", name="ordered"),
        CheckConstraint("units_received >= 0", name="received"),
        CheckConstraint("units_outstanding >= 0", name="outstanding"),
        # Units change far more often than anything indexed: with room on its page Postgres
        # writes a row's next version beside it, and no index.
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("stock_order.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    seller_sku: Mapped[str] = mapped_column(String(255))
    units_ordered: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    #: Still to come; 0 once the order is closed, canceled or the line is over-received.
    units_outstanding: Mapped[int] = mapped_column(default=0)
    #: Of the outstanding, on shipments that are ignored.
    units_ignored: Mapped[int] = mapped_column(default=0, server_default="0")
    #: On shipments that have left: of a transfer, no longer in its source's stock.
    units_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Without tax, in the order's currency.
    unit_cost: Mapped[Decimal | None]
    #: Percent.
    tax_rate: Mapped[Decimal | None]
    units_per_case: Mapped[int | None]


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


class OrderStatus(Model):
    """A named status of the seller's own, on one of the four types."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    type: Mapped[StatusType]


class OrderReceipt(Model):
    """Units of an order received by hand. An undone one stays, with who undid it when."""

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="CASCADE"), index=True
    )
    received_on: Mapped[date] = mapped_column(index=True)
    units: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime]
    #: Receipts of one form share it, and are undone together.
    batch: Mapped[str] = mapped_column(String(36), index=True)
    #: Received before the order was brought in from a file: it moved no stock here.
    is_opening: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]


class Attachment(Model):
    """A file kept with an order or a shipment: an invoice, a bill of lading. In the backup."""

    __table_args__ = (
        CheckConstraint("(order_id IS NULL) <> (shipment_id IS NULL)", name="subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("stock_order.id", ondelete="CASCADE"), index=True
    )
    shipment_id: Mapped[int | None] = mapped_column(
        ForeignKey("shipment.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    #: Bytes.
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]


class ClaimWindow(Model):
    """When a short shipment can be claimed at Amazon, in days after delivery, by marketplace."""

    __table_args__ = (
        CheckConstraint(
            "opens_after_days >= 0 AND closes_after_days >= opens_after_days", name="days"
        ),
    )

    marketplace_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    opens_after_days: Mapped[int]
    closes_after_days: Mapped[int]
