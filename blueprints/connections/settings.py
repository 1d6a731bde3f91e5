"""/settings/connections/<id>: the settings of one connection, and their history."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners, viewers
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.connections.settings_forms import ConnectionSettingsForm
from blueprints.inheritance import edited, moved_words, told
from extensions import db
from inventory.models import Connection, Warehouse
from inventory.services import settings, warehouses
from inventory.services.history import history
from inventory.services.settings_effects import follow_primary, move_dates

bp = Blueprint("connection_settings", __name__, url_prefix="/settings/connections")


@bp.get("/<int:connection_id>")
@viewers
def edit(connection_id: int) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    connection = db.get_or_404(Connection, connection_id)
    return _page(connection, _form(connection))


@bp.post("/<int:connection_id>")
@owners
def save(connection_id: int) -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    connection = db.get_or_404(Connection, connection_id)
    form = _form(connection)
    valid = form.validate()
    if is_stale(connection.version):
        rows = conflicts(form, _saved(connection))
        return _page(connection, form, conflict_status(), rows=rows)
    if not valid:
        return _page(connection, form, 422)
    values = settings.unset_where_default(connection, form.values())
    if settings.store(connection, values, user_id=current_user.id):
        follow_primary(connection)
        moved = move_dates(connection.id)
        flash(f"Settings of {connection.name} are saved.{moved_words(moved)}")
    else:
        flash("Nothing was changed.")
    db.session.commit()
    return redirect(url_for(".edit", connection_id=connection.id), 303)


def _form(connection: Connection) -> ConnectionSettingsForm:
    return ConnectionSettingsForm(
        request.form if request.method == "POST" else None,
        data=_saved(connection),
        region=connection.region,
        sources=warehouses.usable_sources(connection_id=connection.id),
        lost=_lost(connection),
    )


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


def _source(connection: Connection) -> Warehouse | None:
    chosen = connection.default_source_id
    return db.session.get(Warehouse, chosen) if chosen else None


def _lost(connection: Connection) -> str:
    """Return the name of a source that is set but cannot be used any more."""
    source = _source(connection)
    return source.name if source and not source.is_enabled else ""


def _names(connection: Connection) -> dict[int, str]:
    source = _source(connection)
    return {source.id: source.name} if source else {}


def _page(
    connection: Connection, form: ConnectionSettingsForm, status: int = 200, **context: Any
) -> ResponseReturnValue:
    names = _names(connection)
    entries = history("connection", connection.id)
    answer = render_template(
        "connections/settings.html",
        connection=connection,
        form=form,
        force=told(connection, settings.at_connection(connection), names),
        edited=edited(form, _saved(connection)),
        entries=entries,
        **{"rows": None, **context},
    )
    return answer, status
