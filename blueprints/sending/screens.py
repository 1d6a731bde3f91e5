"""Which screen a sending is at, its steps, and what each screen shows."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from blueprints.sending import packing, ready
from inventory.models import Sending, SendingOption, SendingState, SendingStep
from inventory.rules.sending import Route, steps
from inventory.services import accounts, sending_papers, sendings

CREATED, PLACED, ORDERED = (
    "createInboundPlan",
    "confirmPlacementOption",
    "confirmTransportationOptions",
)
#: There is nothing of it at Amazon: the order can be sent anew.
OVER = (SendingState.FAILED, SendingState.VOIDED, SendingState.CANCELED)
BACKS = {"placement": "Back to placement", "transport": "Back to transport"}
AGAIN = {
    "packing": "Ask for new packing options",
    "placement": "Ask for new placement options",
    "transport": "Ask the carriers again",
    "window": "Ask for new windows",
}
#: Offers of carriers that are shown at once; the others are folded away.
SHOWN = 12
OWN = "USE_YOUR_OWN_CARRIER"


class Stage(NamedTuple):
    """One of the steps above the screen."""

    word: str
    is_done: bool
    is_current: bool


def screen(sending: Sending | None, asked: str = "") -> str:
    """Return the name of the screen: that of its template.

    ``asked`` is a step to go back to, where that can still be decided anew.
    """
    name = _screen(sending)
    return asked if sending and asked in _backs(sending, name) else name


def backs(sending: Sending | None, name: str) -> list[tuple[str, str]]:
    """Return the steps to go back to from a screen: (word for the address, label)."""
    return [(one, BACKS[one]) for one in (_backs(sending, name) if sending else ())]


def _backs(sending: Sending, name: str) -> list[str]:
    """What is not binding yet, and comes before."""
    found = []
    is_open = name in ("transport", "confirm") and PLACED not in sending.done
    if is_open and sendings.options(sending, "placement"):
        found.append("placement")
    is_open = name == "confirm" and ORDERED not in sending.done
    if is_open and sendings.options(sending, "transport"):
        found.append("transport")
    return found


def _screen(sending: Sending | None) -> str:
    if sending is None or sending.state in OVER:
        return "plan"
    state = sendings.shown_state(sending)
    if state == SendingState.DONE:
        return "labels"
    if state != SendingState.WAITING:
        return "working" if state == SendingState.WORKING else "unclear"
    if CREATED not in sending.done:
        return "plan"
    if not sending.route:
        return "route"
    return _WAITING[sending.step](sending)


def stages(sending: Sending | None) -> list[Stage]:
    """Return the steps in the order of the route, with the one that the sending is at."""
    is_over = sending is None or sending.state in OVER
    is_freight = sending is not None and not is_over and sending.route == Route.FREIGHT
    words = [str(one) for one in steps(Route.FREIGHT if is_freight else Route.PARTNERED_PARCEL)]
    at = SendingStep.PLAN if sending is None or is_over else sending.step
    current = next(n for n, word in enumerate(words) if word.lower() == at)
    return [Stage(word, n < current, n == current) for n, word in enumerate(words)]


def shown(name: str, sending: Sending) -> dict[str, Any]:
    """Return what the template of a screen needs besides the sending."""
    found = _SHOWN.get(name)
    return found(sending) if found else {}


def place_names(sending: Sending) -> Mapping[str, str]:
    """Return what is packed together -> its name for people."""
    if sending.route == Route.FREIGHT:
        return {
            one.plan_shipment_id: one.destination or "Shipment"
            for one in sendings.shipments(sending)
        }
    return {one: f"Group {number}" for number, one in enumerate(sendings.places(sending), 1)}


def _of_packing(sending: Sending) -> str:
    if sending.route == Route.FREIGHT or sendings.chosen(sending, "packing"):
        return "boxes"
    return "packing"


def _of_placement(sending: Sending) -> str:
    is_chosen = bool(sendings.chosen(sending, "placement"))
    is_freight = sending.route == Route.FREIGHT
    return "confirm" if is_chosen and is_freight and PLACED not in sending.done else "placement"


def _of_confirm(sending: Sending) -> str:
    offered = {one.plan_shipment_id for one in sendings.options(sending, "window")}
    chosen = {one.plan_shipment_id for one in sendings.chosen(sending, "window")}
    return "windows" if offered - chosen else "confirm"


_WAITING: dict[SendingStep, Callable[[Sending], str]] = {
    SendingStep.PLAN: lambda _sending: "plan",
    SendingStep.PACKING: _of_packing,
    SendingStep.PLACEMENT: _of_placement,
    SendingStep.TRANSPORT: lambda _sending: "transport",
    SendingStep.CONFIRM: _of_confirm,
    SendingStep.LABELS: lambda _sending: "labels",
}


def _packing(sending: Sending) -> dict[str, Any]:
    offers = sendings.options(sending, "packing")
    return {"offers": offers, "again": _again("packing"), **_expired(sending, "packing")}


def _placement(sending: Sending) -> dict[str, Any]:
    offers = sendings.options(sending, "placement")
    known = [one.amount for one in offers if one.amount is not None]
    cheapest = min(known, default=None) if len(set(known)) > 1 else None
    fewest = min((len(one.facts["shipments"]) for one in offers), default=0)
    return {
        "offers": offers,
        "cheapest": cheapest,
        "fewest": fewest,
        "again": _again("placement"),
        **_expired(sending, "placement"),
    }


def _transport(sending: Sending) -> dict[str, Any]:
    rows = []
    for one in sendings.shipments(sending):
        offers = sendings.options(sending, "transport", one.plan_shipment_id)
        fitting = [offer for offer in offers if _fits(sending, offer)]
        rows.append((one, fitting[:SHOWN], fitting[SHOWN:]))
    return {
        "rows": rows,
        "has_days": bool(rows) and all(one.ready_on for one, *_ in rows),
        "is_freight": sending.route == Route.FREIGHT,
        "ready": ready.rows(sending),
        "units": packing.units(sending),
        "placement": sendings.chosen(sending, "placement"),
        **_expired(sending, "transport"),
    }


def _fits(sending: Sending, offer: SendingOption) -> bool:
    """Parcels go as parcels: freight is packed later, on a way of its own."""
    return ("PARCEL" in offer.facts["mode"]) != (sending.route == Route.FREIGHT)


def _windows(sending: Sending) -> dict[str, Any]:
    offers = {
        one.plan_shipment_id: sendings.options(sending, "window", one.plan_shipment_id)
        for one in sendings.shipments(sending)
    }
    rows = [(one, offers[one.plan_shipment_id]) for one in sendings.shipments(sending)]
    return {"rows": [row for row in rows if row[1]], "again": _again("window")}


def _confirm(sending: Sending) -> dict[str, Any]:
    named = {one.plan_shipment_id: one for one in sendings.shipments(sending)}
    costs = [
        (kind, one, named.get(one.plan_shipment_id))
        for kind in ("packing", "placement", "transport")
        for one in sendings.chosen(sending, kind)
    ]
    expired = sorted(_expired(sending)["expired"])
    is_first_of_freight = sending.route == Route.FREIGHT and PLACED not in sending.done
    return {
        "costs": costs,
        "rows": sendings.shipments(sending),
        "total": _total(sending),
        "has_unknown": sendings.has_unknown_cost(sending),
        "becomes_placed": PLACED not in sending.done,
        "becomes_ordered": not is_first_of_freight,
        "again": _again(*(expired or ["transport"] * (not is_first_of_freight))),
        "is_own": any(one.facts.get("solution") == OWN for _, one, _ in costs),
        **_expired(sending),
    }


def _labels(sending: Sending) -> dict[str, Any]:
    carriers = {one.plan_shipment_id: one for one in sendings.chosen(sending, "transport")}
    return {
        "rows": [(one, carriers.get(one.plan_shipment_id)) for one in sendings.shipments(sending)],
        "batches": _batches(sending),
        "total": _total(sending),
        "is_plan_only": sending.route == Route.PLAN_ONLY,
        "until": sendings.voidable_until(sending),
        "own": OWN,
    }


def _total(sending: Sending) -> dict[str, Decimal]:
    """Return currency -> sum; what is free has no currency, and needs no line."""
    return {code: sum_ for code, sum_ in sendings.total_cost(sending).items() if code or sum_}


def _batches(sending: Sending) -> Sequence[tuple[int, int, str, str]]:
    """Return (number, SKUs, first SKU, last SKU) of each batch of item labels."""
    found = sending_papers.batches(sending.id)
    return [(n, len(rows), rows[0][0], rows[-1][0]) for n, rows in enumerate(found, 1)]


def _again(*kinds: str) -> list[tuple[str, str]]:
    """Return (kind, label) of the buttons that ask Amazon for new offers."""
    return [(kind, AGAIN[kind]) for kind in kinds]


def _expired(sending: Sending, kind: str = "") -> dict[str, Any]:
    """What was chosen and is over, and of the ``kind`` that is to be chosen any offer."""
    found = {one.kind for one in sendings.expired(sending)}
    ends = [one.expires_at for one in sendings.options(sending, kind)] if kind else []
    if any(end is not None and end <= accounts.now() for end in ends):
        found.add(kind)
    return {"expired": found}


_SHOWN: dict[str, Callable[[Sending], dict[str, Any]]] = {
    "packing": _packing,
    "placement": _placement,
    "transport": _transport,
    "windows": _windows,
    "confirm": _confirm,
    "labels": _labels,
}
