"""Delivery windows of shipments that travel with the seller's own carrier."""

from typing import Any

from simulator import dice, draft_views, works
from simulator.almanac import DAY_S
from simulator.drafts import Draft
from simulator.operations import Call, Operation, Refused
from simulator.pages import page, paging
from simulator.sending import SHIPMENT, find_ready, not_now, read
from simulator.times import milliseconds_iso

_COUNT, _LIFE_S, _TRANSIT_DAYS, _LONG_DAYS = 14, DAY_S, 5, 7
_AVAILABILITY = ("AVAILABLE", "AVAILABLE", "CONGESTED", "AVAILABLE", "BLOCKED")


def generate_delivery_window_options(
    call: Call, inboundPlanId: str, shipmentId: str
) -> dict[str, Any]:
    """Answer generateDeliveryWindowOptions, once transport was asked for."""
    doing = "generate delivery window options"
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, doing)
        draft_views.find_shipment(draft, shipmentId)
        told = draft.under("transport", shipmentId)
        if draft.accepted is None or told is None or "transport_choice" in draft.known:
            raise not_now(doing)
        before = draft.under("windows", shipmentId) or {}
        life_s = -60 if call.word == "expired" else _LIFE_S
        windows = {
            "round": before.get("round", 0) + 1,
            "ready": told["ready"],
            "expires": call.now + life_s,
        }
        changes = {f"windows/{shipmentId}": windows}
        name = works.start(call, db, "generateDeliveryWindowOptions", draft, changes)
    return {"operationId": name}


def list_delivery_window_options(call: Call, inboundPlanId: str, shipmentId: str) -> dict[str, Any]:
    """Answer listDeliveryWindowOptions."""
    draft = read(call, inboundPlanId)
    draft_views.find_shipment(draft, shipmentId)
    return page(call, "deliveryWindowOptions", _windows(draft, shipmentId), dict)


def confirm_delivery_window_options(
    call: Call, inboundPlanId: str, shipmentId: str, deliveryWindowOptionId: str
) -> dict[str, Any]:
    """Answer confirmDeliveryWindowOptions."""
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "confirm a delivery window")
        draft_views.find_shipment(draft, shipmentId)
        wanted = [
            one
            for one in _windows(draft, shipmentId)
            if one["deliveryWindowOptionId"] == deliveryWindowOptionId
        ]
        if not wanted:
            raise Refused(400, "The requested deliveryWindowOptionId does not exist.")
        if wanted[0]["availabilityType"] == "BLOCKED":
            raise Refused(400, "The delivery window is blocked.")
        if draft.known["windows"][shipmentId]["expires"] <= call.now:
            raise Refused(400, "The delivery window option has expired.")
        changes = {f"window_choice/{shipmentId}": wanted[0]}
        name = works.start(call, db, "confirmDeliveryWindowOptions", draft, changes)
    return {"operationId": name}


def _windows(draft: Draft, shipment_id: str) -> list[dict[str, Any]]:
    told = draft.under("windows", shipment_id)
    if told is None:
        return []
    rows = []
    for place in range(_COUNT):
        start = told["ready"] + (_TRANSIT_DAYS + place) * DAY_S
        rows.append(
            {
                "deliveryWindowOptionId": dice.long_id("dw", shipment_id, told["round"], place),
                "startDate": milliseconds_iso(start),
                "endDate": milliseconds_iso(start + _LONG_DAYS * DAY_S),
                "availabilityType": _AVAILABILITY[place % len(_AVAILABILITY)],
                "validUntil": milliseconds_iso(told["expires"]),
            }
        )
    return rows


_OPTIONS = SHIPMENT + "/deliveryWindowOptions"
_PARTS: Any = (
    (
        "generateDeliveryWindowOptions",
        "POST",
        _OPTIONS,
        generate_delivery_window_options,
        {},
        202,
    ),
    (
        "listDeliveryWindowOptions",
        "GET",
        _OPTIONS,
        list_delivery_window_options,
        paging(100),
        200,
    ),
    (
        "confirmDeliveryWindowOptions",
        "POST",
        _OPTIONS + "/<deliveryWindowOptionId>/confirmation",
        confirm_delivery_window_options,
        {},
        202,
    ),
)
OPERATIONS = tuple(
    Operation(name, verb, path, answer, parameters, (), status, "BadRequest")
    for name, verb, path, answer, parameters, status in _PARTS
)
