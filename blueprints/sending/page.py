"""The page of a sending, and the body of it that a dialog shows: whatever screen it is at."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.conflicts import conflict_status, is_stale
from blueprints.responses import page_or_fragment, wants_fragment
from blueprints.sending import packing, plan, screens, words
from blueprints.sending.forms import PREP
from blueprints.sending.line_rows import drawn
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to
from extensions import db
from inventory.models import Sending, SendingState, SendingStep, StockOrder
from inventory.rules.preflight import Problem, Severity
from inventory.services import sendings

STALE = "Somebody went on with it in the meantime. This is how it stands now."
#: Of a step gone back to.
HEADINGS = {"placement": "Choose where the goods go.", "transport": "Choose the carriers."}
#: Codes of the objection that a SKU has no prep category: it can be set in place.
PREP_MISSING = ("prep_category", "FBA_INB_0182")
#: Codes of what is mended in the line's row on this page; of other lines it is the order's.
IN_ROW = ("owner", "prep_owner", "expired", "short_life", "lot", "case", "typed")


class Objection(NamedTuple):
    """What stands in the way, or is to be known: ``sku`` is empty for the whole.

    ``mended`` says where: "row" (of this page), "order" (its editor), or nowhere here.
    """

    sku: str
    is_error: bool
    reason: str
    fix: str
    sets_prep: bool
    mended: str = ""


def send_url(order: StockOrder) -> str:
    """Return the address of the page."""
    return f"{order_url(request.script_root, order)}/send"


def edit_url(order: StockOrder, sku: str) -> str:
    """Return the address of the order's editor, at the line of a SKU."""
    return f"{order_url(request.script_root, order)}/edit#line-{quote(sku)}"


def body(
    order: StockOrder,
    sending: Sending | None,
    *,
    refusal: str = "",
    status: int = 200,
    page: plan.PlanPage | None = None,
) -> ResponseReturnValue:
    """Return the page, or for htmx its body, at the screen where the sending is."""
    asked = request.args.get("step", "")
    name = screens.screen(sending, asked)
    state = sendings.shown_state(sending) if sending else SendingState.WAITING
    context: dict[str, Any] = {
        "order": order,
        "sending": sending,
        "screen": name,
        "heading": HEADINGS.get(asked, "") if name == asked else "",
        "backs": screens.backs(sending, name),
        "stages": screens.stages(sending),
        "state": words.STATES[state],
        "is_over": sending is not None and sending.state in screens.OVER,
        "doing": _doing(sending) if sending else "",
        "refusal": refusal,
        "url": send_url(order),
        "acts": f"{request.script_root}/sendings/{sending.id}" if sending else "",
        "back": order_url(request.script_root, order),
        "why_not": "" if sending and sending.ended_at is None else sendings.can_be_sent(order),
        **_of_sending(sending),
    }
    if name == "plan":
        context |= _plan(order, sending, page)
    elif name == "boxes" and sending:
        context |= _boxes(sending)
    elif sending:
        context |= screens.shown(name, sending)
    return page_or_fragment("sending/show.html", "sending/_body.html", status=status, **context)


def act(sending_id: int, do: Callable[[Sending], object]) -> ResponseReturnValue:
    """Do something with a sending, commit, and show how it stands; a refusal in its place."""
    sending = sendings.get(sending_id) or abort(404)
    if is_stale(sending.version):
        return body(sending.order, sending, refusal=STALE, status=conflict_status())
    try:
        do(sending)
    except sendings.Refused as why:
        db.session.rollback()
        sending = sendings.get(sending_id) or abort(404)
        return body(sending.order, sending, refusal=str(why), status=422)
    return done(sending.order, sending)


def done(order: StockOrder, sending: Sending) -> ResponseReturnValue:
    """Commit and show how it stands now."""
    leads_to(send_url(order))
    db.session.commit()
    if wants_fragment():
        return body(order, sending)
    return redirect(send_url(order), 303)


def _doing(sending: Sending) -> str:
    is_made = screens.CREATED in sending.done or sending.cancel_asked_at is not None
    return words.doing(sending.call.partition(":")[0], is_made=is_made)


def _of_sending(sending: Sending | None) -> dict[str, Any]:
    if sending is None:
        return {"objections": [], "seller_central": "", "may_send_again": False}
    found = [] if sending.state == SendingState.WORKING else sendings.open_problems(sending)
    return {
        "objections": [
            Objection(
                one.seller_sku,
                one.severity != "WARNING",
                one.message,
                one.details,
                one.code in PREP_MISSING and bool(one.seller_sku),
                _mended(one.seller_sku, one.code, is_error=one.severity != "WARNING"),
            )
            for one in found
        ],
        "seller_central": sendings.seller_central(sending),
        "may_send_again": sendings.may_send_again(sending),
    }


def _plan(order: StockOrder, sending: Sending | None, page: plan.PlanPage | None) -> dict[str, Any]:
    page = page or plan.read(order, sending)
    mine = [_shown(one) for one in (*page.faults, *page.draft.problems)]
    theirs = _of_sending(sending)["objections"]
    known = {(one.sku, one.reason) for one in mine}
    found = [*mine, *(one for one in theirs if (one.sku, one.reason) not in known)]
    errors = [one for one in found if one.is_error]
    can_set = sending is not None and sending.ended_at is None
    return {
        "form": page.form,
        "draft": page.draft,
        "objections": sorted(found, key=lambda one: not one.is_error),
        "errors": len(errors),
        "stops": any(one.is_error for one in mine),
        "can_set_prep": can_set and any(one.sets_prep for one in found),
        "prep": [(key, label) for key, (label, _) in PREP.items()],
        "line_rows": drawn(
            page.draft.lines,
            page.typed,
            page.draft.owners,
            frozenset(one.sku for one in errors if one.sku),
        ),
        "is_editable": order.locked_at is None,
        "own_lines": sum(1 for one in page.typed.values() if one.prep or one.label),
    }


def _shown(one: Problem) -> Objection:
    is_error = one.severity == Severity.ERROR
    mended = _mended(one.sku, one.code, is_error=is_error)
    return Objection(one.sku, is_error, one.reason, one.fix, one.code in PREP_MISSING, mended)


def _mended(sku: str, code: str, *, is_error: bool) -> str:
    if not sku or code in PREP_MISSING:
        return ""
    return "row" if code in IN_ROW else "order" if is_error else ""


def _boxes(sending: Sending) -> dict[str, Any]:
    places: Sequence[packing.Place] = packing.places(sending, screens.place_names(sending))
    length_unit, weight_unit = packing.units(sending)
    return {
        "places": places,
        "length_unit": length_unit,
        "weight_unit": weight_unit,
        "is_freight": sending.step == SendingStep.PACKING and sending.route == "freight",
    }
