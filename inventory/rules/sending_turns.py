"""What comes next for a sending: a call to Amazon, a person's decision, or the end. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.rules.sending import ACTS, Act, Route, Step

CREATE, CANCEL, PREP = "createInboundPlan", "cancelInboundPlan", "setPrepDetails"
TRACK = "updateShipmentTrackingDetails"
#: Nobody can take these back, or they cost money: only a person sends one of them twice.
BINDING = frozenset({CREATE, CANCEL, "confirmPlacementOption", "confirmTransportationOptions"})
#: Confirming an option -> the kind of option, and what asks for new ones.
KINDS = {
    "confirmPackingOption": ("packing", "generatePackingOptions"),
    "confirmPlacementOption": ("placement", "generatePlacementOptions"),
    "confirmTransportationOptions": ("transport", "generateTransportationOptions"),
    "confirmDeliveryWindowOptions": ("window", "generateDeliveryWindowOptions"),
}
AGREED = "Transport is ordered. Print the labels."
OWN_AGREED = "Order your carriers yourself. Print the labels."


@dataclass(frozen=True, slots=True)
class Leg:
    """A shipment of the chosen placement, and what is decided about it."""

    shipment_id: str
    is_ready_told: bool = False
    has_carrier: bool = False
    needs_window: bool = False
    has_window: bool = False
    is_tracked: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is decided and done; ``done`` holds operations, with ":" and the shipment if of one."""

    route: str
    done: frozenset[str]
    legs: tuple[Leg, ...] = ()
    is_prep_wanted: bool = False
    is_packing_chosen: bool = False
    are_boxes_told: bool = False
    is_placement_chosen: bool = False
    is_placement_agreed: bool = False
    is_transport_agreed: bool = False
    is_cancel_asked: bool = False
    refused: str = ""
    #: The fewest shipments of all placements, where the order was not to be split; else 0.
    least_split: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """The operation to send next, and for which shipment."""

    operation: str
    step: Step
    shipment_id: str = ""

    @property
    def key(self) -> str:
        """How it is written down when it is done."""
        return f"{self.operation}:{self.shipment_id}" if self.shipment_id else self.operation


@dataclass(frozen=True, slots=True)
class Wait:
    """A person decides; ``message`` says what."""

    step: Step
    message: str


@dataclass(frozen=True, slots=True)
class End:
    """Nothing is left to do."""

    step: Step
    message: str


Turn = Call | Wait | End


def turn(facts: Facts) -> Turn:
    """Return what comes next. What Amazon has refused waits for a person."""
    found = _turn(facts)
    if isinstance(found, Call) and found.key == facts.refused:
        return Wait(found.step, "")
    return found


def _turn(facts: Facts) -> Turn:
    if facts.is_cancel_asked:
        return Call(CANCEL, Step.CONFIRM)
    if CREATE not in facts.done:
        return Call(PREP if facts.is_prep_wanted else CREATE, Step.PLAN)
    if not facts.route:
        return Wait(Step.PACKING, "The plan is made. Choose how the goods go.")
    if facts.route == Route.PLAN_ONLY:
        return End(Step.PLAN, "The rest is done in Seller Central.")
    for act in ACTS[Route(facts.route)]:
        for call in _calls(act, facts):
            if call.key not in facts.done:
                return _missing(call, facts) or call
    for leg in facts.legs:
        track = Call(TRACK, Step.LABELS, leg.shipment_id)
        if leg.is_tracked and track.key not in facts.done:
            return track
    is_own = any(leg.needs_window for leg in facts.legs) or facts.route == Route.OWN_PARCEL
    return End(Step.LABELS, OWN_AGREED if is_own else AGREED)


def _calls(act: Act, facts: Facts) -> Iterator[Call]:
    if not act.per_shipment:
        yield Call(act.operation, act.step)
        return
    for leg in facts.legs:
        if leg.needs_window:
            yield Call(act.operation, act.step, leg.shipment_id)


def _missing(call: Call, facts: Facts) -> Wait | None:
    """What a person must have said before this may be sent."""
    rule = _NEEDS.get(call.operation)
    return rule(call, facts) if rule else None


def _of_packing(call: Call, facts: Facts) -> Wait | None:
    return None if facts.is_packing_chosen else Wait(call.step, "Choose how the goods are packed.")


def _of_boxes(call: Call, facts: Facts) -> Wait | None:
    return None if facts.are_boxes_told else Wait(call.step, "Say what is in the boxes.")


def _of_offers(call: Call, facts: Facts) -> Wait | None:
    if not facts.is_placement_chosen:
        return Wait(Step.PLACEMENT, _where(facts))
    if not all(leg.is_ready_told for leg in facts.legs):
        return Wait(Step.TRANSPORT, "Say from when the shipments are ready to leave.")
    return None


def _of_placing(call: Call, facts: Facts) -> Wait | None:
    if not facts.is_placement_chosen:
        return Wait(Step.PLACEMENT, _where(facts))
    if facts.route != Route.FREIGHT and not all(leg.has_carrier for leg in facts.legs):
        return Wait(Step.TRANSPORT, "Choose a carrier for every shipment.")
    if not facts.is_placement_agreed:
        return Wait(call.step, "Check what it costs, and confirm. Amazon keeps to it.")
    return None


def _of_window(call: Call, facts: Facts) -> Wait | None:
    leg = next(leg for leg in facts.legs if leg.shipment_id == call.shipment_id)
    return None if leg.has_window else Wait(call.step, "Choose when every shipment arrives.")


def _of_window_offers(call: Call, facts: Facts) -> Wait | None:
    return _of_carriers(facts)


def _of_order(call: Call, facts: Facts) -> Wait | None:
    if wait := _of_carriers(facts):
        return wait
    if not facts.is_transport_agreed:
        return Wait(call.step, "Check what the transport costs, and confirm.")
    return None


def _of_carriers(facts: Facts) -> Wait | None:
    if all(leg.has_carrier for leg in facts.legs):
        return None
    return Wait(Step.TRANSPORT, "Choose a carrier for every shipment.")


def _where(facts: Facts) -> str:
    if facts.least_split > 1:
        return (
            f"Amazon would split this into {facts.least_split} shipments or more, "
            "and you asked not to. Choose where the goods go, or cancel."
        )
    return "Choose where the goods go."


_NEEDS = {
    "confirmPackingOption": _of_packing,
    "setPackingInformation": _of_boxes,
    "generateTransportationOptions": _of_offers,
    "confirmPlacementOption": _of_placing,
    "generateDeliveryWindowOptions": _of_window_offers,
    "confirmDeliveryWindowOptions": _of_window,
    "confirmTransportationOptions": _of_order,
}
