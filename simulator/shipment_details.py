"""One shipment as the 2024-03-20 API tells it: dates, addresses, chosen transport."""

from typing import Any

from simulator import dice, plans
from simulator.almanac import DAY_S
from simulator.geography import CENTRE_ADDRESSES, SHIP_FROM
from simulator.plans import PlanView
from simulator.shipments import Shipment
from simulator.story import Moment
from simulator.times import milliseconds_iso, minutes_iso
from simulator.world import Plan

#: v0's oddities in this API's words.
_STATUS_NAMES = {None: "SHIPPED", "CREATING": "WORKING", "ERROR": "MIXED"}


def tell(moment: Moment, view: PlanView, shipment: Shipment) -> dict[str, Any]:
    """Return the answer of getShipment. There is no received quantity anywhere in it."""
    address = ship_from(moment, view.plan)
    leaves = plans.pick_up(moment, shipment)
    answer: dict[str, Any] = {
        "shipmentId": plans.api_id(moment, shipment),
        "placementOptionId": placement_id(moment, view.plan),
        "name": moment.name(shipment),
        "status": status(moment, shipment),
        "source": {"sourceType": "SELLER_FACILITY", "address": address},
        "destination": _destination(shipment),
        "dates": {
            "readyToShipWindow": {
                "start": minutes_iso(leaves),
                "end": minutes_iso(leaves + DAY_S),
                "editableUntil": minutes_iso(leaves - DAY_S),
            }
        },
        "contactInformation": {"name": address["name"], "phoneNumber": address["phoneNumber"]},
    }
    if moment.is_confirmed(shipment):
        answer["shipmentConfirmationId"] = shipment.id
        answer["amazonReferenceId"] = dice.code(8, moment.world.seed, shipment.id, "reference")
    if plans.transport_confirmed(shipment, moment.hour) is not None:
        answer.update(_transport(moment, view, shipment, leaves))
    return answer


def status(moment: Moment, shipment: Shipment) -> str:
    """Return the shipment's status in the words of this API."""
    seen = shipment.status(moment.hour)
    return _STATUS_NAMES.get(seen, seen or "")


def placement_id(moment: Moment, plan: Plan) -> str:
    """Return the id of the plan's accepted placement option."""
    return dice.long_id("pl", moment.world.seed, moment.world.region.code, plan.number)


def ship_from(moment: Moment, plan: Plan) -> dict[str, str]:
    """Return the address the seller ships from."""
    draft = moment.made.drafts.get(plan.id)
    if draft is not None:
        return dict(draft.known["source"])
    name, street, city, state, country, postcode, phone = SHIP_FROM[moment.world.region.code][
        plan.number % 2
    ]
    return {
        "name": name,
        "addressLine1": street,
        "city": city,
        "stateOrProvinceCode": state,
        "countryCode": country,
        "postalCode": postcode,
        "phoneNumber": phone,
    }


def _destination(shipment: Shipment) -> dict[str, Any]:
    destination: dict[str, Any] = {
        "destinationType": "AMAZON_WAREHOUSE",
        "warehouseId": shipment.centre,
    }
    if shipment.number % 7 != 4:  # Amazon leaves the address out at times
        street, city, state, postcode = CENTRE_ADDRESSES[shipment.centre_country]
        destination["address"] = {
            "name": shipment.centre,
            "addressLine1": street,
            "city": city,
            "stateOrProvinceCode": state,
            "countryCode": shipment.centre_country,
            "postalCode": postcode,
        }
    return destination


def _transport(moment: Moment, view: PlanView, shipment: Shipment, leaves: float) -> dict[str, Any]:
    plan, seed = view.plan, moment.world.seed
    answer: dict[str, Any] = {}
    if not view.is_thin:
        answer["selectedTransportationOptionId"] = plans.selected_option_id(moment, plan, shipment)
    is_parcel = plan.mode == "GROUND_SMALL_PARCEL"
    if plan.is_own_carrier or (is_parcel and plan.number % 2):
        ends = leaves + 12 * DAY_S
        answer["selectedDeliveryWindow"] = {
            "availabilityType": "AVAILABLE",
            "deliveryWindowOptionId": dice.long_id("dw", seed, shipment.id),
            "startDate": milliseconds_iso(ends - 6 * DAY_S),
            "endDate": milliseconds_iso(ends),
            "editableUntil": milliseconds_iso(leaves - DAY_S),
        }
    number = dice.code(10, seed, shipment.id, "tracking")
    if is_parcel:
        box = {"boxId": f"{shipment.id}U000001", "trackingId": f"1Z{number}"}
        item = {**box, "trackingNumberValidationStatus": "VALIDATED"}
        answer["trackingDetails"] = {"spdTrackingDetail": {"spdTrackingItems": [item]}}
    else:
        answer["trackingDetails"] = {"ltlTrackingDetail": {"freightBillNumber": [f"PRO-{number}"]}}
        answer["freightInformation"] = {"freightClass": "FC_70"}
    return answer
