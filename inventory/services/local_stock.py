"""How a shared pool is spread over its countries, as the report by country says.

A row of a pool keeps Amazon's figures of the whole pool; its own share stands beside them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from extensions import db
from inventory.models import StockLevel
from inventory.models.listings import Channel
from inventory.rules import listings as listing_rules
from inventory.rules.stock import local_units
from inventory.services import accounts, listing_rows, stock, stock_pools
from inventory.services.upserts import Counts

#: SKU -> ISO country -> units (``rules.stock.split``).
Split = Mapping[str, Mapping[str, int]]


def marketplaces(connection_id: int) -> list[str]:
    """Return where the account sells out of a shared pool, by id; empty without a pool."""
    return sorted(
        one.marketplace_id
        for one in stock_pools.pooling(connection_id)
        if one.taking_part and one.marketplace_id and _has_pool(one.id)
    )


def with_letters(connection_id: int, split: Split) -> dict[str, Mapping[str, int]]:
    """Return ``split`` with the stored SKUs in place of those whose letters became ``?``."""
    whole = {sku: units for sku, units in split.items() if "?" not in sku}
    for sku in split.keys() - whole.keys():
        found = listing_rows.of_lossy_sku(connection_id, Channel.FBA, sku)
        matches = [one for one in found if listing_rules.is_lossy(sku, one)]
        is_clear = sku not in found and len(matches) == 1 and matches[0] not in whole
        whole[matches[0] if is_clear else sku] = split[sku]
    return whole


def concerned(connection_id: int, split: Split) -> list[str]:
    """Return the SKUs that ``split`` tells of, and those that have a share already; sorted."""
    known = db.session.scalars(
        select(StockLevel.seller_sku)
        .where(
            StockLevel.warehouse_id.in_(_countries(connection_id)),
            StockLevel.local_fulfillable.is_not(None),
        )
        .distinct()
    )
    return sorted({*known, *split})


def apply(connection_id: int, split: Split, skus: Sequence[str]) -> Counts:
    """Store the shares of ``skus`` in all warehouses of a pool. Flushes; counts are stock rows.

    ``split`` is a whole report: where it knows a SKU elsewhere only, the share is 0, and a SKU
    that it does not know falls back to the pool's figure. All rows of a SKU have to change in
    one transaction, or a total would miss some. ``skus`` fit into one statement.
    """
    countries = _countries(connection_id)
    rows = db.session.execute(
        select(
            StockLevel.warehouse_id,
            StockLevel.listing_id,
            StockLevel.seller_sku,
            StockLevel.local_fulfillable,
        ).where(
            StockLevel.seller_sku.in_(skus),
            StockLevel.warehouse_id.in_(countries),
            StockLevel.pool_key != "",
        )
    ).all()
    shares = [local_units(countries[row.warehouse_id], split.get(row.seller_sku)) for row in rows]
    changed = {
        (row.warehouse_id, row.listing_id): share
        for row, share in zip(rows, shares, strict=True)
        if share != row.local_fulfillable
    }
    _write(changed, accounts.now())
    return Counts(changed=len(changed), unchanged=len(rows) - len(changed))


def complete(connection_id: int) -> int:
    """Give rows that joined a pool after its last report a share of 0; return how many.

    The others' shares are all of the pool, and the next report tells theirs. Flushes.
    """
    other = aliased(StockLevel)
    is_told = (
        select(other.listing_id)
        .where(
            other.listing_id == StockLevel.listing_id,
            other.pool_key == StockLevel.pool_key,
            other.local_fulfillable.is_not(None),
        )
        .exists()
    )
    rows = db.session.execute(
        select(StockLevel.warehouse_id, StockLevel.listing_id).where(
            StockLevel.warehouse_id.in_(_countries(connection_id)),
            StockLevel.pool_key != "",
            StockLevel.local_fulfillable.is_(None),
            is_told,
        )
    ).all()
    _write({(row.warehouse_id, row.listing_id): 0 for row in rows}, accounts.now())
    return len(rows)


def _countries(connection_id: int) -> dict[int, str]:
    return {one.id: one.country for one in stock_pools.pooling(connection_id)}


def _has_pool(warehouse_id: int) -> bool:
    row = select(StockLevel.listing_id).where(
        StockLevel.warehouse_id == warehouse_id, StockLevel.pool_key != ""
    )
    return db.session.scalar(row.limit(1)) is not None


def _write(shares: Mapping[tuple[int, int], int | None], at: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "warehouse_id": warehouse_id,
            "listing_id": listing_id,
            "local_fulfillable": share,
            "changed_at": at,
        }
        for (warehouse_id, listing_id), share in shares.items()
    ]
    if rows:
        db.session.execute(update(StockLevel), rows)
    _remember(shares, at)


def _remember(rows: Collection[tuple[int, int]], at: datetime) -> None:
    by_warehouse: dict[int, list[int]] = {}
    for warehouse_id, listing_id in rows:
        by_warehouse.setdefault(warehouse_id, []).append(listing_id)
    for warehouse_id, listing_ids in by_warehouse.items():
        stock.remember(warehouse_id, listing_ids, at)
