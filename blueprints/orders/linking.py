"""/orders/<id>/links: "this is PO-1043", and taking it back."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.orders.acts import STALE
from blueprints.orders.offered import back, undoable
from blueprints.orders.routes import bp
from extensions import db
from inventory.models import Shipment, StockOrder
from inventory.services import lookalikes, order_linking, order_saving


@bp.post("/orders/<int:order_id>/links")
@planners
def link(order_id: int) -> ResponseReturnValue:
    """Say that this order, made for a shipment, is the one named ``own``."""
    made = db.get_or_404(StockOrder, order_id)
    own = _own()
    if own is None:
        flash("That order is gone.", "error")
        return back(made)
    reference = made.reference
    try:
        order_linking.link(own, made, user_id=current_user.id)
    except (order_linking.CannotLink, order_saving.OrderChanged) as why:
        db.session.rollback()
        flash(str(why) if isinstance(why, order_linking.CannotLink) else STALE, "error")
        return back(made)
    db.session.commit()
    flash(f"{reference} is {own.reference} from now on: its units count once.")
    return back(own)


@bp.post("/orders/<int:order_id>/links/dismiss")
@planners
def dismiss(order_id: int) -> ResponseReturnValue:
    """Say that this order, made for a shipment, is not the one named ``own``."""
    made = db.get_or_404(StockOrder, order_id)
    own = _own()
    said = lookalikes.dismiss(made, own, user_id=current_user.id) if own else None
    db.session.commit()
    if own and said:
        told = f"{own.reference} is not offered for {made.reference} any more."
        undoable(told, url_for(".undo", change_id=said.id))
    return back(made)


@bp.post("/orders/links/<int:shipment_id>/delete")
@planners
def unlink(shipment_id: int) -> ResponseReturnValue:
    """Take a shipment off the order it was linked to by hand."""
    shipment = db.get_or_404(Shipment, shipment_id)
    try:
        order = order_linking.unlink(shipment, user_id=current_user.id)
    except order_linking.CannotLink as why:
        db.session.rollback()
        flash(str(why), "error")
        return back(db.first_or_404(order_linking.order_of(shipment_id)))
    db.session.commit()
    flash(f"{shipment.amazon_shipment_id} is an order of its own again.")
    return back(order)


def _own() -> StockOrder | None:
    text = request.form.get("own", "")
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return db.session.get(StockOrder, int(text)) if is_id else None
