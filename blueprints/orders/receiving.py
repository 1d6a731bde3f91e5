"""/orders/<id>/receipts: goods received by hand, in parts, and taken back."""

from collections.abc import Mapping

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.orders import page
from blueprints.orders.acts import STALE, typed_units
from blueprints.orders.forms import ReceiptForm
from blueprints.orders.offered import back, undoable
from blueprints.orders.page import Refused
from blueprints.orders.routes import bp
from blueprints.presentation import today
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import StockOrder
from inventory.rules.order_lines import MOST_UNITS
from inventory.rules.typed import whole
from inventory.services import order_facts, order_saving, own_stock, receiving

NOTHING = "Nothing is received yet: enter whole units."
TOO_MANY = f"Enter whole units, at most {MOST_UNITS:,} of a line."


@bp.get("/orders/<int:order_id>/receipts")
@planners
def receipts(order_id: int) -> ResponseReturnValue:
    """Lead to the order: a form that was refused is shown at this address, which may be opened."""
    return back(db.get_or_404(StockOrder, order_id))


@bp.post("/orders/<int:order_id>/receipts")
@planners
@once
def receive(order_id: int) -> ResponseReturnValue:
    """Book units as received."""
    order = db.get_or_404(StockOrder, order_id)
    form, typed = ReceiptForm(request.form), typed_units()
    units, faults = _read(typed)
    why = _fault(form, faults)
    batch = ""
    if not why:
        try:
            batch = receiving.receive(order, units, form.received_on.data, user_id=current_user.id)
        except (receiving.CannotReceive, own_stock.BelowZero, own_stock.TooManyUnits) as refused:
            why = _words(order, refused)
        except order_saving.OrderChanged:
            why = STALE
    if why:
        db.session.rollback()
        flash(why, "error")
        day = request.form.get("received_on", "")
        return page.shown_again(order, Refused(typed, faults, day)), 422
    leads_to(order_url(request.script_root, order))
    db.session.commit()
    told = f"{sum(units.values()):,} units are received{_over(order)}."
    undoable(told, url_for(".undo_receipt", order_id=order.id, batch=batch))
    return back(order)


@bp.post("/orders/<int:order_id>/receipts/<batch>/undo")
@planners
def undo_receipt(order_id: int, batch: str) -> ResponseReturnValue:
    """Take back what one form received."""
    order = db.get_or_404(StockOrder, order_id)
    try:
        units = receiving.undo(order, batch[:36], user_id=current_user.id)
    except receiving.AlreadyUndone:
        db.session.rollback()
        flash("It was undone already.", "error")
    except (receiving.CannotReceive, own_stock.BelowZero) as refused:
        db.session.rollback()
        flash(_words(order, refused), "error")
    except order_saving.OrderChanged:
        db.session.rollback()
        flash(STALE, "error")
    else:
        db.session.commit()
        flash(f"Undone: {units:,} units are no longer received.")
    return back(order)


def _read(typed: Mapping[int, str]) -> tuple[dict[int, int], dict[int, str]]:
    """Return line id -> units, and line id -> a sentence where they are none."""
    units: dict[int, int] = {}
    faults: dict[int, str] = {}
    for line_id, text in typed.items():
        if text.strip():
            value = whole(text.strip(), most=MOST_UNITS)
            if isinstance(value, str):
                faults[line_id] = value
            else:
                units[line_id] = value
    return units, faults


def _fault(form: ReceiptForm, faults: Mapping[int, str]) -> str:
    if not form.validate():
        return " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.received_on.data > today():
        return "The day they came in is not over yet."
    return NOTHING if faults else ""


def _words(order: StockOrder, refused: Exception) -> str:
    if isinstance(refused, own_stock.BelowZero):
        place = order.source.name if order.source else order.destination.name
        return f"{place} has not so many: {refused}."
    if isinstance(refused, own_stock.TooManyUnits):
        return TOO_MANY
    return str(refused)


def _over(order: StockOrder) -> str:
    lines = order_facts.lines_of(order.id).values()
    over = sum(max(0, line.units_received - line.units_ordered) for line in lines)
    return f", {over:,} more than ordered" if over else ""
