"""Whatever goes wrong on the way to Amazon: one plan, nothing lost, and a sentence about it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from flask import current_app

from extensions import db
from inventory.models import Connection, ConnectionHealth, SendingState, SyncKind
from inventory.services import accounts, sendings
from jobs.schedule import queue_stranded
from simulator import seller_central
from tests.sending import FREIGHT, OWN, Trip, box, is_sent, make_sendable_order

Start = Callable[..., Trip]
BINDING = ("createInboundPlan", "confirmPlacementOption", "confirmTransportationOptions")


def test_a_plan_that_fails_at_amazon_frees_the_order(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("createInboundPlan", "address_refused")

    sending = one.run()

    assert sending.state == SendingState.FAILED
    assert "address is not valid" in sending.message
    assert one.order.locked_at is None
    one.run()
    assert one.sending.state == SendingState.DONE
    assert [plan["status"] for plan in one.plans] == ["ERRORED", "ACTIVE"]


def test_a_plan_voided_at_once_frees_the_order(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("createInboundPlan", "voided")

    assert one.run().state == SendingState.VOIDED
    assert one.order.locked_at is None


def test_a_plan_listed_late_is_adopted(trip: Start) -> None:
    one = trip()
    # Acts and is listed five minutes later; the answer is lost on the way.
    one.amazon.will_answer("createInboundPlan", "late")
    one.amazon.will_answer("getInboundOperationStatus", 404)

    one.run()

    is_sent(one)


def test_a_call_that_never_arrived_is_offered_and_sent_again_by_a_person_alone(
    trip: Start,
) -> None:
    one = trip()
    one.amazon.will_answer("createInboundPlan", 503)
    one.begin()
    began = accounts.now()

    sending = one.settle()

    assert sendings.may_send_again(sending)
    assert sending.state == SendingState.UNCLEAR
    assert sending.plan_name in sending.message
    assert accounts.now() - began >= timedelta(minutes=15)
    assert one.plans == []
    assert one.order.locked_at is not None
    sendings.send_again(sending.id)
    db.session.commit()
    one.run()
    is_sent(one)


@pytest.mark.parametrize("kind", ["packing", "placement", "transport"])
def test_expired_offers_are_asked_for_again(trip: Start, kind: str) -> None:
    one = trip()
    sending = one.run(until=kind)
    if kind == "transport":
        one.decide(sending)
        db.session.commit()
        sending = one.settle()
    old = {option.option_id for option in sendings.options(sending, kind)}
    assert old
    one.clock.shift(timedelta(days=4))

    if not sendings.expired(sending):
        with pytest.raises(sendings.Refused, match="expired"):
            one.decide(sending)
        db.session.rollback()
        sendings.regenerate(sending.id, kind)
        db.session.commit()
    one.run()

    is_sent(one)
    assert old.isdisjoint(option.option_id for option in sendings.options(one.sending, kind))


def test_an_offer_that_expires_on_the_way_is_asked_for_and_shown_again(trip: Start) -> None:
    one = trip()
    sending = one.run(until="confirm")
    sendings.confirm(sending.id)
    db.session.commit()
    seller_central.act(one.amazon, what="expire", plan_id=sending.plan_id)

    sending = one.settle()

    assert (sending.state, sending.placement_agreed_at) == ("waiting", None)
    one.run()
    is_sent(one)


def test_a_price_that_changed_is_shown_beside_the_old_one_and_confirmed_anew(trip: Start) -> None:
    one = trip()
    sending = one.run(until="confirm")
    (before,) = sendings.chosen(sending, "transport")
    old = before.amount
    one.clock.shift(timedelta(hours=25))
    with pytest.raises(sendings.Refused, match="expired"):
        sendings.confirm(sending.id)
    db.session.rollback()
    sendings.regenerate(sending.id, "transport")
    db.session.commit()

    sending = one.settle()

    (now,) = sendings.chosen(sending, "transport")
    assert (sending.state, sending.step) == ("waiting", "confirm")
    assert now.amount_before == old
    assert now.amount != old
    one.run()
    is_sent(one)


@pytest.mark.parametrize("is_later", [False, True], ids=["before the choice", "after it"])
def test_delivery_windows_that_expire_are_asked_for_again(trip: Start, is_later: bool) -> None:
    one = trip(route="own_parcel")
    sending = one.run(until="confirm")
    while not sendings.options(sending, "window"):
        one.decide(sending)
        db.session.commit()
        sending = one.settle()
    old = {option.option_id for option in sendings.options(sending, "window")}
    (row,) = sendings.shipments(sending)
    if not is_later:
        one.clock.shift(timedelta(hours=25))
        with pytest.raises(sendings.Refused, match="expired"):
            sendings.choose_window(sending.id, row.plan_shipment_id, min(old))
        db.session.rollback()
        sendings.regenerate(sending.id, "window")
    else:
        one.decide(sending)
        db.session.commit()
        seller_central.act(one.amazon, what="expire", plan_id=sending.plan_id)
    db.session.commit()

    one.run()

    is_sent(one)
    assert old.isdisjoint(option.option_id for option in sendings.options(one.sending, "window"))


@pytest.mark.parametrize(
    ("what", "until"),
    [
        ("void", "packing"),
        ("void", "placement"),
        ("void", "transport"),
        ("void", "confirm"),
        ("cancel", "packing"),
        ("cancel", "confirm"),
    ],
)
def test_a_plan_cancelled_meanwhile_frees_the_order(trip: Start, what: str, until: str) -> None:
    one = trip()
    sending = one.run(until=until)
    seller_central.act(one.amazon, what=what, plan_id=sending.plan_id)

    sending = one.run()

    if sending.state == SendingState.WAITING:
        # Amazon calls such a plan ACTIVE and shows no shipment: only its refusal is known.
        assert (what, one.plans[0]["shipments"]) == ("cancel", [])
        assert "not in a valid state" in sending.message
        assert one.order.locked_at is not None
        sendings.cancel(sending.id)
        db.session.commit()
        sending = one.settle()
    assert sending.state == SendingState.CANCELED
    assert one.order.locked_at is None
    assert one.begin().state == SendingState.WORKING


@pytest.mark.parametrize(
    ("operation", "until", "state"),
    [
        ("", "packing", SendingState.CANCELED),
        ("confirmPlacementOption", "confirm", SendingState.CANCELED),
        ("createInboundPlan", "", SendingState.VOIDED),
    ],
)
def test_a_sync_that_sees_the_plan_voided_frees_the_order_whatever_is_under_way(
    trip: Start, operation: str, until: str, state: SendingState
) -> None:
    one = trip()
    if operation:
        one.amazon.will_answer(operation, "endless")
    sending = one.run(until=until) if until else one.begin()
    if until == "confirm":
        sendings.confirm(sending.id)
        db.session.commit()
    one.work()
    assert one.sending.call == operation
    before = Counter(one.amazon.calls)
    seller_central.act(one.amazon, what="void", plan_id=one.sending.plan_id)

    one.sync(SyncKind.PLANS)

    assert one.sending.state == state
    assert one.order.locked_at is None
    assert "plan" in one.sending.message
    assert one.amazon.calls["getInboundOperationStatus"] == before["getInboundOperationStatus"]
    while one.work():
        pass
    assert one.sending.state == state


def test_a_voided_plan_is_found_below_others_that_changed_later(
    trip: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Amazon's "last updated" lags: the plan may be far down the list, under known ones."""
    monkeypatch.setattr("amazon.plans.PLANS_PAGE_SIZE", 1)
    one = trip()
    sending = one.run(until="packing")
    one.clock.shift(timedelta(hours=1))
    connection = db.session.get_one(Connection, one.connection_id)
    order = make_sendable_order(connection, one.amazon, (13, 14), reference="PO-1043")
    later = replace(one, order_id=order.id)
    sendings.cancel(later.run(until="packing").id)
    db.session.commit()
    later.settle()
    one.sync(SyncKind.PLANS)
    assert [plan["status"] for plan in one.plans] == ["ACTIVE", "VOIDED"]
    seller_central.act(one.amazon, what="void", plan_id=sending.plan_id)

    one.sync(SyncKind.PLANS)

    assert one.sending.state == SendingState.CANCELED
    assert one.order.locked_at is None


def test_a_plan_cancelled_there_and_here_while_amazon_works_frees_the_order(trip: Start) -> None:
    one = trip()
    sending = one.run(until="confirm")
    one.amazon.will_answer("confirmPlacementOption", "endless")
    sendings.confirm(sending.id)
    db.session.commit()
    one.work()
    assert one.sending.call == "confirmPlacementOption"
    seller_central.act(one.amazon, what="void", plan_id=sending.plan_id)

    sendings.cancel(sending.id)
    db.session.commit()

    assert one.settle().state == SendingState.CANCELED
    assert one.order.locked_at is None


def test_freight_without_its_facts_is_refused_here_and_at_amazon(trip: Start) -> None:
    one = trip(route="freight")
    sending = one.run(until="transport")
    (row,) = sendings.shipments(sending)
    ready = {row.plan_shipment_id: accounts.today() + timedelta(days=3)}
    with pytest.raises(sendings.Refused, match="Say class, value and pallets of the freight"):
        sendings.set_ready(sending.id, ready)
    db.session.rollback()
    one.decide(sending)
    row.freight = {}
    db.session.commit()
    sending = one.settle()
    offers = sendings.options(sending, "transport")
    assert {option.facts["solution"] for option in offers} == {OWN}
    sendings.choose_transport(sending.id, {row.plan_shipment_id: offers[0].option_id})
    db.session.commit()

    sending = one.run()

    assert (sending.state, sending.refused) == ("waiting", "confirmTransportationOptions")
    assert sendings.open_problems(sending)[-1].code == "FBA_INB_0352"
    sendings.set_ready(sending.id, ready, {row.plan_shipment_id: FREIGHT})
    db.session.commit()
    one.run()
    is_sent(one)


def test_a_box_that_amazon_s_carrier_does_not_take_is_refused_at_once(trip: Start) -> None:
    one = trip()
    sending = one.run(until="packing")
    while not (places := sendings.places(sending)):
        one.decide(sending)
        db.session.commit()
        sending = one.settle()
    place, units = next(iter(places.items()))
    heavy = replace(box(units), weight=Decimal(151), weight_unit="LB")

    with pytest.raises(sendings.Refused, match="no box over 150 lb"):
        sendings.set_boxes(sending.id, place, [heavy])
    db.session.rollback()
    sendings.choose_route(sending.id, "own_parcel")
    db.session.commit()
    sendings.set_boxes(one.settle().id, place, [heavy])


def test_of_1377_options_those_that_suit_are_kept(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("generateTransportationOptions", "many_options")

    one.run()

    is_sent(one)
    assert one.amazon.calls["listTransportationOptions"] >= 69
    assert len(sendings.options(one.sending, "transport")) < 10


def test_an_amount_that_is_template_text_is_no_amount(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("generateTransportationOptions", "template_amount")

    sending = one.run(until="confirm")

    (option,) = sendings.chosen(sending, "transport")
    assert option.amount is None
    assert sendings.has_unknown_cost(sending)


@pytest.mark.parametrize("is_refresh", [False, True], ids=["access token", "refresh token"])
def test_a_revoked_token_stops_it_and_a_new_one_lets_it_go_on(
    trip: Start, is_refresh: bool
) -> None:
    one = trip()
    if is_refresh:
        one.amazon.will_answer("setPackingInformation", "expired_token")
        one.run(until="packing")
        one.amazon.will_answer("token", *["invalid_grant"] * 3)
    else:
        one.amazon.will_answer("setPackingInformation", *["revoked"] * 3)
    one.run()
    connection = db.session.get_one(Connection, one.connection_id, populate_existing=True)
    assert connection.health == ConnectionHealth.FAILING
    assert "refresh token" in one.sending.message
    assert one.sending.call == ""
    assert queue_stranded() == 0
    one.amazon.will_answer("setPackingInformation")
    one.amazon.will_answer("token")

    connection.health = ConnectionHealth.HEALTHY
    db.session.commit()
    one.clock.shift(timedelta(minutes=2))
    assert queue_stranded() == 1
    one.run()

    is_sent(one)


def press_at_once(act: Callable[[int], object], sending_id: int) -> list[str]:
    """Two people press the same at the same moment; return what is said to those refused."""
    app, refused, gate = current_app._get_current_object(), [], Barrier(2, timeout=30)  # type: ignore[attr-defined]

    def press() -> None:
        with app.app_context():
            gate.wait(10)
            try:
                act(sending_id)
                db.session.commit()
            except sendings.Refused as error:
                db.session.rollback()
                refused.append(str(error))

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused


def test_of_two_who_confirm_at_once_one_is_told_that_it_is_under_way(trip: Start) -> None:
    one = trip()
    sending = one.run(until="confirm")
    db.session.commit()

    refused = press_at_once(sendings.confirm, sending.id)

    assert len(refused) == 1
    assert "being worked on" in refused[0]
    one.run()
    is_sent(one)
    assert [one.amazon.calls[call] for call in BINDING] == [1, 1, 1]


def test_of_two_who_send_again_at_once_one_does(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("createInboundPlan", 503)
    one.begin()
    sending = one.settle()
    assert sendings.may_send_again(sending)
    db.session.commit()

    refused = press_at_once(sendings.send_again, sending.id)

    assert len(refused) == 1
    one.run()
    is_sent(one)
    assert one.amazon.calls["createInboundPlan"] == 2
