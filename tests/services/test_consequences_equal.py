"""What a preview counts is what saving then does, over random settings and rows.

25 worlds per database and level; 2,000 with SOAK=1.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from extensions import db
from inventory.models import Account, Change, Connection, OrderShipment
from inventory.rules.consequences import Consequence
from inventory.rules.orders import Origin
from inventory.services import (
    consequences,
    conversion_undo,
    conversions,
    levels,
    order_settings,
    order_settings_preview,
    orders,
    warehouse_settings,
)
from inventory.services import settings as settings_service
from inventory.services.consequences_orders import BELOW
from inventory.services.settings_effects import follow
from tests.services.settings_worlds import ACCOUNT, CONNECTION, WAREHOUSE, WORLD, World, build

EXAMPLES = 2000 if os.environ.get("SOAK") == "1" else 25
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def undone() -> Iterator[None]:
    """Let what the block does be as if it never was."""
    point = db.session.begin_nested()
    try:
        yield
    finally:
        db.session.flush()
        point.rollback()
        db.session.expire_all()


@pytest.mark.soak
@QUIET
@given(WORLD, CONNECTION)
def test_of_a_connection(app: Flask, drawn: dict[str, Any], typed: dict[str, Any]) -> None:
    compare(build(drawn), typed, None)


@pytest.mark.soak
@QUIET
@given(WORLD, WAREHOUSE, st.integers(0, 1))
def test_of_a_warehouse(
    app: Flask, drawn: dict[str, Any], typed: dict[str, Any], place: int
) -> None:
    compare(build(drawn), typed, place)


@pytest.mark.soak
@QUIET
@given(WORLD, ACCOUNT)
def test_of_the_stock_order_settings(
    app: Flask, drawn: dict[str, Any], values: dict[str, Any]
) -> None:
    world = build(drawn)
    account = db.session.get_one(Account, 1)
    try:
        found, seen = order_settings_preview.of(account, values), Seen(world)

        order_settings.save(account, values, user_id=None)

        compare_now(found, seen, Seen(world))
    finally:
        db.session.rollback()


def compare(world: World, drawn: dict[str, Any], place: int | None) -> None:
    row = world.connection if place is None else world.warehouses[place]
    values = world.columns(drawn)
    try:
        found = consequences.of(row, values)
        (step,) = levels.step(row, values)
        places, origins = (
            step.origins_changed(),
            {one: step.before.origin(one) for one in step.before.fba_ids},
        )
        seen, coming = Seen(world), Coming(world)

        save(row, values, world.connection)

        compare_now(found, seen, Seen(world))
        compare_later(found, coming, Coming(world), origins)
        compare_conversion(found, world, row, places)
    finally:
        db.session.rollback()


class Seen:
    """What people see of a world, by reference or shipment."""

    def __init__(self, world: World) -> None:
        db.session.expire_all()
        orders = world.orders()
        linked = set(db.session.scalars(select(OrderShipment.shipment_id)))
        self.orders = set(orders)
        self.dates = {name: one.expected_on for name, one in orders.items()}
        self.alone = {one.id: one.expected_on for one in world.shipments if one.id not in linked}
        self.fees = {name: one.shipping_handling for name, one in orders.items()}
        self.ignored = {one.id: one.ignored_on is not None for one in world.shipments}
        self.kinds = {name: (one.kind, one.source_id) for name, one in orders.items()}


class Coming:
    """What becomes of shipments: at the next sync, and once all that are open are shipped."""

    def __init__(self, world: World) -> None:
        # One that is closed becomes a closed order when a sync shows it again: nothing on order.
        ids = [one.id for one in world.shipments if one.is_open]
        known = set(world.orders())
        with undone():
            orders.follow(world.connection.id, ids, None)
            self.synced = set(world.orders()) - known
        with undone():
            self.below = {one.amazon_shipment_id for one in world.shipments if one.status in BELOW}
            for one in world.shipments:
                if one.status in BELOW:
                    one.status = one.amazon_status = "SHIPPED"
            orders.follow(world.connection.id, ids, None)
            later = world.orders()
            new = {name: later[name] for name in later.keys() - known}
            self.units = sum(one.units_outstanding for one in new.values())
            self.origins = {
                name: (one.destination_id, str(one.kind), one.source_id, one.source_missing)
                for name, one in new.items()
            }


def compare_now(found: list[Consequence], before: Seen, after: Seen) -> None:
    ids = before.ignored
    assert after.orders == before.orders  # saving imports nothing
    assert figure(found, "dates") == differing(before.dates, after.dates)
    assert figure(found, "dates_shipments") == differing(before.alone, after.alone)
    assert figure(found, "fees") == differing(before.fees, after.fees)
    assert figure(found, "ignored") == sum(after.ignored[one] > before.ignored[one] for one in ids)
    assert figure(found, "counted") == sum(after.ignored[one] < before.ignored[one] for one in ids)


def compare_later(
    found: list[Consequence], before: Coming, after: Coming, origins: dict[int, Origin]
) -> None:
    others = [
        name
        for name, (place, *kind) in after.origins.items()
        if name in after.below and kind != list(astuple(origins[place]))
    ]
    assert figure(found, "becoming") == len(after.synced - before.synced)
    assert figure(found, "future") == len(others)
    assert figure(found, "unlinked") == max(0, before.units - after.units)


def compare_conversion(found: list[Consequence], world: World, row: Any, places: list[int]) -> None:
    now, before = levels.of_connection(world.connection), Seen(world).kinds
    count = conversions.convert(now, places, on=row, user_id=None)
    after = Seen(world).kinds
    offered = [one for one in found if one.kind == "existing"]
    refused = sum(one.orders for one in conversions.groups(now, places))

    assert count == differing(before, after)
    assert sum(one.count or 0 for one in offered) == count + refused
    if count:
        act = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
        assert act is not None
        assert conversion_undo.undo(act, user_id=None) == count
    assert Seen(world).kinds == before


def save(row: Any, values: dict[str, Any], connection: Connection) -> None:
    if row is connection:
        entry = settings_service.store(row, values, user_id=None)
    else:
        entry = warehouse_settings.save(row, values, user_id=None)
    if entry is not None:
        follow(connection, entry.fields.keys(), None)


def figure(found: list[Consequence], kind: str) -> int:
    return sum(one.count or 0 for one in found if one.kind == kind)


def differing(before: dict[Any, Any], after: dict[Any, Any]) -> int:
    return sum(before[one] != after[one] for one in before)
