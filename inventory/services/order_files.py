"""Purchase and transfer orders as files, with the columns of the contract."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from inventory.models import Listing, OrderLine, StockOrder, Warehouse
from inventory.rules.landed import landed_costs
from inventory.services import lists
from inventory.services.order_lists import SORTS, OrderFilter, conditions, sorting


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
        .where(*conditions(wanted))
    )
    for row in lists.everything(statement, sorting(sort)):
        yield (
            *row[1:7],
            "",  # vendor: Amazon supplies none
            *row[7:],
        )


def export_lines(
    wanted: OrderFilter | None = None, sort: str = "expected", order_id: int | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of all orders that the filter lets through, or of the one order."""
    where = conditions(wanted) if wanted else [StockOrder.id == order_id]
    statement = (
        sa.select(
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
        )
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .join(Listing, Listing.id == OrderLine.listing_id)
        .where(*where)
    )
    column, nullable = SORTS[sort.lstrip("-")]
    by = lists.Sort(column, (StockOrder.id, OrderLine.seller_sku), nullable, sort.startswith("-"))
    for _, lines in groupby(lists.everything(statement, by), key=lambda row: row.id):
        rows = list(lines)[:: -1 if by.descending else 1]  # SKUs always from A to Z
        pairs = [(row.unit_cost, row.units_ordered) for row in rows]
        landed = landed_costs(pairs, rows[0].shipping_handling)
        with_cost = zip(rows, landed, strict=True)
        yield from ((*row[1:10], cost, row.units_ignored) for row, cost in with_cost)
