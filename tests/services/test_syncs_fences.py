"""What the holder of a run writes, and what a holder of yesterday no longer can."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from extensions import db
from inventory.models import SyncRun, SyncState, Warehouse
from inventory.services import accounts, leases, syncs
from tests.factories import LONG_AGO, make_run, make_warehouse
from tests.runs import claim, lease_of, stop_beating

CALLS = syncs.Calls({"getShipments": 3, "token": 1}, throttled=1, waited_s=2.5)


def again(run: SyncRun) -> SyncRun:
    db.session.expire_all()
    return run


def test_a_step_is_stored_with_its_progress(app: Flask) -> None:
    run, fence = make_run(), claim().fence

    syncs.checkpoint(fence, stage="Shipments", done=50, expected=80, counts={"created": 4})
    syncs.checkpoint(fence, done=80, counts={"created": 1, "unchanged": 29}, client=CALLS)

    assert (again(run).stage, run.done, run.expected) == ("Shipments", 80, 80)
    assert (run.created, run.changed, run.unchanged) == (5, 0, 29)
    assert (run.calls, run.calls_by_operation["getShipments"], run.throttled) == (4, 3, 1)


@pytest.mark.parametrize(
    "change", [{"attempt": 1}, {"owner": "two"}, {"lease_fence": 2}, {"run_id": 999}]
)
def test_a_step_of_another_holder_is_refused_whole(app: Flask, change: dict[str, object]) -> None:
    make_run()
    stale = replace(claim().fence, **change)  # type: ignore[arg-type]
    warehouse = make_warehouse(name="Before")
    warehouse.name = "After"

    with pytest.raises(syncs.LostRun):
        syncs.checkpoint(stale, done=1)

    assert db.session.get_one(Warehouse, warehouse.id, populate_existing=True).name == "Before"


def test_a_process_that_was_paused_cannot_write_into_a_run_taken_over(app: Flask) -> None:
    run = make_run()
    stale = claim("paused").fence
    stop_beating(run)
    syncs.take_over_dead()
    claim("other")

    for write in (syncs.checkpoint, syncs.beat):
        with pytest.raises(syncs.LostRun):
            write(stale)  # type: ignore[operator]
    with pytest.raises(syncs.LostRun):
        syncs.finish(stale, SyncState.SUCCEEDED)
    with pytest.raises(syncs.LostRun):
        syncs.postpone(stale, accounts.now(), "")

    assert (again(run).state, run.owner) == (SyncState.RUNNING, "other")


def test_a_lease_that_somebody_else_took_ends_the_run(app: Flask) -> None:
    run, fence = make_run(), claim().fence
    lease_of(run.connection_id).expires_at = LONG_AGO
    db.session.commit()
    leases.take(run.connection_id, "sender")
    db.session.commit()

    with pytest.raises(syncs.LostRun):
        syncs.checkpoint(fence)


def test_a_beat_holds_run_and_lease_and_keeps_the_buckets(app: Flask) -> None:
    run, fence = make_run(), claim().fence
    run.heartbeat_at = lease_of(run.connection_id).expires_at = LONG_AGO
    db.session.commit()
    buckets = {"getShipments": {"level": 1.0, "at": 5.0, "rate": 2.0}}

    syncs.beat(fence, buckets)

    lease = lease_of(run.connection_id)
    assert again(run).heartbeat_at is not None
    assert run.heartbeat_at > LONG_AGO
    assert lease.expires_at > accounts.now() + timedelta(seconds=15)
    assert lease.buckets == buckets


def test_the_end_frees_the_connection(app: Flask) -> None:
    run, fence = make_run(), claim().fence
    make_run(connection_id=run.connection_id, kind="stock")

    syncs.finish(fence, SyncState.FAILED, "Amazon refused.", calls=CALLS)

    assert (again(run).state, run.message, run.calls) == (SyncState.FAILED, "Amazon refused.", 4)
    assert run.finished_at is not None
    assert syncs.claim_next("two") is not None


def test_a_postponed_run_goes_on_where_it_was(app: Flask) -> None:
    run, fence = make_run(), claim().fence
    syncs.checkpoint(fence, cursor={"token": "page 3"}, client=CALLS)

    syncs.postpone(fence, accounts.now() - timedelta(seconds=1), "Wait.", calls=CALLS)

    assert (again(run).message, run.attempt) == ("Wait.", 0)
    resumed = claim("two")
    assert resumed.cursor == {"token": "page 3"}
    assert resumed.calls == CALLS
    assert resumed.fence.lease_fence == 2


def test_a_postponed_failure_counts_as_an_attempt(app: Flask) -> None:
    run, fence = make_run(), claim().fence

    syncs.postpone(fence, accounts.now(), "Later.", failed=True)

    assert again(run).attempt == 1


def test_calls_of_several_attempts_add_up(app: Flask) -> None:
    both = CALLS + syncs.Calls({"getShipments": 2}, waited_s=0.5)

    assert dict(both.by_operation) == {"getShipments": 5, "token": 1}
    assert (both.throttled, both.waited_s) == (1, 3.0)


def test_a_lease_is_anothers_until_it_is_released(app: Flask) -> None:
    run = make_run()
    lease = leases.take(run.connection_id, "one")
    db.session.commit()
    assert lease is not None
    assert leases.take(run.connection_id, "two") is None

    leases.release(lease.connection_id, "one", lease.fence, {"token": {}})
    db.session.commit()

    assert leases.take(run.connection_id, "two") == leases.Lease(
        run.connection_id, "two", 2, {"token": {}}
    )
    assert not leases.renew(run.connection_id, "one", lease.fence)
