"""When the ignore rule looks: after each sync, after the walk of the plans, and once a day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from extensions import db
from inventory.models import Account, Shipment, StockOrder, SyncKind
from jobs.staleness import ignore_stale
from tests.factories import link, make_order, make_shipment
from tests.story import Story, Writes


def switch_on(days: int) -> None:
    account = db.session.get_one(Account, 1)
    account.ignore_stale, account.ignore_after_days = True, days
    db.session.commit()


def ignored() -> list[Shipment]:
    return list(db.session.scalars(sa.select(Shipment).where(Shipment.ignored_on.is_not(None))))


def put_off(days: int) -> None:
    """Let every shipment be overdue for so long, without a movement since."""
    on = datetime.now(UTC).date() - timedelta(days=days)
    rows = db.session.scalars(sa.select(Shipment).where(Shipment.is_open)).all()
    for row in rows:
        row.mode, row.pickup_at, row.ready_to_ship_at, row.window_end = "", None, None, None
        row.shipped_on, row.last_activity_at = on - timedelta(days=14), None
        row.expected_on, row.expected_source = on, "first_seen"
    db.session.commit()


@pytest.mark.parametrize("kind", [SyncKind.SHIPMENTS, SyncKind.PLANS])
def test_after_a_sync_what_is_stale_is_ignored(story: Story, kind: SyncKind) -> None:
    story.sync_all()
    assert ignored() == []
    put_off(days=200)
    switch_on(30)

    story.sync(kind)

    units = sa.select(sa.func.sum(StockOrder.units_ignored))
    assert len(ignored()) > 3
    assert db.session.scalar(units) == sum(row.units_outstanding for row in ignored())


def test_a_sync_of_one_shipment_looks_too(story: Story) -> None:
    story.sync_all()
    put_off(days=200)
    switch_on(30)
    some = sa.select(Shipment.amazon_shipment_id).join(Shipment.warehouse)
    one = db.session.scalar(some.where(Shipment.is_open, Shipment.status == "SHIPPED"))
    assert one

    story.sync(scope=one)

    assert len(ignored()) > 3


def test_a_sync_that_ignored_something_writes_nothing_the_second_time(story: Story) -> None:
    story.sync_all()
    put_off(days=200)
    switch_on(30)
    story.sync_all()

    with Writes() as writes:
        story.sync_all()

    assert writes.seen == []
    assert ignored() != []


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 31, 20, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def test_at_the_change_of_day_each_shipment_is_looked_at_once(
    clock: time_machine.Traveller,
) -> None:
    switch_on(30)  # in Berlin, where the day changes at 22:00 UTC
    shipment = make_shipment(expected_on=date(2026, 3, 1), units_outstanding=4)
    link(make_order(units_outstanding=4), shipment)

    assert (ignore_stale(), ignored()) == (True, [])
    assert ignore_stale() is False
    clock.shift(timedelta(hours=1, minutes=59))
    assert ignore_stale() is False
    clock.shift(timedelta(minutes=1))
    assert ignore_stale() is True
    assert [row.id for row in ignored()] == [shipment.id]
    assert ignore_stale() is False


def test_who_no_longer_leads_writes_nothing(clock: time_machine.Traveller) -> None:
    switch_on(30)

    assert ignore_stale(lambda: False) is False

    assert db.session.get_one(Account, 1).ignore_looked_on is None
