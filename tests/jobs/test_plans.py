"""sync_plans against the simulated Amazon."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from amazon.errors import AmazonError
from extensions import db
from inventory.models import InboundPlan, Shipment, StockOrder, SyncKind
from inventory.rules.dates import FREIGHT
from inventory.services import syncs
from tests.saying import order_of
from tests.story import Story, Writes

Tell = Callable[..., Story]
BERLIN = ZoneInfo("Europe/Berlin")


def stored() -> dict[str, Shipment]:
    return {row.amazon_shipment_id: row for row in db.session.scalars(sa.select(Shipment))}


def readable(story: Story) -> dict[str, dict]:
    """FBA id -> its plan, of the shipments whose plan can be opened."""
    return {
        amazon_id: plan
        for plan in story.truth["plans"].values()
        if plan["is_readable"]
        for amazon_id in plan["shipments"]
    }


def test_every_shipment_of_a_plan_is_joined_on_its_fba_id(story: Story) -> None:
    story.sync_all()

    plans = readable(story)
    rows = stored()
    assert len(plans) > 40
    for amazon_id, row in rows.items():
        plan = plans.get(amazon_id)
        assert row.plan_id == (plan["id"] if plan else ""), amazon_id
        if plan:
            assert (row.marketplace_id, row.marketplace_source) == (plan["marketplace_id"], "plan")
            assert "marketplace_guess" not in row.flags
        else:
            assert row.marketplace_source in ("fc", "country", "primary")
            assert "marketplace_guess" in row.flags


def test_the_carrier_comes_from_the_option_that_was_chosen(story: Story) -> None:
    story.sync_all()

    chosen = [row for row in stored().values() if row.selected_option_id]
    truth = story.truth["shipments"]
    assert len(chosen) > 20
    for row in chosen:
        fact = truth[row.amazon_shipment_id]
        own = fact["is_own_carrier"]
        assert row.mode == fact["mode"]
        assert row.solution == ("USE_YOUR_OWN_CARRIER" if own else "AMAZON_PARTNERED_CARRIER")
        assert row.fee is None or (not own and row.fee > 0 and row.fee_currency)
        assert (row.fee is None) == (row.fee_on is None)


def test_a_quote_of_template_text_is_no_amount(story: Story) -> None:
    story.sync_all()

    partnered = [row for row in stored().values() if row.solution == "AMAZON_PARTNERED_CARRIER"]
    assert any(row.fee is None for row in partnered)
    assert all(row.fee_currency == "" for row in partnered if row.fee is None)


def test_freight_is_expected_a_pickup_delay_after_its_pick_up(tell: Tell) -> None:
    story = tell(pickup_delay_days=9)
    story.sync_all()

    plans, checked = readable(story), 0
    for row in stored().values():
        if row.mode not in FREIGHT:
            continue
        at = datetime.fromtimestamp(
            plans[row.amazon_shipment_id]["pick_up"][row.amazon_shipment_id], UTC
        )
        assert row.expected_source == "pickup_delay"
        assert row.expected_on == at.astimezone(BERLIN).date() + timedelta(days=9)
        checked += 1
    assert checked > 5


def test_orders_take_over_date_destination_and_day_of_creation(story: Story) -> None:
    story.sync_all()

    for row in stored().values():
        order = order_of(row)
        if order is None:
            continue
        assert order.destination_id == row.warehouse_id
        assert (order.expected_on, order.expected_source) == (row.expected_on, row.expected_source)
        assert order.created_on == row.first_seen_on


def test_fees_are_on_the_orders_when_asked_for(tell: Tell) -> None:
    story = tell(sync_fees=True)
    story.sync_all()

    amounts = 0
    for row in stored().values():
        order = order_of(row)
        if order is None or row.fee is None:
            continue
        if row.fee_currency == order.currency:
            assert order.shipping_handling == row.fee
            amounts += 1
        else:
            assert order.shipping_handling is None
            assert "fee_currency" in order.flags
    assert amounts >= 3


def test_plans_of_global_logistics_are_passed_over_for_ever(story: Story) -> None:
    story.sync_all()
    unreadable = db.session.scalars(sa.select(InboundPlan).filter_by(is_unreadable=True)).all()
    assert len(unreadable) == 1

    run = story.sync(SyncKind.PLANS)

    assert run.calls_by_operation.get("getInboundPlan", 0) <= 1


def test_first_seen_is_the_plans_day_else_the_names_else_a_window(story: Story) -> None:
    story.sync()
    before = {row.id: row.first_seen_source for row in stored().values()}
    assert set(before.values()) == {"name", "today"}

    story.sync(SyncKind.PLANS)

    sources = {row.first_seen_source for row in stored().values()}
    assert sources == {"plan", "name", "window"}
    truth = story.truth["shipments"]
    for amazon_id, row in stored().items():
        updated = datetime.fromtimestamp(truth[amazon_id]["updated"], UTC).date()
        if row.first_seen_source == "window":
            assert row.first_seen_on <= updated


def test_a_second_walk_writes_nothing_and_asks_only_for_what_lacks_a_carrier(story: Story) -> None:
    story.sync_all()

    with Writes() as writes:
        run = story.sync(SyncKind.PLANS)

    assert writes.seen == []
    waiting = sum(1 for row in stored().values() if row.is_open and not row.selected_option_id)
    assert run.calls_by_operation["listInboundPlans"] == 3
    assert run.calls_by_operation.get("getShipment", 0) <= waiting
    assert "listTransportationOptions" not in run.calls_by_operation


def test_the_walk_takes_no_more_calls_than_it_needs(story: Story) -> None:
    story.sync()
    run = story.sync(SyncKind.PLANS)

    plans = story.truth["plans"].values()
    calls = run.calls_by_operation
    shipments = sum(len(plan["pick_up"]) for plan in plans if plan["is_readable"])
    chosen = sum(1 for row in stored().values() if row.selected_option_id)
    assert calls["getInboundPlan"] == len(plans)
    assert calls["getShipment"] == shipments
    # One page each, but for the shipments of the plan with dozens of options.
    assert chosen <= calls["listTransportationOptions"] <= chosen + 6


def test_what_was_opened_is_not_opened_again_after_a_fault(story: Story) -> None:
    story.sync()
    story.simulator.will_answer("getInboundPlan", *["ok"] * 12, *["500"] * 6)
    with pytest.raises(AmazonError):
        story.sync(SyncKind.PLANS)
    db.session.commit()
    assert syncs.read_at(story.connection.id, SyncKind.PLANS) is None
    db.session.commit()
    story.simulator.will_answer("getInboundPlan")

    run = story.sync(SyncKind.PLANS)

    assert run.calls_by_operation["getInboundPlan"] == len(story.truth["plans"]) - 12
    assert {row.plan_id for row in stored().values()} >= {p["id"] for p in readable(story).values()}


def test_new_plans_are_joined_as_days_pass_and_changes_reach_the_orders(story: Story) -> None:
    story.sync_all()
    known = set(db.session.scalars(sa.select(InboundPlan.plan_id)))

    for _day in range(6):
        story.simulator.pass_days(1)
        story.sync_all()

    new = set(db.session.scalars(sa.select(InboundPlan.plan_id))) - known
    plans = readable(story)
    assert new
    for amazon_id, row in stored().items():
        assert row.plan_id == (plans[amazon_id]["id"] if amazon_id in plans else ""), amazon_id


def test_the_nightly_walk_looks_at_every_open_shipment(story: Story) -> None:
    story.sync_all()
    row = next(row for row in stored().values() if row.is_open and row.mode in FREIGHT)
    row.ready_to_ship_at, row.pickup_at, row.expected_on = None, None, None
    row.selected_option_id = "stale"
    db.session.commit()

    story.sync(SyncKind.PLANS, scope="full")

    db.session.refresh(row)
    assert row.expected_source == "pickup_delay"
    assert row.ready_to_ship_at is not None
    order = order_of(row)
    assert order is None or order.expected_on == row.expected_on


def test_yen_have_no_cents(tell: Tell) -> None:
    story = tell(region="FE", sync_fees=True)
    story.sync_all()

    amounts = db.session.scalars(sa.select(StockOrder.shipping_handling)).all()
    assert all(amount is None or amount > Decimal(0) for amount in amounts)
