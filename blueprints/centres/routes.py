"""/settings/connections/<id>/centres: which marketplace each fulfilment centre serves."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import consequences as showing
from blueprints.access import planners, viewers
from blueprints.centres.forms import CentresForm, form_for
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.inheritance import edited
from blueprints.presentation import units
from blueprints.responses import wants_fragment
from blueprints.settings_pages import Sent
from extensions import db
from inventory.models import Connection
from inventory.services import centres, changes

bp = Blueprint("centres", __name__, url_prefix="/settings/connections/<int:connection_id>/centres")
SOURCES = {
    "user": "corrected on shipments",
    "plan": "learned from plans",
    "centre": "corrected here",
    "fc": "guessed from other shipments",
    "country": "guessed from the destination country",
    "primary": "guessed: the primary marketplace",
}


@bp.get("")
@viewers
def edit(connection_id: int) -> ResponseReturnValue:
    """Show the centres that shipments went to, each with the marketplace it counts for."""
    connection = db.get_or_404(Connection, connection_id)
    return _page(connection, form_for(connection, centres.seen(connection.id), None))


@bp.post("")
@planners
def save(connection_id: int) -> ResponseReturnValue:
    """Store corrections and move open shipments at once, as one entry of the log."""
    connection = db.get_or_404(Connection, connection_id)
    form = form_for(connection, centres.seen(connection.id), request.form)
    valid = form.validate()
    if is_stale(_version(connection)):
        rows = conflicts(form, form.saved)
        return _page(connection, form, conflict_status(), rows=rows, sent=request.form)
    if not valid:
        return _page(connection, form, 422, sent=request.form)
    count = len(centres.moves(connection, form.wanted))
    act = centres.correct(connection, form.wanted, user_id=current_user.id)
    moved = f" Moved: {units(count, 'open shipment')}." if count else ""
    flash(f"Corrections are saved.{moved}" if act else "Nothing was changed.")
    db.session.commit()
    return redirect(url_for(".edit", connection_id=connection.id), 303)


@bp.get("/consequences")
@planners
def consequences(connection_id: int) -> ResponseReturnValue:
    """Show what saving the corrections as chosen would do."""
    connection = db.get_or_404(Connection, connection_id)
    form = form_for(connection, centres.seen(connection.id), request.args)
    form.validate()
    if wants_fragment():
        return showing.fragment(_preview(connection, form, request.args))
    return _page(connection, form, sent=request.args)


@bp.post("/consequences")
@planners
def ask(connection_id: int) -> ResponseReturnValue:
    """Lead a browser without script to the same by GET."""
    db.get_or_404(Connection, connection_id)
    return showing.by_address()


@bp.get("/consequences/<kind>")
@planners
def affected(connection_id: int, kind: str) -> ResponseReturnValue:
    """List the shipments that would move."""
    connection = db.get_or_404(Connection, connection_id)
    if kind != "centres":
        abort(404)
    form = form_for(connection, centres.seen(connection.id), request.args)
    form.validate()
    shown = showing.preview(_ask(connection), [], request.args)
    rows = list(centres.rows(connection, form.wanted))[: showing.LIMIT]
    return showing.listing(shown, "Shipments that would move", connection.name, rows)


def _ask(connection: Connection) -> str:
    return url_for("centres.consequences", connection_id=connection.id)


def _version(connection: Connection) -> int:
    """Return the newest entry of the log: corrections have no row of their own to count."""
    newest = changes.history("connection", connection.id, 1)
    return newest[0].id if newest else 0


def _preview(connection: Connection, form: CentresForm, sent: Sent) -> showing.Preview:
    found = centres.consequences(connection, form.wanted)
    is_edited = bool(edited(form, form.saved))
    return showing.preview(_ask(connection), found, sent, is_edited=is_edited)


def _page(
    connection: Connection,
    form: CentresForm,
    status: int = 200,
    *,
    sent: Sent | None = None,
    **context: Any,
) -> ResponseReturnValue:
    answer = render_template(
        "centres/edit.html",
        connection=connection,
        form=form,
        sources=SOURCES,
        edited=edited(form, form.saved),
        preview=_preview(connection, form, sent or Sent()),
        address=url_for("centres.edit", connection_id=connection.id),
        version=_version(connection),
        **{"rows": None, **context},
    )
    return answer, status
