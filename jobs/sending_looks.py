"""After a lost answer: what Amazon shows of the call, before anything is sent again."""

from collections.abc import Callable
from datetime import datetime

from amazon.client import SellingPartnerClient
from amazon.plan_types import InboundPlan, PlanDetail
from amazon.plans import PLAN_STATUSES
from inventory.rules.sending import SKEW, marker_in
from inventory.services.sending_facts import Here
from jobs.sending_reads import OFFERS

ACCEPTED = "ACCEPTED"
GONE = ("CANCELLED", "DELETED")


def marked(client: SellingPartnerClient, here: Here, since: datetime) -> list[InboundPlan]:
    """Return the plans with the sending's marker, made since the intent and a little before."""
    found: dict[str, InboundPlan] = {}
    for status in PLAN_STATUSES:
        for page in client.list_inbound_plans(status=status, by_creation=True):
            for plan in page:
                if marker_in(plan.name) == here.marker:
                    found[plan.plan_id] = plan
            times = [plan.created_at for plan in page if plan.created_at]
            if times and min(times) < since - SKEW:
                break
    return list(found.values())


def is_done(client: SellingPartnerClient, here: Here, operation: str, shipment_id: str) -> bool:
    """Return whether Amazon's state shows that the operation was done and has succeeded.

    False says nothing yet: an operation that has begun does not show.
    """
    if operation in OFFERS:
        kind, read = OFFERS[operation]
        known = {
            option_id
            for (one, of), ids in here.option_ids.items()
            if one == kind and (not shipment_id or of == shipment_id)
            for option_id in ids
        }
        ids = {offer.option_id for offer in read(client, here, shipment_id)}
        return bool(ids) and ids.isdisjoint(known)
    look = _LOOKS.get(operation)
    return look is not None and look(client, here, shipment_id)


def is_gone(plan: PlanDetail) -> bool:
    """Return whether a plan is cancelled, also where Amazon goes on calling it ACTIVE (#4126)."""
    ended = [one.status in GONE for one in plan.shipments]
    return plan.status == "VOIDED" or (bool(ended) and all(ended))


def _packing(client: SellingPartnerClient, here: Here, _: str) -> bool:
    plan = client.get_inbound_plan(plan_id=here.plan_id)
    wanted = here.packing_option_id
    return any((one.option_id, one.status) == (wanted, ACCEPTED) for one in plan.packing_options)


def _placement(client: SellingPartnerClient, here: Here, _: str) -> bool:
    plan = client.get_inbound_plan(plan_id=here.plan_id)
    wanted = here.placement_option_id
    return any((one.option_id, one.status) == (wanted, ACCEPTED) for one in plan.placement_options)


def _transport(client: SellingPartnerClient, here: Here, _: str) -> bool:
    return all(
        client.get_shipment(plan_id=here.plan_id, shipment_id=leg.shipment_id).selected_option_id
        for leg in here.legs
    )


def _window(client: SellingPartnerClient, here: Here, shipment_id: str) -> bool:
    shipment = client.get_shipment(plan_id=here.plan_id, shipment_id=shipment_id)
    return shipment.window_start is not None


def _tracking(client: SellingPartnerClient, here: Here, shipment_id: str) -> bool:
    shipment = client.get_shipment(plan_id=here.plan_id, shipment_id=shipment_id)
    told = here.leg(shipment_id).tracking
    wanted = {number for name, number in told.items() if name != "bill_of_lading"}
    return wanted <= set(shipment.tracking)


def _cancel(client: SellingPartnerClient, here: Here, _: str) -> bool:
    return is_gone(client.get_inbound_plan(plan_id=here.plan_id))


def _prep(client: SellingPartnerClient, here: Here, _: str) -> bool:
    wanted = {
        line.item.seller_sku: line.prep_category for line in here.lines if line.is_prep_wanted
    }
    details = client.list_prep_details(
        marketplace_id=here.marketplace_id, seller_skus=list(wanted)[:100]
    )
    return all(one.category == wanted[one.seller_sku] for one in details)


_LOOKS: dict[str, Callable[[SellingPartnerClient, Here, str], bool]] = {
    "setPrepDetails": _prep,
    "confirmPackingOption": _packing,
    "confirmPlacementOption": _placement,
    "confirmTransportationOptions": _transport,
    "confirmDeliveryWindowOptions": _window,
    "updateShipmentTrackingDetails": _tracking,
    "cancelInboundPlan": _cancel,
}
