"""The shipments of plans made through the API, as they go on living in the story."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from simulator import dice
from simulator.drafts import Draft
from simulator.shipments import Amounts, Line, Shipment, Steps, journey, receipts
from simulator.world import Plan, World

#: Numbers of plans and shipments that no story reaches.
_PLANS, _SHIPMENTS = 1_000_000, 10_000_000
#: Hours from the order of transport, or from the tracking number, to the departure.
_PICKED_UP, _DROPPED_OFF, _FORGOTTEN = 30, 12, 72


class Made:
    """What the drafts of a region have become. A snapshot: drafts that change make a new one."""

    def __init__(self, world: World, drafts: Sequence[Draft]) -> None:
        self._world = world
        self.drafts = {draft.id: draft for draft in drafts}

    @cached_property
    def plans(self) -> dict[int, Plan]:
        """Return plan number -> plan, of all drafts."""
        return {plan.number: plan for plan in map(plan_of, self.drafts.values())}

    def plan_of(self, draft: Draft) -> Plan:
        """Return the plan of a draft in the words of the story."""
        return self.plans[_PLANS + draft.number]

    @cached_property
    def shipments_by_plan(self) -> dict[str, list[Shipment]]:
        """Return plan id -> its shipments whose placement is confirmed."""
        return {draft.id: self._shipments(draft) for draft in self.drafts.values()}

    @cached_property
    def shipments(self) -> list[Shipment]:
        """Return all of them, in the order of their plans."""
        return [one for found in self.shipments_by_plan.values() for one in found]

    def origin(self, shipment: Shipment) -> tuple[Draft, dict[str, Any]]:
        """Return the draft that one of the shipments comes from, and what was offered."""
        draft = self.drafts[self.plans[shipment.plan].id]
        return draft, draft.shipments[shipment.number - _SHIPMENTS - draft.number * 10]

    def lines(self, shipment: Shipment) -> tuple[Line, ...]:
        """Return the lines of one of the shipments, with all they will go through."""
        draft, offered = self.origin(shipment)
        units: Counter[str] = Counter()
        for row in offered["lines"]:
            units[draft.known["items"][row["item"]]["msku"]] += row["quantity"]
        edits = draft.known.get("edits", [])
        return tuple(
            self._line(shipment, place, sku, count, edits)
            for place, (sku, count) in enumerate(units.items())
        )

    def _shipments(self, draft: Draft) -> list[Shipment]:
        if draft.accepted is None or "placed" not in draft.known:
            return []
        plan = self.plan_of(draft)
        return [
            Shipment(
                plan.first_shipment + place,
                plan.number,
                id=confirmation_id(offered["id"]),
                own_name="",
                country=plan.country,
                centre=offered["centre"],
                centre_country=offered["country"],
                is_own_carrier=plan.is_own_carrier,
                twist="",
                timeline=_timeline(draft, plan, offered["id"]),
                touched=_touched(draft, offered["id"]),
            )
            for place, offered in enumerate(draft.accepted["shipments"])
        ]

    def _line(
        self, shipment: Shipment, place: int, sku: str, units: int, edits: list[dict[str, Any]]
    ) -> Line:
        listing = self._world.listing(sku)
        changed = [
            (edit["hour"], edit["units"] or None)
            for edit in edits
            if (edit["shipment"], edit["sku"]) == (shipment.id, sku)
        ]
        amounts: Amounts = ((shipment.timeline[0][0], units), *changed)
        return Line(
            sku,
            listing.fnsku if listing else "",
            listing.asin if listing else "",
            0,
            amounts,
            receipts(shipment, place, amounts[-1][1] or 0, self._world.seed, shipment.id, place),
        )


def plan_of(draft: Draft) -> Plan:
    """Return the plan in the words of the story; mode and carrier once they are chosen."""
    chosen: dict[str, Any] = next(iter(draft.known.get("transport_choice", {}).values()), {})
    return Plan(
        number=_PLANS + draft.number,
        id=draft.id,
        country=draft.known["country"],
        is_own_carrier=chosen.get("shippingSolution") == "USE_YOUR_OWN_CARRIER",
        mode=chosen.get("shippingMode", "GROUND_SMALL_PARCEL"),
        first_shipment=_SHIPMENTS + draft.number * 10,
        shipment_count=len(draft.shipments),
    )


def confirmation_id(shipment_id: str) -> str:
    """Return the ``FBA…`` id that a shipment has once its placement is confirmed."""
    return "FBA" + dice.code(9, shipment_id, "confirmation")


def _timeline(draft: Draft, plan: Plan, shipment_id: str) -> Steps:
    known = draft.known
    steps: list[tuple[int, str | None]] = [(known["placed"]["hour"], "WORKING")]
    labelled = draft.under("labelled", shipment_id)
    leaves = _leaves(draft, plan, shipment_id)
    if labelled and (leaves is None or labelled["hour"] < leaves):
        steps.append((labelled["hour"], "READY_TO_SHIP"))
    if leaves is not None:
        steps += journey(plan.is_own_carrier, leaves, shipment_id)
    if "cancelled" in known:
        ended = known["cancelled"]["hour"]
        steps = [step for step in steps if step[0] <= ended] + [(ended, "CANCELLED")]
    return tuple(steps)


def _leaves(draft: Draft, plan: Plan, shipment_id: str) -> int | None:
    if "sent_off" not in draft.known:
        return None
    ordered = int(draft.known["sent_off"]["hour"])
    if not plan.is_own_carrier:
        return ordered + _PICKED_UP
    tracked = draft.under("tracked", shipment_id)
    forgotten = ordered + _FORGOTTEN
    return min(forgotten, int(tracked["hour"]) + _DROPPED_OFF) if tracked else forgotten


def _touched(draft: Draft, shipment_id: str) -> float:
    known = draft.known
    stamps = [known.get("placed"), known.get("cancelled"), draft.under("labelled", shipment_id)]
    wanted = confirmation_id(shipment_id)
    stamps += [edit for edit in known.get("edits", ()) if edit["shipment"] == wanted]
    return max(float(stamp["at"]) for stamp in stamps if stamp)
