"""Stock as Amazon says it, per warehouse and listing, with its daily history."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select, update

from amazon.types import InventorySummary
from extensions import db
from inventory.models import STOCK_FIGURES, StockDay, StockLevel, Warehouse, WarehouseKind
from inventory.rules.pools import POOLING, shared_pools
from inventory.services import accounts, listings
from inventory.services.listing_rows import chunks
from inventory.services.upserts import Counts, upsert

#: What tells a shared pool: units on their way belong to one marketplace each.
_POOL_FIGURES = ("fulfillable", "reserved_total", "researching", "unfulfillable")
_NOTHING = dict.fromkeys(STOCK_FIGURES, 0)

#: A row to store: listing id, SKU, units by state.
Holding = tuple[int, str, Mapping[str, int]]


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


def set_fbm(warehouse_id: int, units: Mapping[int, tuple[str, int]]) -> Counts:
    """Store the seller's own stock: listing id -> (SKU, units). Flushes."""
    return _store(
        warehouse_id,
        [
            (listing_id, sku, {**_NOTHING, "fulfillable": count, "total": count})
            for listing_id, (sku, count) in units.items()
        ],
    )


def zero_missing(warehouse_id: int, seen_skus: Collection[str]) -> Counts:
    """Set the figures to zero of what a whole chain no longer shows. Flushes.

    Never call it after a chain that failed, nor believe an empty one at once.
    """
    has_units = or_(*(getattr(StockLevel, name) != 0 for name in STOCK_FIGURES))
    rows = db.session.execute(
        select(StockLevel.listing_id, StockLevel.seller_sku).where(
            StockLevel.warehouse_id == warehouse_id, has_units
        )
    ).all()
    return _store(warehouse_id, [(one, sku, _NOTHING) for one, sku in rows if sku not in seen_skus])


def row_count(warehouse_id: int, *, with_units: bool = False) -> int:
    """Return how many listings have a stock row in a warehouse, or units in it."""
    rows = select(func.count(StockLevel.listing_id)).where(StockLevel.warehouse_id == warehouse_id)
    if with_units:
        rows = rows.where(or_(*(getattr(StockLevel, name) != 0 for name in STOCK_FIGURES)))
    return db.session.scalar(rows) or 0


def find_pools(connection_id: int) -> dict[int, str]:
    """Mark the rows whose figures belong to a shared pool; return warehouse id -> pool key.

    Call it after a whole sync of all marketplaces. Flushes.
    """
    warehouses = _pooling(connection_id)
    figures = {str(one.id): _figures(one.id) for one in warehouses}
    before = {str(one.id): key for one in warehouses if (key := _pool_key(one.id))}
    shared = shared_pools(figures, before)
    names = {str(one.id): f"{connection_id}:{one.marketplace_id}" for one in warehouses}
    found = {one.id: names[shared[str(one.id)]] for one in warehouses if str(one.id) in shared}
    for one in warehouses:
        _set_pool(one.id, found.get(one.id, ""))
    return found


def counted_once(*where: Any) -> Select[Any]:
    """Return a SELECT of stock with each unit once: columns ``listing_id`` and all figures.

    A warehouse's rows each count; of the rows that share a pool, one does. ``where`` are
    conditions on ``StockLevel``.
    """
    place = func.coalesce(func.nullif(StockLevel.pool_key, ""), _as_text(StockLevel.warehouse_id))
    figures = [func.max(getattr(StockLevel, name)).label(name) for name in STOCK_FIGURES]
    return (
        select(StockLevel.listing_id, *figures).where(*where).group_by(StockLevel.listing_id, place)
    )


def totals(
    *,
    connection_id: int | None = None,
    warehouse_ids: Collection[int] | None = None,
    listing_ids: Collection[int] | None = None,
) -> dict[str, int]:
    """Return the units by state, over all that is asked for, with a shared pool counted once."""
    where: list[Any] = []
    if connection_id is not None:
        of_connection = select(Warehouse.id).where(Warehouse.connection_id == connection_id)
        where.append(StockLevel.warehouse_id.in_(of_connection))
    if warehouse_ids is not None:
        where.append(StockLevel.warehouse_id.in_(warehouse_ids))
    if listing_ids is not None:
        where.append(StockLevel.listing_id.in_(listing_ids))
    rows = counted_once(*where).subquery()
    sums = [func.coalesce(func.sum(rows.c[name]), 0) for name in STOCK_FIGURES]
    return dict(zip(STOCK_FIGURES, map(int, db.session.execute(select(*sums)).one()), strict=True))


def _store(warehouse_id: int, holdings: Iterable[Holding]) -> Counts:
    now = accounts.now()
    rows = [
        {
            "warehouse_id": warehouse_id,
            "listing_id": listing_id,
            "seller_sku": sku,
            **figures,
            "pool_key": "",
            "changed_at": now,
        }
        for listing_id, sku, figures in holdings
    ]
    counts = upsert(
        StockLevel,
        rows,
        key=("warehouse_id", "listing_id"),
        silent=("changed_at",),
        kept=("pool_key",),
    )
    if counts.written:
        _remember(warehouse_id, [row["listing_id"] for row in rows], now)
    return counts


def _remember(warehouse_id: int, listing_ids: Sequence[int], changed_at: datetime) -> None:
    """Write the day's row of what has just changed."""
    columns = [getattr(StockLevel, name) for name in (*STOCK_FIGURES, "pool_key")]
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


def _pooling(connection_id: int) -> Sequence[Warehouse]:
    return db.session.scalars(
        select(Warehouse)
        .where(
            Warehouse.connection_id == connection_id,
            Warehouse.kind == WarehouseKind.FBA,
            Warehouse.country.in_(POOLING),
        )
        .order_by(Warehouse.id)
    ).all()


def _figures(warehouse_id: int) -> dict[str, tuple[int, ...]]:
    columns = [getattr(StockLevel, name) for name in _POOL_FIGURES]
    rows = db.session.execute(
        select(StockLevel.seller_sku, *columns).where(StockLevel.warehouse_id == warehouse_id)
    )
    return {sku: tuple(figures) for sku, *figures in rows}


def _pool_key(warehouse_id: int) -> str:
    return (
        db.session.scalar(
            select(func.max(StockLevel.pool_key)).where(StockLevel.warehouse_id == warehouse_id)
        )
        or ""
    )


def _set_pool(warehouse_id: int, pool_key: str) -> None:
    today = accounts.today()
    for model in (StockLevel, StockDay):
        change = (
            update(model)
            .where(model.warehouse_id == warehouse_id, model.pool_key != pool_key)
            .values(pool_key=pool_key)
        )
        if model is StockDay:
            change = change.where(StockDay.day == today)
        db.session.execute(change, execution_options={"synchronize_session": False})


def _as_text(column: Any) -> Any:
    return cast(column, String)
