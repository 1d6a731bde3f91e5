"""Fulfillment Inbound API 2024-03-20: plans, dates, carriers, cost. No received quantities."""

from typing import Any

from simulator import draft_views, plans, sending_transport, shipment_details
from simulator.geography import MARKETPLACES
from simulator.operations import Call, Operation, Refused
from simulator.pages import page, paging
from simulator.plans import PlanView, api_id, visible_plans
from simulator.shipment_details import placement_id, ship_from, status
from simulator.shipments import Line, Shipment
from simulator.times import iso

_ROOT = "/inbound/fba/2024-03-20/inboundPlans"


def list_inbound_plans(call: Call) -> dict[str, Any]:
    """Answer listInboundPlans: only ACTIVE ones unless a status is given (models #4483)."""
    query = call.query
    wanted = query.get("status", "ACTIVE")
    rows = [
        one
        for one in visible_plans(call.moment).values()
        if one.status == wanted and one.listed_from <= call.now
    ]
    by_update = query.get("sortBy") == "LAST_UPDATED_TIME"
    rows.sort(key=lambda one: one.updated if by_update else one.created)
    if query.get("sortOrder") == "DESC":
        rows.reverse()
    return page(call, "inboundPlans", rows, lambda one: _summary(call, one))


def get_inbound_plan(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer getInboundPlan; 400 for a plan of Amazon Global Logistics (models #4419)."""
    view = _find_plan(call, inboundPlanId)
    if view.draft:
        parts = draft_views.plan_parts(call.moment, view.draft, call.now)
        return {**_summary(call, view), **parts}
    rows = [
        {"shipmentId": api_id(call.moment, s), "status": status(call.moment, s)}
        for s in view.shipments
    ]
    option = {"placementOptionId": placement_id(call.moment, view.plan), "status": "ACCEPTED"}
    return {
        **_summary(call, view),
        "packingOptions": [],
        "placementOptions": [option],
        "shipments": rows,
    }


def get_shipment(call: Call, inboundPlanId: str, shipmentId: str) -> dict[str, Any]:
    """Answer getShipment: what v0 lacks (dates, destination country, chosen option)."""
    draft = call.moment.made.drafts.get(inboundPlanId)
    if draft is not None:
        return draft_views.shipment(call.moment, draft, shipmentId)
    view, shipment = _find_shipment(call, inboundPlanId, shipmentId)
    return shipment_details.tell(call.moment, view, shipment)


def list_shipment_items(call: Call, inboundPlanId: str, shipmentId: str) -> dict[str, Any]:
    """Answer listShipmentItems: announced quantities only."""
    draft = call.moment.made.drafts.get(inboundPlanId)
    if draft is not None:
        found = draft_views.shipment_items(call.moment, draft, shipmentId)
        return page(call, "items", found, dict)
    _view, shipment = _find_shipment(call, inboundPlanId, shipmentId)
    rows = list(call.moment.lines(shipment))
    return page(call, "items", rows, lambda row: _item(row[0], row[1]))


def list_transportation_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer listTransportationOptions of one shipment, or of all of the plan."""
    view, moment = _find_plan(call, inboundPlanId), call.moment
    wanted = call.query.get("shipmentId")
    if view.draft:
        rows = sending_transport.options(call, view.draft)
        return page(call, "transportationOptions", rows, dict)
    rows = [
        option
        for shipment in view.shipments
        if wanted in (None, api_id(moment, shipment))
        for option in plans.options(moment, view.plan, shipment)
    ]
    return page(call, "transportationOptions", rows, dict)


def _find_plan(call: Call, plan_id: str) -> PlanView:
    if len(plan_id) != 38:
        raise Refused(400, "inboundPlanId must have 38 characters")
    view = visible_plans(call.moment).get(plan_id)
    if view is None:
        raise Refused(404, f"Inbound plan {plan_id} does not exist", "NotFound")
    if view.is_global_logistics:
        raise Refused(400, "This operation does not support Amazon Global Logistics plans")
    return view


def _find_shipment(call: Call, plan_id: str, shipment_id: str) -> tuple[PlanView, Shipment]:
    view = _find_plan(call, plan_id)
    for shipment in view.shipments:
        if api_id(call.moment, shipment) == shipment_id:
            return view, shipment
    raise Refused(404, f"Shipment {shipment_id} is not part of the plan", "NotFound")


def _summary(call: Call, view: PlanView) -> dict[str, Any]:
    made = call.simulator.scenario.clock_text(view.created)
    return {
        "inboundPlanId": view.plan.id,
        "name": view.draft.known["name"] if view.draft else f"FBA STA ({made})",
        "status": view.status,
        "createdAt": iso(view.created),
        "lastUpdatedAt": iso(view.updated),
        "marketplaceIds": [MARKETPLACES[view.plan.country].id],
        "sourceAddress": ship_from(call.moment, view.plan),
    }


def _item(line: Line, shipped: int) -> dict[str, Any]:
    return {
        "msku": line.sku,
        "asin": line.asin,
        "fnsku": line.fnsku,
        "quantity": shipped,
        "labelOwner": "SELLER",
        "prepInstructions": [{"prepOwner": "SELLER", "prepType": "ITEM_LABELING"}],
    }


OPERATIONS = tuple(
    Operation(name, "GET", _ROOT + path, answer, parameters, refusal_code="BadRequest")
    for name, path, answer, parameters in (
        (
            "listInboundPlans",
            "",
            list_inbound_plans,
            {
                **paging(30),
                "status": ("ACTIVE", "VOIDED", "SHIPPED"),
                "sortBy": ("LAST_UPDATED_TIME", "CREATION_TIME"),
                "sortOrder": ("ASC", "DESC"),
            },
        ),
        ("getInboundPlan", "/<inboundPlanId>", get_inbound_plan, {}),
        ("getShipment", "/<inboundPlanId>/shipments/<shipmentId>", get_shipment, {}),
        (
            "listShipmentItems",
            "/<inboundPlanId>/shipments/<shipmentId>/items",
            list_shipment_items,
            paging(1000),
        ),
        (
            "listTransportationOptions",
            "/<inboundPlanId>/transportationOptions",
            list_transportation_options,
            {**paging(20), "placementOptionId": "text", "shipmentId": "text"},
        ),
    )
)
