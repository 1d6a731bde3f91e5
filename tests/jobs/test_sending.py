"""An order becomes a plan at Amazon, with labels to print, on each of the three routes."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import current_app

from extensions import db
from inventory.models import (
    Change,
    Connection,
    OrderLine,
    OrderShipment,
    SendingState,
    Shipment,
    StockOrder,
    SyncKind,
)
from inventory.services import accounts, order_acts, sendings
from simulator import seller_central
from tests.sending import ROUTES, Trip

Start = Callable[..., Trip]


@pytest.mark.parametrize("route", ROUTES)
def test_each_route_ends_with_one_plan_and_its_shipments(
    trip: Callable[..., Trip], route: str
) -> None:
    one = trip(route=route)

    sending = one.run()

    assert (sending.state, sending.step) == ("done", "labels"), sending.message
    (plan,) = one.plans
    assert plan["name"] == sending.plan_name
    rows = sendings.shipments(sending)
    assert [row.amazon_shipment_id for row in rows] == plan["shipments"]
    assert "transport_choice" in plan["acts"]
    assert one.order.locked_at is not None
    assert all(row.box_ids for row in rows)


def linked(order_id: int) -> dict[str, int]:
    """FBA id -> order, of all shipments that hang on one."""
    found = sa.select(Shipment.amazon_shipment_id, OrderShipment.order_id).join(
        OrderShipment, OrderShipment.shipment_id == Shipment.id
    )
    return {row[0]: row[1] for row in db.session.execute(found)}


def orders() -> list[str]:
    return list(db.session.scalars(sa.select(StockOrder.reference).order_by(StockOrder.id)))


def test_the_shipments_replace_the_orders_lines_and_make_no_second_order(trip: Start) -> None:
    one = trip(parts=2)
    db.session.get_one(Connection, one.connection_id).sync_fees = True
    db.session.commit()
    one.run()
    ids = one.plans[0]["shipments"]

    one.sync()

    order = one.order
    assert {name: linked(order.id)[name] for name in ids} == dict.fromkeys(ids, order.id)
    assert (order.reference, order.units_ordered, order.units_outstanding) == ("PO-1042", 96, 96)
    assert {"USD": order.shipping_handling} == _transport(one)
    before = orders()
    one.amazon.pass_days(3)
    one.sync()
    assert not set(ids) & set(orders())
    assert [name for name in before if name not in orders()] == []
    assert one.order.amazon_status != "WORKING"


def _transport(one: Trip) -> dict[str, Decimal]:
    rows = sendings.chosen(one.sending, "transport")
    return {"USD": sum((row.amount for row in rows if row.amount), Decimal(0))}


def test_shipments_seen_before_we_know_that_they_are_ours_get_no_order(trip: Start) -> None:
    one = trip()
    connection = db.session.get_one(Connection, one.connection_id)
    connection.import_early = True
    db.session.commit()
    one.run()
    one.amazon.pass_days(3)
    (row,) = sendings.shipments(one.sending)
    name, row.amazon_shipment_id = row.amazon_shipment_id, ""
    one.sending.route, one.sending.plan_id = "plan_only", one.plans[0]["id"]
    db.session.commit()

    one.sync(SyncKind.SHIPMENTS)

    assert name not in orders()
    one.sync()
    assert linked(one.order_id)[name] == one.order_id
    made = sa.select(Change.id).where(Change.summary == f"Made from shipment {name}")
    assert db.session.scalars(made).all() == []


def test_other_content_at_amazon_is_followed(trip: Start) -> None:
    one = trip()
    sending = one.run()
    one.sync()
    (name,) = one.plans[0]["shipments"]
    first, second = (line.seller_sku for line in sendings.lines(sending)[:2])
    where = {"plan_id": sending.plan_id, "shipment_id": name}

    # The second is taken off altogether.
    for sku, units in ((first, 20), (second, 0)):
        seller_central.act(one.amazon, what="change_quantity", sku=sku, units=units, **where)
    one.sync()

    assert one.order.units_outstanding == 68
    found = sa.select(OrderLine.seller_sku, OrderLine.units_outstanding).where(
        OrderLine.order_id == one.order_id
    )
    units_of = {row[0]: row[1] for row in db.session.execute(found)}
    assert (units_of[first], units_of.get(second, 0)) == (20, 0)


@pytest.mark.parametrize("what", ["cancel", "void"])
def test_a_plan_cancelled_in_seller_central_gives_the_order_back(trip: Start, what: str) -> None:
    one = trip()
    sending = one.run()
    one.sync()

    seller_central.act(one.amazon, what=what, plan_id=sending.plan_id)
    one.sync()

    assert one.sending.state == SendingState.CANCELED
    assert "Seller Central" in one.sending.message
    order = one.order
    assert (order.locked_at, order.status, order.units_outstanding) == (None, "Open", 96)
    assert linked(order.id).get(one.plans[0]["shipments"][0]) is None
    one.run()
    assert one.sending.state == SendingState.DONE


def test_plan_only_leaves_the_rest_to_seller_central(trip: Start) -> None:
    one = trip(route="plan_only")

    sending = one.run()

    assert (sending.state, sending.step) == ("done", "plan")
    assert sendings.seller_central(sending).endswith(sending.plan_id)
    assert one.plans[0]["acts"] == []
    assert one.order.locked_at is not None


def test_it_can_be_stopped_after_the_plan(trip: Start) -> None:
    one = trip(route="")
    sending = one.run(until="packing")
    assert sending.message == "The plan is made. Choose how the goods go."

    sendings.stop_here(sending.id)
    db.session.commit()

    assert one.sending.state == SendingState.DONE
    with pytest.raises(sendings.Refused, match="sent to Amazon already"):
        one.begin()


def test_a_locked_orders_lines_cannot_be_changed(trip: Start) -> None:
    one = trip()
    one.begin()

    with pytest.raises(order_acts.CannotDo, match="Its lines are Amazon"):
        order_acts.split(one.order, {}, user_id=None)
    with pytest.raises(order_acts.CannotDo):
        order_acts.set_status(one.order, "Canceled", user_id=None)


def test_it_is_cancelled_at_once_before_anything_left(trip: Start) -> None:
    one = trip()
    sending = one.begin()

    sendings.cancel(sending.id)
    db.session.commit()

    assert one.settle().state == SendingState.CANCELED
    assert one.plans == []
    assert one.order.locked_at is None


@pytest.mark.parametrize("until", ["packing", "placement", "confirm", ""])
def test_it_is_cancelled_at_amazon_while_that_is_possible(trip: Start, until: str) -> None:
    one = trip()
    sending = one.run(until=until)
    if not until:
        assert sendings.voidable_until(sending) is not None

    sendings.cancel(sending.id)
    db.session.commit()

    assert one.settle().state == SendingState.CANCELED
    assert [plan["status"] for plan in one.plans] == ["VOIDED"]
    assert one.order.locked_at is None


def test_an_order_not_to_be_split_stops_and_asks(trip: Start) -> None:
    one = trip(parts=2, fields={"do_not_split": True})
    sending = one.run(until="placement")
    option = next(
        row for row in sendings.options(sending, "placement") if len(row.facts["shipments"]) == 2
    )

    with pytest.raises(sendings.Refused, match="split this into 2 shipments, and you asked not"):
        sendings.choose_placement(sending.id, option.option_id)
    sendings.choose_placement(sending.id, option.option_id, split_ok=True)
    db.session.commit()

    assert one.run().state == SendingState.DONE


def test_tracking_numbers_of_an_own_carrier_reach_amazon(trip: Start) -> None:
    one = trip(route="own_parcel")
    sending = one.run()
    (row,) = sendings.shipments(sending)
    numbers = {box: f"1Z{number}" for number, box in enumerate(row.box_ids)}

    sendings.set_tracking(sending.id, row.plan_shipment_id, numbers)
    db.session.commit()
    sending = one.settle()

    assert sending.state == SendingState.DONE
    assert f"updateShipmentTrackingDetails:{row.plan_shipment_id}" in sending.done
    assert one.amazon.calls["updateShipmentTrackingDetails"] == 1


def test_a_missing_prep_category_is_set_in_place(trip: Start) -> None:
    one = trip(skus=(0, 3, 11))
    sending = one.run()
    sku = one.sku(11)
    (problem,) = sendings.open_problems(sending)
    assert (problem.seller_sku, problem.code, sending.step) == (sku, "prep_category", "plan")
    assert one.plans == []

    sendings.set_prep(sending.id, {sku: ("NONE", ["ITEM_NO_PREP"])})
    db.session.commit()

    assert one.run().state == SendingState.DONE


def test_an_owner_that_amazon_refuses_is_replaced_once_by_the_one_it_names(trip: Start) -> None:
    one = trip(skus=(0, 9))

    sending = one.run()

    assert sending.state == SendingState.DONE
    owners = {line.seller_sku: line.label_owner for line in sendings.lines(sending)}
    assert owners == {one.sku(0): "SELLER", one.sku(9): "NONE"}
    assert any("Accepted values: [NONE]" in row.message for row in sendings.problems(sending))
    assert len(one.plans) == 1


def test_of_two_who_press_at_once_both_get_the_one_sending(trip: Start) -> None:
    one = trip()
    app, seen, gate = current_app._get_current_object(), [], Barrier(2, timeout=30)  # type: ignore[attr-defined]

    def press() -> None:
        with app.app_context():
            order = db.session.get_one(StockOrder, one.order_id)
            choices = one.choices()
            db.session.commit()
            gate.wait(10)
            sending = sendings.begin(order, choices, user_id=None)
            db.session.commit()
            seen.append(sending.id)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(seen) == 2
    assert len(set(seen)) == 1
    one.run()
    assert len(one.plans) == 1


def test_a_crash_is_shown_as_unclear_within_seconds(trip: Start) -> None:
    one = trip()
    sending = one.begin()
    sending.call, sending.called_at = "createInboundPlan", accounts.now()
    db.session.commit()
    one.clock.shift(timedelta(seconds=4.9))

    assert sendings.shown_state(one.sending) == SendingState.UNCLEAR
    assert one.order.locked_at is not None
