"""Transport of a plan made through the API: options, quotes that expire, the order, tracking."""

from datetime import UTC, datetime
from typing import Any

from simulator import bodies, draft_views, drafts, works
from simulator.drafts import Draft
from simulator.operations import Call, Operation, Refused
from simulator.sending import PLAN, SHIPMENT, find_ready, not_now
from simulator.transport_offers import OWN, PARCEL, PARTNERED, confirmed, offers, shown
from simulator.works import Problem

_EARLIEST_S = 86400
#: How long an order of a partnered carrier can be taken back free of charge.
_VOID_S = {"GROUND_SMALL_PARCEL": 24 * 3600}
_FREIGHT_VOID_S = 3600


def generate_transportation_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer generateTransportationOptions of some or all shipments of a placement option."""
    body = bodies.check(call.body, bodies.TRANSPORT)
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "generate transportation options")
        if "transport_choice" in draft.known:
            raise not_now("generate transportation options")
        option = _placement(draft, body["placementOptionId"])
        known = {one["id"] for one in option["shipments"]}
        changes = {}
        bare = []
        for told in body["shipmentTransportationConfigurations"]:
            if told["shipmentId"] not in known:
                text = (
                    "The requested shipmentId does not exist under the provided placement option."
                )
                raise Refused(400, text)
            changes[f"transport/{told['shipmentId']}"] = _told(call, draft, told)
            if not ("freightInformation" in told and told.get("pallets")):
                bare.append(told["shipmentId"])
        problems = _bare(bare)
        name = works.start(
            call, db, "generateTransportationOptions", draft, changes, problems=problems
        )
    return {"operationId": name}


def options(call: Call, draft: Draft) -> list[dict[str, Any]]:
    """Return the rows of listTransportationOptions; the confirmed one with its confirmed quote."""
    wanted, placement = call.query.get("shipmentId"), call.query.get("placementOptionId")
    if wanted is None and placement is None:
        raise Refused(400, "Either placementOptionId or shipmentId must be specified.")
    if wanted is not None:
        shipments = [draft_views.find_shipment(draft, wanted)]
    else:
        shipments = _placement(draft, placement)["shipments"]
    rows = []
    for shipment in shipments:
        chosen = draft.under("transport_choice", shipment["id"]) or {}
        for offer in offers(draft, shipment):
            is_chosen = offer["transportationOptionId"] == chosen.get("transportationOptionId")
            rows.append(confirmed(chosen) if is_chosen else shown(offer))
    return rows


def confirm_transportation_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer confirmTransportationOptions: one for each shipment; costs are due from now on."""
    body = bodies.check(call.body, bodies.CHOICES)
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "confirm transportation options")
        if draft.accepted is None:
            raise Refused(400, "A placement option must be confirmed first.")
        if "transport_choice" in draft.known:
            raise Refused(400, "The transportation options are already confirmed.")
        chosen = {
            told["shipmentId"]: _chosen(call, draft, told)
            for told in body["transportationSelections"]
        }
        if chosen.keys() != {one["id"] for one in draft.shipments}:
            raise Refused(400, "Every shipment of the plan needs exactly one option.")
        name = works.start(
            call,
            db,
            "confirmTransportationOptions",
            draft,
            {"transport_choice": chosen, "sent_off": drafts.NOW},
            problems=[*_mixed(list(chosen.values())), *_unfit(draft, chosen)],
        )
    return {"operationId": name}


def update_shipment_tracking_details(
    call: Call, inboundPlanId: str, shipmentId: str
) -> dict[str, Any]:
    """Answer updateShipmentTrackingDetails: for own carriers, after transport is confirmed."""
    told = bodies.check(call.body, bodies.TRACKING)["trackingDetails"]
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "update tracking details")
        shipment = draft_views.find_shipment(draft, shipmentId)
        chosen = draft.under("transport_choice", shipmentId)
        if chosen is None or chosen["shippingSolution"] != OWN:
            raise Refused(400, "Tracking details are only for confirmed transport of your own.")
        rows = told.get("spdTrackingDetail", {}).get("spdTrackingItems", [])
        boxes = {one.get("boxId") for one in draft_views.boxes(call.moment, draft, shipment["id"])}
        unknown = [row["boxId"] for row in rows if row["boxId"] not in boxes]
        if unknown:
            raise Refused(400, f"The boxId {unknown[0]} is not part of the shipment.")
        for row in rows:
            row["trackingNumberValidationStatus"] = "NOT_VALIDATED"
        changes = {f"tracking/{shipmentId}": told, f"tracked/{shipmentId}": drafts.NOW}
        name = works.start(call, db, "updateShipmentTrackingDetails", draft, changes)
    return {"operationId": name}


def _placement(draft: Draft, option_id: Any) -> dict[str, Any]:
    for option in draft.placement_options:
        if option["id"] == option_id:
            return option
    raise Refused(400, "The requested placementOptionId does not exist for the inbound plan.")


def _told(call: Call, draft: Draft, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of one shipment's question: offers are a function of it."""
    start = datetime.fromisoformat(told["readyToShipWindow"]["start"])
    ready = (start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp()
    if ready < call.now - _EARLIEST_S:
        raise Refused(400, "The ready to ship window must not be in the past.")
    before = draft.under("transport", told["shipmentId"]) or {}
    return {
        "round": before.get("round", 0) + 1,
        "made": call.now,
        "ready": ready,
        "word": call.word,
        "has_freight": "freightInformation" in told,
        "pallets": told.get("pallets", []),
        "contact": told.get("contactInformation"),
    }


def _chosen(call: Call, draft: Draft, told: dict[str, Any]) -> dict[str, Any]:
    """Return the chosen offer, with the time until which it can be taken back."""
    shipment = draft_views.find_shipment(draft, told["shipmentId"])
    wanted = told["transportationOptionId"]
    found = [one for one in offers(draft, shipment) if one["transportationOptionId"] == wanted]
    if not found:
        text = "The requested transportationOptionId does not exist under the associated shipment."
        raise Refused(400, text)
    offer = found[0]
    if draft.known["transport"][shipment["id"]]["made"] + offer["lives_s"] <= call.now:
        raise Refused(400, "The transportation option has expired.")
    has_window = draft.under("window_choice", shipment["id"])
    if offer["preconditions"] and not has_window:
        text = "The precondition CONFIRMED_DELIVERY_WINDOW of the option is not met."
        raise Refused(400, text)
    if draft.known.get("pack_later") and not draft.under("boxes", shipment["id"]):
        raise Refused(400, "Packing information is missing for a shipment.")
    void_s = _VOID_S.get(offer["shippingMode"], _FREIGHT_VOID_S)
    is_partnered = offer["shippingSolution"] == PARTNERED
    return {**offer, "voidable_until": call.now + void_s} if is_partnered else offer


def _mixed(chosen: list[dict[str, Any]]) -> list[Problem]:
    if len({one["shippingSolution"] for one in chosen}) < 2:
        return []
    text = "All shipments of a plan must use the same kind of carrier."
    return [works.problem("FBA_INB_0354", text)]


def _bare(shipment_ids: list[str]) -> list[Problem]:
    """Amazon warns of that of small parcels too, which need neither (models #4897)."""
    if not shipment_ids:
        return []
    text = (
        "WARNING: Since pallet and freight info has not been provided, there may be no options of"
        f" a partnered freight carrier for these shipments: [{', '.join(shipment_ids)}]"
    )
    return [works.problem("BadRequest", text, severity="WARNING")]


def _unfit(draft: Draft, chosen: dict[str, dict[str, Any]]) -> list[Problem]:
    """A carrier of freight is offered also where nothing is known of the freight (#4547)."""
    told = draft.known["transport"]
    bare = [
        one
        for one, offer in chosen.items()
        if offer["shippingMode"] != PARCEL
        and not (told[one]["has_freight"] and told[one]["pallets"])
    ]
    if not bare:
        return []
    text = "ERROR: The freight information of the shipment is missing."
    return [works.problem("FBA_INB_0352", text, ", ".join(bare))]


_OPTIONS = PLAN + "/transportationOptions"
_PARTS: Any = (
    ("generateTransportationOptions", "POST", _OPTIONS, generate_transportation_options),
    (
        "confirmTransportationOptions",
        "POST",
        _OPTIONS + "/confirmation",
        confirm_transportation_options,
    ),
    (
        "updateShipmentTrackingDetails",
        "PUT",
        SHIPMENT + "/trackingDetails",
        update_shipment_tracking_details,
    ),
)
OPERATIONS = tuple(
    Operation(name, verb, path, answer, {}, (), 202, "BadRequest")
    for name, verb, path, answer in _PARTS
)
