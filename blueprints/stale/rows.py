"""The rows of the desk: each with why it is here and the one act that fits."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request
from markupsafe import Markup

from blueprints import states
from blueprints.presentation import age, ago, day, plain_money, today, units, zone
from blueprints.shipments.rows import order_url
from blueprints.stale.standing import MOVING, OVERDUE, Act
from inventory.rules import claims
from inventory.rules.claims import Claim
from inventory.services import stale_details
from inventory.services.choices import Choice
from inventory.services.stale_details import Stale

# icons: clock-exclamation clock-play eye-off circle-minus truck-off
BADGES = {
    stale_details.OVERDUE: (OVERDUE, None, ""),
    stale_details.MOVING: (MOVING, None, ""),
    stale_details.IGNORED: ("Ignored", None, ""),
    stale_details.SHORT: ("Closed short", "warn", "circle-minus"),
    stale_details.UNPICKED: ("Not picked up", "warn", "truck-off"),
}


class DeskRow(NamedTuple):
    id: int
    url: str
    fba_id: str
    second: Markup
    badge: Markup
    why: Markup
    destination: str
    expected_on: Any
    age: str
    moved: Markup
    units: int
    value: str
    currency: str
    is_partial: bool
    claim: Markup
    claim_role: str
    files: int
    note: str
    act: Act | None
    is_held: bool


def desk_rows(found: Sequence[Stale], places: Mapping[int, Choice]) -> list[DeskRow]:
    """Return the rows of a page; ``places`` are all warehouses."""
    return [_row(one, places) for one in found]


def _row(one: Stale, places: Mapping[int, Choice]) -> DeskRow:
    row, root, value = one.row, request.script_root, one.value
    place = places.get(row.warehouse_id)
    text, role, picture = BADGES[one.kind]
    claim, claim_role = _claim(one)
    return DeskRow(
        id=row.id,
        url=f"{root}/shipments/{row.id}",
        fba_id=row.amazon_shipment_id,
        second=_order(row, root),
        badge=states.badge(text, role, picture),
        why=_why(one),
        destination=place.name if place else "–",
        expected_on=row.due_on,
        age=age(row.due_on) if row.due_on else "",
        moved=ago(row.last_activity_at) if row.last_activity_at else Markup("not seen"),
        units=row.at_stake,
        value=plain_money(value.amount, value.currency) if value else "–",
        currency=value.currency if value else "",
        is_partial=bool(value and value.is_partial),
        claim=claim,
        claim_role=claim_role,
        files=one.files,
        note=row.note,
        act=_act(one),
        is_held=one.kind == stale_details.IGNORED,
    )


def _order(row: Any, root: str) -> Markup:
    if row.order_id is None:
        return Markup("no order")
    if row.reference == row.amazon_shipment_id:
        return Markup.escape(row.name or "order of the same name")
    order = _Order(row.order_id, row.kind)
    return Markup('<a href="{}">{}</a>').format(order_url(root, order), row.reference)


class _Order(NamedTuple):
    id: int
    kind: Any


def _why(one: Stale) -> Markup:
    row, past = one.row, f"{units(one.days_past, 'day')} past"
    if one.kind == stale_details.IGNORED:
        by = "by hand" if row.ignore_pin else past
        return Markup("since {}, {}").format(day(row.ignored_on), by)
    if one.kind == stale_details.SHORT:
        return Markup("{} of {} received").format(row.units_received, row.units_shipped)
    if one.kind == stale_details.UNPICKED:
        planned = row.pickup_at or row.ready_to_ship_at
        return Markup("pick-up was {}").format(day(planned.astimezone(zone()).date()))
    if one.kind == stale_details.MOVING:
        return Markup.escape(f"{past}, not ignored yet")
    if row.ignore_pin:
        return Markup.escape(f"{past}, counted by hand")
    return Markup.escape(past + ("" if one.days_left is None else f", ignored in {one.days_left}"))


def _act(one: Stale) -> Act | None:
    if not one.row.is_open or one.row.order_id is None:
        return None
    return Act("count", "Count again") if one.row.ignored_on else Act("ignore", "Ignore")


def _claim(one: Stale) -> tuple[Markup, str]:
    if one.claim is None:
        return Markup("–"), "quiet"
    role = "warn" if one.claim.is_urgent(today()) else "quiet"
    return Markup(claim_words(one.claim)), role  # noqa: S704 - words and numbers of our own


def claim_words(claim: Claim) -> str:
    """Return where a claim stands: "opens in 6 days", "open, closes tomorrow", "closed …"."""
    state, about = claim.state(today()), ", estimated" if claim.is_estimate else ""
    if state == claims.WAITING:
        return f"opens {age(claim.opens_on)}{about}"
    if state == claims.OPEN:
        return f"open, closes {age(claim.closes_on)}{about}"
    return f"closed {age(claim.closes_on)}{about}"
