"""Listings: offers on Amazon, and the variants of ours they belong to."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model


class Channel(StrEnum):
    FBA = "FBA"
    FBM = "FBM"


class Listing(Model):
    """One seller SKU on one channel of a connection.

    ``asin``, ``fnsku``, ``title`` and ``status`` are the primary marketplace's, else the first's.
    """

    __table_args__ = (
        UniqueConstraint("connection_id", "channel", "seller_sku"),
        Index("ix_listing_seller_sku_id", "seller_sku", "id"),
        Index("ix_listing_asin", "asin"),
        Index("ix_listing_fnsku", "fnsku"),
        Index("ix_listing_title_id", "title", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(3))
    seller_sku: Mapped[str] = mapped_column(String(255))
    asin: Mapped[str] = mapped_column(String(20), default="")
    fnsku: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(500), default="")
    #: "active", "inactive" or "unknown" (seen in a shipment or in stock, not in the catalogue).
    status: Mapped[str] = mapped_column(String(16), default="unknown")
    created_at: Mapped[datetime]


class ListingOffer(Model):
    """A listing in one marketplace."""

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    marketplace_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    asin: Mapped[str] = mapped_column(String(20), default="")
    fnsku: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(500), default="")
    #: Amazon's words, comma-separated: "BUYABLE,DISCOVERABLE".
    status: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]


class Variant(Model):
    """Our own sellable item: the unit of forecasting and ordering."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(255), index=True)
    title: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    #: Landed cost written back from an order, in ``cost_currency``.
    unit_cost: Mapped[Decimal | None]
    cost_currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    #: Of one unit; what freight is spread by when asked.
    weight_grams: Mapped[int | None]


class VariantLink(Model):
    """Which variant a listing belongs to, why, and who said so."""

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="CASCADE"), index=True
    )
    #: "own" while every listing has a variant of its own.
    reason: Mapped[str] = mapped_column(String(32), default="own")
    confidence: Mapped[int] = mapped_column(default=100)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    linked_at: Mapped[datetime]
    variant: Mapped[Variant] = relationship()
