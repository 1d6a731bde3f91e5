"""Inbound shipments: goods on their way to Amazon."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model
from inventory.models.connections import Connection
from inventory.models.warehouses import Warehouse


class Shipment(Model):
    """One consignment to one fulfilment centre, known by its FBA id.

    Quantities are sums of its lines, kept here so that lists need no query per row.
    """

    __table_args__ = (
        UniqueConstraint("connection_id", "amazon_shipment_id"),
        Index("ix_shipment_plan_shipment_id", "connection_id", "plan_shipment_id"),
        Index("ix_shipment_connection_id_is_open", "connection_id", "is_open"),
        Index("ix_shipment_is_open_expected_on_id", "is_open", "expected_on", "id"),
        Index("ix_shipment_expected_on_id", "expected_on", "id"),
        Index("ix_shipment_is_open_fba_id", "is_open", "amazon_shipment_id", "id"),
        Index("ix_shipment_is_open_outstanding", "is_open", "units_outstanding", "id"),
        Index("ix_shipment_outstanding", "units_outstanding", "id"),
        Index("ix_shipment_status_expected", "status", "expected_on", "id"),
        Index(
            "ix_shipment_flagged",
            "expected_on",
            "id",
            sqlite_where=text("flags != ''"),
            postgresql_where=text("flags != ''"),
        ),
        Index(
            "ix_shipment_short",
            "expected_on",
            "id",
            sqlite_where=text("status = 'CLOSED' AND units_received < units_shipped"),
            postgresql_where=text("status = 'CLOSED' AND units_received < units_shipped"),
        ),
        Index(
            "ix_shipment_ignored",
            "expected_on",
            "id",
            sqlite_where=text("ignored_on IS NOT NULL"),
            postgresql_where=text("ignored_on IS NOT NULL"),
        ),
        Index("ix_shipment_amazon_shipment_id", "amazon_shipment_id"),
        Index("ix_shipment_warehouse_id", "warehouse_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    amazon_shipment_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255), default="")
    #: Amazon's word at the last reading, kept as text; empty when Amazon gave none.
    amazon_status: Mapped[str] = mapped_column(String(32), default="")
    #: The last status that means something to us: see rules.shipments.
    status: Mapped[str] = mapped_column(String(32), default="")
    #: Not yet closed, cancelled or deleted: its lines are read again at each sync.
    is_open: Mapped[bool] = mapped_column(default=True)
    #: What a person should look at: "unknown_status", "went_back", "source_missing", …; comma-sep.
    flags: Mapped[str] = mapped_column(String(200), default="")
    destination_fc: Mapped[str] = mapped_column(String(16), default="")
    ship_from: Mapped[dict[str, Any]] = mapped_column(default=dict)
    label_prep_type: Mapped[str] = mapped_column(String(32), default="")
    are_cases_required: Mapped[bool | None]
    box_contents_source: Mapped[str] = mapped_column(String(32), default="")

    marketplace_id: Mapped[str] = mapped_column(String(20), default="")
    #: Who said so: "user", "plan", "centre", "fc", "country" or "primary"; the last three guess.
    marketplace_source: Mapped[str] = mapped_column(String(16), default="")
    warehouse_id: Mapped[int | None] = mapped_column(
        ForeignKey("warehouse.id", ondelete="SET NULL")
    )

    first_seen_on: Mapped[date]
    #: "sync", "plan", "name", "window" or "today" (a guess).
    first_seen_source: Mapped[str] = mapped_column(String(16))
    #: The first sync in which it was SHIPPED or later, as a date.
    shipped_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    last_activity_at: Mapped[datetime | None]

    # From the 2024-03-20 API, joined on the FBA id.
    plan_id: Mapped[str] = mapped_column(String(38), default="")
    plan_shipment_id: Mapped[str] = mapped_column(String(38), default="")
    mode: Mapped[str] = mapped_column(String(32), default="")
    solution: Mapped[str] = mapped_column(String(32), default="")
    carrier: Mapped[str] = mapped_column(String(100), default="")
    destination_country: Mapped[str] = mapped_column(String(2), default="")
    ready_to_ship_at: Mapped[datetime | None]
    pickup_at: Mapped[datetime | None]
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    selected_option_id: Mapped[str] = mapped_column(String(38), default="")
    #: The partnered carrier's quote; NULL when there is none to read.
    fee: Mapped[Decimal | None]
    fee_currency: Mapped[str] = mapped_column(String(3), default="")
    #: The day whose exchange rate it is converted with (rules.fees).
    fee_on: Mapped[date | None]

    expected_on: Mapped[date | None]
    #: "pickup_delay", "delivery_window", "ready_to_ship" or "first_seen".
    expected_source: Mapped[str] = mapped_column(String(16), default="")

    units_shipped: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    units_outstanding: Mapped[int] = mapped_column(default=0)
    line_count: Mapped[int] = mapped_column(default=0)

    #: Since when what is outstanding no longer counts as on order; NULL: it counts.
    ignored_on: Mapped[date | None]
    #: A person's word against the rule: "ignore", "count", or empty.
    ignore_pin: Mapped[str] = mapped_column(String(8), default="", server_default="")
    ignore_pinned_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    ignore_pinned_at: Mapped[datetime | None]
    #: What people found out about it.
    note: Mapped[str] = mapped_column(String(1000), default="", server_default="")

    #: When its lines were last read, whole.
    lines_read_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    connection: Mapped[Connection] = relationship()
    warehouse: Mapped[Warehouse | None] = relationship()


class ShipmentLine(Model):
    """Units of one SKU in a shipment: what was shipped and what Amazon has received."""

    __table_args__ = (UniqueConstraint("shipment_id", "seller_sku"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    seller_sku: Mapped[str] = mapped_column(String(255))
    fnsku: Mapped[str] = mapped_column(String(20), default="")
    units_shipped: Mapped[int] = mapped_column(default=0)
    units_received: Mapped[int] = mapped_column(default=0)
    units_in_case: Mapped[int | None]
    #: Amazon no longer shows the line; what was received stays.
    is_gone: Mapped[bool] = mapped_column(default=False)


class Receipt(Model):
    """A change of a line's received units, dated by the sync that saw it. May be negative."""

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(
        ForeignKey("shipment_line.id", ondelete="CASCADE"), index=True
    )
    received_on: Mapped[date] = mapped_column(index=True)
    units: Mapped[int]
    #: Found at the first reading: received some time before, nobody knows when.
    is_opening: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_run.id", ondelete="SET NULL"))


class ShipmentStatus(Model):
    """A status Amazon gave, and when we saw it. The raw text, in the order seen."""

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(
        ForeignKey("shipment.id", ondelete="CASCADE"), index=True
    )
    amazon_status: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_run.id", ondelete="SET NULL"))


class NotAlike(Model):
    """A person's word that a shipment is not the order it looks like: never offered again."""

    shipment_id: Mapped[int] = mapped_column(
        ForeignKey("shipment.id", ondelete="CASCADE"), primary_key=True
    )
    order_id: Mapped[int] = mapped_column(
        ForeignKey("stock_order.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    said_at: Mapped[datetime]
