"""Shared pools found: warehouses of a connection that show the same units."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from extensions import db
from inventory.models import StockDay, StockLevel, Warehouse, WarehouseKind
from inventory.rules.pools import POOLING, shared_pools
from inventory.services import accounts

#: What tells a shared pool: units on their way belong to one marketplace each.
_POOL_FIGURES = ("fulfillable", "reserved_total", "researching", "unfulfillable")


def find_pools(connection_id: int) -> dict[int, str]:
    """Mark the rows whose figures belong to a shared pool; return warehouse id -> pool key.

    Call it after a whole sync of all marketplaces. Flushes.
    """
    warehouses = pooling(connection_id)
    figures = {str(one.id): _figures(one.id) for one in warehouses}
    before = {str(one.id): key for one in warehouses if (key := _pool_key(one.id))}
    shared = shared_pools(figures, before)
    names = {str(one.id): f"{connection_id}:{one.marketplace_id}" for one in warehouses}
    found = {one.id: names[shared[str(one.id)]] for one in warehouses if str(one.id) in shared}
    for one in warehouses:
        _set_pool(one.id, found.get(one.id, ""))
    return found


def pooling(connection_id: int) -> Sequence[Warehouse]:
    """Return the connection's warehouses that can share a pool with others."""
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
    changed: dict[str, str | None] = {"pool_key": pool_key}
    if not pool_key:
        changed["local_fulfillable"] = None
    for model in (StockLevel, StockDay):
        change = (
            update(model)
            .where(model.warehouse_id == warehouse_id, model.pool_key != pool_key)
            .values(changed)
        )
        if model is StockDay:
            change = change.where(StockDay.day == today)
        db.session.execute(change, execution_options={"synchronize_session": False})
