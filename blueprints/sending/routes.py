"""…/<id>/send: an order on its way to Amazon, from the plan on; how far it is."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells
from blueprints.access import may, planners, viewers
from blueprints.conflicts import conflict_status
from blueprints.presentation import moment, zone
from blueprints.sending import plan, words
from blueprints.sending.page import body, done, send_url
from blueprints.submissions import once
from extensions import db
from inventory.models import (
    OrderKind,
    Role,
    Sending,
    SendingState,
    StatusType,
    StockOrder,
    WarehouseKind,
)
from inventory.rules.preflight import errors
from inventory.rules.sending import Route
from inventory.services import accounts, order_details, order_saving, sendings

bp = Blueprint("sending", __name__)

CHANGED = "Somebody changed the order just now. Look at what would be sent, and press again."
FIRST = "This order was sent just before you, with the choices made there. This is how it stands."
MEND = "Nothing is sent yet. Mend what is named below first."


@bp.app_template_global()
def sending_of(order: StockOrder) -> dict[str, Any] | None:
    """Return what an order's page offers: ``None`` where it can never be sent to Amazon."""
    if order.destination.kind != WarehouseKind.FBA or order.origin == "amazon":
        return None
    sending = sendings.current(order.id)
    if sending is None and order.status_type in (StatusType.CLOSED, StatusType.CANCELED):
        return None
    is_kept = sending is not None and order.locked_at is not None
    return {
        "url": send_url(order),
        "sending": sending,
        "state": sendings.shown_state(sending) if sending else None,
        "refusal": "" if is_kept else _refusal(order),
        "opens": request.args.get("send") == "open" and may(Role.PLANNER),
    }


@bp.app_template_filter()
def mode_words(mode: str) -> str:
    """Return a mode of transport as people say it."""
    return cells.MODES.get(mode, mode)


@bp.app_template_filter()
def time_left(until: datetime) -> str:
    """Return how long there is until a time, in hours and minutes."""
    return words.left(until, accounts.now())


@bp.app_template_filter()
def told_moment(text: str) -> Markup:
    """Return a stored time (ISO) as a time of day."""
    return moment(datetime.fromisoformat(text) if text else None)


@bp.app_template_filter()
def told_day(text: str) -> str:
    """Return a stored time (ISO) as a day in words, for an option of a select."""
    return f"{datetime.fromisoformat(text).astimezone(zone()):%-d %b %Y}" if text else "–"


def opens_after_saving(order: StockOrder) -> bool:
    """Return whether saving the order leads on to sending it, as the setting says."""
    if not accounts.account().open_send or sendings.current(order.id) is not None:
        return False
    return order.destination.kind == WarehouseKind.FBA and not _refusal(order)


@bp.route("/purchase-orders/<int:order_id>/send", methods=["GET", "POST"])
@planners
@once
def send_purchase(order_id: int) -> ResponseReturnValue:
    """Send a purchase order to Amazon."""
    return _send(OrderKind.PURCHASE, order_id)


@bp.route("/transfer-orders/<int:order_id>/send", methods=["GET", "POST"])
@planners
@once
def send_transfer(order_id: int) -> ResponseReturnValue:
    """Send a transfer order to Amazon."""
    return _send(OrderKind.TRANSFER, order_id)


@bp.get("/orders/<int:order_id>/sending")
@viewers
def state(order_id: int) -> str:
    """Return the state on the order's page, asked for when the dialog is closed."""
    return render_template("sending/_state.html", order=db.get_or_404(StockOrder, order_id))


@bp.get("/sendings/<int:sending_id>/status")
@planners
def status(sending_id: int) -> ResponseReturnValue:
    """Return the body once something has changed; asked for while Amazon is at work."""
    sending = sendings.get(sending_id) or abort(404)
    seen = f"{sending.version}-{sendings.shown_state(sending)}"
    if request.args.get("seen") == seen:
        return "", 204
    return body(sending.order, sending)


def _send(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    order = order_details.find(kind, order_id) or abort(404)
    if order.destination.kind != WarehouseKind.FBA:
        abort(404)
    sending = sendings.current(order.id)
    if request.method == "GET":
        return body(order, sending)
    return _begin(order, sending)


def _begin(order: StockOrder, sending: Sending | None) -> ResponseReturnValue:
    under_way = sending if sending and sending.ended_at is None else None
    if under_way and under_way.state != SendingState.WAITING:
        return body(order, under_way, refusal=FIRST, status=conflict_status())
    page = plan.read(order, under_way)
    if request.form.get("act") == "check":
        return body(order, sending, page=page)
    if page.faults or errors(page.draft.problems):
        return body(order, sending, page=page, refusal=MEND, status=422)
    choices = page.choices
    if request.form.get("act") == "plan_only":
        choices = plan.with_route(choices, Route.PLAN_ONLY)
    try:
        if under_way:
            begun = sendings.correct(under_way.id, choices, user_id=current_user.id)
        else:
            version = request.form.get("version", "")
            begun = sendings.begin(
                order,
                choices,
                user_id=current_user.id,
                version=int(version) if version.isdigit() else None,
            )
    except (sendings.Refused, order_saving.OrderChanged) as why:
        db.session.rollback()
        told = CHANGED if isinstance(why, order_saving.OrderChanged) else str(why)
        again = order_details.find(order.kind, order.id) or abort(404)
        return body(again, sendings.current(again.id), refusal=told, status=422)
    return done(order, begun)


def _refusal(order: StockOrder) -> str:
    """Why the button cannot be pressed; "" when it can."""
    if why := sendings.can_be_sent(order):
        return why
    marketplace_id = order.destination.marketplace_id or ""
    if why := plan.unsupported(marketplace_id):
        return why
    if order_saving.owned_by_amazon(order):
        return "Its shipments are at Amazon already."
    if not order.line_count:
        return "The order has no lines."
    return ""
