"""Listings and variants as lists: narrowed, sorted, counted, and as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    ListingOffer,
    Shipment,
    ShipmentLine,
    StockLevel,
    Variant,
    VariantLink,
    Warehouse,
)
from inventory.services import lists, stock

COLUMNS = (
    Listing.id,
    Listing.connection_id,
    Listing.channel,
    Listing.seller_sku,
    Listing.asin,
    Listing.fnsku,
    Listing.title,
    Listing.status,
)
ROWS = sa.select(*COLUMNS)
HELD = (
    sa.select(
        StockLevel.listing_id, StockLevel.warehouse_id, stock.STOCK, stock.SHARED.label("shared")
    )
    .where(StockLevel.listing_id.in_(sa.bindparam("listings", expanding=True)))
    .order_by(StockLevel.listing_id, StockLevel.warehouse_id)
)
VARIANTS = (
    sa.select(VariantLink.listing_id, Variant.id, Variant.sku, VariantLink.reason)
    .join(Variant, Variant.id == VariantLink.variant_id)
    .where(VariantLink.listing_id.in_(sa.bindparam("listings", expanding=True)))
)
COUNTED = (
    sa.select(sa.func.count())
    .where(VariantLink.variant_id == Variant.id)
    .correlate(Variant)
    .scalar_subquery()
)
VARIANT_ROWS = sa.select(Variant.id, Variant.sku, Variant.title, COUNTED.label("listings"))
#: Name in the address -> (column, may be NULL).
SORTS: dict[str, tuple[Any, bool]] = {
    "sku": (Listing.seller_sku, False),
    "title": (Listing.title, False),
    "asin": (Listing.asin, False),
}
VARIANT_SORT = lists.Sort(Variant.sku, (Variant.id,))


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """Which listings; blank and ``None`` mean any."""

    q: str = ""
    channel: str = ""
    status: str = ""
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a warehouse holds of a listing: ``stock`` in units, by ``rules.stock``.

    ``shared`` names the pool whose figure it is; empty for the warehouse's own.
    """

    listing_id: int
    warehouse_id: int
    stock: int
    shared: str


def page(wanted: ListingFilter, sort: str, cursor: str) -> lists.Page:
    """Return one page; ``sort`` is a name of ``SORTS``, with "-" to turn it."""
    return lists.page(_rows(wanted), sorting(sort), cursor)


def count(wanted: ListingFilter) -> int:
    """Count what the filter lets through."""
    statement = sa.select(sa.func.count()).select_from(Listing).where(*conditions(wanted))
    return db.session.scalar(statement) or 0


def stock_of(listing_ids: Sequence[int]) -> dict[int, list[Held]]:
    """Return listing -> what each warehouse holds, a pool once. One statement."""
    heaps: dict[tuple[int, int | str], Held] = {}
    for held in (Held(*row) for row in lists.read(HELD, listings=listing_ids)):
        heap = (held.listing_id, held.shared or held.warehouse_id)
        if heap not in heaps or held.stock > heaps[heap].stock:
            heaps[heap] = held
    found: dict[int, list[Held]] = {}
    for held in heaps.values():
        found.setdefault(held.listing_id, []).append(held)
    return found


def variants_of(listing_ids: Sequence[int]) -> dict[int, Any]:
    """Return listing -> its variant (id, sku) and the link's reason. One statement."""
    return {row.listing_id: row for row in lists.read(VARIANTS, listings=listing_ids)}


def export(wanted: ListingFilter, sort: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file, in its order, for all that the filter lets through."""
    statement = (
        sa.select(
            Listing.id,
            Connection.name,
            Listing.channel,
            Listing.seller_sku,
            Listing.asin,
            Listing.fnsku,
            Listing.title,
            Listing.status,
            Variant.sku,
            VariantLink.reason,
        )
        .join(Connection, Connection.id == Listing.connection_id)
        .outerjoin(VariantLink, VariantLink.listing_id == Listing.id)
        .outerjoin(Variant, Variant.id == VariantLink.variant_id)
        .where(*conditions(wanted))
    )
    for row in lists.everything(statement, sorting(sort)):
        yield row[1:]


def find(listing_id: int) -> Any:
    """Return (listing, connection), ``None`` when it is not there."""
    return db.session.execute(
        sa.select(Listing, Connection)
        .join(Connection, Connection.id == Listing.connection_id)
        .where(Listing.id == listing_id)
    ).first()


def offers(listing_id: int) -> Sequence[ListingOffer]:
    """Return the listing in each marketplace."""
    return db.session.scalars(
        sa.select(ListingOffer)
        .where(ListingOffer.listing_id == listing_id)
        .order_by(ListingOffer.marketplace_id)
    ).all()


def levels(listing_id: int) -> Sequence[Any]:
    """Return what each warehouse holds, by the warehouses' names.

    That is (stock level, warehouse name, units fulfillable there, its pool, stock, its basis).
    The pool is empty where the units are the warehouse's own; no basis is the default.
    """
    return db.session.execute(
        sa.select(
            StockLevel,
            Warehouse.name,
            stock.FULFILLABLE,
            stock.SHARED,
            stock.STOCK,
            Warehouse.stock_basis,
        )
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .where(StockLevel.listing_id == listing_id)
        .order_by(Warehouse.name)
    ).all()


def open_shipments(listing_id: int) -> Sequence[Any]:
    """Return (shipment, line) of the open shipments that hold the listing, soonest first."""
    return db.session.execute(
        sa.select(Shipment, ShipmentLine)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(ShipmentLine.listing_id == listing_id, Shipment.is_open)
        .order_by(Shipment.expected_on.is_(None), Shipment.expected_on, Shipment.id)
        .limit(100)
    ).all()


def variant_page(q: str, cursor: str) -> lists.Page:
    """Return one page of the variants, by SKU, each with the number of its listings."""
    return lists.page(_variant_rows(q), VARIANT_SORT, cursor)


def variant_export(q: str) -> Iterator[tuple[Any, ...]]:
    """Yield SKU, title and number of listings of all variants that the search lets through."""
    counted = (
        sa.select(VariantLink.variant_id, sa.func.count().label("listings"))
        .group_by(VariantLink.variant_id)
        .subquery()
    )
    statement = (
        sa.select(Variant.id, Variant.sku, Variant.title, sa.func.coalesce(counted.c.listings, 0))
        .outerjoin(counted, counted.c.variant_id == Variant.id)
        .where(*_variants(q))
    )
    for row in lists.everything(statement, VARIANT_SORT):
        yield row[1:]


def variant_count(q: str) -> int:
    """Count the variants that the search lets through."""
    statement = sa.select(sa.func.count()).select_from(Variant).where(*_variants(q))
    return db.session.scalar(statement) or 0


@lru_cache(maxsize=32)
def sorting(name: str) -> lists.Sort:
    """Return the sort of an address ("sku", "-sku"); unknown names give the first."""
    column, nullable = SORTS.get(name.lstrip("-"), SORTS["sku"])
    return lists.Sort(column, (Listing.id,), nullable, name.startswith("-"))


def conditions(wanted: ListingFilter) -> list[Any]:
    """Return what a row must fulfil, for the ``where`` of a statement over listing."""
    found: list[Any] = []
    if wanted.channel:
        found.append(Listing.channel == wanted.channel)
    if wanted.status:
        found.append(Listing.status == wanted.status)
    if wanted.connection_id is not None:
        found.append(Listing.connection_id == wanted.connection_id)
    if wanted.q:
        codes = lists.begins(wanted.q, Listing.seller_sku, Listing.asin, Listing.fnsku)
        found.append(sa.or_(codes, lists.matches(wanted.q, Listing.title)))
    return found


@lru_cache(maxsize=256)
def _rows(wanted: ListingFilter) -> lists.Statement:
    return ROWS.where(*conditions(wanted))


@lru_cache(maxsize=256)
def _variant_rows(q: str) -> lists.Statement:
    return VARIANT_ROWS.where(*_variants(q))


def _variants(q: str) -> list[Any]:
    return [sa.or_(lists.begins(q, Variant.sku), lists.matches(q, Variant.title))] if q else []
