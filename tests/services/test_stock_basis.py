"""What counts as stock: SQL, wherever it is asked, equals the pure rule."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extensions import db
from inventory.models import StockBasis, StockLevel, Warehouse
from inventory.rules.stock import stock as stock_of
from inventory.services import choices, listing_lists, stock, stock_lists
from inventory.services.stock_lists import StockFilter
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_listing,
    make_warehouse,
    saved,
)

TODAY = date(2026, 11, 24)
units = st.integers(0, 50)
levels = st.fixed_dictionaries(
    {
        "fulfillable": units,
        "fc_transfer": units,
        "fc_processing": units,
        "pool_key": st.sampled_from(["", "1:DE"]),
        "local_fulfillable": st.none() | units,
    }
)
places = st.lists(st.tuples(st.none() | st.sampled_from(StockBasis), levels), max_size=5)


def hold(found: list[tuple[StockBasis | None, dict[str, Any]]]) -> list[tuple[Warehouse, Any]]:
    """One listing in as many warehouses as given, each with its basis and its figures."""
    db.session.execute(sa.delete(StockLevel))
    db.session.execute(sa.delete(Warehouse))
    connection, listing = make_connection(), make_listing(seller_sku="KT-1")
    rows = []
    for number, (basis, figures) in enumerate(found):
        warehouse = make_warehouse(
            connection_id=connection.id, marketplace_id=str(number), stock_basis=basis
        )
        row = {"seller_sku": listing.seller_sku, "changed_at": LONG_AGO, **figures}
        level = StockLevel(listing_id=listing.id, warehouse_id=warehouse.id, **row)
        rows.append((warehouse, saved(level)))
    return rows


def total(rows: list[tuple[Warehouse, Any]]) -> int:
    """The rule of ``counted_once``, the plain way."""
    own = [(place, row) for place, row in rows if not row.pool_key]
    pool = [(place, row) for place, row in rows if row.pool_key]
    told = [row.local_fulfillable for _, row in pool if row.local_fulfillable is not None]
    heap = (
        sum(told)
        if told
        else max((stock_of(row, place.stock_basis) for place, row in pool), default=0)
    )
    return heap + sum(stock_of(row, place.stock_basis) for place, row in own)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=places)
def test_sql_says_what_the_rule_says(app: Flask, found: Any) -> None:
    rows = hold(found)

    told = dict(db.session.execute(sa.select(StockLevel.warehouse_id, stock.STOCK)).all())
    listed = stock_lists.page(StockFilter(), "sku", "", choices.warehouses()).rows

    expected = {place.id: stock_of(row, place.stock_basis) for place, row in rows}
    assert told == expected
    assert {row.warehouse_id: row.stock for row in listed} == expected
    assert stock.totals()["stock"] == total(rows)
    assert stock_lists.totals(StockFilter(), TODAY).stock == total(rows)
    told_of_pool = {row.local_fulfillable is None for _, row in rows if row.pool_key}
    if len(told_of_pool) < 2:  # a report by country tells all of a pool's shares
        file = stock_lists.export(StockFilter(), "sku", TODAY, choices.warehouses())
        assert sum(one[11] for one in file if one[17]) == total(rows)


def test_a_pool_counts_once_on_the_widest_basis_of_its_warehouses(app: Flask) -> None:
    figures = {"fulfillable": 10, "fc_transfer": 2, "fc_processing": 5, "pool_key": "1:DE"}
    rows = hold(
        [(StockBasis.FULFILLABLE, figures), (None, figures), (StockBasis.FC_PROCESSING, figures)]
    )
    listing_id = rows[0][1].listing_id

    assert stock.totals()["stock"] == 17
    assert stock.totals(warehouse_ids=[place.id for place, _ in rows[:2]])["stock"] == 12
    assert [one.stock for one in listing_lists.stock_of([listing_id])[listing_id]] == [17]
