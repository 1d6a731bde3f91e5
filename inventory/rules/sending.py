"""How an order becomes a plan at Amazon, exactly once: states, steps, names and waits. Pure.

None of Amazon's calls can be repeated safely, so the intent and a marker in the plan's name
are stored before the call. After a lost answer the marker is looked for; nothing is sent
again before Amazon's state is known, and then only by a person.
"""

import re
from collections.abc import Iterable
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


class State(StrEnum):
    """Where a sending is.

    INTENT: stored, and nothing has left yet, so it may be sent. CREATING: the call may have
    left; without the plan's id it is UNCLEAR after a restart. MISSING: Amazon shows no such
    plan, a person decides. From CREATED on, the next act decides (``state_of``).
    """

    INTENT = "intent"
    CREATING = "creating"
    UNCLEAR = "unclear"
    MISSING = "missing"
    CREATED = "created"
    PACKING = "packing"
    PLACEMENT = "placement"
    TRANSPORT = "transport"
    CONFIRMED = "confirmed"
    LABELS = "labels"
    FAILED = "failed"
    VOIDED = "voided"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What happens to a sending."""

    SENT = "sent"
    LOST = "lost"
    FOUND = "found"
    NOT_FOUND = "not_found"
    RESENT = "resent"
    GIVEN_UP = "given_up"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    VOIDED = "voided"
    CANCELLED = "cancelled"


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


class WrongTurn(ValueError):
    """The event cannot happen in this state."""


_OPEN = (State.CREATED, State.PACKING, State.PLACEMENT, State.TRANSPORT)
_AT_AMAZON = (*_OPEN, State.CONFIRMED, State.LABELS)
_NEXT: dict[tuple[State, Event], State] = {
    (State.INTENT, Event.SENT): State.CREATING,
    (State.INTENT, Event.REFUSED): State.FAILED,
    (State.CREATING, Event.LOST): State.UNCLEAR,
    (State.CREATING, Event.REFUSED): State.FAILED,
    (State.CREATING, Event.VOIDED): State.VOIDED,
    (State.CREATING, Event.SUCCEEDED): State.CREATED,
    (State.CREATING, Event.CANCELLED): State.CANCELLED,
    (State.UNCLEAR, Event.LOST): State.UNCLEAR,
    (State.UNCLEAR, Event.FOUND): State.CREATING,
    (State.UNCLEAR, Event.NOT_FOUND): State.MISSING,
    # It can turn up late, even after a person was asked.
    (State.MISSING, Event.FOUND): State.CREATING,
    (State.MISSING, Event.RESENT): State.INTENT,
    (State.MISSING, Event.GIVEN_UP): State.FAILED,
    **{(state, Event.VOIDED): State.VOIDED for state in _AT_AMAZON},
    **{(state, Event.CANCELLED): State.CANCELLED for state in _AT_AMAZON},
}
_UNLOCKED = frozenset({State.FAILED, State.VOIDED, State.CANCELLED})
_STEP_STATES = {
    Step.PLAN: State.CREATED,
    Step.PACKING: State.PACKING,
    Step.PLACEMENT: State.PLACEMENT,
    Step.TRANSPORT: State.TRANSPORT,
    Step.CONFIRM: State.CONFIRMED,
    Step.LABELS: State.LABELS,
}
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


def after(state: State, event: Event) -> State:
    """Return the state that follows; raise ``WrongTurn`` where the event cannot happen."""
    try:
        return _NEXT[state, event]
    except KeyError:
        raise WrongTurn(f"{event} in {state}") from None


def next_act(route: Route, done: Iterable[str]) -> Act | None:
    """Return the first of the route's acts that is not ``done``; None when all are.

    Acts that do not apply (windows where the chosen option asks for none) count as done.
    """
    finished = set(done)
    return next((act for act in ACTS[route] if act.operation not in finished), None)


def state_of(act: Act | None) -> State:
    """Return the state of a plan whose next act this is; None has only labels left."""
    return State.LABELS if act is None else _STEP_STATES[act.step]


def steps(route: Route) -> list[Step]:
    """Return the steps in the order in which this route has them."""
    found = list(dict.fromkeys(act.step for act in ACTS[route]))
    return found if route == Route.PLAN_ONLY else [*found, Step.LABELS]


def locks_order(state: State) -> bool:
    """Whether the order may not be edited: from the intent until Amazon has no plan of it."""
    return state not in _UNLOCKED


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
