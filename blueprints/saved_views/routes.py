"""/views: lists as a person likes to see them, saved under a name."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import viewers
from extensions import db
from inventory.services import saved_views

bp = Blueprint("saved_views", __name__)

PAGES = (
    "/purchase-orders", "/transfer-orders", "/shipments", "/shipments/stale", "/listings",
    "/stock", "/variants", "/vendors",
)  # fmt: skip


@bp.post("/views")
@viewers
def create() -> ResponseReturnValue:
    """Save the view of a list under a name."""
    page = request.form.get("page", "")
    if page not in PAGES:
        abort(400)
    name = " ".join(_text("name").split())[: saved_views.LONGEST_NAME]
    query = urlencode(parse_qsl(_text("query")))
    if not name:
        flash("Give the view a name.")
    elif len(query) > saved_views.LONGEST_QUERY:
        flash("This view is too long to be saved.")
    else:
        try:
            saved_views.save(current_user.id, page, name, query)
        except saved_views.TooMany:
            flash(f"You have {saved_views.MOST} views of this list. Delete one first.")
        else:
            db.session.commit()
            flash(f"View “{name}” is saved.")
    return redirect(_address(page, query), 303)


@bp.post("/views/<int:view_id>/delete")
@viewers
def delete(view_id: int) -> ResponseReturnValue:
    """Delete a view of one's own."""
    view = saved_views.delete(view_id, user_id=current_user.id) or abort(404)
    page, query, name = view.page, view.query, view.name
    db.session.commit()
    flash(f"View “{name}” is deleted. What it showed is still here.")
    return redirect(_address(page, query), 303)


def _address(page: str, query: str) -> str:
    return f"{request.script_root}{page}{'?' if query else ''}{query}"


def _text(name: str) -> str:
    return request.form.get(name, "")
