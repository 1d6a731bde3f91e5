"""Queueing runs: once per connection, kind and scope."""

from datetime import timedelta

from flask import Flask

from extensions import db
from inventory.models import SyncKind, SyncState
from inventory.services import accounts, syncs
from tests.factories import LONG_AGO, make_connection, make_run, make_user

LATER = timedelta(minutes=30)


def test_a_request_waits_in_the_queue(app: Flask) -> None:
    connection = make_connection()

    run = syncs.request(connection.id, SyncKind.STOCK)

    assert (run.state, run.cause, run.priority) == (SyncState.QUEUED, "schedule", 5)


def test_what_is_under_way_is_not_queued_twice(app: Flask) -> None:
    run = make_run(state=SyncState.RUNNING)

    assert syncs.request(run.connection_id, run.kind).id == run.id


def test_another_scope_is_another_run(app: Flask) -> None:
    run = make_run()

    assert syncs.request(run.connection_id, run.kind, scope=syncs.FULL).id != run.id


def test_a_finished_run_does_not_stand_for_a_new_one(app: Flask) -> None:
    run = make_run(state=SyncState.SUCCEEDED)

    assert syncs.request(run.connection_id, run.kind).id != run.id


def test_a_person_brings_a_waiting_run_forward(app: Flask) -> None:
    run = make_run(priority=5, not_before=accounts.now() + LATER)

    syncs.request(run.connection_id, run.kind, cause="person", priority=0)

    assert run.priority == 0
    assert run.not_before <= accounts.now()


def test_the_timetable_does_not(app: Flask) -> None:
    run = make_run(priority=5, not_before=accounts.now() + LATER)

    syncs.request(run.connection_id, run.kind, priority=0)

    assert run.priority == 5
    assert run.not_before > accounts.now()


def test_all_come_in_the_order_of_use(app: Flask) -> None:
    connection = make_connection()
    syncs.mark(connection.id, SyncKind.PARTICIPATIONS, "", LONG_AGO)
    user = make_user()

    runs = syncs.request_all(connection.id, cause="person", user_id=user.id)

    assert [run.kind for run in runs] == ["shipments", "stock", "listings", "plans"]
    assert {(run.priority, run.user_id) for run in runs} == {(0, user.id)}


def test_a_connection_that_knows_no_marketplace_reads_those_first(app: Flask) -> None:
    connection = make_connection()

    runs = syncs.request_all(connection.id, cause="person")

    assert [(run.kind, run.cause) for run in runs] == [("participations", "first")]


def test_the_first_sync_goes_in_order(app: Flask) -> None:
    connection = make_connection()

    runs = syncs.request_data(connection.id, cause="first")

    assert [run.priority for run in runs] == [1, 2, 3, 4]


def test_a_mark_moves(app: Flask) -> None:
    connection = make_connection()
    syncs.mark(connection.id, SyncKind.STOCK, "", LONG_AGO)

    syncs.mark(connection.id, SyncKind.STOCK, "", LONG_AGO + LATER)

    assert syncs.read_at(connection.id, SyncKind.STOCK) == LONG_AGO + LATER
    assert syncs.read_at(connection.id, SyncKind.STOCK, "full") is None


def test_data_never_read_is_as_old_as_its_connection(app: Flask) -> None:
    connection = make_connection(created_at=accounts.now() - timedelta(hours=3))
    syncs.mark(connection.id, SyncKind.STOCK, "", accounts.now())

    assert syncs.oldest_age_s() in range(3 * 3600, 3 * 3600 + 60)


def test_the_oldest_data_counts_in_its_newest_reading(app: Flask) -> None:
    connection = make_connection()
    for kind in syncs.DATA_KINDS:
        syncs.mark(connection.id, kind, "", LONG_AGO)
        syncs.mark(connection.id, kind, syncs.FULL, accounts.now() - timedelta(minutes=5))

    assert syncs.oldest_age_s() in range(300, 360)


def test_without_connections_nothing_is_old(app: Flask) -> None:
    make_connection(disabled_at=LONG_AGO)

    assert syncs.oldest_age_s() is None


def test_giving_up_fails_what_waits(app: Flask) -> None:
    waiting, running = make_run(), make_run(state=SyncState.RUNNING)

    syncs.give_up(waiting.connection_id, "Paste a new token.")
    db.session.expire_all()

    assert (waiting.state, waiting.message) == (SyncState.FAILED, "Paste a new token.")
    assert running.state == SyncState.RUNNING
