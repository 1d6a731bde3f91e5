"""/settings/connections: the connections and warehouses, and what each is doing now."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners, planners, viewers
from blueprints.connections.refusal import refuse
from blueprints.responses import wants_fragment
from extensions import db
from inventory.models import Connection
from inventory.rules.marketplaces import MARKETPLACES, REGION_NAMES, Marketplace
from inventory.services import applications, connections, syncs
from inventory.services.connection_overview import overview
from inventory.services.connection_roles import roles
from inventory.services.sync_status import status as sync_status

bp = Blueprint("connections", __name__, url_prefix="/settings/connections")


@bp.app_template_global()
def marketplace(marketplace_id: str) -> Marketplace:
    """Return a marketplace by its id."""
    return MARKETPLACES[marketplace_id]


@bp.app_template_global()
def region_name(region: str) -> str:
    """Return the name of a region: "Europe"."""
    return REGION_NAMES[region]


@bp.get("")
@viewers
def index() -> str:
    """Show every connection with its warehouses, and the seller's own warehouses."""
    listed = {one.id: one for one in applications.listed()}
    return render_template("connections/index.html", page=overview(), applications=listed)


@bp.get("/<int:connection_id>/panel")
@viewers
def panel(connection_id: int) -> str:
    """Return one connection's panel: what a sync changed is shown as soon as it has ended."""
    panels = {one.connection.id: one for one in overview().connections}
    if connection_id not in panels:
        abort(404)
    listed = {one.id: one for one in applications.listed()}
    return render_template(
        "connections/_connection.html", panel=panels[connection_id], applications=listed
    )


@bp.post("/<int:connection_id>/syncs")
@planners
def sync(connection_id: int) -> ResponseReturnValue:
    """Queue a sync of everything, for a person who waits; answer with its status."""
    connection = db.get_or_404(Connection, connection_id)
    if connection.is_enabled:
        syncs.request_all(connection.id, cause="person", user_id=current_user.id)
        db.session.commit()
    if wants_fragment():
        return _status(connection)
    if connection.is_enabled:
        flash(f"{connection.name} is syncing.")
    else:
        refuse(connection.name)
    return redirect(url_for(".index"), 303)


@bp.get("/<int:connection_id>/status")
@viewers
def status(connection_id: int) -> str:
    """Return the status fragment, which asks for itself again while something is running."""
    return _status(db.get_or_404(Connection, connection_id))


@bp.get("/<int:connection_id>/test")
@viewers
def show_test(connection_id: int) -> str:
    """Show what works: the token, and each role, with when that was last seen."""
    return _test_page(db.get_or_404(Connection, connection_id))


@bp.post("/<int:connection_id>/test")
@owners
def test(connection_id: int) -> ResponseReturnValue:
    """Try the connection now: queue the reading of its marketplaces."""
    connection = db.get_or_404(Connection, connection_id)
    if connection.is_enabled:
        connections.request_test(connection, cause="person", user_id=current_user.id)
        db.session.commit()
    elif not wants_fragment():
        refuse(connection.name)
    if wants_fragment():
        return _test_page(connection)
    return redirect(url_for(".show_test", connection_id=connection.id), 303)


def _status(connection: Connection) -> str:
    doing = sync_status(connection)
    return render_template(
        "connections/_status.html", connection=connection, doing=doing, alone=True
    )


def _test_page(connection: Connection) -> str:
    page = "connections/_test.html" if wants_fragment() else "connections/test.html"
    doing = sync_status(connection)
    return render_template(page, connection=connection, doing=doing, roles=roles(connection))
