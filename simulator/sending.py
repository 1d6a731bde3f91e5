"""Fulfillment Inbound API 2024-03-20: making, showing, renaming and cancelling a plan."""

import sqlite3
from typing import Any

from simulator import bodies, draft_views, drafts, sending_rules, works
from simulator.drafts import Draft
from simulator.operations import Call, Kind, Operation, Refused
from simulator.pages import page, paging
from simulator.plans import visible_plans

ROOT = "/inbound/fba/2024-03-20"
PLAN = ROOT + "/inboundPlans/<inboundPlanId>"
SHIPMENT = PLAN + "/shipments/<shipmentId>"
#: Statuses that a shipment can still be cancelled in.
_STILL_HERE = ("WORKING", "READY_TO_SHIP", "UNCONFIRMED")
#: How long the scripted word ``late`` hides a new plan from the list, seconds.
LATE_S = 300


def create_inbound_plan(call: Call) -> dict[str, Any]:
    """Answer createInboundPlan. The plan is listed at once, whatever its operation finds."""
    body = bodies.check(call.body, bodies.PLAN)
    country = sending_rules.country_for(call, body["destinationMarketplaces"][0])
    items, source = body["items"], body["sourceAddress"]
    sending_rules.refuse(call, country, items)
    known = {
        "name": body.get("name", f"FBA ({call.simulator.scenario.clock_text(call.now)})"),
        "country": country,
        "source": source,
        "items": items,
        "status": "ACTIVE",
        "listed_from": call.now + LATE_S if call.word == "late" else 0,
    }
    problems = sending_rules.failures(call, country, items, source)
    result = {"status": "VOIDED"} if call.word == "voided" else {"ready": True}
    with call.simulator.journal.writing() as db:
        draft = drafts.create(db, call.simulator.seed, call.region, call.now, known)
        operation = works.start(
            call,
            db,
            "createInboundPlan",
            draft,
            result,
            problems=problems,
            on_failure={"status": "ERRORED"},
        )
    return {"inboundPlanId": draft.id, "operationId": operation}


def list_inbound_plan_items(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer listInboundPlanItems."""
    draft = read(call, inboundPlanId)
    return page(call, "items", draft_views.plan_items(call.moment, draft), dict)


def list_inbound_plan_boxes(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer listInboundPlanBoxes: none before there are shipments."""
    draft = read(call, inboundPlanId)
    shipments = draft.accepted["shipments"] if draft.accepted else []
    rows = [row for one in shipments for row in draft_views.boxes(call.moment, draft, one["id"])]
    return page(call, "boxes", rows, dict)


def list_shipment_boxes(call: Call, inboundPlanId: str, shipmentId: str) -> dict[str, Any]:
    """Answer listShipmentBoxes."""
    draft = read(call, inboundPlanId)
    return page(call, "boxes", draft_views.boxes(call.moment, draft, shipmentId), dict)


def update_inbound_plan_name(call: Call, inboundPlanId: str) -> None:
    """Answer updateInboundPlanName: at once, without a body."""
    body = bodies.check(call.body, bodies.PLAN_NAME)
    with call.simulator.journal.writing() as db:
        draft = find(call, db, inboundPlanId)
        drafts.change(db, draft, {"name": body["name"]}, {})


def cancel_inbound_plan(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer cancelInboundPlan: free of charge until the quotes' voidableUntil."""
    with call.simulator.journal.writing() as db:
        draft = find(call, db, inboundPlanId)
        if draft.status != "ACTIVE":
            raise Refused(400, "The inbound plan is already cancelled.")
        moment = call.moment
        seen = {draft_views.status(moment, draft, one["id"]) for one in draft.shipments}
        if not seen <= set(_STILL_HERE):
            raise Refused(400, "The inbound plan can no longer be cancelled.")
        problems = []
        chosen = draft.known.get("transport_choice", {}).values()
        if any(one.get("voidable_until", call.now) < call.now for one in chosen):
            text = "Charges may apply: the void window is over."
            problems.append(works.problem("ChargesApply", text, severity="WARNING"))
        changes = {"status": "VOIDED", "cancelled": drafts.NOW}
        name = works.start(call, db, "cancelInboundPlan", draft, changes, problems=problems)
    return {"operationId": name}


def set_prep_details(call: Call) -> dict[str, Any]:
    """Answer setPrepDetails."""
    body = bodies.check(call.body, bodies.PREP)
    country = sending_rules.country_for(call, body["marketplaceId"])
    rows = body["mskuPrepDetails"]
    sending_rules.check_prep(call, country, rows)
    prep = {row["msku"]: (country, row["prepCategory"], row["prepTypes"]) for row in rows}
    with call.simulator.journal.writing() as db:
        return {"operationId": works.start(call, db, "setPrepDetails", None, {"prep": prep})}


def find(call: Call, db: sqlite3.Connection, plan_id: str) -> Draft:
    """Return a plan that was made through the API; raise ``Refused`` for any other."""
    found = drafts.find(db, call.region, plan_id)
    return found or _none(call, plan_id)


def read(call: Call, plan_id: str) -> Draft:
    """Return the same outside a transaction, as the moment has it."""
    return call.moment.made.drafts.get(plan_id) or _none(call, plan_id)


def find_ready(call: Call, db: sqlite3.Connection, plan_id: str, doing: str) -> Draft:
    """Return a plan that can be worked on; raise ``Refused`` (400) for one that cannot."""
    draft = find(call, db, plan_id)
    if not draft.is_ready or "cancelled" in draft.known:
        raise not_now(doing)
    return draft


def not_now(doing: str) -> Refused:
    """Return Amazon's refusal of a step that is out of turn."""
    return Refused(400, f"The inbound plan is not in a valid state to {doing}.")


def _none(call: Call, plan_id: str) -> Draft:
    if len(plan_id) != 38:
        raise Refused(400, "The inboundPlanId is malformed.")
    if plan_id in visible_plans(call.moment):
        raise not_now("do this: it was not made through the API")
    raise Refused(404, "The requested inbound plan does not exist.", "NotFound")


_SKUS: dict[str, Kind] = {"marketplaceId": "text", "mskus": ["sku"]}
OPERATIONS = tuple(
    Operation(name, verb, path, answer, parameters, required, status, "BadRequest")
    for name, verb, path, answer, parameters, required, status in (
        ("createInboundPlan", "POST", ROOT + "/inboundPlans", create_inbound_plan, {}, (), 202),
        (
            "listInboundPlanItems",
            "GET",
            PLAN + "/items",
            list_inbound_plan_items,
            paging(1000),
            (),
            200,
        ),
        (
            "listInboundPlanBoxes",
            "GET",
            PLAN + "/boxes",
            list_inbound_plan_boxes,
            paging(1000),
            (),
            200,
        ),
        (
            "listShipmentBoxes",
            "GET",
            SHIPMENT + "/boxes",
            list_shipment_boxes,
            paging(1000),
            (),
            200,
        ),
        ("updateInboundPlanName", "PUT", PLAN + "/name", update_inbound_plan_name, {}, (), 204),
        ("cancelInboundPlan", "PUT", PLAN + "/cancellation", cancel_inbound_plan, {}, (), 202),
        (
            "listPrepDetails",
            "GET",
            ROOT + "/items/prepDetails",
            sending_rules.list_prep_details,
            _SKUS,
            ("marketplaceId", "mskus"),
            200,
        ),
        ("setPrepDetails", "POST", ROOT + "/items/prepDetails", set_prep_details, {}, (), 202),
    )
)
