"""A wrong, cut, empty or HTML answer of Amazon's deletes, zeroes and closes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import SyncKind, SyncRun, SyncState
from inventory.services import syncs
from jobs import listings
from tests.world import World, begin

#: More than all tries of one call.
OFTEN = 12
FAULTS = (
    "html", "html200", "empty200", "errors200", "cut", "reset", "timeout", "500", "missing_role",
)  # fmt: skip
#: The calls of each kind on which its data stands. Europe is read: pools and its report too.
CALLS = {
    SyncKind.PARTICIPATIONS: ("getMarketplaceParticipations",),
    SyncKind.SHIPMENTS: ("getShipments", "getShipmentItems", "getShipmentItemsByShipmentId"),
    SyncKind.STOCK: ("getInventorySummaries", "createReport", "getReport", "getReportDocument"),
    SyncKind.LISTINGS: ("searchListingsItems",),
    SyncKind.PLANS: ("listInboundPlans", "getInboundPlan", "getShipment"),
}
DOWNLOADS = ("bad_gzip", "cut", "html", "html200", "empty200", "reset", "timeout", "500")
#: What a person would miss if it shrank: what there is, and how much.
ROWS = {
    "warehouse": "select name, taking_part, disabled_at is null from warehouse",
    "listing": "select channel, seller_sku, title, status from listing",
    "stock": """
        select warehouse_id, l.channel, l.seller_sku, s.fulfillable, s.fc_transfer,
               s.inbound_working, s.inbound_shipped, s.pool_key, s.local_fulfillable
          from stock_level s join listing l on l.id = s.listing_id""",
    "shipment": """
        select amazon_shipment_id, status, is_open, units_shipped, units_received, line_count
          from shipment""",
    "line": "select seller_sku, units_shipped, units_received, is_gone from shipment_line",
    "order": """
        select reference, status, status_type, units_ordered, units_received, units_outstanding
          from stock_order""",
    "order line": "select seller_sku, units_ordered, units_received from order_line",
    "plan": "select plan_id, name, status from inbound_plan",
}  # fmt: skip


def rows() -> dict[str, Counter[tuple[Any, ...]]]:
    found = {
        name: Counter(tuple(row) for row in db.session.execute(sa.text(query)))
        for name, query in ROWS.items()
    }
    db.session.rollback()
    return found


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with begin(app, "EU", "A1PA6795UKMFR9") as made:
        yield made


def scripts(faults: tuple[str, ...]) -> Iterator[list[str]]:
    """Each fault from the first call on, and after an answer that was right."""
    for fault in faults:
        yield [fault] * OFTEN
        yield ["ok", *[fault] * OFTEN]


def complaints(run: SyncRun, before: object, script: list[str]) -> Iterator[str]:
    """What a run of wrong answers may not do."""
    said = run.message.count(".") - run.message.count("Atzr.")
    if rows() != before:
        yield f"{script[:2]} changed rows"
    if run.state == SyncState.RUNNING or (run.state != SyncState.SUCCEEDED and not said):
        yield f"{script[:2]} left it {run.state}: {run.message!r}"
    if "our side" in run.message:
        yield f"{script[:2]}: {run.message}"


def scope_of(kind: SyncKind, operation: str) -> str:
    """Everything anew; or one shipment, whose lines alone are asked for by its id."""
    if kind == SyncKind.PARTICIPATIONS:
        return ""
    if operation != "getShipmentItemsByShipmentId":
        return syncs.FULL
    query = "select min(amazon_shipment_id) from shipment where status = 'RECEIVING'"
    scope = str(db.session.scalar(sa.text(query)))
    db.session.rollback()
    return scope


CASES = [(kind, call) for kind, calls in CALLS.items() for call in calls]
REPORT = ("createReport", "getReport", "getReportDocument", "download")


@pytest.mark.parametrize("operation", REPORT)
def test_nothing_is_lost_of_a_catalogue_too_large_to_be_searched(
    world: World, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "LISTINGS_LIMIT", 10)  # as if the world's 300 were 30,000

    suffer(world, SyncKind.LISTINGS, operation)


@pytest.mark.parametrize(("kind", "operation"), [*CASES, (SyncKind.STOCK, "download")])
def test_nothing_is_lost_and_the_next_run_gets_it_right(
    world: World, kind: SyncKind, operation: str
) -> None:
    suffer(world, kind, operation)


def suffer(world: World, kind: SyncKind, operation: str) -> None:
    scope = scope_of(kind, operation)
    before = rows()
    assert min(len(found) for found in before.values()) > 10
    found = []
    for script in scripts(DOWNLOADS if operation == "download" else FAULTS):
        world.clock.shift(timedelta(hours=5))  # reports are due again
        world.amazon.will_answer(operation, *script)
        run = world.sync(kind, scope)
        found += complaints(run, before, script)
    assert found == []
    assert world.amazon.calls[operation] > 10

    world.amazon.will_answer(operation)
    world.amazon.pass_days(3)
    run = world.sync(kind, scope)

    assert (run.state, run.message) == (SyncState.SUCCEEDED, "")
    truth = world.amazon.truth("EU")
    if kind == SyncKind.STOCK:
        assert stock_now() == stock_of(truth)
    if kind == SyncKind.SHIPMENTS and scope == syncs.FULL:
        assert units_now() == units_of(truth)


def stock_now() -> Counter[tuple[str, str, int]]:
    query = """
        select w.marketplace_id, s.seller_sku, s.fulfillable from stock_level s
          join warehouse w on w.id = s.warehouse_id
         where w.kind = 'fba' and s.fulfillable > 0"""
    return Counter(tuple(row) for row in db.session.execute(sa.text(query)))


def stock_of(truth: dict[str, Any]) -> Counter[tuple[str, str, int]]:
    return Counter(
        (marketplace_id, sku, row["fulfillable"])
        for marketplace_id, levels in truth["stock"].items()
        for sku, row in levels.items()
        if row["fulfillable"] > 0
    )


def units_now() -> dict[str, tuple[int, int]]:
    query = "select amazon_shipment_id, units_shipped, units_received from shipment"
    return {row[0]: (row[1], row[2]) for row in db.session.execute(sa.text(query))}


def units_of(truth: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        id_: (
            sum(line["shipped"] for line in fact["lines"]),
            sum(line["received"] for line in fact["lines"]),
        )
        for id_, fact in truth["shipments"].items()
    }
