"""The plan between its form and what is sent: owners, address, and what is said of lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, NamedTuple

from flask import request

from blueprints.sending.forms import NEW, PlanForm
from inventory.models import Sending, SendingLine, StockOrder
from inventory.rules import typed
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.preflight import Problem, Severity
from inventory.rules.ship_from import ShipFrom
from inventory.services import sendings
from inventory.services.sendings import Choices, Draft, LineChoice

#: The fields of a line's row, each sent once per row.
FIELDS = ("sku", "prep", "label", "expires", "lot", "case")
PARTS = ("name", "line1", "line2", "city", "state", "postal_code", "country")


class Typed(NamedTuple):
    """A line as it was typed, or as its row shows it."""

    sku: str
    prep: str = ""
    label: str = ""
    expires: str = ""
    lot: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The form of a plan with all that is known of it; ``typed`` by SKU."""

    form: PlanForm
    draft: Draft
    typed: Mapping[str, Typed]
    choices: Choices
    faults: Sequence[Problem]


def read(order: StockOrder, sending: Sending | None) -> PlanPage:
    """Return the form as it was sent, or as it starts: with what a sending says already."""
    first = sendings.draft(order)
    form = PlanForm(request.form or None, data=_shown(first, sending))
    form.offer(owners=first.owners, addresses=[_offered(one) for one in first.addresses])
    is_sent = request.method == "POST" and "prep_owner" in request.form
    rows = _sent() if is_sent else _stored(first, sending)
    said: dict[str, LineChoice] = {}
    faults = []
    for one in rows.values():
        choice, wrong = _choice(one)
        said[one.sku] = choice
        faults += [_fault(one.sku, sentence) for sentence in wrong]
    faults += [_fault("", error) for errors in _errors(form, is_sent) for error in errors]
    choices = Choices(
        ship_from=_ship_from(form, first),
        prep_owner=form.prep_owner.data or "",
        label_owner=form.label_owner.data or "",
        lines=said,
        do_not_split=bool(form.do_not_split.data),
        route=form.route.data or "",
    )
    draft = sendings.draft(order, choices)
    if is_sent:
        _mark(form, draft.problems)
    return PlanPage(form, draft, rows, choices, faults)


def _mark(form: PlanForm, problems: Sequence[Problem]) -> None:
    """Let what is wrong with the address stand beside its field, or beside the address chosen."""
    for one in problems:
        if one.field:
            is_typed = form.ship_from.data == NEW or one.field == "phone"
            field = form[f"from_{one.field}"] if is_typed else form.ship_from
            field.errors = [*field.errors, f"{one.reason} {one.fix}"]


def _errors(form: PlanForm, is_sent: bool) -> Iterator[Sequence[str]]:
    if is_sent and not form.validate():
        for field in form:
            if field.errors:
                yield [f"{field.label.text}: {error}" for error in field.errors]


def _shown(draft: Draft, sending: Sending | None) -> dict[str, Any]:
    keys = [one.key for one in draft.addresses]
    shown: dict[str, Any] = {
        "prep_owner": "SELLER",
        "label_owner": "SELLER",
        "ship_from": keys[0] if keys else NEW,
    }
    if sending is None:
        return shown
    told = sending.ship_from
    key = "|".join(told.get(name, "") for name in ("name", "line1", "postal_code", "country"))
    if key in keys:
        shown["ship_from"] = key
    else:
        shown |= {"ship_from": NEW, **{f"from_{name}": told.get(name, "") for name in PARTS}}
    return shown | {
        "prep_owner": sending.prep_owner,
        "label_owner": sending.label_owner,
        "from_phone": told.get("phone", ""),
        "route": sending.route,
        "do_not_split": sending.do_not_split,
    }


def _offered(address: sendings.Address) -> tuple[str, str]:
    one = address.ship_from
    parts = (one.name, one.line1, " ".join(filter(None, (one.city, one.state, one.postal_code))))
    words = ", ".join(filter(None, (*parts, one.country, one.phone or "no phone number")))
    return address.key, f"{words} ({address.source})"


def _ship_from(form: PlanForm, draft: Draft) -> ShipFrom:
    phone = form.from_phone.data or ""
    for one in draft.addresses:
        if one.key == form.ship_from.data:
            known = one.ship_from
            parts = {name: getattr(known, name) for name in PARTS}
            return ShipFrom(**parts, phone=phone or known.phone)
    parts = {name: form[f"from_{name}"].data or "" for name in PARTS}
    parts["country"] = parts["country"].upper()
    return ShipFrom(**parts, phone=phone)


def _sent() -> dict[str, Typed]:
    columns = [request.form.getlist(f"line-{name}") for name in FIELDS]
    cells = zip_longest(*columns, fillvalue="")
    rows = [Typed(*(text.strip() for text in row)) for row in cells]
    return {row.sku: row for row in rows if row.sku}


def _stored(draft: Draft, sending: Sending | None) -> dict[str, Typed]:
    if sending is not None:
        lines = sendings.lines(sending)
        return {line.seller_sku: _written(line, sending) for line in lines}
    return {
        line.sku: Typed(
            line.sku,
            # Learned when it was sent before; the default is shown as such.
            "" if line.prep_owner == "SELLER" else line.prep_owner,
            "" if line.label_owner == "SELLER" else line.label_owner,
            case=str(line.units_per_case or ""),
        )
        for line in draft.lines
    }


def _written(line: SendingLine, sending: Sending) -> Typed:
    return Typed(
        line.seller_sku,
        "" if line.prep_owner == sending.prep_owner else line.prep_owner,
        "" if line.label_owner == sending.label_owner else line.label_owner,
        line.expires_on.isoformat() if line.expires_on else "",
        line.lot_code,
        str(line.units_per_case or ""),
    )


def _choice(one: Typed) -> tuple[LineChoice, list[str]]:
    """Return what is said of a line, and sentences on what cannot be read."""
    expires = typed.day(one.expires) if one.expires else None
    case = typed.whole(one.case, least=1) if one.case else None
    wrong = [value for value in (expires, case) if isinstance(value, str)]
    choice = LineChoice(
        prep_owner=one.prep,
        label_owner=one.label,
        expires_on=None if isinstance(expires, str) else expires,
        lot_code=one.lot,
        units_per_case=None if isinstance(case, str) else case,
    )
    return choice, wrong


def _fault(sku: str, sentence: str) -> Problem:
    return Problem(sku, Severity.ERROR, "typed", sentence, "Correct it.")


def with_route(choices: Choices, route: str) -> Choices:
    """Return the choices with another way to go."""
    return replace(choices, route=route)


def unsupported(marketplace_id: str) -> str:
    """Return why Amazon takes no plans for a marketplace; "" where it does."""
    place = MARKETPLACES.get(marketplace_id)
    if place is not None and place.plans:
        return ""
    country = f"for {place.name} " if place else ""
    return f"Amazon takes no plans {country}from other software. Use Seller Central."
