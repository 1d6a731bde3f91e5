"""Purchase and transfer orders as files, with the columns of the contract."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from inventory.models import Listing, OrderLine, StockOrder, Variant, VariantLink, Vendor, Warehouse
from inventory.rules.landed import Priced
from inventory.services import landed_costs, lists
from inventory.services.order_lists import SORTS, OrderFilter, conditions, sorting

#: An order made here was first seen the day it was made: in the words of the contract.
SOURCES = {"lead_time": "first_seen"}
#: The first is not for the file, nor are those behind the unit cost.
OF_LINES = (
    StockOrder.id,
    StockOrder.reference,
    OrderLine.seller_sku,
    Listing.asin,
    Listing.fnsku,
    Listing.title,
    OrderLine.units_ordered,
    OrderLine.units_received,
    OrderLine.units_outstanding,
    OrderLine.unit_cost,
    StockOrder.shipping_handling,
    OrderLine.units_ignored,
    StockOrder.placement_fee,
    StockOrder.discount,
    StockOrder.spread_by,
    StockOrder.currency,
    Variant.weight_grams,
)


def export(wanted: OrderFilter, sort: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file, in its order, for all that the filter lets through."""
    source, destination = aliased(Warehouse), aliased(Warehouse)
    statement = (
        sa.select(
            StockOrder.id,
            StockOrder.reference,
            StockOrder.extra_reference,
            StockOrder.status,
            StockOrder.status_type,
            StockOrder.amazon_status,
            source.name.label("source"),
            Vendor.name.label("vendor"),
            destination.name.label("destination"),
            StockOrder.created_on,
            StockOrder.expected_on,
            StockOrder.expected_source,
            StockOrder.units_ordered,
            StockOrder.units_received,
            StockOrder.units_outstanding,
            StockOrder.units_ignored,
            StockOrder.shipping_handling,
            StockOrder.currency,
        )
        .join(destination, destination.id == StockOrder.destination_id)
        .outerjoin(source, source.id == StockOrder.source_id)
        .outerjoin(Vendor, Vendor.id == StockOrder.vendor_id)
        .where(*conditions(wanted))
    )
    for row in lists.everything(statement, sorting(sort)):
        yield (
            *row[1:11],
            SOURCES.get(row.expected_source, row.expected_source),
            *row[12:],
        )


def export_lines(
    wanted: OrderFilter | None = None, sort: str = "expected", order_id: int | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of all orders that the filter lets through, or of the one order."""
    where = conditions(wanted) if wanted else [StockOrder.id == order_id]
    statement = (
        sa.select(*OF_LINES)
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .join(Listing, Listing.id == OrderLine.listing_id)
        .outerjoin(VariantLink, VariantLink.listing_id == Listing.id)
        .outerjoin(Variant, Variant.id == VariantLink.variant_id)
        .where(*where)
    )
    column, nullable = SORTS[sort.lstrip("-")]
    by = lists.Sort(column, (StockOrder.id, OrderLine.seller_sku), nullable, sort.startswith("-"))
    for _, lines in groupby(lists.everything(statement, by), key=lambda row: row.id):
        rows = list(lines)[:: -1 if by.descending else 1]  # SKUs always from A to Z
        priced = [Priced(row.unit_cost, row.units_ordered, row.weight_grams) for row in rows]
        landed = landed_costs.shared(rows[0], priced)
        yield from (
            (*row[1:10], _four_decimals(one.unit_cost), row.units_ignored)
            for row, one in zip(rows, landed, strict=True)
        )


def _four_decimals(cost: Decimal | None) -> Decimal | None:
    """A share of a fee per unit has no end: money has four decimals here."""
    if cost is None:
        return None
    return Decimal(f"{cost.quantize(landed_costs.FOUR_DECIMALS).normalize():f}")
