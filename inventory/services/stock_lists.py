"""Stock as a list: what each warehouse holds of each SKU, and what is on its way there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Listing, StockLevel, Warehouse
from inventory.rules.pools import POOLING
from inventory.rules.stock import DEFAULT_BASIS
from inventory.services import choices, freshness, lists, stock, stock_on_order
from inventory.services.choices import Choice
from inventory.services.stock_on_order import UNEXPLAINED, OnOrder

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
    StockLevel.pool_key,
    StockLevel.changed_at,
    UNEXPLAINED.label("unexplained"),
    *(getattr(StockLevel, name) for name in FIGURES),
)
ROWS = sa.select(*COLUMNS)
TITLES = sa.select(Listing.id, Listing.title).where(
    Listing.id.in_(sa.bindparam("listings", expanding=True))
)


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Which stock; blank and ``None`` mean any. The last three let through only such rows.

    ``overdue_on`` is the account's date: only what orders from before it still bring.
    """

    q: str = ""
    warehouse_id: int | None = None
    connection_id: int | None = None
    has_stock: bool = False
    overdue_on: date | None = None
    is_unexplained: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all that a filter lets through; a pool that several warehouses show counts once."""

    count: int
    figures: tuple[int, ...]
    stock: int
    coming: OnOrder
    unexplained: int


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


def totals(wanted: StockFilter, today: date) -> Totals:
    """Count rows and add up figures, each pool once. Two statements, over all of it."""
    counted = stock.counted_once(*conditions(wanted))
    once = counted.add_columns(
        sa.func.count().label("shown"), sa.func.max(UNEXPLAINED).label("unexplained")
    ).subquery()
    names = ("shown", "stock", "unexplained", *FIGURES)
    row = db.session.execute(sa.select(*(sa.func.sum(once.c[name]) for name in names))).one()
    shown, units, unexplained, *sums = (int(one or 0) for one in row)
    return Totals(shown, tuple(sums), units, _coming(wanted, today), unexplained)


def _coming(wanted: StockFilter, today: date) -> OnOrder:
    coming = stock_on_order.by_place(today).subquery()
    names = ("units", "overdue", "ignored", "transfers")
    row = db.session.execute(
        sa.select(*(sa.func.sum(coming.c[name]) for name in names))
        .select_from(StockLevel)
        .join(coming, _same(coming))
        .where(*conditions(wanted))
    ).one()
    return OnOrder(*(int(one or 0) for one in row))


def export(
    wanted: StockFilter, sort: str, today: date, places: Mapping[int, Choice]
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file, in its order, for all that the filter lets through.

    A pool's figures stand in each of its warehouses' rows; ``pool`` names it, and ``counted``
    is 1 in the one row that a sum should take: that with the most stock, as in a total. Where
    each country's share is known it stands as fulfillable and as stock, the row has no
    ``pool``, and each counts. ``unexplained`` is empty where Amazon does not count.
    """
    marks = freshness.stock_marks()
    for row in lists.everything(_file(wanted, today), sorting(sort, places)):
        yield (
            row.name,
            row.seller_sku,
            *figures(row),
            row.stock,
            row.units,
            row.overdue,
            row.ignored,
            _iso(as_of(marks, places[row.warehouse_id], row.changed_at)),
            row.shared,
            int(not row.shared or row.place == 1),
            row.unexplained,
            row.basis or DEFAULT_BASIS,
        )


def _file(wanted: StockFilter, today: date) -> sa.Select[Any]:
    coming = stock_on_order.by_place(today).subquery()
    names = ("units", "overdue", "ignored")
    # Of the rows of a pool, where each stands by its stock.
    place = sa.func.row_number().over(
        partition_by=(StockLevel.listing_id, stock.SHARED),
        order_by=(stock.STOCK.desc(), StockLevel.warehouse_id),
    )
    return (
        sa.select(
            *COLUMNS,
            Warehouse.name,
            Warehouse.stock_basis.label("basis"),
            place.label("place"),
            *(sa.func.coalesce(coming.c[name], 0).label(name) for name in names),
        )
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .outerjoin(coming, _same(coming))
        .where(*conditions(wanted))
    )


def _same(coming: Any) -> Any:
    return sa.and_(
        coming.c.warehouse_id == StockLevel.warehouse_id,
        coming.c.listing_id == StockLevel.listing_id,
    )


def as_of(
    marks: Mapping[tuple[int, str], datetime], place: Choice, changed_at: datetime | None = None
) -> datetime | None:
    """Return when a warehouse's stock was last read: its marketplace's mark, else the whole's.

    What is counted by hand is as old as its last change.
    """
    if place.connection_id is None:
        return changed_at
    key = (place.connection_id, place.marketplace_id or "")
    return marks.get(key) or marks.get((place.connection_id, ""))


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
    if wanted.has_stock:
        found.append(stock.STOCK > 0)
    if wanted.overdue_on is not None:
        found.append(stock_on_order.is_overdue(wanted.overdue_on))
    if wanted.is_unexplained:
        found.append(UNEXPLAINED != 0)
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


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
