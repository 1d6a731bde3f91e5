"""What the seller does to a plan behind the API's back, in Seller Central; and time's work."""

from typing import Any

from simulator import drafts
from simulator.drafts import Draft
from simulator.made import confirmation_id
from simulator.pretend import Simulator


def act(simulator: Simulator, *, what: str, plan_id: str, region: str = "NA", **more: Any) -> None:
    """Do one act to a plan made through the API; raise ``ValueError`` if it cannot be done.

    ``cancel``: its shipments end, but the API goes on calling the plan ACTIVE (models #4126).
    ``void``: the plan is VOIDED. ``rename`` (``name``). ``change_quantity`` (``shipment_id``,
    an FBA id, ``sku``, ``units``, 0 to take the line off). ``expire``: every option that was
    offered is over; asking again helps.
    """
    with simulator.journal.writing() as db:
        draft = drafts.find(db, region, plan_id)
        if draft is None:
            raise ValueError(f"no plan {plan_id!r} was made through the API")
        now = simulator.clock()
        stamp = {"at": now, "hour": simulator.calendar().hour(now)}
        drafts.change(db, draft, _changes(draft, what, stamp, more), stamp)


def _changes(
    draft: Draft, what: str, stamp: dict[str, Any], more: dict[str, Any]
) -> dict[str, Any]:
    if what == "cancel":
        return {"cancelled": drafts.NOW}
    if what == "void":
        return {"status": "VOIDED", "cancelled": drafts.NOW}
    if what == "rename":
        return {"name": str(more["name"])}
    if what == "expire":
        return _expired(draft, stamp["at"])
    if what == "change_quantity":
        return {"edits": [*draft.known.get("edits", []), _edit(draft, stamp, more)]}
    raise ValueError(f"unknown act {what!r}")


def _expired(draft: Draft, now: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for kind in ("packing", "placement"):
        if kind in draft.known:
            changes[f"{kind}/expires"] = now - 1
    for shipment_id, told in draft.known.get("transport", {}).items():
        changes[f"transport/{shipment_id}"] = {**told, "word": "expired"}
    for shipment_id, told in draft.known.get("windows", {}).items():
        changes[f"windows/{shipment_id}"] = {**told, "expires": now - 1}
    return changes


def _edit(draft: Draft, stamp: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    edit = {"shipment": more["shipment_id"], "sku": more["sku"], "units": int(more["units"])}
    if draft.accepted is None:
        raise ValueError("the plan has no shipments yet")
    if edit["shipment"] not in {confirmation_id(one["id"]) for one in draft.shipments}:
        raise ValueError(f"no shipment {edit['shipment']!r} in the plan")
    if edit["sku"] not in {item["msku"] for item in draft.known["items"]}:
        raise ValueError(f"no SKU {edit['sku']!r} in the plan")
    return {**edit, **stamp}
