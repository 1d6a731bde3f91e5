"""Stock as a list: what each warehouse holds of each SKU, and what is on its way there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Listing, OrderLine, StatusType, StockLevel, StockOrder, Warehouse
from inventory.rules.pools import POOLING
from inventory.services import choices, freshness, lists, stock
from inventory.services.choices import Choice

FIGURES = (
    "fulfillable",
    "fc_transfer",
    "fc_processing",
    "customer_orders",
    "researching",
    "unfulfillable",
    "inbound_working",
    "inbound_shipped",
    "inbound_receiving",
)
#: What is fulfillable from the row's own place, where that is known.
HERE = stock.FULFILLABLE.label("here")
COLUMNS = (
    StockLevel.warehouse_id,
    StockLevel.listing_id,
    StockLevel.seller_sku,
    HERE,
    stock.STOCK.label("stock"),
    stock.SHARED.label("shared"),
    *(getattr(StockLevel, name) for name in FIGURES),
)
ROWS = sa.select(*COLUMNS)
_listings: Any = sa.bindparam("listings", expanding=True)
TITLES = sa.select(Listing.id, Listing.title).where(Listing.id.in_(_listings))


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Which stock; blank and ``None`` mean any."""

    q: str = ""
    warehouse_id: int | None = None
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Units still to come to a warehouse; ``overdue`` is the part whose date has passed.

    ``ignored`` units are in neither: of shipments that stayed unreceived for too long.
    """

    units: int = 0
    overdue: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all that a filter lets through; a pool that several warehouses show counts once."""

    count: int
    figures: tuple[int, ...]
    stock: int


def page(wanted: StockFilter, sort: str, cursor: str, places: Mapping[int, Choice]) -> lists.Page:
    """Return one page; ``sort`` is "sku" or "fulfillable", with "-" to turn it.

    ``places`` are all warehouses.
    """
    by = sorting(sort, places)
    return lists.page(_rows(wanted), by, cursor)


def figures(row: Any) -> tuple[int, ...]:
    """Return a row's units in the order of ``FIGURES``, of a known share instead of the pool's."""
    return row.here, *(getattr(row, name) for name in FIGURES[1:])


def titles(listing_ids: Sequence[int]) -> dict[int, str]:
    """Return listing -> title. One statement."""
    return {row.id: row.title for row in lists.read(TITLES, listings=listing_ids)}


def on_order(listing_ids: Sequence[int], today: date) -> dict[tuple[int, int], OnOrder]:
    """Return (warehouse, listing) -> what open orders still bring. One statement."""
    return {
        (row.warehouse_id, row.listing_id): OnOrder(
            int(row.units), int(row.overdue), int(row.ignored)
        )
        for row in lists.read(_on_order_of(today), listings=listing_ids)
    }


def totals(wanted: StockFilter) -> Totals:
    """Count rows and add up figures, each pool once. One statement, over all of it."""
    counted = stock.counted_once(*conditions(wanted))
    once = counted.add_columns(sa.func.count().label("shown")).subquery()
    names = ("shown", "stock", *FIGURES)
    row = db.session.execute(sa.select(*(sa.func.sum(once.c[name]) for name in names))).one()
    shown, units, *sums = (int(one or 0) for one in row)
    return Totals(shown, tuple(sums), units)


def export(
    wanted: StockFilter, sort: str, today: date, places: Mapping[int, Choice]
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file, in its order, for all that the filter lets through.

    A pool's figures stand in each of its warehouses' rows; ``pool`` names it, and ``counted``
    is 1 in the one row that a sum should take. Where each country's share is known it stands
    as fulfillable and as stock, the row has no ``pool``, and each counts.
    """
    marks = freshness.stock_marks()
    seen: set[tuple[str, int]] = set()
    for row in lists.everything(_file(wanted, today), sorting(sort, places)):
        pool = (row.shared, row.listing_id)
        counted = not row.shared or pool not in seen
        seen.add(pool)
        yield (
            row.name,
            row.seller_sku,
            *figures(row),
            row.stock,
            row.on_order,
            row.overdue,
            row.ignored,
            _iso(as_of(marks, row.connection_id, row.marketplace_id)),
            row.shared,
            int(counted),
        )


def _file(wanted: StockFilter, today: date) -> sa.Select[Any]:
    coming = _on_order(today).subquery()
    return (
        sa.select(
            *COLUMNS,
            Warehouse.name,
            Warehouse.connection_id,
            Warehouse.marketplace_id,
            sa.func.coalesce(coming.c.units, 0).label("on_order"),
            sa.func.coalesce(coming.c.overdue, 0).label("overdue"),
            sa.func.coalesce(coming.c.ignored, 0).label("ignored"),
        )
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .outerjoin(
            coming,
            sa.and_(
                coming.c.warehouse_id == StockLevel.warehouse_id,
                coming.c.listing_id == StockLevel.listing_id,
            ),
        )
        .where(*conditions(wanted))
    )


def as_of(
    marks: dict[tuple[int, str], datetime], connection_id: int | None, marketplace_id: str | None
) -> datetime | None:
    """Return when a warehouse's stock was last read: its marketplace's mark, else the whole's."""
    if connection_id is None:
        return None
    return marks.get((connection_id, marketplace_id or "")) or marks.get((connection_id, ""))


def sorting(name: str, places: Mapping[int, Choice]) -> lists.Sort:
    """Return the sort of an address; unknown names give the SKU."""
    column: Any = StockLevel.seller_sku
    if name.lstrip("-") == "fulfillable":
        # Shares are in no index: only where there may be some is the list sorted by them.
        may_share = any(choices.is_fba(one) and one.country in POOLING for one in places.values())
        column = HERE if may_share else StockLevel.fulfillable
    ties = (StockLevel.warehouse_id, StockLevel.listing_id)
    return lists.Sort(column, ties, descending=name.startswith("-"))


def conditions(wanted: StockFilter) -> list[Any]:
    """Return what a row must fulfil, for the ``where`` of a statement over stock_level."""
    found: list[Any] = []
    if wanted.warehouse_id is not None:
        found.append(StockLevel.warehouse_id == wanted.warehouse_id)
    if wanted.connection_id is not None:
        mine = sa.select(Warehouse.id).where(Warehouse.connection_id == wanted.connection_id)
        found.append(StockLevel.warehouse_id.in_(mine))
    if wanted.q:
        listings = sa.select(Listing.id).where(
            sa.or_(
                lists.begins(wanted.q, Listing.asin, Listing.fnsku),
                lists.matches(wanted.q, Listing.title),
            )
        )
        sku = lists.begins(wanted.q, StockLevel.seller_sku)
        found.append(sa.or_(sku, StockLevel.listing_id.in_(listings)))
    return found


@lru_cache(maxsize=256)
def _rows(wanted: StockFilter) -> lists.Statement:
    return ROWS.where(*conditions(wanted))


@lru_cache(maxsize=4)
def _on_order_of(today: date) -> lists.Statement:
    return _on_order(today).where(OrderLine.listing_id.in_(_listings))


def _on_order(today: date) -> lists.Statement:
    counted = OrderLine.units_outstanding - OrderLine.units_ignored
    late = sa.case((StockOrder.expected_on < today, counted), else_=0)
    return (
        sa.select(
            StockOrder.destination_id.label("warehouse_id"),
            OrderLine.listing_id,
            sa.func.sum(counted).label("units"),
            sa.func.sum(late).label("overdue"),
            sa.func.sum(OrderLine.units_ignored).label("ignored"),
        )
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(StockOrder.status_type == StatusType.ACTIVE, OrderLine.units_outstanding > 0)
        .group_by(StockOrder.destination_id, OrderLine.listing_id)
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
