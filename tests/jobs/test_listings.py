from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from amazon.errors import AmazonError
from extensions import db
from inventory.models import (
    Change,
    Connection,
    Listing,
    ListingOffer,
    Report,
    StockLevel,
    SyncKind,
    SyncMark,
    SyncRun,
    Variant,
    VariantLink,
)
from inventory.services import accounts, listings, warehouses
from jobs.listings import sync_listings
from jobs.participations import sync_participations
from jobs.reports import ReportNotReady
from jobs.stock import sync_stock
from simulator import Simulator
from tests.syncing import DE, US, connect, run, written_tables


@pytest.fixture
def eu(amazon: Simulator) -> Connection:
    return opened("EU", DE)


def opened(region: str = "NA", primary: str = US) -> Connection:
    connection = connect(region, primary)
    run(sync_participations, connection, SyncKind.PARTICIPATIONS)
    return connection


def sync(connection: Connection, scope: str = "") -> SyncRun:
    return run(sync_listings, connection, SyncKind.LISTINGS, scope=scope)


def stored() -> dict[tuple[str, str], Listing]:
    rows = db.session.scalars(select(Listing).execution_options(populate_existing=True))
    return {(one.channel, one.seller_sku): one for one in rows}


def compare(amazon: Simulator, connection: Connection, *, fnsku: bool = True) -> None:
    """Compare listings, offers and the seller's own stock with the world."""
    truth = amazon.truth(connection.region)["listings"]
    ours = stored()
    assert set(ours) == {
        (channel, sku) for sku, row in truth.items() for channel in row["channels"]
    }
    for (channel, sku), one in ours.items():
        row = truth[sku]
        assert one.asin == row["asin"]
        assert one.title == listings.rules.cut(row["title"])
        assert one.status == ("active" if row["is_active"] else "inactive"), sku
        if fnsku:
            assert one.fnsku == (row["fnsku"] if channel == "FBA" else "")
    offers = db.session.execute(select(ListingOffer.listing_id, ListingOffer.marketplace_id)).all()
    assert set(map(tuple, offers)) == {
        (one.id, place) for (_, sku), one in ours.items() for place in truth[sku]["marketplace_ids"]
    }
    shelf = warehouses.fbm_id(connection.id)
    units = db.session.execute(
        select(StockLevel.seller_sku, StockLevel.fulfillable).where(
            StockLevel.warehouse_id == shelf
        )
    )
    assert dict(map(tuple, units)) == {
        sku: row["fbm_units"] for sku, row in truth.items() if row["fbm_units"] is not None
    }


def expire_marks() -> None:
    """Let the last sync be long ago."""
    for mark in db.session.scalars(select(SyncMark).where(SyncMark.kind == SyncKind.LISTINGS)):
        mark.read_at -= timedelta(days=800)
    db.session.commit()


def test_listings_are_amazons(amazon: Simulator, eu: Connection) -> None:
    done = sync(eu)

    compare(amazon, eu)
    assert done.created == len(stored())
    both = [sku for channel, sku in stored() if channel == "FBM" and ("FBA", sku) in stored()]
    assert len(both) > 3


def test_odd_skus_and_titles_stay_as_they_are(amazon: Simulator, eu: Connection) -> None:
    sync(eu)

    rows = stored()
    odd = {"HK/KNIFE 20%+", "HK #SET,2", "Küche-Ø24", "日本-包丁-01", "HK?a=b;c", "HK%2FENC"}
    assert odd <= {sku for _, sku in rows}
    assert any("<script>" in one.title for one in rows.values())
    assert max(len(one.title) for one in rows.values()) <= 500


def test_each_listing_has_a_variant_of_its_own(amazon: Simulator, eu: Connection) -> None:
    sync(eu)

    links = db.session.execute(
        select(Listing.seller_sku, Variant.sku, VariantLink.reason)
        .join(VariantLink, VariantLink.listing_id == Listing.id)
        .join(Variant, Variant.id == VariantLink.variant_id)
    ).all()
    assert len(links) == len(stored())
    assert all(sku == variant and reason == "own" for sku, variant, reason in links)
    assert db.session.scalar(select(func.count()).select_from(Variant)) == len(links)


def test_a_second_sync_writes_nothing(amazon: Simulator, eu: Connection) -> None:
    sync(eu)
    with written_tables() as increment:
        sync(eu)
    expire_marks()

    with written_tables() as old_increment:
        again = sync(eu)
    with written_tables() as whole:
        full = sync(eu, "full")

    assert increment == old_increment == whole == set()
    assert (again.created, again.changed) == (full.created, full.changed) == (0, 0)
    assert full.unchanged > 0


def test_stock_and_listings_do_not_fight(amazon: Simulator, eu: Connection) -> None:
    run(sync_stock, eu, SyncKind.STOCK)
    unknown = {one.status for one in stored().values()}
    sync(eu)

    compare(amazon, eu)
    with written_tables() as tables:
        run(sync_stock, eu, SyncKind.STOCK)
        sync(eu, "full")

    assert unknown == {"unknown"}
    assert tables == set()


def test_edits_come_with_the_next_sync(amazon: Simulator, eu: Connection) -> None:
    sync(eu)
    amazon.pass_days(12)
    amazon.reset_calls()

    done = sync(eu)

    compare(amazon, eu)
    # Three listings a day, each in up to three marketplaces.
    assert 0 < done.changed <= 12 * 3 * 3
    assert amazon.calls["searchListingsItems"] <= 9


@pytest.mark.parametrize("fault", ["html", "html200", "empty200", "errors200", "cut", 429])
def test_faults_half_way_are_waited_out(amazon: Simulator, eu: Connection, fault: str) -> None:
    amazon.will_answer("searchListingsItems", "ok", fault, "ok", "ok", fault)

    sync(eu)

    compare(amazon, eu)


@pytest.mark.parametrize("fault", ["html200", "empty200", "cut"])
def test_a_failure_half_way_closes_nothing(amazon: Simulator, eu: Connection, fault: str) -> None:
    sync(eu)
    amazon.will_answer("searchListingsItems", "ok", "ok", *[fault] * 20)

    with written_tables() as tables, pytest.raises(AmazonError):
        sync(eu, "full")

    assert tables == set()


def test_what_a_whole_answer_lacks_becomes_inactive(amazon: Simulator, eu: Connection) -> None:
    sync(eu)
    listing = Listing(
        connection_id=eu.id, channel="FBA", seller_sku="GONE", status="active",
        created_at=stored()[("FBA", "HK/KNIFE 20%+")].created_at,
    )  # fmt: skip
    db.session.add(listing)
    db.session.flush()
    db.session.add(ListingOffer(listing_id=listing.id, marketplace_id=DE, status="BUYABLE"))
    db.session.commit()

    sync(eu)
    after_an_increment = stored()[("FBA", "GONE")].status
    full = sync(eu, "full")

    assert after_an_increment == "active"
    assert stored()[("FBA", "GONE")].status == "inactive"
    assert full.changed == 1


def test_an_answer_shorter_than_promised_closes_nothing(
    amazon: Simulator, eu: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(eu)
    monkeypatch.setattr("simulator.listings.MOST_RESULTS", 40)

    done = sync(eu, "full")

    assert done.changed == 0
    compare(amazon, eu)


def test_an_empty_catalogue_is_believed_the_second_time(
    amazon: Simulator, eu: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(eu)
    monkeypatch.setattr("simulator.listings._matches", lambda *_: [])

    sync(eu, "full")
    kept = sum(one.status == "active" for one in stored().values())
    words = db.session.scalars(select(Change.summary)).all()
    with time_machine.travel(accounts.now() + timedelta(days=1)):
        sync(eu, "full")

    assert kept > 100
    assert any("no listings in DE" in one for one in words)
    assert not any(one.status == "active" for one in stored().values())


def test_a_big_catalogue_comes_by_report(make_simulator: Callable[..., Simulator]) -> None:
    amazon = make_simulator("bench-500")
    connection = opened()
    run(sync_stock, connection, SyncKind.STOCK)

    done = sync(connection)

    compare(amazon, connection)
    assert amazon.calls["createReport"] == 1
    assert amazon.calls["searchListingsItems"] == 1
    assert done.created + done.changed == len(stored())
    assert db.session.scalars(select(Report.state)).all() == ["applied"]


def test_a_big_catalogue_read_again_writes_nothing(
    make_simulator: Callable[..., Simulator],
) -> None:
    make_simulator("bench-500")
    connection = opened()
    sync(connection)

    with written_tables() as tables:
        sync(connection, "full")

    assert tables <= {"report"}


def test_windows_with_too_many_changes_are_halved(
    make_simulator: Callable[..., Simulator],
) -> None:
    amazon = make_simulator("bench-500")
    connection = opened()
    sync(connection)
    amazon.reset_calls()
    mark = db.session.get_one(SyncMark, (connection.id, SyncKind.LISTINGS, US))
    mark.read_at -= timedelta(days=10)
    db.session.commit()

    done = sync(connection)

    assert amazon.calls["createReport"] == 0
    assert 2800 <= done.changed + done.unchanged <= 3400
    compare(amazon, connection, fnsku=False)


@pytest.mark.parametrize("fault", ["report_fatal", "report_cancelled", "bad_gzip"])
def test_a_report_that_fails_closes_nothing(
    make_simulator: Callable[..., Simulator], fault: str
) -> None:
    amazon = make_simulator("bench-500")
    connection = opened()
    sync(connection)
    before = {key: one.status for key, one in stored().items()}
    for report in db.session.scalars(select(Report)):
        report.created_at -= timedelta(hours=3)
    db.session.commit()
    amazon.will_answer("createReport", fault)
    amazon.will_answer("download", *[fault] * 9)

    with pytest.raises(AmazonError) if fault != "report_cancelled" else written_tables() as raised:
        sync(connection, "full")

    assert {key: one.status for key, one in stored().items()} == before
    if fault == "report_fatal":
        assert isinstance(raised.value, ReportNotReady)
        assert raised.value.retry_after_s == 1800
