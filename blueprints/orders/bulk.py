"""POST /purchase-orders/acts, /transfer-orders/acts: one act on all orders that are ticked."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.orders.acts import STALE
from blueprints.orders.offered import undoable
from blueprints.orders.routes import NOUNS, bp
from blueprints.presentation import units
from blueprints.redirects import local_path
from extensions import db
from inventory.models import OrderKind, StockOrder, Vendor
from inventory.services import order_acts, order_saving

#: Refusals told one by one.
TOLD = 5


@bp.post("/purchase-orders/acts")
@planners
def act_on_purchases() -> ResponseReturnValue:
    """Do one act on the ticked purchase orders."""
    return _act(OrderKind.PURCHASE)


@bp.post("/transfer-orders/acts")
@planners
def act_on_transfers() -> ResponseReturnValue:
    """Do one act on the ticked transfer orders."""
    return _act(OrderKind.TRANSFER)


def _act(kind: OrderKind) -> ResponseReturnValue:
    lists = "purchase_orders" if kind == OrderKind.PURCHASE else "transfer_orders"
    answer = redirect(local_path(request.form.get("back")) or url_for(f".{lists}"), 303)
    ids = [int(text) for text in request.form.getlist("order") if _is_id(text)]
    chosen = _chosen()
    if not ids or chosen is None:
        flash("Tick orders first." if not ids else "Choose what to set.", "error")
        return answer
    act, told = chosen
    try:
        done = order_acts.for_many(ids, act)
    except order_saving.OrderChanged:
        db.session.rollback()
        flash(STALE, "error")
        return answer
    db.session.commit()
    if done.changed:
        address = url_for(".undo_batch", batch=done.batch)
        undoable(f"{told} of {units(done.changed, NOUNS[kind])}.", address)
    elif not done.refused:
        flash("Nothing was changed.")
    for sentence in done.refused[:TOLD]:
        flash(sentence, "error")
    if len(done.refused) > TOLD:
        flash(f"{len(done.refused) - TOLD} more were refused.", "error")
    return answer


def _chosen() -> tuple[Callable[[StockOrder, str], bool], str] | None:
    """Return the act that was chosen and what it did, in words; ``None`` for none."""
    user_id, form = current_user.id, request.form
    if form.get("act") == "vendor" and _is_id(form.get("vendor", "")):
        vendor = db.session.get(Vendor, int(form["vendor"]))
        if vendor is None:
            return None
        return (
            lambda order, batch: order_acts.set_vendor(order, vendor, user_id=user_id, batch=batch),
            f"{vendor.name} is the vendor",
        )
    status = form.get("status", "")
    if form.get("act") == "status" and status:
        return (
            lambda order, batch: order_acts.set_status(order, status, user_id=user_id, batch=batch),
            f"{status} is the status",
        )
    return None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
