"""Stock by country: the split of a European pool."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, select, update

from extensions import db
from inventory.models import (
    Change,
    Connection,
    Listing,
    Report,
    StockDay,
    StockLevel,
    SyncKind,
    SyncRun,
    Warehouse,
)
from inventory.rules.stock import stock as stock_of
from inventory.services import accounts, stock
from jobs.local_stock import REPORT
from jobs.participations import sync_participations
from jobs.stock import sync_stock
from simulator import Simulator
from simulator.report_files import WRITERS
from tests.syncing import DE, FR, GB, US, connect, run, written_tables


@pytest.fixture
def eu(amazon: Simulator) -> Connection:
    connection = connect("EU", DE)
    run(sync_participations, connection, SyncKind.PARTICIPATIONS)
    return connection


@pytest.fixture
def hours_pass(sim_clock: Any) -> Callable[[int], None]:
    """Let hours pass at Amazon, and for the reports that we asked for."""

    def go(hours: int) -> None:
        sim_clock.at += hours * 3600
        for one in db.session.scalars(select(Report)):
            one.created_at -= timedelta(hours=hours)
        db.session.commit()

    return go


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


def shares() -> dict[str, dict[str, int | None]]:
    return {
        place: {sku: one.local_fulfillable for sku, one in levels(place).items()}
        for place in (DE, FR, GB)
    }


def truth(amazon: Simulator) -> dict[str, dict[str, int | None]]:
    told = amazon.truth("EU")["local_stock"]
    return {DE: told[DE], FR: told[FR], GB: dict.fromkeys(told[GB])}


def asked() -> list[str]:
    found = db.session.scalars(
        select(Report.state).where(Report.report_type == REPORT).order_by(Report.id)
    )
    return list(found)


@pytest.fixture
def rows_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let Amazon's report consist of these (SKU, country, units)."""

    def write(*rows: tuple[str, str, int]) -> None:
        def tell(*_: object) -> Iterator[tuple[object, ...]]:
            for sku, country, units in rows:
                yield (sku, "X0", "B0", "NewItem", country, units)

        columns, _ = WRITERS[REPORT]
        monkeypatch.setitem(WRITERS, REPORT, (columns, tell))

    return write


def test_each_row_of_a_pool_has_its_own_countrys_units(amazon: Simulator, eu: Connection) -> None:
    sync(eu)

    assert shares() == truth(amazon)
    assert asked() == ["applied"]
    assert amazon.calls["createReport"] == 1


def test_totals_add_the_shares_up_and_count_the_rest_once(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)

    told = amazon.truth("EU")
    pool = {**told["stock"][FR], **told["stock"][DE]}
    totals = stock.totals(connection_id=eu.id)
    britain = told["stock"][GB].values()
    assert totals["fulfillable"] == sum(one["fulfillable"] for one in (*pool.values(), *britain))
    assert totals["customer_orders"] == sum(
        one["customer_orders"] for one in (*pool.values(), *britain)
    )
    assert totals["stock"] == sum(
        stock_of(one) for place in told["stock"] for one in levels(place).values()
    )
    france = {one.warehouse_id for one in levels(FR).values()}
    here = stock.totals(warehouse_ids=france)
    assert here["stock"] == here["fulfillable"] == sum(told["local_stock"][FR].values())


def test_a_regular_read_keeps_the_pools_figure_and_the_share_apart(
    amazon: Simulator, eu: Connection, hours_pass: Callable[[int], None]
) -> None:
    sync(eu)
    before = shares()
    amazon.pass_days(9)

    sync(eu)
    between = shares()
    told = amazon.truth("EU")["stock"]
    pools = {
        place: {sku: row["fulfillable"] for sku, row in rows.items()}
        for place, rows in told.items()
    }
    ours = {place: {sku: one.fulfillable for sku, one in levels(place).items()} for place in told}
    hours_pass(5)
    sync(eu)

    assert between == before
    assert ours == pools
    assert shares() == truth(amazon) != before
    assert {one.pool_key for one in levels(FR).values()} == {f"{eu.id}:{DE}"}


@pytest.mark.parametrize("scope", ["", "full"])
def test_the_report_is_asked_for_every_four_hours(
    amazon: Simulator, eu: Connection, hours_pass: Callable[[int], None], scope: str
) -> None:
    sync(eu)
    hours_pass(3)
    with written_tables() as tables:
        sync(eu, scope)
    too_soon = asked()
    hours_pass(1)
    sync(eu, scope)

    assert "report" not in tables
    assert too_soon == ["applied"]
    assert asked() == ["applied", "applied"]


def test_without_a_pool_no_report_is_asked_for(amazon: Simulator) -> None:
    connection = connect("NA", US)
    run(sync_participations, connection, SyncKind.PARTICIPATIONS)

    sync(connection)

    assert amazon.calls["createReport"] == 0


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("createReport", "report_fatal"),
        ("createReport", "report_cancelled"),
        ("createReport", "403"),
        ("createReport", "400"),
        ("download", "bad_gzip"),
    ],
)
def test_a_report_that_comes_to_nothing_changes_nothing(
    amazon: Simulator,
    eu: Connection,
    hours_pass: Callable[[int], None],
    operation: str,
    answer: str,
) -> None:
    sync(eu)
    before = shares()
    hours_pass(5)
    amazon.will_answer(operation, *[answer] * 9)

    sync(eu)
    after, calls = shares(), amazon.calls["createReport"]
    sync(eu)

    assert after == before
    assert calls == 2
    assert amazon.calls["createReport"] == calls


def test_an_empty_report_is_believed_the_second_time(
    amazon: Simulator,
    eu: Connection,
    hours_pass: Callable[[int], None],
    rows_of: Callable[..., None],
) -> None:
    sync(eu)
    before = shares()
    rows_of()
    hours_pass(4)
    sync(eu)
    kept = shares()
    words = db.session.scalars(select(Change.summary)).all()
    hours_pass(4)
    with time_machine.travel(accounts.now() + timedelta(minutes=30)):
        sync(eu)

    assert kept == before
    assert any("stock by country was empty" in one for one in words)
    assert {share for rows in shares().values() for share in rows.values()} == {None}
    told = amazon.truth("EU")["stock"]
    once = ({**told[FR], **told[DE]}, told[GB])
    assert stock.totals(connection_id=eu.id)["fulfillable"] == sum(
        row["fulfillable"] for rows in once for row in rows.values()
    )


def test_where_the_report_knows_a_sku_elsewhere_only_there_is_none(
    eu: Connection, rows_of: Callable[..., None]
) -> None:
    rows_of(("HK/KNIFE 20%+", "FR", 4), ("HK/KNIFE 20%+", "FR", 3), ("??-??-01", "DE", 2))

    sync(eu)

    found = shares()
    assert (found[DE]["HK/KNIFE 20%+"], found[FR]["HK/KNIFE 20%+"]) == (0, 7)
    assert found[DE]["日本-包丁-01"] == 2
    assert found[DE]["Küche-Ø24"] is None
    assert stock_of(levels(DE)["Küche-Ø24"]) > 0


def test_a_row_that_joins_later_waits_for_its_share_and_counts_nothing(
    amazon: Simulator, eu: Connection
) -> None:
    sync(eu)
    before = stock.totals(connection_id=eu.id)["stock"]
    shared = levels(DE).keys() & levels(FR).keys()
    sku = next(one for one in sorted(shared) if levels(FR)[one].local_fulfillable)
    gone = levels(FR)[sku]
    share = gone.local_fulfillable
    for model in (StockLevel, StockDay):
        db.session.execute(
            delete(model).where(
                model.warehouse_id == gone.warehouse_id, model.listing_id == gone.listing_id
            )
        )
    db.session.commit()

    sync(eu)

    assert levels(FR)[sku].local_fulfillable == 0
    assert stock.totals(connection_id=eu.id)["stock"] == before - (share or 0)


def test_what_a_marketplace_no_longer_shows_has_no_share(eu: Connection) -> None:
    sync(eu)
    some = levels(DE)["HK/KNIFE 20%+"]
    listing = Listing(
        connection_id=eu.id, channel="FBA", seller_sku="GONE", created_at=some.changed_at
    )
    db.session.add(listing)
    db.session.flush()
    db.session.add(
        StockLevel(
            warehouse_id=some.warehouse_id,
            listing_id=listing.id,
            seller_sku="GONE",
            changed_at=some.changed_at,
            pool_key=some.pool_key,
            local_fulfillable=5,
        )
    )
    db.session.commit()

    sync(eu)

    assert levels(DE)["GONE"].local_fulfillable == 0


def test_a_pool_that_is_no_more_forgets_its_shares(amazon: Simulator, eu: Connection) -> None:
    sync(eu)
    elsewhere = {one.warehouse_id for one in levels(FR).values()}
    db.session.execute(update(Warehouse).where(Warehouse.id.in_(elsewhere)).values(country="GB"))
    db.session.commit()

    sync(eu)

    assert {one.local_fulfillable for one in levels(DE).values()} == {None}


def test_the_days_row_has_the_share(eu: Connection) -> None:
    sync(eu)

    now = {(one.warehouse_id, one.listing_id): one for one in (*levels(DE).values(),
           *levels(FR).values())}  # fmt: skip
    for day in db.session.scalars(select(StockDay)):
        one = now.get((day.warehouse_id, day.listing_id))
        assert one is None or (one.local_fulfillable, one.pool_key) == (
            day.local_fulfillable,
            day.pool_key,
        )
