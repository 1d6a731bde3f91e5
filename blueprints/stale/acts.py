"""Ignoring and counting by hand, notes, and taking either back: from the desk and from pages."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.redirects import local_path
from extensions import db
from inventory.rules import stale
from inventory.services import staleness
from inventory.services.staleness import ChangedSince, Pinned

bp = Blueprint("stale", __name__)


@bp.post("/shipments/pins")
@planners
def create_pins() -> ResponseReturnValue:
    """Ignore shipments, count them again, or leave them to the rule."""
    word = request.form.get("word", "")
    if word not in stale.PINS:
        abort(400)
    note = request.form.get("note", "").strip()[:1000]
    return _back(staleness.pin(_asked(), word, user_id=current_user.id, note=note))


@bp.post("/shipments/notes")
@planners
def create_notes() -> ResponseReturnValue:
    """Keep a note with shipments; a blank one takes it away."""
    note = request.form.get("note", "").strip()[:1000]
    return _back(staleness.write_note(_asked(), note, user_id=current_user.id))


@bp.post("/shipments/acts/undo")
@planners
def undo() -> ResponseReturnValue:
    """Take back what was done last, all of it."""
    try:
        undone = staleness.undo(request.form.get("batch", "")[:36], user_id=current_user.id)
    except ChangedSince as error:
        names = ", ".join(error.args) or "it"
        flash(f"Nothing was undone: {names} was changed since.", "error")
        return redirect(_from(), 303)
    db.session.commit()
    flash(f"Undone for {', '.join(undone.amazon_shipment_ids[:3])}{_more(undone)}.", "ok")
    return redirect(_from(), 303)


def _back(done: Pinned) -> ResponseReturnValue:
    """Lead back to where the act was asked for, which then offers to undo it."""
    db.session.commit()
    address = _from()
    if not done.amazon_shipment_ids:
        flash("Nothing was changed: no shipment that is open was chosen.")
        return redirect(address, 303)
    joint = "&" if "?" in address else "?"
    return redirect(address + joint + urlencode({"undo": done.batch}), 303)


def _asked() -> list[int]:
    found = request.form.getlist("shipment")
    return [int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 10]


def _from() -> str:
    return local_path(request.form.get("back")) or f"{request.script_root}/shipments/stale"


def _more(done: Pinned) -> str:
    more = len(done.amazon_shipment_ids) - 3
    return f" and {more} more" if more > 0 else ""
