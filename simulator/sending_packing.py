"""Packing options, groups and box contents of a plan made through the API."""

from typing import Any

from simulator import bodies, dice, draft_views, packing_checks, works
from simulator.almanac import DAY_S
from simulator.drafts import Draft
from simulator.operations import Call, Operation, Refused
from simulator.pages import page, paging
from simulator.plans import currency
from simulator.sending import PLAN, find_ready, not_now, read
from simulator.times import milliseconds_iso
from simulator.works import Problem

OFFER_S = 3 * DAY_S
_PARTNERED, _OWN = "AMAZON_PARTNERED_CARRIER", "USE_YOUR_OWN_CARRIER"
_SOURCES = ["BOX_CONTENT_PROVIDED", "MANUAL_PROCESS", "BARCODE_2D"]


def generate_packing_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer generatePackingOptions: in groups, and where there are two also all in one."""
    doing = "generate packing options"
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, doing)
        if draft.accepted or "packing_choice" in draft.known:
            raise not_now(doing)
        packing = _packing(call, draft)
        changes = {"packing": packing}
        return {"operationId": works.start(call, db, "generatePackingOptions", draft, changes)}


def list_packing_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer listPackingOptions."""
    draft = read(call, inboundPlanId)
    rows = draft.known.get("packing", {}).get("options", [])
    return page(call, "packingOptions", rows, lambda one: _show(call, draft, one))


def list_packing_group_items(call: Call, inboundPlanId: str, packingGroupId: str) -> dict[str, Any]:
    """Answer listPackingGroupItems."""
    draft = read(call, inboundPlanId)
    rows = [draft.known["items"][place] for place in _group(draft, packingGroupId)["items"]]
    moment = call.moment
    return page(call, "items", rows, lambda one: draft_views.item(moment, one, one["quantity"]))


def confirm_packing_option(call: Call, inboundPlanId: str, packingOptionId: str) -> dict[str, Any]:
    """Answer confirmPackingOption."""
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "confirm a packing option")
        options = draft.known.get("packing", {}).get("options", [])
        if all(one["id"] != packingOptionId for one in options):
            text = "The requested packingOptionId does not exist for the given inbound plan."
            raise Refused(400, text)
        if "packing_choice" in draft.known:
            raise Refused(400, "A packing option is already confirmed.")
        if draft.known.get("pack_later"):
            raise not_now("confirm a packing option")
        if draft.known["packing"]["expires"] <= call.now:
            raise Refused(400, "The packing option has expired.")
        changes = {"packing_choice": packingOptionId}
        return {"operationId": works.start(call, db, "confirmPackingOption", draft, changes)}


def set_packing_information(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer setPackingInformation. Too early, it makes a plan of pack-later (models #4184)."""
    body = bodies.check(call.body, bodies.PACKING)
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "set packing information")
        for told in body["packageGroupings"]:
            key, wanted = _wanted(draft, told)
            if not draft.accepted and "packing_choice" not in draft.known:
                changes["pack_later"] = True
            changes[f"boxes/{key}"] = told["boxes"]
            problems += packing_checks.mismatches(told["boxes"], wanted)
        problems += packing_checks.heavy(body["packageGroupings"])
        name = works.start(call, db, "setPackingInformation", draft, changes, problems=problems)
    return {"operationId": name}


def groups(draft: Draft) -> list[dict[str, Any]]:
    """Return the packing groups of the confirmed option; none before."""
    wanted = draft.known.get("packing_choice")
    options = draft.known.get("packing", {}).get("options", ())
    return next((list(one["groups"]) for one in options if one["id"] == wanted), [])


def _packing(call: Call, draft: Draft) -> dict[str, Any]:
    count = int(draft.known.get("packing", {}).get("round", 0)) + 1
    every = list(range(len(draft.known["items"])))
    apart = [place for place in every if _is_apart(call, draft, place)]
    together = [place for place in every if place not in apart]
    splits = [[together, apart], [every]] if apart and together else [[every]]
    return {
        "round": count,
        "expires": call.now - 60 if call.word == "expired" else call.now + OFFER_S,
        "options": [
            {
                "id": dice.long_id("po", draft.id, count, number),
                "fee": 500 * number,
                "groups": [
                    {"id": dice.long_id("pg", draft.id, count, number, place), "items": items}
                    for place, items in enumerate(split)
                ],
            }
            for number, split in enumerate(splits)
        ],
    }


def _is_apart(call: Call, draft: Draft, place: int) -> bool:
    listing = call.moment.world.listing(draft.known["items"][place]["msku"])
    return listing is not None and listing.index % 4 == 3


def _show(call: Call, draft: Draft, option: dict[str, Any]) -> dict[str, Any]:
    is_later = draft.known.get("pack_later")
    modes = ["FREIGHT_LTL"] if is_later else ["GROUND_SMALL_PARCEL", "FREIGHT_LTL"]
    weight = {"unit": "LB", "minimum": 1, "maximum": packing_checks.HEAVY_LB}
    ways = [{"solution": solution, "modes": modes} for solution in (_PARTNERED, _OWN)]
    return {
        "packingOptionId": option["id"],
        "packingGroups": [group["id"] for group in option["groups"]],
        "status": draft_views.option_status(draft, "packing", option["id"], call.now),
        "expiration": milliseconds_iso(draft.known["packing"]["expires"]),
        "discounts": [],
        "fees": incentives(draft, option["fee"], "Fee for packing all items together"),
        "supportedShippingConfigurations": [
            {"shippingMode": mode, "shippingSolution": solution}
            for mode in modes
            for solution in (_PARTNERED, _OWN)
        ],
        "supportedConfigurations": [
            {
                "boxPackingMethods": _SOURCES,
                "boxRequirements": {"weight": weight},
                "shippingRequirements": ways,
            }
        ],
    }


def incentives(draft: Draft, cents: int, description: str) -> list[dict[str, Any]]:
    """Return a fee as Amazon lists it; nothing for none."""
    if not cents:
        return []
    code = currency(draft.known["country"])
    amount = cents if code == "JPY" else cents / 100
    value = {"code": code, "amount": amount}
    words = {"type": "FEE", "target": "Placement Services", "description": description}
    return [{**words, "value": value}]


def _group(draft: Draft, group_id: str) -> dict[str, Any]:
    for option in draft.known.get("packing", {}).get("options", ()):
        for group in option["groups"]:
            if group["id"] == group_id:
                return dict(group)
    text = "The requested packingGroupId does not exist for the specified inbound plan."
    raise Refused(400, text)


def _wanted(draft: Draft, told: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """Return the id that boxes are told for, and the lines that they must hold."""
    items = draft.known["items"]
    if "shipmentId" in told and "packingGroupId" not in told:
        if draft.accepted is None or "transport_choice" in draft.known:
            raise not_now("set packing information of a shipment")
        found = draft_views.find_shipment(draft, told["shipmentId"])
        lines = [{**items[row["item"]], "quantity": row["quantity"]} for row in found["lines"]]
        return str(found["id"]), lines
    if "packingGroupId" not in told or draft.accepted:
        raise Refused(400, "One of packingGroupId (before placement) or shipmentId is required.")
    group = _group(draft, told["packingGroupId"])
    confirmed = groups(draft)
    if confirmed and group["id"] not in {one["id"] for one in confirmed}:
        raise Refused(400, "The packing group is not part of the confirmed packing option.")
    return str(group["id"]), [items[place] for place in group["items"]]


_OPTIONS = PLAN + "/packingOptions"
_PARTS: Any = (
    ("generatePackingOptions", "POST", _OPTIONS, generate_packing_options, {}, 202),
    ("listPackingOptions", "GET", _OPTIONS, list_packing_options, paging(20), 200),
    (
        "confirmPackingOption",
        "POST",
        _OPTIONS + "/<packingOptionId>/confirmation",
        confirm_packing_option,
        {},
        202,
    ),
    (
        "listPackingGroupItems",
        "GET",
        PLAN + "/packingGroups/<packingGroupId>/items",
        list_packing_group_items,
        paging(100),
        200,
    ),
    (
        "setPackingInformation",
        "POST",
        PLAN + "/packingInformation",
        set_packing_information,
        {},
        202,
    ),
)
OPERATIONS = tuple(
    Operation(name, verb, path, answer, parameters, (), status, "BadRequest")
    for name, verb, path, answer, parameters, status in _PARTS
)
