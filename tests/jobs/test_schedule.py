"""What is due, and when: from the runs in the database, through changes of clocks."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from extensions import db
from inventory.models import Account, Connection, ConnectionHealth, SyncKind, SyncRun, SyncState
from inventory.rules.timetable import NIGHT, TIMETABLE, night_before
from inventory.services import syncs
from jobs import schedule
from jobs.due import due_runs
from tests.factories import LONG_AGO, make_connection, make_run

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: Zone and the local days on which its clocks change.
CHANGES = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/Los_Angeles", "2026-11-01"),
    ("Australia/Sydney", "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Africa/Cairo", "2026-04-24"),
    ("Asia/Tokyo", "2026-03-29"),
    ("Asia/Kathmandu", "2026-10-25"),
]


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def make_known(**fields: object) -> Connection:
    """A connection whose participations are known and fresh."""
    connection = make_connection(**fields)
    syncs.mark(connection.id, SyncKind.PARTICIPATIONS, "", LONG_AGO)
    db.session.commit()
    return connection


def settle() -> list[str]:
    """Queue what is due and let it all succeed at once; return it as "kind scope"."""
    schedule.queue_due()
    runs = db.session.scalars(
        db.select(SyncRun).where(SyncRun.state == SyncState.QUEUED).order_by(SyncRun.id)
    ).all()
    for run in runs:
        run.state = SyncState.SUCCEEDED
    db.session.commit()
    return [f"{run.kind} {run.scope}".strip() for run in runs]


def test_a_new_connection_first_reads_its_marketplaces(clock: time_machine.Traveller) -> None:
    make_connection(created_at=NOON)

    (due,) = due_runs(TIMETABLE)

    assert (due.kind, due.cause) == (SyncKind.PARTICIPATIONS, "first")


def test_a_known_connection_reads_everything(clock: time_machine.Traveller) -> None:
    make_known(created_at=NOON)

    assert settle() == ["participations", "shipments", "stock", "listings", "plans"]
    assert settle() == []


def test_a_day_has_so_many_of_each(clock: time_machine.Traveller) -> None:
    make_known(created_at=NOON)
    settle()

    count: Counter[str] = Counter()
    for _ in range(24 * 4):
        clock.shift(timedelta(minutes=15))
        count.update(settle())

    assert count["shipments"] == count["stock"] == 48
    assert count["listings"] == count["plans"] == 24
    assert count["participations"] == 1
    assert [count[f"{kind} full"] for kind in syncs.DATA_KINDS] == [1, 1, 1, 1]


def test_what_is_under_way_is_not_due(clock: time_machine.Traveller) -> None:
    connection = make_known()
    for entry in TIMETABLE:
        make_run(connection_id=connection.id, kind=entry.kind, scope=entry.scope)

    assert due_runs(TIMETABLE) == []


def test_a_long_pause_is_caught_up_once(clock: time_machine.Traveller) -> None:
    make_known(created_at=NOON)
    settle()
    clock.shift(timedelta(days=3))

    count = Counter(settle())

    assert set(count.values()) == {1}
    assert "shipments full" in count
    assert settle() == []


def test_a_person_who_synced_just_now_stands_for_the_timetable(
    clock: time_machine.Traveller,
) -> None:
    make_known(created_at=NOON)
    settle()
    clock.shift(timedelta(minutes=20))
    connection = db.session.scalars(db.select(Connection)).one()
    for run in syncs.request_all(connection.id, cause="person"):
        run.state = SyncState.SUCCEEDED
    db.session.commit()

    clock.shift(timedelta(minutes=15))

    assert settle() == []


@pytest.mark.parametrize(
    "fields", [{"health": ConnectionHealth.FAILING}, {"disabled_at": LONG_AGO}]
)
def test_a_connection_that_cannot_work_has_nothing_due(
    clock: time_machine.Traveller, fields: dict[str, object]
) -> None:
    make_known(**fields)

    assert due_runs(TIMETABLE) == []


def test_unknown_marketplaces_are_asked_for_each_hour(clock: time_machine.Traveller) -> None:
    connection = make_connection()
    make_run(
        connection_id=connection.id,
        kind=SyncKind.PARTICIPATIONS,
        state=SyncState.FAILED,
        queued_at=NOON,
    )

    clock.shift(timedelta(minutes=59))
    assert due_runs(TIMETABLE) == []
    clock.shift(timedelta(minutes=1))
    assert len(due_runs(TIMETABLE)) == 1


def test_a_clock_that_is_set_back_stops_nothing(clock: time_machine.Traveller) -> None:
    make_known(created_at=LONG_AGO)
    settle()

    clock.move_to(NOON - timedelta(days=1))

    assert "shipments" in settle()
    assert settle() == []


def test_a_leader_that_was_followed_queues_nothing(clock: time_machine.Traveller) -> None:
    make_known()

    assert schedule.queue_due(lambda: False) == 0
    assert db.session.scalar(db.select(db.func.count(SyncRun.id))) == 0


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_each_local_day_has_one_night(zone: str, day: str) -> None:
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo(zone))
    start = noon.astimezone(UTC) - timedelta(days=3)
    steps = [start + timedelta(minutes=10 * step) for step in range(6 * 24 * 6)]

    slots = sorted({night_before(at, ZoneInfo(zone), NIGHT) for at in steps})

    local = [slot.astimezone(ZoneInfo(zone)) for slot in slots]
    assert len(slots) == 7
    assert len({at.date() for at in local}) == 7
    # The hour that is left out on the night of a change moves one night to the change's end.
    assert Counter(at.hour for at in local)[2] >= 6
    assert all(at.hour in (2, 3) for at in local)


@pytest.mark.parametrize(("zone", "day"), CHANGES[:4])
def test_the_night_runs_once_a_day_through_a_change(
    clock: time_machine.Traveller, zone: str, day: str
) -> None:
    db.session.get_one(Account, 1).timezone = zone
    make_known(created_at=LONG_AGO)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo(zone))
    clock.move_to(noon.astimezone(UTC) - timedelta(days=2))
    settle()

    nightly = [entry for entry in TIMETABLE if entry.scope and entry.kind == SyncKind.STOCK]
    nights: Counter[object] = Counter()
    for _ in range(4 * 24 * 2):
        clock.shift(timedelta(minutes=30))
        for due in due_runs(nightly):
            run = syncs.request(due.connection_id, due.kind, scope=due.scope)
            run.state = SyncState.SUCCEEDED
            nights[datetime.now(UTC).astimezone(ZoneInfo(zone)).date()] += 1
        db.session.commit()

    assert list(nights.values()) == [1, 1, 1, 1]
