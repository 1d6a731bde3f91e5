"""How an order becomes a plan at Amazon, exactly once: steps, names and waits. Pure.

None of Amazon's calls can be repeated safely, so the intent and a marker in the plan's name
are stored before the call. After a lost answer the marker is looked for; nothing is sent
again before Amazon's state is known, and then only by a person.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

NAME_LIMIT = 40
#: No letters that people mix up. 31 to the power of 6 markers.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_MARKER_LENGTH = 6
_MARKER = re.compile(rf"(?<!\S)#([{_LETTERS}]{{{_MARKER_LENGTH}}})(?!\S)")

#: After a lost answer: when Amazon is asked for the marker, from the loss on.
LOOKS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 420, 900))
#: Between looks at an operation; the last one for all further looks.
_POLLS_S = (2, 4, 8, 16, *[30] * 20, 300)
#: After so many looks, about six hours, a person is asked.
MOST_POLLS = 96
#: Amazon's clock and ours differ, so the look-up goes further back than the intent.
SKEW = timedelta(minutes=10)


class Step(StrEnum):
    """What people see of it, in the words of the page."""

    PLAN = "Plan"
    PACKING = "Packing"
    PLACEMENT = "Placement"
    TRANSPORT = "Transport"
    CONFIRM = "Confirm"
    LABELS = "Labels"


class Route(StrEnum):
    """How the goods go, which decides the order of things."""

    PLAN_ONLY = "plan_only"
    PARTNERED_PARCEL = "partnered_parcel"
    OWN_PARCEL = "own_parcel"
    FREIGHT = "freight"


class Act(NamedTuple):
    """One of Amazon's operations that change something; ``is_binding`` cannot be taken back
    or costs money; ``per_shipment`` is done once for each."""

    operation: str
    step: Step
    is_binding: bool = False
    per_shipment: bool = False


class Verdict(StrEnum):
    """What a look for the marker means."""

    ADOPT = "adopt"
    ALERT = "alert"
    WAIT = "wait"
    OFFER = "offer"


_CREATE = Act("createInboundPlan", Step.PLAN)
_PACK = (
    Act("generatePackingOptions", Step.PACKING),
    Act("confirmPackingOption", Step.PACKING),
    Act("setPackingInformation", Step.PACKING),
    Act("generatePlacementOptions", Step.PLACEMENT),
    Act("generateTransportationOptions", Step.TRANSPORT),
    Act("confirmPlacementOption", Step.CONFIRM, is_binding=True),
)
_WINDOWS = (
    Act("generateDeliveryWindowOptions", Step.CONFIRM, per_shipment=True),
    Act("confirmDeliveryWindowOptions", Step.CONFIRM, per_shipment=True),
)
_ORDER = Act("confirmTransportationOptions", Step.CONFIRM, is_binding=True)
#: Route -> what is done, in order. Packing is told before placement for parcels, after for freight.
ACTS: dict[Route, tuple[Act, ...]] = {
    Route.PLAN_ONLY: (_CREATE,),
    Route.PARTNERED_PARCEL: (_CREATE, *_PACK, _ORDER),
    Route.OWN_PARCEL: (_CREATE, *_PACK, *_WINDOWS, _ORDER),
    Route.FREIGHT: (
        _CREATE,
        Act("generatePlacementOptions", Step.PLACEMENT),
        Act("confirmPlacementOption", Step.PLACEMENT, is_binding=True),
        Act("setPackingInformation", Step.PACKING),
        Act("generateTransportationOptions", Step.TRANSPORT),
        *_WINDOWS,
        _ORDER,
    ),
}


def steps(route: Route) -> list[Step]:
    """Return the steps in the order in which this route has them."""
    found = list(dict.fromkeys(act.step for act in ACTS[route]))
    return found if route == Route.PLAN_ONLY else [*found, Step.LABELS]


def marker(number: int) -> str:
    """Return the marker of a random ``number``: six letters, like ``K7Q2M9``."""
    letters = []
    for _ in range(_MARKER_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def plan_name(reference: str, mark: str) -> str:
    """Return the plan's name: the order's reference, cut to fit, and the marker."""
    tail = f" #{mark}"
    head = " ".join(reference.replace("#", " ").split())[: NAME_LIMIT - len(tail)].rstrip()
    return (head + tail).strip()


def marker_in(name: str) -> str:
    """Return the marker in a plan's name, wherever a person may have moved it; empty for none."""
    match = _MARKER.search(name)
    return match[1] if match else ""


def verdict(matches: int, looks: int) -> Verdict:
    """Return what follows from ``matches`` plans with the marker, after ``looks`` in all."""
    if matches:
        return Verdict.ADOPT if matches == 1 else Verdict.ALERT
    return Verdict.WAIT if looks < len(LOOKS) else Verdict.OFFER


def poll_after_s(looks: int) -> int:
    """Return the seconds to wait before the next look at an operation."""
    return _POLLS_S[min(looks, len(_POLLS_S) - 1)]
