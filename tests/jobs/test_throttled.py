"""A 429 never fails a run: it waits, then makes room for others, and goes on where it was."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from inventory.models import SyncKind, SyncState
from inventory.services import accounts, syncs
from tests.world import World, begin

#: More than ten minutes of waiting allow.
FOR_LONG = ["throttled"] * 200
CALLS = [
    (SyncKind.PARTICIPATIONS, "getMarketplaceParticipations"),
    (SyncKind.SHIPMENTS, "getShipments"),
    (SyncKind.STOCK, "getInventorySummaries"),
    (SyncKind.LISTINGS, "searchListingsItems"),
    (SyncKind.PLANS, "getInboundPlan"),
]


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with begin(app) as made:
        yield made


def scope_of(kind: SyncKind) -> str:
    return "" if kind == SyncKind.PARTICIPATIONS else syncs.FULL


@pytest.mark.parametrize(("kind", "operation"), CALLS)
def test_a_few_are_waited_out_within_the_run(world: World, kind: SyncKind, operation: str) -> None:
    world.amazon.will_answer(operation, *["throttled"] * 4)

    run = world.sync(kind, scope_of(kind))

    assert (run.state, run.message, run.attempt) == (SyncState.SUCCEEDED, "", 0)
    assert run.throttled == 4
    assert run.waited_s >= 4


@pytest.mark.parametrize(("kind", "operation"), CALLS)
def test_many_postpone_it_and_it_goes_on_by_itself(
    world: World, kind: SyncKind, operation: str
) -> None:
    began = accounts.now()
    world.amazon.will_answer(operation, *FOR_LONG)

    run = world.sync(kind, scope_of(kind))

    assert (run.state, run.attempt) == (SyncState.QUEUED, 0)
    until = (run.not_before + timedelta(seconds=59)).astimezone(accounts.timezone())
    assert run.message == f"Amazon asks us to wait until {until:%H:%M}."
    assert accounts.now() - began < timedelta(minutes=11)
    assert not world.work()

    world.amazon.will_answer(operation)
    world.clock.move_to(run.not_before + timedelta(seconds=1))
    while world.work():
        pass

    run = world.run(run.id)
    assert (run.state, run.message, run.attempt) == (SyncState.SUCCEEDED, "", 0)


def test_what_was_done_before_the_wait_is_not_done_again(world: World) -> None:
    world.amazon.reset_calls()
    whole = world.sync(SyncKind.PLANS, syncs.FULL)
    looks = whole.calls_by_operation["getShipment"]
    half = looks // 2
    world.amazon.will_answer("getShipment", *["ok"] * half, *FOR_LONG)

    run = world.sync(SyncKind.PLANS, syncs.FULL)
    refused = run.throttled
    world.amazon.will_answer("getShipment")
    world.clock.move_to(run.not_before + timedelta(seconds=1))
    world.work()

    run = world.run(run.id)
    assert run.state == SyncState.SUCCEEDED
    assert run.calls_by_operation["getShipment"] - refused == looks
