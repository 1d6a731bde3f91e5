"""Claiming runs: one holder each, one run per connection at a time."""

import threading
from collections import Counter
from datetime import timedelta

from flask import Flask

from extensions import db
from inventory.models import ConnectionLease, SyncKind, SyncState
from inventory.services import accounts, leases, syncs
from tests.factories import LONG_AGO, make_connection, make_run
from tests.runs import claim, lease_of, stop_beating

LATER = timedelta(minutes=30)


def test_a_claim_takes_the_run_and_the_lease_of_its_connection(app: Flask) -> None:
    run = make_run()

    claimed = claim()
    db.session.expire_all()

    assert claimed.fence == syncs.Fence(run.id, 0, "one", run.connection_id, 1)
    assert (run.state, run.owner) == (SyncState.RUNNING, "one")
    assert lease_of(run.connection_id).owner == "one"


def test_the_lower_priority_number_runs_first_then_the_older(app: Flask) -> None:
    runs = [make_run(priority=5), make_run(priority=5), make_run(priority=0)]

    order = [claim().fence.run_id for _ in runs]

    assert order == [runs[2].id, runs[0].id, runs[1].id]


def test_nothing_runs_before_its_time(app: Flask) -> None:
    make_run(not_before=accounts.now() + LATER)

    assert syncs.claim_next("one") is None


def test_a_disabled_connection_does_not_run(app: Flask) -> None:
    make_run(connection_id=make_connection(disabled_at=LONG_AGO).id)

    assert syncs.claim_next("one") is None


def test_a_connection_runs_one_thing_at_a_time(app: Flask) -> None:
    first = make_run()
    make_run(connection_id=first.connection_id, kind=SyncKind.STOCK)

    claim()

    assert syncs.claim_next("one") is None
    assert syncs.claimable_count("one") == 0


def test_a_leased_connection_is_left_to_its_holder(app: Flask) -> None:
    run = make_run()
    leases.take(run.connection_id, "sender")
    db.session.commit()

    assert syncs.claim_next("one") is None
    assert syncs.claim_next("sender") is not None


def test_an_expired_lease_is_taken_with_its_buckets(app: Flask) -> None:
    run = make_run()
    row = ConnectionLease(
        connection_id=run.connection_id,
        owner="dead",
        fence=6,
        expires_at=LONG_AGO,
        buckets={"getShipments": {"level": 2.5, "at": 1.0, "rate": 2.0}},
    )
    db.session.add(row)
    db.session.commit()

    claimed = claim()

    assert claimed.fence.lease_fence == 7
    assert claimed.buckets["getShipments"]["level"] == 2.5


def test_a_claim_can_ask_for_a_connection_and_a_kind(app: Flask) -> None:
    make_run()
    wanted = make_run(kind=SyncKind.PLANS)

    by_kind = syncs.claim_next("one", kind=SyncKind.PLANS)

    assert by_kind is not None
    assert by_kind.fence.run_id == wanted.id
    assert syncs.claim_next("one", connection_id=wanted.connection_id) is None


def test_eight_threads_claim_each_run_once(app: Flask) -> None:
    runs = [make_run() for _ in range(24)]
    won: Counter[int] = Counter()
    failures: list[Exception] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        try:
            while True:
                with app.app_context():
                    claimed = syncs.claim_next(f"process {number % 3}")
                    if claimed is None:
                        return
                    with lock:
                        won[claimed.fence.run_id] += 1
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert won == Counter([run.id for run in runs])


def test_threads_of_one_process_share_no_connection(app: Flask) -> None:
    connection = make_connection()
    for kind in SyncKind:
        make_run(connection_id=connection.id, kind=kind)
    won: list[int] = []

    def work() -> None:
        with app.app_context():
            if claimed := syncs.claim_next("one"):
                won.append(claimed.fence.run_id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_a_run_whose_process_stopped_goes_on(app: Flask) -> None:
    run = make_run()
    claim("dead")
    stop_beating(run)

    assert syncs.take_over_dead() == 1
    db.session.expire_all()

    assert (run.state, run.attempt) == (SyncState.QUEUED, 1)
    assert run.message == "The process running this stopped; it goes on by itself."


def test_a_run_that_beats_is_left_alone(app: Flask) -> None:
    make_run()
    claim()

    assert syncs.take_over_dead() == 0


def test_after_five_attempts_it_fails(app: Flask) -> None:
    run = make_run(attempt=4)
    claim("dead")
    stop_beating(run)

    syncs.take_over_dead()
    db.session.expire_all()

    assert run.state == SyncState.FAILED
    assert "stopped 5 times" in run.message


def test_a_clock_set_back_leaves_no_run_behind(app: Flask) -> None:
    run = make_run()
    claim("dead")
    db.session.expire_all()
    run.heartbeat_at = lease_of(run.connection_id).expires_at = accounts.now() + timedelta(hours=1)
    db.session.commit()

    syncs.take_over_dead()

    assert claim("two").fence.run_id == run.id
