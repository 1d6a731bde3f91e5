"""Vendors, and what each asks for an item."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model
from inventory.models.listings import Variant


class Vendor(Model):
    """Somebody goods are bought from."""

    __table_args__ = (CheckConstraint("lead_time_days >= 0", name="lead_time"), IDS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(150), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    contact: Mapped[str] = mapped_column(String(50), default="")
    line1: Mapped[str] = mapped_column(String(180), default="")
    line2: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    state: Mapped[str] = mapped_column(String(30), default="")
    postal_code: Mapped[str] = mapped_column(String(32), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    payment_terms: Mapped[str] = mapped_column(String(100), default="")
    #: NULL: the warehouse's, else the default.
    lead_time_days: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class VendorItem(Model):
    """A variant as a vendor sells it: the vendor's SKU, cost, case and minimum."""

    __table_args__ = (
        Index("ix_vendor_item_variant_id", "variant_id"),
        CheckConstraint("units_per_case >= 1", name="units_per_case"),
        CheckConstraint("minimum_units >= 0", name="minimum_units"),
    )

    vendor_id: Mapped[int] = mapped_column(
        ForeignKey("vendor.id", ondelete="CASCADE"), primary_key=True
    )
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True
    )
    vendor_sku: Mapped[str] = mapped_column(String(255), default="")
    #: Without tax, in the vendor's currency.
    unit_cost: Mapped[Decimal | None]
    units_per_case: Mapped[int | None]
    minimum_units: Mapped[int | None]
    variant: Mapped[Variant] = relationship()
