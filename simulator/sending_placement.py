"""Placement options: how a plan is split into shipments, where they go, what that costs."""

from typing import Any

from simulator import bodies, dice, draft_views, drafts, works
from simulator.almanac import DAY_S
from simulator.drafts import Draft
from simulator.geography import CENTRES
from simulator.operations import Call, Operation, Refused
from simulator.pages import page, paging
from simulator.sending import PLAN, find_ready, not_now, read
from simulator.sending_packing import groups, incentives
from simulator.times import milliseconds_iso

OFFER_S = 2 * DAY_S
#: Cents a unit for one shipment, two, and the three that suit Amazon best.
_FEES = (40, 20, 0)
_WORDS = "Placement service fee represents service to inbound with minimal shipment splits"


def generate_placement_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer generatePlacementOptions. Without a packing option the plan is packed later."""
    bodies.check(call.body if call.body is not None else {}, bodies.PLACEMENT)
    doing = "generate placement options"
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, doing)
        if draft.accepted:
            raise not_now(doing)
        changes: dict[str, Any] = {"placement": _placement(call, draft)}
        if "packing_choice" not in draft.known:
            changes["pack_later"] = True
        name = works.start(call, db, "generatePlacementOptions", draft, changes)
    return {"operationId": name}


def list_placement_options(call: Call, inboundPlanId: str) -> dict[str, Any]:
    """Answer listPlacementOptions."""
    draft = read(call, inboundPlanId)
    return page(
        call, "placementOptions", draft.placement_options, lambda one: _show(call, draft, one)
    )


def confirm_placement_option(
    call: Call, inboundPlanId: str, placementOptionId: str
) -> dict[str, Any]:
    """Answer confirmPlacementOption: for good. The shipments get their FBA ids."""
    with call.simulator.journal.writing() as db:
        draft = find_ready(call, db, inboundPlanId, "confirm a placement option")
        if all(one["id"] != placementOptionId for one in draft.placement_options):
            text = "The requested placementOptionId does not exist for the given inbound plan."
            raise Refused(400, text)
        if draft.accepted:
            raise Refused(400, "A placement option is already confirmed.")
        if draft.known["placement"]["expires"] <= call.now:
            raise Refused(400, "The placement option has expired.")
        changes = {"placement_choice": placementOptionId, "placed": drafts.NOW}
        return {"operationId": works.start(call, db, "confirmPlacementOption", draft, changes)}


def _placement(call: Call, draft: Draft) -> dict[str, Any]:
    count = int(draft.known.get("placement", {}).get("round", 0)) + 1
    boxes = _boxes(draft)
    centres = CENTRES[draft.known["country"]]
    pieces = sum(box["quantity"] for box in boxes)
    if not _is_told(boxes):
        pieces = len(draft.known["items"])
    units = sum(item["quantity"] for item in draft.known["items"])
    return {
        "round": count,
        "expires": call.now - 60 if call.word == "expired" else call.now + OFFER_S,
        "options": [
            {
                "id": dice.long_id("pl", draft.id, count, parts),
                # Asked again, Amazon names another price.
                "fee": units * _FEES[parts - 1] * (100 + 3 * (count - 1)) // 100,
                "shipments": [
                    {
                        "id": dice.long_id("sh", draft.id, count, parts, place),
                        "centre": centres[(place + draft.number) % len(centres)].code,
                        "country": centres[(place + draft.number) % len(centres)].country,
                        **_share(draft, boxes, parts, place),
                    }
                    for place in range(parts)
                ],
            }
            for parts in range(1, 1 + min(3, pieces, len(centres)))
        ],
    }


def _boxes(draft: Draft) -> list[dict[str, Any]]:
    """Return the boxes of all groups; none for a plan that is packed later."""
    found = []
    for group in groups(draft):
        told = draft.under("boxes", group["id"])
        if not told:
            raise Refused(400, "Packing information is missing for a packing group.")
        found += told
    return found


def _share(
    draft: Draft, boxes: list[dict[str, Any]], parts: int, place: int
) -> dict[str, list[dict[str, Any]]]:
    """Return boxes and lines of one of several shipments: every box goes to just one."""
    mine: list[dict[str, Any]] = []
    dealt = 0
    for box in boxes:
        quantity = len(range((place - dealt) % parts, box["quantity"], parts))
        dealt += box["quantity"]
        if quantity:
            mine.append({**box, "quantity": quantity})
    items = draft.known["items"]
    if not _is_told(boxes):
        lines = [
            {"item": number, "quantity": items[number]["quantity"]}
            for number in range(place, len(items), parts)
        ]
        return {"boxes": mine, "lines": lines}
    numbers = {(one["msku"], one.get("expiration")): number for number, one in enumerate(items)}
    units: dict[int, int] = {}
    for box in mine:
        for line in box["items"]:
            number = numbers[line["msku"], line.get("expiration")]
            units[number] = units.get(number, 0) + line["quantity"] * box["quantity"]
    return {"boxes": mine, "lines": [{"item": n, "quantity": q} for n, q in units.items()]}


def _is_told(boxes: list[dict[str, Any]]) -> bool:
    return bool(boxes) and all(box.get("items") for box in boxes)


def _show(call: Call, draft: Draft, option: dict[str, Any]) -> dict[str, Any]:
    return {
        "placementOptionId": option["id"],
        "shipmentIds": [one["id"] for one in option["shipments"]],
        "status": draft_views.option_status(draft, "placement", option["id"], call.now),
        "expiration": milliseconds_iso(draft.known["placement"]["expires"]),
        "discounts": [],
        "fees": incentives(draft, option["fee"], _WORDS),
    }


_OPTIONS = PLAN + "/placementOptions"
_PARTS: Any = (
    ("generatePlacementOptions", "POST", _OPTIONS, generate_placement_options, {}, 202),
    ("listPlacementOptions", "GET", _OPTIONS, list_placement_options, paging(20), 200),
    (
        "confirmPlacementOption",
        "POST",
        _OPTIONS + "/<placementOptionId>/confirmation",
        confirm_placement_option,
        {},
        202,
    ),
)
OPERATIONS = tuple(
    Operation(name, verb, path, answer, parameters, (), status, "BadRequest")
    for name, verb, path, answer, parameters, status in _PARTS
)
