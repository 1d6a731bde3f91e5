import pytest
from sqlalchemy import select

from amazon.errors import UnavailableError
from extensions import db
from inventory.models import (
    Change,
    Connection,
    Participation,
    SyncKind,
    SyncRun,
    Warehouse,
    WarehouseKind,
)
from inventory.rules.marketplaces import in_region
from inventory.services import accounts, warehouses
from jobs.participations import sync_participations
from simulator import Simulator
from tests.syncing import DE, GB, connect, run, written_tables


def sync(connection: Connection) -> SyncRun:
    return run(sync_participations, connection, SyncKind.PARTICIPATIONS)


def fba(connection: Connection) -> dict[str, Warehouse]:
    rows = warehouses.of_connection(connection.id)
    return {one.country: one for one in rows if one.kind == WarehouseKind.FBA}


def test_each_marketplace_of_the_region_gets_a_warehouse(amazon: Simulator) -> None:
    connection = connect("EU", DE)

    done = sync(connection)

    rows = fba(connection)
    names = {one.name for one in warehouses.of_connection(connection.id)}
    assert set(rows) == {one.country for one in in_region("EU")}
    assert {country for country, one in rows.items() if one.taking_part} == {"DE", "FR", "GB"}
    assert {"Harbour EU FBA GB", "Harbour EU FBA DE", "Harbour EU FBM"} <= names
    assert (rows["GB"].marketplace_id, rows["GB"].currency) == (GB, "GBP")
    assert done.created == len(rows) + 1
    assert warehouses.in_use(connection.id, GB)[0].country == "GB"


def test_a_shop_that_is_not_amazons_is_left_out(amazon: Simulator) -> None:
    connection = connect("EU", DE)

    sync(connection)

    stored = db.session.scalars(select(Participation.marketplace_id)).all()
    assert set(stored) <= {one.id for one in in_region("EU")}


def test_a_second_sync_writes_nothing(amazon: Simulator) -> None:
    connection = connect()
    sync(connection)

    with written_tables() as tables:
        again = sync(connection)

    assert tables == set()
    assert (again.created, again.changed) == (0, 0)


def test_a_marketplace_given_up_is_logged_and_what_was_switched_off_stays_so(
    amazon: Simulator,
) -> None:
    connection = connect("EU", DE)
    sync(connection)
    rows = fba(connection)
    rows["FR"].disabled_at = accounts.now()
    rows["IT"].taking_part, rows["DE"].taking_part = True, False
    db.session.commit()

    again = sync(connection)

    rows = fba(connection)
    changes = db.session.scalars(select(Change).where(Change.subject_kind == "warehouse")).all()
    assert again.changed == 2
    assert (rows["IT"].taking_part, rows["DE"].taking_part) == (False, True)
    assert rows["FR"].disabled_at is not None
    assert {one.subject_name: one.fields for one in changes} == {
        "Harbour EU FBA IT": {"taking_part": [True, False]},
        "Harbour EU FBA DE": {"taking_part": [False, True]},
    }
    assert {one.run_id for one in changes} == {again.id}


@pytest.mark.parametrize("fault", ["html", "html200", "empty200", "cut", "429", "timeout"])
def test_an_outage_is_waited_out(amazon: Simulator, fault: str) -> None:
    connection = connect()
    amazon.will_answer("getMarketplaceParticipations", fault)

    done = sync(connection)

    assert done.created == len(in_region("NA")) + 1
    assert amazon.calls["getMarketplaceParticipations"] == 2


def test_a_long_outage_leaves_everything_as_it_was(amazon: Simulator) -> None:
    connection = connect()
    sync(connection)
    amazon.will_answer("getMarketplaceParticipations", *["html200"] * 10)

    with written_tables() as tables, pytest.raises(UnavailableError):
        sync(connection)

    assert tables == set()


def test_an_answer_without_any_marketplace_is_not_believed(
    amazon: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect()
    sync(connection)
    monkeypatch.setattr("simulator.sellers._row", lambda *_: {"marketplace": {"id": "A2Z"}})

    with written_tables() as tables, pytest.raises(UnavailableError):
        sync(connection)

    assert tables == set()
