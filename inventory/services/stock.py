"""Stock as Amazon says it, per warehouse and listing, with its daily history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, case, cast, exists, func, literal, not_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from amazon.types import InventorySummary
from extensions import db
from inventory.models import (
    STOCK_FIGURES,
    OrderLine,
    StockBasis,
    StockDay,
    StockLevel,
    StockOrder,
    Warehouse,
)
from inventory.rules.stock import BASES, DEFAULT_BASIS
from inventory.services import accounts, listings
from inventory.services.listing_rows import chunks
from inventory.services.upserts import Counts, upsert

_NOTHING = dict.fromkeys(STOCK_FIGURES, 0)

_place = aliased(Warehouse)  # a statement may read the warehouses for itself as well


def _counted(state: str) -> Any:
    """Return a row's units in a state where its warehouse's basis counts them, else 0.

    The warehouses that say otherwise than the default are few, and looked up once a statement.
    """
    by_default = state in BASES[DEFAULT_BASIS]
    others = [basis for basis, states in BASES.items() if (state in states) != by_default]
    apart = select(_place.id).where(_place.stock_basis.in_([StockBasis(one) for one in others]))
    is_apart, units = StockLevel.warehouse_id.in_(apart), getattr(StockLevel, state)
    return case((is_apart, 0), else_=units) if by_default else case((is_apart, units), else_=0)


#: ``rules.stock`` in SQL: a row's share of a pool where it is known, else NULL.
LOCAL = case((StockLevel.pool_key != "", StockLevel.local_fulfillable))
FULFILLABLE = func.coalesce(LOCAL, StockLevel.fulfillable)
ON_BASIS = StockLevel.fulfillable + _counted("fc_transfer") + _counted("fc_processing")
STOCK = func.coalesce(LOCAL, ON_BASIS)
#: The pool whose figure a row still shows as its own; empty for a row that stands for itself.
SHARED = case((LOCAL.is_(None), StockLevel.pool_key), else_="")
#: Only their own syncs tell these: a page of stock does not touch them.
_OF_POOLS = ("pool_key", "local_fulfillable")

#: A row to store: listing id, SKU, units by state.
Holding = tuple[int, str, Mapping[str, int | None]]


def import_page(connection_id: int, warehouse_id: int, rows: Sequence[InventorySummary]) -> Counts:
    """Store a page of getInventorySummaries. Flushes; the counts are stock rows.

    Listings seen here first are made. Rows of one SKU (several FNSKUs or conditions) are
    added up where they stand on one page.
    """
    ids = listings.ensure_in_stock(connection_id, rows)
    units: dict[str, dict[str, int]] = {}
    for row in {(one.seller_sku, one.fnsku, one.condition): one for one in rows}.values():
        figures = units.setdefault(row.seller_sku, dict(_NOTHING))
        for name in STOCK_FIGURES:
            figures[name] += getattr(row, name)
    return _store(warehouse_id, [(ids[sku], sku, figures) for sku, figures in units.items()])


def set_units(warehouse_id: int, units: Mapping[int, tuple[str, int]]) -> Counts:
    """Store what the seller holds: listing id -> (SKU, units), all for sale. Flushes."""
    return _store(
        warehouse_id,
        [
            (listing_id, sku, {**_NOTHING, "fulfillable": count, "total": count})
            for listing_id, (sku, count) in units.items()
        ],
    )


def appear(order_ids: Sequence[int]) -> None:
    """Let what orders bring be listed where they bring it, with nothing held yet.

    For goods that a place never had: lists of stock show what has a row. Nothing held is
    nothing new, so the history tells nothing of it. Executes in the session's transaction.
    """
    is_postgres = db.engine.dialect.name == "postgresql"
    names = ("warehouse_id", "listing_id", "seller_sku", "changed_at", "pool_key", *STOCK_FIGURES)
    for some in chunks(order_ids):
        insert = (postgresql if is_postgres else sqlite).insert(StockLevel)
        new = insert.from_select(names, _unlisted(some))
        # A sync may list the same goods meanwhile.
        db.session.execute(new.on_conflict_do_nothing())


def zero_missing(warehouse_id: int, seen_skus: Collection[str]) -> Counts:
    """Set the figures to zero of what a whole chain no longer shows. Flushes.

    Never call it after a chain that failed, nor believe an empty one at once.
    """
    counted = (*STOCK_FIGURES, "local_fulfillable")
    has_units = or_(*(getattr(StockLevel, name) != 0 for name in counted))
    rows = db.session.execute(
        select(StockLevel.listing_id, StockLevel.seller_sku, StockLevel.local_fulfillable).where(
            StockLevel.warehouse_id == warehouse_id, has_units
        )
    ).all()
    holdings: list[Holding] = [
        (one, sku, {**_NOTHING, "local_fulfillable": None if local is None else 0})
        for one, sku, local in rows
        if sku not in seen_skus
    ]
    return _store(warehouse_id, holdings, kept=("pool_key",))


def row_count(warehouse_id: int, *, with_units: bool = False) -> int:
    """Return how many listings have a stock row in a warehouse, or units in it."""
    rows = select(func.count(StockLevel.listing_id)).where(StockLevel.warehouse_id == warehouse_id)
    if with_units:
        rows = rows.where(or_(*(getattr(StockLevel, name) != 0 for name in STOCK_FIGURES)))
    return db.session.scalar(rows) or 0


def counted_once(*where: Any) -> Select[Any]:
    """Return a SELECT of stock with each unit once.

    Columns: ``listing_id``, all figures, and ``stock`` (``rules.stock``). A warehouse's rows
    each count; of the rows that share a pool, one does, except for what is fulfillable where
    the report by country has told each one's share: then the shares are added up. Where the
    pool's warehouses have different bases, its stock is the largest. ``where`` are conditions
    on ``StockLevel``.
    """
    place = func.coalesce(func.nullif(StockLevel.pool_key, ""), _as_text(StockLevel.warehouse_id))
    once: dict[str, Any] = {name: func.max(getattr(StockLevel, name)) for name in STOCK_FIGURES}
    # The sum of nothing known is NULL.
    local = func.sum(LOCAL)
    basis = func.max(ON_BASIS)
    once["fulfillable"] = func.coalesce(local, once["fulfillable"])
    columns = [column.label(name) for name, column in once.items()]
    return (
        select(StockLevel.listing_id, *columns, func.coalesce(local, basis).label("stock"))
        .where(*where)
        .group_by(StockLevel.listing_id, place)
    )


def totals(
    *,
    connection_id: int | None = None,
    warehouse_ids: Collection[int] | None = None,
    listing_ids: Collection[int] | None = None,
) -> dict[str, int]:
    """Return the units by state, and ``stock``, over all that is asked for, each unit once."""
    where: list[Any] = []
    if connection_id is not None:
        of_connection = select(Warehouse.id).where(Warehouse.connection_id == connection_id)
        where.append(StockLevel.warehouse_id.in_(of_connection))
    if warehouse_ids is not None:
        where.append(StockLevel.warehouse_id.in_(warehouse_ids))
    if listing_ids is not None:
        where.append(StockLevel.listing_id.in_(listing_ids))
    rows = counted_once(*where).subquery()
    names = (*STOCK_FIGURES, "stock")
    sums = [func.coalesce(func.sum(rows.c[name]), 0) for name in names]
    return dict(zip(names, map(int, db.session.execute(select(*sums)).one()), strict=True))


def remember(warehouse_id: int, listing_ids: Sequence[int], changed_at: datetime) -> None:
    """Write the day's row of those rows that changed at ``changed_at``. Flushes."""
    columns = [getattr(StockLevel, name) for name in (*STOCK_FIGURES, *_OF_POOLS)]
    today = accounts.today(changed_at)
    for chunk in chunks(listing_ids):
        changed = db.session.execute(
            select(StockLevel.warehouse_id, StockLevel.listing_id, *columns).where(
                StockLevel.warehouse_id == warehouse_id,
                StockLevel.listing_id.in_(chunk),
                StockLevel.changed_at == changed_at,
            )
        ).mappings()
        upsert(
            StockDay,
            [{**row, "day": today} for row in changed],
            key=("warehouse_id", "listing_id", "day"),
        )


def _store(
    warehouse_id: int, holdings: Sequence[Holding], kept: Sequence[str] = _OF_POOLS
) -> Counts:
    now = accounts.now()
    rows = [
        {
            "warehouse_id": warehouse_id,
            "listing_id": listing_id,
            "seller_sku": sku,
            "pool_key": "",
            "local_fulfillable": None,
            **figures,
            "changed_at": now,
        }
        for listing_id, sku, figures in holdings
    ]
    counts = upsert(
        StockLevel,
        rows,
        key=("warehouse_id", "listing_id"),
        silent=("changed_at",),
        kept=kept,
    )
    if counts.written:
        remember(warehouse_id, [listing_id for listing_id, _, _ in holdings], now)
    return counts


def _unlisted(order_ids: Sequence[int]) -> Select[Any]:
    """Return a SELECT of the stock rows that orders' goods lack, with nothing held.

    The ids are asked of the lines, from which each order is then found by its key: asked of the
    orders, Postgres joins by trying all of them per line while it believes the tables empty.
    """
    is_listed = exists().where(
        StockLevel.warehouse_id == StockOrder.destination_id,
        StockLevel.listing_id == OrderLine.listing_id,
    )
    row: list[Any] = [
        StockOrder.destination_id,
        OrderLine.listing_id,
        func.min(OrderLine.seller_sku),
        literal(accounts.now(), StockLevel.changed_at.type),
        literal(""),
        *(literal(0) for _ in STOCK_FIGURES),
    ]
    return (
        select(*row)
        .join(OrderLine, OrderLine.order_id == StockOrder.id)
        .where(OrderLine.order_id.in_(order_ids), not_(is_listed))
        .group_by(StockOrder.destination_id, OrderLine.listing_id)
    )


def _as_text(column: Any) -> Any:
    return cast(column, String)
