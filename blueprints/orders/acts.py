"""/orders/<id>/…: what is done to one order as a whole, and undoing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.orders.offered import back, undoable
from blueprints.orders.routes import bp
from blueprints.redirects import local_path
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import Change, StockOrder
from inventory.services import (
    changes,
    landed_costs,
    order_acts,
    order_details,
    order_saving,
    order_undo,
)

STALE = "Somebody changed the order just now. Look at it again."


@bp.post("/orders/<int:order_id>/duplicate")
@planners
@once
def duplicate(order_id: int) -> ResponseReturnValue:
    """Make a draft of the same lines."""
    order = db.get_or_404(StockOrder, order_id)
    made = order_acts.duplicate(order, user_id=current_user.id)
    leads_to(order_url(request.script_root, made))
    db.session.commit()
    flash(f"{made.reference} is a draft with the lines of {order.reference}.")
    return back(made)


@bp.route("/orders/<int:order_id>/split", methods=["GET", "POST"])
@planners
@once
def split(order_id: int) -> ResponseReturnValue:
    """Choose the units that become a second order."""
    order = db.get_or_404(StockOrder, order_id)
    if request.method == "GET":
        return _split_page(order)
    units = line_units()
    try:
        if units is None:
            raise order_acts.CannotDo("Enter whole units.")
        second = order_acts.split(order, units, user_id=current_user.id)
    except (order_acts.CannotDo, order_saving.OrderChanged) as why:
        db.session.rollback()
        return _split_page(order, str(why) if isinstance(why, order_acts.CannotDo) else STALE)
    leads_to(order_url(request.script_root, second))
    db.session.commit()
    flash(f"{second.reference} has what was split off {order.reference}.")
    return back(second)


@bp.post("/orders/<int:order_id>/status")
@planners
def set_status(order_id: int) -> ResponseReturnValue:
    """Give the order a named status."""
    order = db.get_or_404(StockOrder, order_id)
    name = request.form.get("status", "")
    try:
        changed = order_acts.set_status(order, name, user_id=current_user.id)
    except (order_acts.CannotDo, order_saving.OrderChanged) as why:
        db.session.rollback()
        flash(str(why) if isinstance(why, order_acts.CannotDo) else STALE, "error")
        return back(order)
    db.session.commit()
    if changed:
        newest = changes.history("order", order.id, 1)[0]
        undoable(f"{order.reference} is {name}.", url_for(".undo", change_id=newest.id))
    return back(order)


@bp.post("/orders/<int:order_id>/unlock")
@planners
def unlock(order_id: int) -> ResponseReturnValue:
    """Let the expected date follow the shipments, or the lead time, again."""
    order = db.get_or_404(StockOrder, order_id)
    is_changed = order_acts.unlock_date(order, user_id=current_user.id)
    db.session.commit()
    if is_changed:
        newest = changes.history("order", order.id, 1)[0]
        told = f"The expected date of {order.reference} is unlocked."
        undoable(told, url_for(".undo", change_id=newest.id))
    return back(order)


@bp.post("/orders/<int:order_id>/delete")
@planners
def delete(order_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    order = db.get_or_404(StockOrder, order_id)
    lists = "purchase_orders" if order.kind == "purchase" else "transfer_orders"
    try:
        order_acts.delete_draft(order, user_id=current_user.id)
    except order_acts.CannotDo as why:
        db.session.rollback()
        flash(str(why), "error")
        return back(order)
    db.session.commit()
    flash(f"{order.reference} is deleted.")
    return redirect(url_for(f".{lists}"), 303)


@bp.post("/orders/<int:order_id>/costs")
@planners
def write_costs(order_id: int) -> ResponseReturnValue:
    """Make the landed costs of the lines the unit costs of their variants."""
    order = db.get_or_404(StockOrder, order_id)
    batch, count = landed_costs.write_to_variants(order, user_id=current_user.id)
    db.session.commit()
    if count:
        told = f"Landed costs are written to {count:,} variant{'' if count == 1 else 's'}."
        undoable(told, url_for(".undo_batch", batch=batch))
    else:
        flash("The variants have these costs already.")
    return back(order)


@bp.post("/orders/changes/<int:change_id>/undo")
@planners
def undo(change_id: int) -> ResponseReturnValue:
    """Undo one act on an order."""
    change = db.get_or_404(Change, change_id)
    order = db.session.get(StockOrder, change.subject_id) if change.subject_id else None
    return _undo([change.id], back(order) if order else redirect(url_for(".purchase_orders"), 303))


@bp.post("/orders/batches/<batch>/undo")
@planners
def undo_batch(batch: str) -> ResponseReturnValue:
    """Undo a bulk act."""
    where = local_path(request.form.get("back")) or url_for(".purchase_orders")
    return _undo(order_undo.of_batch(batch[:36]), redirect(where, 303))


def line_units() -> dict[int, int] | None:
    """Return line id -> units as a form of lines sends them; ``None`` when one is no number."""
    found: dict[int, int] = {}
    for line_id, text in typed_units().items():
        if text.strip():
            if not _is_number(text.strip()):
                return None
            found[line_id] = int(text)
    return found


def typed_units() -> dict[int, str]:
    """Return line id -> what was typed: fields are named ``units-<line id>``."""
    fields = [one for one in request.form.items() if one[0].startswith("units-")]
    parted = [(name.removeprefix("units-"), text) for name, text in fields]
    return {int(line_id): text for line_id, text in parted if _is_number(line_id)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _undo(change_ids: list[int], answer: ResponseReturnValue) -> ResponseReturnValue:
    try:
        done = order_undo.undo(change_ids, user_id=current_user.id)
    except order_saving.OrderChanged:
        db.session.rollback()
        flash(STALE, "error")
        return answer
    db.session.commit()
    if done.count or not done.refused:
        flash("Undone." if done.count == 1 else f"Undone for {done.count:,}.")
    for sentence in done.refused[:3]:
        flash(f"Not undone. {sentence}", "error")
    return answer


def _split_page(order: StockOrder, refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "orders/split.html",
        order=order,
        lines=order_details.lines(order).rows,
        refusal=refusal,
        sent=request.form,
        cancel=order_url(request.script_root, order),
    )
    return page, 422 if refusal else 200
