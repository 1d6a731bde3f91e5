"""Stock per warehouse and listing, as Amazon says it, and its daily history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from extensions import Model


class StockFigures:
    """Units in every state Amazon tells apart (FBA inventory API). FBM uses ``fulfillable``."""

    fulfillable: Mapped[int] = mapped_column(default=0)
    fc_transfer: Mapped[int] = mapped_column(default=0)
    fc_processing: Mapped[int] = mapped_column(default=0)
    customer_orders: Mapped[int] = mapped_column(default=0)
    reserved_total: Mapped[int] = mapped_column(default=0)
    inbound_working: Mapped[int] = mapped_column(default=0)
    inbound_shipped: Mapped[int] = mapped_column(default=0)
    inbound_receiving: Mapped[int] = mapped_column(default=0)
    researching: Mapped[int] = mapped_column(default=0)
    researching_short: Mapped[int] = mapped_column(default=0)
    researching_mid: Mapped[int] = mapped_column(default=0)
    researching_long: Mapped[int] = mapped_column(default=0)
    unfulfillable: Mapped[int] = mapped_column(default=0)
    customer_damaged: Mapped[int] = mapped_column(default=0)
    warehouse_damaged: Mapped[int] = mapped_column(default=0)
    distributor_damaged: Mapped[int] = mapped_column(default=0)
    carrier_damaged: Mapped[int] = mapped_column(default=0)
    defective: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: The pool that the figures belong to when several marketplaces share one; else empty.
    pool_key: Mapped[str] = mapped_column(String(64), default="")
    #: Of the pool's units, those that lie in the warehouse's own country; ``None`` while no
    #: report by country has told. The figures above stay the pool's.
    local_fulfillable: Mapped[int | None]


_OF_POOLS = ("pool_key", "local_fulfillable")
#: The names above that are units in a state, in the order above.
STOCK_FIGURES = tuple(name for name in StockFigures.__annotations__ if name not in _OF_POOLS)


class StockLevel(StockFigures, Model):
    """What a warehouse holds of a listing now."""

    __table_args__ = (Index("ix_stock_level_listing_id", "listing_id"),)

    warehouse_id: Mapped[int] = mapped_column(
        ForeignKey("warehouse.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    #: The SKU again, so that a warehouse's stock can be paged by it from one index.
    seller_sku: Mapped[str] = mapped_column(String(255))
    #: When the figures last changed; when they were last read is the sync's mark.
    changed_at: Mapped[datetime]


Index("ix_stock_level_page", StockLevel.seller_sku, StockLevel.warehouse_id, StockLevel.listing_id)
Index(
    "ix_stock_level_warehouse_page",
    StockLevel.warehouse_id,
    StockLevel.seller_sku,
    StockLevel.listing_id,
)

Index(
    "ix_stock_level_fulfillable",
    StockLevel.fulfillable,
    StockLevel.warehouse_id,
    StockLevel.listing_id,
)
Index(
    "ix_stock_level_warehouse_fulfillable",
    StockLevel.warehouse_id,
    StockLevel.fulfillable,
    StockLevel.listing_id,
)


class StockDay(StockFigures, Model):
    """The figures at the end of a day (account time zone), kept when they differ from before."""

    warehouse_id: Mapped[int] = mapped_column(
        ForeignKey("warehouse.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)


class StockEntry(Model):
    """A change of what an own warehouse holds of a listing: who, when, how much, why."""

    __table_args__ = (
        Index("ix_stock_entry_warehouse_listing", "warehouse_id", "listing_id", "id"),
        Index("ix_stock_entry_warehouse_newest", "warehouse_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    units_before: Mapped[int]
    units_after: Mapped[int]
    #: "form", "file", "receipt", "shipment" or "undo".
    cause: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: The order whose goods came in.
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("stock_order.id", ondelete="SET NULL"), index=True
    )
    #: Entries of one form or file share it.
    batch: Mapped[str | None] = mapped_column(String(36), index=True)
