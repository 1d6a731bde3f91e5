"""Files of orders and shipments: added, downloaded, deleted."""

from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners, viewers
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to, once
from blueprints.uploads import takes_files
from extensions import db
from inventory.models import Shipment, StockOrder
from inventory.rules.attachments import MOST_BYTES, NotKept
from inventory.services import attachments

bp = Blueprint("attachments", __name__)

#: Whatever is in a file, nothing of it runs here.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@bp.post("/orders/<int:order_id>/attachments")
@planners
@once
@takes_files(MOST_BYTES)
def create_for_order(order_id: int) -> ResponseReturnValue:
    """Keep a file with an order."""
    return _create(db.get_or_404(StockOrder, order_id))


@bp.post("/shipments/<int:shipment_id>/attachments")
@planners
@once
@takes_files(MOST_BYTES)
def create_for_shipment(shipment_id: int) -> ResponseReturnValue:
    """Keep a file with a shipment."""
    return _create(db.get_or_404(Shipment, shipment_id))


@bp.get("/attachments/<int:attachment_id>")
@viewers
def download(attachment_id: int) -> ResponseReturnValue:
    """Return a file, always to be saved, never to be shown as a page of ours."""
    found = attachments.find(attachment_id) or abort(404)
    plain = "".join(letter if " " <= letter < "\x7f" else "_" for letter in found.name)
    plain = plain.replace('"', "_").replace("\\", "_")
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {
        "Content-Disposition": f"attachment; {names}",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(found.content, content_type=found.media_type, headers=headers)


@bp.post("/attachments/<int:attachment_id>/delete")
@planners
@once
def delete(attachment_id: int) -> ResponseReturnValue:
    """Delete a file."""
    found = attachments.find(attachment_id) or abort(404)
    back = _page(attachments.subject_of(found))
    flash(f"{found.name} is deleted.")
    attachments.delete(found, user_id=current_user.id)
    leads_to(back)
    db.session.commit()
    return redirect(back, 303)


def _create(subject: StockOrder | Shipment) -> ResponseReturnValue:
    sent, back = request.files.get("file"), _page(subject)
    if sent is None or not sent.filename:
        flash("Choose a file.")
        return redirect(back, 303)
    try:
        made = attachments.add(subject, sent.filename, sent.read(), user_id=current_user.id)
    except NotKept as refusal:
        db.session.rollback()
        flash(f"Not kept: {refusal}")
        return redirect(back, 303)
    leads_to(back)
    db.session.commit()
    flash(f"{made.name} is kept.")
    return redirect(back, 303)


def _page(subject: StockOrder | Shipment) -> str:
    if isinstance(subject, StockOrder):
        return order_url(request.script_root, subject)
    return f"{request.script_root}/shipments/{subject.id}"
