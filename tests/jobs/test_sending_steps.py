"""Each step of each route, with everything that Amazon can do wrong about it.

Every call that a route makes is met, reads included: a new one that is not in the lists below
fails the tests. The way of an own carrier has every call of Amazon's carrier as well, so that
one is tried with SOAK=1 alone.
"""

import os
from collections.abc import Callable

import pytest

from extensions import db
from inventory.models import Sending, SendingState
from inventory.rules.sending import MOST_POLLS
from inventory.services import sending_papers, sendings
from simulator.pretend import SCRIPTABLE
from tests.sending import ROUTES, UNPREPARED, Trip, calls_of, is_sent

Start = Callable[..., Trip]
SOAK = os.environ.get("SOAK") == "1"
TRIED = ROUTES if SOAK else ("own_parcel", "freight")
PREP, TRACK, CANCEL = "setPrepDetails", "updateShipmentTrackingDetails", "cancelInboundPlan"
#: What is asked on every route, and what on some.
READS = (
    "listPrepDetails", "getItemEligibilityPreview", "getInboundOperationStatus",
    "getInboundPlan", "listInboundPlans", "listPlacementOptions", "getShipment",
    "listShipmentItems", "listTransportationOptions", "listShipmentBoxes",
)  # fmt: skip
PARCEL_READS = ("listPackingOptions", "listPackingGroupItems")
OWN_READS = ("listDeliveryWindowOptions",)
#: Answered in place of Amazon, which has not acted.
FAILURES = (500, 502, 503, 504, "html")
#: Amazon has acted, and then…
LOST = ("timeout", "reset", "cut", "acted_500", "acted_html", "acted_html200", "acted_empty200")


def reads_of(route: str) -> list[str]:
    parcel = PARCEL_READS if route != "freight" else ()
    return [*READS, *parcel, *(OWN_READS if route == "own_parcel" else ())]


def set_missing_prep(one: Trip) -> None:
    """The pre-flight stops at a SKU without a prep category; a person sets it."""
    sku = one.sku(UNPREPARED)
    sendings.set_prep(one.run().id, {sku: ("NONE", ["ITEM_NO_PREP"])})
    db.session.commit()


def tell_tracking(one: Trip) -> None:
    sending = one.run()
    (row,) = sendings.shipments(sending)
    numbers = {box: f"1Z{number}" for number, box in enumerate(row.box_ids)}
    sendings.set_tracking(sending.id, row.plan_shipment_id, numbers)
    db.session.commit()


def let_fail(one: Trip, *answers: str | int) -> None:
    """The next answers to every call, here and there another failure of the server."""
    for number, call in enumerate((*reads_of(one.route), *calls_of(one.route), PREP, TRACK)):
        failure = FAILURES[number % len(FAILURES)]
        one.amazon.will_answer(call, *(answers or ("throttled", "no_connection", failure)))


@pytest.mark.soak
@pytest.mark.parametrize("route", TRIED)
def test_429_and_5xx_at_every_call_cost_time_alone(trip: Start, route: str) -> None:
    one = trip(route=route, skus=(0, 3, UNPREPARED))
    let_fail(one)

    set_missing_prep(one)
    one.run()
    if route == "own_parcel":
        tell_tracking(one)
        one.run()

    is_sent(one)
    met = {call for call in one.amazon.calls if call in SCRIPTABLE} - {"token"}
    told = {*reads_of(route), *calls_of(route), PREP, TRACK}
    assert met == told - ({TRACK} if route != "own_parcel" else set())


@pytest.mark.soak
@pytest.mark.parametrize("route", TRIED)
def test_answers_lost_at_every_call_are_found_and_never_asked_for_twice(
    trip: Start, route: str
) -> None:
    one = trip(route=route, skus=(0, 3, UNPREPARED))
    calls = (*calls_of(route), PREP, *((TRACK,) if route == "own_parcel" else ()))
    for number, call in enumerate(calls):
        one.amazon.will_answer(call, LOST[(number + ROUTES.index(route)) % len(LOST)])

    set_missing_prep(one)
    one.run()
    if route == "own_parcel":
        tell_tracking(one)
        one.run()

    is_sent(one)
    # Boxes do not show before they are placed, and told twice they are the same boxes.
    wanted = {**dict.fromkeys(calls, 1), "setPackingInformation": 2}
    assert {call: one.amazon.calls[call] for call in calls} == wanted


@pytest.mark.parametrize("answer", ["acted_500", "timeout", 503, "failed", "throttled"])
def test_cancelling_is_as_safe_as_sending(trip: Start, answer: str | int) -> None:
    one = trip()
    sending = one.run(until="packing")
    one.amazon.will_answer(CANCEL, answer)

    sendings.cancel(sending.id)
    db.session.commit()
    sending = one.settle()
    if sending.ended_at is None:
        # Amazon has not done it: that is said, the order stays locked, a person tries again.
        assert sending.state in (SendingState.UNCLEAR, SendingState.WAITING)
        assert one.order.locked_at is not None
        if sendings.may_send_again(sending):
            sendings.send_again(sending.id)
        else:
            sendings.cancel(sending.id)
        db.session.commit()
        sending = one.settle()

    assert sending.state == SendingState.CANCELED
    assert [plan["status"] for plan in one.plans] == ["VOIDED"]
    assert one.order.locked_at is None


@pytest.mark.soak
@pytest.mark.parametrize("route", TRIED)
def test_what_amazon_fails_at_is_told_and_can_be_tried_again(trip: Start, route: str) -> None:
    one = trip(route=route, skus=(0, 3, UNPREPARED))
    calls = [*calls_of(route)[1:], *((TRACK,) if route == "own_parcel" else ())]
    for call in (*calls, PREP):
        one.amazon.will_answer(call, *["failed"] * 3)

    set_missing_prep(one)
    sending = _try_until_done(one)
    if route == "own_parcel":
        tell_tracking(one)
        sending = _try_until_done(one)

    is_sent(one)
    failed = [row.code for row in sendings.problems(sending)]
    assert failed.count("InternalServerError") > len(calls)


def _try_until_done(one: Trip) -> Sending:
    sending = one.run()
    while sending.state == SendingState.WAITING:
        if sending.refused:
            assert sendings.open_problems(sending)[-1].code == "InternalServerError"
            sendings.look_again(sending.id)
            db.session.commit()
        else:
            # The prep category is wanted no longer: it is asked for as at first.
            set_missing_prep(one)
        sending = one.run()
    return sending


def test_a_plan_that_amazon_fails_to_make_frees_the_order(trip: Start) -> None:
    one = trip()
    one.amazon.will_answer("createInboundPlan", "failed")

    sending = one.run()

    assert sending.state == SendingState.FAILED
    assert one.order.locked_at is None
    assert one.run().state == SendingState.DONE
    assert [plan["status"] for plan in one.plans].count("ACTIVE") == 1


@pytest.mark.soak
@pytest.mark.parametrize("route", TRIED)
def test_warnings_at_every_call_are_kept_and_stop_nothing(trip: Start, route: str) -> None:
    one = trip(route=route)
    calls = calls_of(route)
    for call in calls:
        one.amazon.will_answer(call, "warnings")

    sending = one.run()

    is_sent(one)
    found = sendings.problems(sending)
    made = sum(one.amazon.calls[call] for call in calls)
    assert [row.code for row in found] == ["DimensionMismatch"] * made
    assert {row.severity for row in found} == {"WARNING"}


@pytest.mark.soak
@pytest.mark.parametrize("call", calls_of("own_parcel") if SOAK else ["generatePackingOptions"])
def test_what_never_ends_gives_way_and_is_shown(trip: Start, call: str) -> None:
    one = trip(route="own_parcel")
    one.amazon.will_answer(call, "endless")

    sending = one.run()

    assert sending.state == SendingState.WAITING
    assert "has not finished" in sending.message
    assert one.amazon.calls["getInboundOperationStatus"] > MOST_POLLS
    assert one.order.locked_at is not None
    assert len(one.plans) == 1
    sendings.cancel(sending.id)
    db.session.commit()
    assert one.settle().state == SendingState.CANCELED
    assert one.plans[0]["status"] == "VOIDED"
    assert one.order.locked_at is None


@pytest.mark.parametrize("answer", ["throttled", 503])
def test_labels_wait_for_amazon_as_long_as_a_person_does(trip: Start, answer: str | int) -> None:
    one = trip()
    sending = one.run()
    (row,) = sendings.shipments(sending)
    db.session.commit()
    one.amazon.will_answer("getLabels", answer)
    one.amazon.will_answer("createMarketplaceItemLabels", 400)

    assert sending_papers.box_labels(sending, row, is_thermal=False).content.startswith(b"%PDF")
    with pytest.raises(sending_papers.NoPaper, match="does not give out this paper"):
        sending_papers.item_labels(sending, 1, is_thermal=False)
    assert sending_papers.item_labels(sending, 1, is_thermal=False).content.startswith(b"%PDF")
    is_sent(one)
