"""What comes next for a sending."""

from dataclasses import replace

import pytest

from inventory.rules.sending import ACTS, Route
from inventory.rules.sending_turns import Call, End, Facts, Leg, Wait, turn

LEG = Leg("sh1", is_ready_told=True, has_carrier=True, needs_window=True, has_window=True)
#: A person has said everything.
READY = Facts(
    route=Route.PARTNERED_PARCEL,
    done=frozenset(),
    legs=(LEG,),
    is_packing_chosen=True,
    are_boxes_told=True,
    is_placement_chosen=True,
    is_placement_agreed=True,
    is_transport_agreed=True,
)


def walk(facts: Facts) -> list[str]:
    """Do call after call until something else is due."""
    keys: list[str] = []
    while isinstance(found := turn(facts), Call):
        keys.append(found.key)
        facts = replace(facts, done=facts.done | {found.key})
    assert isinstance(found, End), found
    return keys


@pytest.mark.parametrize("route", Route)
def test_what_is_decided_is_done_in_the_order_of_the_route(route: Route) -> None:
    keys = walk(replace(READY, route=route))

    assert [key.split(":")[0] for key in keys] == [act.operation for act in ACTS[route]]


def test_windows_are_of_each_shipment_that_needs_one() -> None:
    legs = (LEG, replace(LEG, shipment_id="sh2"), replace(LEG, shipment_id="x", needs_window=False))

    keys = walk(replace(READY, route=Route.OWN_PARCEL, legs=legs))

    assert [key for key in keys if key.startswith("confirmDelivery")] == [
        "confirmDeliveryWindowOptions:sh1",
        "confirmDeliveryWindowOptions:sh2",
    ]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"route": ""}, "Choose how the goods go"),
        ({"is_packing_chosen": False}, "how the goods are packed"),
        ({"are_boxes_told": False}, "what is in the boxes"),
        ({"is_placement_chosen": False}, "Choose where the goods go."),
        ({"is_placement_chosen": False, "least_split": 3}, "into 3 shipments or more"),
        ({"legs": (replace(LEG, is_ready_told=False),)}, "ready to leave"),
        ({"legs": (replace(LEG, has_carrier=False),)}, "Choose a carrier"),
        ({"is_placement_agreed": False}, "Amazon keeps to it"),
        ({"is_transport_agreed": False}, "what the transport costs"),
        ({"legs": (replace(LEG, has_window=False),), "route": Route.OWN_PARCEL}, "arrives"),
        ({"legs": (replace(LEG, has_carrier=False),), "route": Route.FREIGHT}, "Choose a carrier"),
    ],
)
def test_what_is_missing_is_asked_for(missing: dict[str, object], words: str) -> None:
    facts = replace(READY, **missing)
    while isinstance(found := turn(facts), Call):
        facts = replace(facts, done=facts.done | {found.key})

    assert isinstance(found, Wait)
    assert words in found.message


def test_nothing_binding_is_done_before_a_person_has_said_yes() -> None:
    facts = replace(READY, is_placement_agreed=False, is_transport_agreed=False)
    keys = []
    while isinstance(found := turn(facts), Call):
        keys.append(found.key)
        facts = replace(facts, done=facts.done | {found.key})

    assert not {"confirmPlacementOption", "confirmTransportationOptions"} & set(keys)


def test_what_amazon_refused_is_not_sent_again_by_itself() -> None:
    assert isinstance(turn(replace(READY, refused="createInboundPlan")), Wait)


def test_prep_is_set_first_and_a_cancellation_goes_before_all() -> None:
    assert turn(replace(READY, is_prep_wanted=True)).step == "Plan"
    found = turn(replace(READY, is_cancel_asked=True))
    assert isinstance(found, Call)
    assert found.operation == "cancelInboundPlan"


def test_tracking_is_told_once() -> None:
    facts = replace(READY, legs=(replace(LEG, is_tracked=True),))

    assert walk(facts)[-1] == "updateShipmentTrackingDetails:sh1"
