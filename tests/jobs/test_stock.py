from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from amazon.errors import AmazonError
from extensions import db
from inventory.models import (
    STOCK_FIGURES,
    Change,
    Connection,
    Listing,
    StockDay,
    StockLevel,
    SyncKind,
    SyncMark,
    SyncRun,
    Warehouse,
)
from inventory.services import accounts, stock, syncs
from jobs.participations import sync_participations
from jobs.stock import sync_stock
from simulator import Simulator
from tests.syncing import DE, FR, GB, US, connect, run, written_tables


@pytest.fixture
def eu(amazon: Simulator) -> Connection:
    return opened("EU", DE)


def opened(region: str = "NA", primary: str = US) -> Connection:
    connection = connect(region, primary)
    run(sync_participations, connection, SyncKind.PARTICIPATIONS)
    return connection


def sync(connection: Connection, scope: str = "") -> SyncRun:
    return run(sync_stock, connection, SyncKind.STOCK, scope=scope)


def levels(marketplace_id: str) -> dict[str, StockLevel]:
    rows = db.session.scalars(
        select(StockLevel)
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .where(Warehouse.marketplace_id == marketplace_id)
        .execution_options(populate_existing=True)
    )
    return {one.seller_sku: one for one in rows}


def figures(one: StockLevel) -> dict[str, int]:
    return {name: getattr(one, name) for name in STOCK_FIGURES}


def expected(row: dict[str, Any]) -> dict[str, int]:
    reserved = row["customer_orders"] + row["fc_transfer"] + row["fc_processing"]
    researching = sum(row[f"researching_{term}"] for term in ("short", "mid", "long"))
    broken = ("customer", "warehouse", "distributor", "carrier")
    unfulfillable = sum(row[f"{who}_damaged"] for who in broken) + row["defective"]
    return {
        **row,
        "total": sum(row.values()),
        "reserved_total": reserved,
        "researching": researching,
        "unfulfillable": unfulfillable + row["expired"],
    }


def compare(amazon: Simulator, region: str) -> None:
    for marketplace_id, truth in amazon.truth(region)["stock"].items():
        ours = {sku: figures(one) for sku, one in levels(marketplace_id).items()}
        assert ours == {sku: expected(row) for sku, row in truth.items()}


def test_all_figures_are_amazons(amazon: Simulator, eu: Connection) -> None:
    done = sync(eu)

    compare(amazon, "EU")
    rows = {place: len(levels(place)) for place in (DE, FR, GB)}
    assert done.created == done.done == sum(rows.values())
    assert {"HK/KNIFE 20%+", "Küche-Ø24", "日本-包丁-01", "HK%2FENC"} <= levels(DE).keys()


def test_a_second_sync_writes_nothing(amazon: Simulator, eu: Connection) -> None:
    first = sync(eu)

    with written_tables() as tables:
        again = sync(eu)

    assert tables == set()
    assert (again.created, again.changed, again.unchanged) == (0, 0, first.created)


def test_days_pass_and_only_what_moved_is_written(amazon: Simulator, eu: Connection) -> None:
    sync(eu)
    before = {sku: (figures(one), one.changed_at) for sku, one in levels(DE).items()}
    amazon.pass_days(9)

    again = sync(eu)

    compare(amazon, "EU")
    after = levels(DE)
    moved = {sku for sku in before if figures(after[sku]) != before[sku][0]}
    touched = {sku for sku in before if after[sku].changed_at != before[sku][1]}
    assert moved == touched
    assert 0 < len(moved) < len(before)
    assert again.unchanged > 0


def test_european_marketplaces_share_a_pool_and_count_once(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)

    keys = {place: {one.pool_key for one in levels(place).values()} for place in (DE, FR, GB)}
    in_germany, in_france, in_britain = (levels(place) for place in (DE, FR, GB))
    pool = {**in_france, **in_germany}
    assert keys[DE] == keys[FR] == {f"{eu.id}:{DE}"}
    assert keys[GB] == {""}
    assert stock.totals(connection_id=eu.id)["fulfillable"] == sum(
        one.fulfillable for one in (*pool.values(), *in_britain.values())
    )
    some = in_germany["HK/KNIFE 20%+"].listing_id
    wanted = {one.warehouse_id for one in in_germany.values()}
    share = in_germany["HK/KNIFE 20%+"].local_fulfillable
    assert stock.totals(listing_ids=[some], warehouse_ids=wanted) == {
        **figures(in_germany["HK/KNIFE 20%+"]),
        "fulfillable": share,
        "stock": share,
    }


def test_american_marketplaces_share_nothing(amazon: Simulator) -> None:
    connection = opened()

    sync(connection)

    assert set(db.session.scalars(select(StockLevel.pool_key).distinct())) == {""}


def test_history_has_a_row_a_day_and_only_for_what_differs(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)
    sync(eu)
    first = db.session.scalar(select(func.count()).select_from(StockDay))
    amazon.pass_days(9)
    sync(eu)

    today = accounts.today()
    days = db.session.scalars(select(StockDay)).all()
    now = {(one.warehouse_id, one.listing_id): one for place in (DE, FR, GB)
           for one in levels(place).values()}  # fmt: skip
    assert first == len(now)
    assert {one.day for one in days} == {today}
    assert all(
        getattr(now[(one.warehouse_id, one.listing_id)], name) == getattr(one, name)
        for one in days
        for name in (*STOCK_FIGURES, "pool_key", "local_fulfillable")
    )


def test_what_is_missing_from_a_whole_answer_becomes_zero(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)
    some = next(one for one in levels(DE).values() if one.total)
    listing = db.session.get_one(Listing, some.listing_id)
    extra = StockLevel(
        warehouse_id=some.warehouse_id, listing_id=gone(eu), seller_sku="GONE",
        changed_at=some.changed_at, fulfillable=5, total=5,
    )  # fmt: skip
    db.session.add(extra)
    db.session.commit()

    done = sync(eu)

    assert figures(levels(DE)["GONE"]) == dict.fromkeys(STOCK_FIGURES, 0)
    assert done.changed == 1
    assert listing.seller_sku in levels(DE)


def gone(connection: Connection) -> int:
    row = Listing(
        connection_id=connection.id, channel="FBA", seller_sku="GONE", created_at=accounts.now()
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@pytest.mark.parametrize("fault", ["html", "html200", "empty200", "errors200", "cut", "reset", 429])
def test_faults_half_way_are_waited_out(amazon: Simulator, eu: Connection, fault: str) -> None:
    amazon.will_answer("getInventorySummaries", "ok", "ok", fault, "ok", fault)

    sync(eu)

    compare(amazon, "EU")


@pytest.mark.parametrize("fault", ["html", "html200", "empty200", "cut", "revoked"])
def test_a_failure_half_way_zeroes_nothing(amazon: Simulator, eu: Connection, fault: str) -> None:
    sync(eu)
    amazon.will_answer("getInventorySummaries", "ok", *[fault] * 20)

    with written_tables() as tables, pytest.raises(AmazonError):
        sync(eu)

    assert tables == set()
    compare(amazon, "EU")


def test_an_empty_answer_is_believed_the_second_time(
    amazon: Simulator, eu: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(eu)
    monkeypatch.setattr("simulator.story.Moment.stock_rows", lambda *_: [])

    sync(eu)
    kept = stock.totals(connection_id=eu.id)["total"]
    words = db.session.scalars(select(Change.summary)).all()
    sync(eu)
    soon = stock.totals(connection_id=eu.id)["total"]
    with time_machine.travel(accounts.now() + timedelta(minutes=30)):
        sync(eu)

    assert kept == soon > 0
    assert any("no stock at all in DE" in one for one in words)
    assert stock.totals(connection_id=eu.id)["total"] == 0


def test_an_empty_answer_followed_by_a_full_one_is_forgotten(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.story.Moment.stock_rows", lambda *_: [])
        sync(eu)

    sync(eu)

    compare(amazon, "EU")
    assert not any(
        scope.startswith("empty:") for scope in db.session.scalars(select(SyncMark.scope))
    )


def test_a_marketplace_that_is_refused_is_left_out(amazon: Simulator, eu: Connection) -> None:
    amazon.will_answer("getInventorySummaries", 403)

    sync(eu)

    assert levels(DE) == {}
    assert len(levels(FR)) > 100


def test_a_warehouse_that_is_switched_off_costs_no_calls(amazon: Simulator, eu: Connection) -> None:
    for one in db.session.scalars(select(Warehouse).where(Warehouse.country != "GB")):
        one.disabled_at = accounts.now()
    db.session.commit()

    sync(eu)

    assert levels(DE) == {}
    assert len(levels(GB)) > 0


def test_a_big_catalogue_is_read_whole_once_and_then_by_its_changes(
    make_simulator: Callable[..., Simulator],
) -> None:
    amazon = make_simulator("bench-500")
    connection = opened()
    sync(connection)
    whole = amazon.calls["getInventorySummaries"]
    amazon.reset_calls()

    sync(connection)

    assert whole == 200
    assert amazon.calls["getInventorySummaries"] <= 2
    read_at = syncs.read_at(connection.id, SyncKind.STOCK, US)
    assert read_at is not None
    assert accounts.now() - read_at < timedelta(minutes=5)
