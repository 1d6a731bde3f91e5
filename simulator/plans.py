"""Inbound plans as the 2024-03-20 API sees them: later, thinner and with other words than v0."""

from dataclasses import dataclass
from typing import Any

from simulator import dice
from simulator.almanac import DAY_S, HOUR_S
from simulator.drafts import Draft
from simulator.shipments import PATH, Shipment
from simulator.story import Moment
from simulator.times import milliseconds_iso
from simulator.world import Plan

_ENDED = {"CANCELLED", "DELETED"}
_ARRIVED = {"RECEIVING", "CLOSED"}
_LEGACY_HOURS = 330 * 24
_AGL_PLAN = 10
_LONG_OPTION_LIST_PLAN = 14
_CURRENCY = {"US": "USD", "CA": "USD", "MX": "MXN", "GB": "GBP", "JP": "JPY", "AU": "AUD"}


@dataclass(frozen=True)
class PlanView:
    """A plan at a moment, with its shipments."""

    plan: Plan
    shipments: list[Shipment]
    status: str
    created: float
    updated: float
    draft: Draft | None = None

    @property
    def listed_from(self) -> float:
        """When listInboundPlans begins to show it: at times later than it was made."""
        return float(self.draft.known.get("listed_from", 0)) if self.draft else 0.0

    @property
    def is_global_logistics(self) -> bool:
        """Amazon Global Logistics plans are listed but cannot be read (models #4419)."""
        return self.plan.number == _AGL_PLAN

    @property
    def is_thin(self) -> bool:
        """Made in Seller Central: the selected option is missing (models #4571)."""
        return self.plan.number % 6 == 0


def visible_plans(moment: Moment) -> dict[str, PlanView]:
    """Return the plans the API shows now by id, oldest number first."""
    if not moment.story_views:
        last = moment.world.plan_of(_count(moment) - 1).number
        views = [view(moment, moment.world.plan(number)) for number in range(last + 1)]
        moment.story_views = {one.plan.id: one for one in views if one is not None}
    if not moment.plan_views:
        made = {id_: _made_view(moment, draft) for id_, draft in moment.made.drafts.items()}
        moment.plan_views = {**moment.story_views, **made}
    return moment.plan_views


def view(moment: Moment, plan: Plan) -> PlanView | None:
    """Return a plan as it is now; ``None`` while (or because) this API does not show it."""
    numbers = range(plan.first_shipment, plan.first_shipment + plan.shipment_count)
    made = [moment.world.shipment(n) for n in numbers if n < _count(moment)]
    shipments = [one for one in made if one.timeline[0][0] <= moment.hour]
    if not shipments:
        return None
    born = min(one.timeline[0][0] for one in shipments)
    confirmed = [
        at for one in shipments if (at := transport_confirmed(one, moment.hour)) is not None
    ]
    statuses = {one.status(moment.hour) for one in shipments}
    is_draft = "UNCONFIRMED" in statuses
    if not moment.world.scenario.shipments:
        if born < -_LEGACY_HOURS:
            return None
        if plan.number % 3 == 0 and not confirmed and not is_draft:
            return None
    updated = moment.clock(max([born, *confirmed]))
    return PlanView(plan, shipments, _status(statuses), moment.clock(born), updated)


def transport_confirmed(shipment: Shipment, hour: int) -> int | None:
    """Return the hour from which carrier and cost are known; ``None`` before it."""
    hours = [at for at, status in shipment.timeline if status in PATH[1:]]
    return hours[0] if hours and hours[0] <= hour else None


def options(moment: Moment, plan: Plan, shipment: Shipment) -> list[dict[str, Any]]:
    """Return the transportation options of a shipment; the selected one is the last but one."""
    count = 45 if plan.number == _LONG_OPTION_LIST_PLAN else 3
    return [_option(moment, plan, shipment, n, count) for n in range(count)]


def selected_option_id(moment: Moment, plan: Plan, shipment: Shipment) -> str:
    """Return the id of the option the seller chose."""
    count = 45 if plan.number == _LONG_OPTION_LIST_PLAN else 3
    return _option_id(moment, shipment, count - 2)


def pick_up(moment: Moment, shipment: Shipment) -> float:
    """Return when the goods are planned to leave (seconds since 1970, a whole hour).

    Planned dates stand still: passing days in the story makes goods early, not dates later.
    """
    if shipment.plan in moment.made.plans:
        draft, offered = moment.made.origin(shipment)
        told = draft.under("transport", offered["id"])
        if told:
            return float(told["ready"])
    left = shipment.entered("SHIPPED")
    if left is None:
        left = shipment.timeline[0][0] + 72
    return moment.world.start // HOUR_S * HOUR_S + left * HOUR_S


def _made_view(moment: Moment, draft: Draft) -> PlanView:
    """A plan made through the API is there at once, and without shipments at first."""
    shipments = moment.made.shipments_by_plan[draft.id]
    status = draft.status
    if status == "ACTIVE" and shipments and "cancelled" not in draft.known:
        status = _status({one.status(moment.hour) for one in shipments})
    updated = max([draft.created, *(one.touched for one in shipments)])
    plan = moment.made.plan_of(draft)
    return PlanView(plan, shipments, status, draft.created, updated, draft)


def _count(moment: Moment) -> int:
    return moment.world.shipment_count(moment.hour)


def _status(statuses: set[str | None]) -> str:
    if statuses <= _ENDED:
        return "VOIDED"
    # Amazon's plan status lags behind its shipments (models #4128).
    return "SHIPPED" if statuses <= _ARRIVED | _ENDED else "ACTIVE"


def _option_id(moment: Moment, shipment: Shipment, number: int) -> str:
    return dice.long_id("to", moment.world.seed, moment.world.region.code, shipment.id, number)


def _option(
    moment: Moment, plan: Plan, shipment: Shipment, number: int, count: int
) -> dict[str, Any]:
    is_selected = number == count - 2
    is_own = plan.is_own_carrier if is_selected else number % 2 == 0
    mode = plan.mode if is_selected else ("GROUND_SMALL_PARCEL", "FREIGHT_LTL")[number % 2]
    option: dict[str, Any] = {
        "shipmentId": api_id(moment, shipment),
        "transportationOptionId": _option_id(moment, shipment, number),
        "shippingSolution": "USE_YOUR_OWN_CARRIER" if is_own else "AMAZON_PARTNERED_CARRIER",
        "shippingMode": mode,
        "carrier": {"name": "Other"} if is_own else {"name": "UPS", "alphaCode": "UPSN"},
        "preconditions": ["CONFIRMED_DELIVERY_WINDOW"] if is_own else [],
    }
    if not is_own:
        option["quote"] = _quote(moment, plan, shipment, number, is_selected)
        if mode != "GROUND_SMALL_PARCEL":
            start = pick_up(moment, shipment)
            option["carrierAppointment"] = {
                "startTime": milliseconds_iso(start),
                "endTime": milliseconds_iso(start + 4 * HOUR_S),
            }
    return option


def _quote(
    moment: Moment, plan: Plan, shipment: Shipment, number: int, is_selected: bool
) -> dict[str, Any]:
    cents = dice.pick(1800, 42000, moment.world.seed, shipment.id, "quote", number)
    amount: float | str = cents if plan.country == "JP" else cents / 100
    if is_selected and plan.number % 16 == 8:
        amount = "$cost.amount"  # Amazon's unfilled template (models #4252)
    agreed = moment.world.start + shipment.timeline[0][0] * HOUR_S
    return {
        "cost": {"code": currency(plan.country), "amount": amount},
        "expiration": milliseconds_iso(agreed + 3 * DAY_S),
        "voidableUntil": milliseconds_iso(agreed + 4 * DAY_S),
    }


def currency(country: str) -> str:
    """Return the currency that Amazon names costs in, which need not be the marketplace's."""
    return _CURRENCY.get(country, "EUR")


def api_id(moment: Moment, shipment: Shipment) -> str:
    """Return the 2024 API's own id of a shipment."""
    if shipment.plan in moment.made.plans:
        return str(moment.made.origin(shipment)[1]["id"])
    return dice.long_id("sh", moment.world.seed, moment.world.region.code, shipment.number)
