"""/settings/connections/<id>: the settings of one connection, and their history."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import consequences as showing
from blueprints import settings_levels as levels
from blueprints import settings_pages as pages
from blueprints import settings_put_back
from blueprints.access import owners, viewers
from blueprints.connections.settings_forms import (
    ConnectionSettingsForm,
    VersionedForm,
    refused_source,
    source_id,
)
from blueprints.inheritance import told
from extensions import db
from inventory.models import Change, Connection, Warehouse
from inventory.services import settings, warehouses
from inventory.services.levels import of_connection

bp = Blueprint("connection_settings", __name__, url_prefix="/settings/connections")


@bp.get("/<int:connection_id>")
@viewers
def edit(connection_id: int) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    return pages.show(_subject(connection_id))


@bp.post("/<int:connection_id>")
@owners
def save(connection_id: int) -> ResponseReturnValue:
    """Save what differs, as one entry of the log."""
    return pages.save(_subject(connection_id))


@bp.get("/<int:connection_id>/consequences")
@owners
def consequences(connection_id: int) -> ResponseReturnValue:
    """Show what saving the form as typed would do."""
    return pages.consequences_of(_subject(connection_id))


@bp.post("/<int:connection_id>/consequences")
@owners
def ask(connection_id: int) -> ResponseReturnValue:
    """Lead a browser without script to the same by GET."""
    db.get_or_404(Connection, connection_id)
    return showing.by_address()


@bp.get("/<int:connection_id>/consequences/<kind>")
@owners
def affected(connection_id: int, kind: str) -> ResponseReturnValue:
    """List the rows behind a figure."""
    return pages.affected(_subject(connection_id), kind)


@bp.post("/<int:connection_id>/conversion")
@owners
def convert(connection_id: int) -> ResponseReturnValue:
    """Make open orders what the settings in force say."""
    level = _level(db.get_or_404(Connection, connection_id))
    return levels.convert(level, url_for(".edit", connection_id=connection_id))


@bp.post("/<int:connection_id>/conversion/<int:act_id>/undo")
@owners
def undo(connection_id: int, act_id: int) -> ResponseReturnValue:
    """Put converted orders back."""
    return levels.undo(_subject(connection_id), act_id)


@bp.route("/<int:connection_id>/history/<int:entry_id>", methods=["GET", "POST"])
@owners
def put_back(connection_id: int, entry_id: int) -> ResponseReturnValue:
    """Put the settings back as they were before an entry, after showing what that does."""
    return settings_put_back.page(_subject(connection_id), entry_id)


def _subject(connection_id: int) -> pages.Subject:
    connection = db.get_or_404(Connection, connection_id)
    return levels.subject(
        _level(connection),
        kind="connection",
        address=url_for("connection_settings.edit", connection_id=connection.id),
        template="connections/settings.html",
        saved=_saved(connection),
        build=lambda sent: _form(connection, sent),
        values=lambda form: _values(connection, form),
        context=lambda: _context(connection),
    )


def _level(connection: Connection) -> levels.Level:
    def write(values: dict[str, Any], summary: str) -> Change | None:
        return settings.store(connection, values, user_id=current_user.id, summary=summary)

    return levels.Level(connection, write)


def _form(connection: Connection, sent: pages.Sent | None) -> ConnectionSettingsForm:
    return ConnectionSettingsForm(
        sent,
        data=_saved(connection),
        region=connection.region,
        sources=warehouses.usable_sources(connection_id=connection.id),
        lost=levels.lost_source(settings.at_connection(connection)),
        refusal=refused_source(chosen(sent), connection.id),
    )


def chosen(sent: pages.Sent | None) -> Warehouse | None:
    """Return the warehouse that a form names as source, whether or not it may be one."""
    try:
        wanted = source_id(sent.get("default_source_id") if sent else None)
    except ValueError:
        return None
    return db.session.get(Warehouse, wanted) if wanted else None


def _saved(connection: Connection) -> dict[str, Any]:
    """Return what the controls show: switches and choices have no blank, so what is in force."""
    shown = settings.at_connection(connection)
    return {
        "primary_marketplace_id": connection.primary_marketplace_id,
        "sync_fees": shown["sync_fees"].value,
        "pickup_delay_days": connection.pickup_delay_days,
        "order_type": connection.order_type or "auto",
        "default_source_id": connection.default_source_id,
        "import_early": shown["import_early"].value,
    }


def _values(connection: Connection, form: VersionedForm) -> dict[str, Any]:
    """Return the columns; a source that is set but cannot be chosen stays unless another is."""
    values = settings.unset_where_default(connection, form.values())
    is_lost = levels.lost_source(settings.at_connection(connection))
    if values["default_source_id"] is None and is_lost:
        values["default_source_id"] = connection.default_source_id
    return values


def _context(connection: Connection) -> dict[str, Any]:
    force = settings.at_connection(connection)
    here = of_connection(connection)
    types = [here.value("order_type", one) for one in here.fba_ids]
    return {
        "connection": connection,
        "force": told(connection, force, levels.source_names(force)),
        "above": {"pickup_delay_days": ("14 days", "built-in default")},
        "needs_source": "transfer" in types,
    }
