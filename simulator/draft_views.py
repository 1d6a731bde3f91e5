"""Plans made through the API, and their shipments, boxes and lines, in Amazon's words."""

from typing import Any

from simulator import dice
from simulator.almanac import DAY_S
from simulator.drafts import Draft
from simulator.geography import CENTRE_ADDRESSES
from simulator.made import confirmation_id
from simulator.operations import Refused
from simulator.shipment_details import status as status_of
from simulator.story import Moment
from simulator.times import milliseconds_iso, minutes_iso


def plan_parts(moment: Moment, draft: Draft, now: float) -> dict[str, Any]:
    """Return options and shipments as getInboundPlan lists them: once chosen, no others."""
    chosen = draft.accepted
    return {
        "packingOptions": [
            {
                "packingOptionId": one["id"],
                "status": option_status(draft, "packing", one["id"], now),
            }
            for one in draft.known.get("packing", {}).get("options", ())
        ],
        "placementOptions": [
            {
                "placementOptionId": one["id"],
                "status": option_status(draft, "placement", one["id"], now),
            }
            for one in ([chosen] if chosen else draft.placement_options)
        ],
        "shipments": [
            {"shipmentId": one["id"], "status": status(moment, draft, one["id"])}
            for one in (chosen["shipments"] if chosen else ())
        ],
    }


def option_status(draft: Draft, kind: str, option_id: str, now: float) -> str:
    """Return OFFERED, ACCEPTED or EXPIRED for a ``packing`` or ``placement`` option."""
    if draft.known.get(f"{kind}_choice") == option_id:
        return "ACCEPTED"
    return "EXPIRED" if draft.known[kind]["expires"] <= now else "OFFERED"


def find_shipment(draft: Draft, shipment_id: str) -> dict[str, Any]:
    """Return a shipment, offered or real; raise ``Refused`` (400) if the plan has none such."""
    found = draft.shipment(shipment_id)
    if found is None:
        raise Refused(
            400, "The requested shipmentId does not exist for the specified inbound plan."
        )
    return found


def status(moment: Moment, draft: Draft, shipment_id: str) -> str:
    """Return the status of a shipment: UNCONFIRMED until its placement is confirmed."""
    for made in moment.made.shipments_by_plan[draft.id]:
        if made.id == confirmation_id(shipment_id):
            return status_of(moment, made)
    return "UNCONFIRMED"


def shipment(moment: Moment, draft: Draft, shipment_id: str) -> dict[str, Any]:
    """Return the answer of getShipment."""
    if draft.shipment(shipment_id) is None:
        raise Refused(404, f"Shipment {shipment_id} is not part of the plan", "NotFound")
    offered, source = find_shipment(draft, shipment_id), draft.known["source"]
    answer: dict[str, Any] = {
        "shipmentId": shipment_id,
        "placementOptionId": _placement_of(draft, shipment_id),
        "name": f"{draft.known['name']}-{offered['centre']}",
        "status": status(moment, draft, shipment_id),
        "source": {"sourceType": "SELLER_FACILITY", "address": source},
        "destination": _destination(offered),
    }
    told = draft.under("transport", shipment_id)
    if told:
        window = {
            "start": minutes_iso(told["ready"]),
            "end": minutes_iso(told["ready"] + DAY_S),
            "editableUntil": minutes_iso(told["ready"] - DAY_S),
        }
        contact = {"name": source["name"], "phoneNumber": source["phoneNumber"]}
        answer["dates"] = {"readyToShipWindow": window}
        answer["contactInformation"] = told.get("contact") or contact
    if draft.accepted:
        answer["shipmentConfirmationId"] = confirmation_id(shipment_id)
        answer["amazonReferenceId"] = dice.code(8, shipment_id, "reference")
    window = draft.under("window_choice", shipment_id)
    if window:
        answer["selectedDeliveryWindow"] = {
            "availabilityType": window["availabilityType"],
            "deliveryWindowOptionId": window["deliveryWindowOptionId"],
            "startDate": window["startDate"],
            "endDate": window["endDate"],
            "editableUntil": milliseconds_iso(told["ready"] if told else draft.created),
        }
    chosen = draft.under("transport_choice", shipment_id)
    if chosen:
        answer["selectedTransportationOptionId"] = chosen["transportationOptionId"]
        answer["trackingDetails"] = _tracking(draft, offered, chosen)
    return answer


def plan_items(moment: Moment, draft: Draft) -> list[dict[str, Any]]:
    """Return the lines of the plan."""
    return [item(moment, one, one["quantity"]) for one in draft.known["items"]]


def shipment_items(moment: Moment, draft: Draft, shipment_id: str) -> list[dict[str, Any]]:
    """Return the lines of a shipment, with changes of content that were made since."""
    offered = find_shipment(draft, shipment_id)
    edited = {
        edit["sku"]: edit["units"]
        for edit in draft.known.get("edits", ())
        if edit["shipment"] == confirmation_id(shipment_id)
    }
    rows = []
    for line in offered["lines"]:
        told = draft.known["items"][line["item"]]
        units = edited.get(told["msku"], line["quantity"])
        if units:
            rows.append(item(moment, told, units))
    return rows


def item(moment: Moment, told: dict[str, Any], units: int) -> dict[str, Any]:
    """Return one line as Amazon shows it: what the seller told, and Amazon's own codes."""
    listing = moment.world.listing(told["msku"])
    prep_type = "ITEM_NO_PREP" if told["prepOwner"] == "NONE" else "ITEM_LABELING"
    row = {
        "msku": told["msku"],
        "asin": listing.asin if listing else "",
        "fnsku": listing.fnsku if listing else "",
        "quantity": units,
        "labelOwner": told["labelOwner"],
        "prepInstructions": [{"prepOwner": told["prepOwner"], "prepType": prep_type}],
    }
    kept = ("expiration", "manufacturingLotCode")
    return {**row, **{name: told[name] for name in kept if name in told}}


def boxes(moment: Moment, draft: Draft, shipment_id: str) -> list[dict[str, Any]]:
    """Return every single box of a shipment; the ids on the labels once it is confirmed."""
    offered = find_shipment(draft, shipment_id)
    told = draft.under("boxes", shipment_id) or offered["boxes"]
    rows: list[dict[str, Any]] = []
    for one in told:
        for _copy in range(one["quantity"]):
            number = len(rows) + 1
            row = {
                "packageId": dice.long_id("pk", shipment_id, number),
                "quantity": 1,
                "contentInformationSource": one["contentInformationSource"],
                "dimensions": one["dimensions"],
                "weight": one["weight"],
                "items": [item(moment, each, each["quantity"]) for each in one.get("items", ())],
            }
            if draft.accepted:
                row["boxId"] = box_id(shipment_id, number)
            rows.append(row)
    return rows


def box_id(shipment_id: str, number: int) -> str:
    """Return the id on the label of box ``number`` (from 1)."""
    return f"{confirmation_id(shipment_id)}U{number:06d}"


def _placement_of(draft: Draft, shipment_id: str) -> str:
    return next(
        str(option["id"])
        for option in draft.placement_options
        if any(one["id"] == shipment_id for one in option["shipments"])
    )


def _destination(offered: dict[str, Any]) -> dict[str, Any]:
    street, city, state, postcode = CENTRE_ADDRESSES[offered["country"]]
    return {
        "destinationType": "AMAZON_WAREHOUSE",
        "warehouseId": offered["centre"],
        "address": {
            "name": offered["centre"],
            "addressLine1": street,
            "city": city,
            "stateOrProvinceCode": state,
            "countryCode": offered["country"],
            "postalCode": postcode,
        },
    }


def _tracking(draft: Draft, offered: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    told = draft.under("tracking", offered["id"])
    is_partnered = chosen["shippingSolution"] == "AMAZON_PARTNERED_CARRIER"
    if told or not is_partnered:
        return dict(told or {})
    number = dice.code(10, offered["id"], "tracking")
    if chosen["shippingMode"] != "GROUND_SMALL_PARCEL":
        return {"ltlTrackingDetail": {"freightBillNumber": [f"PRO-{number}"]}}
    parcel = {
        "boxId": box_id(offered["id"], 1),
        "trackingId": f"1Z{number}",
        "trackingNumberValidationStatus": "VALIDATED",
    }
    return {"spdTrackingDetail": {"spdTrackingItems": [parcel]}}
