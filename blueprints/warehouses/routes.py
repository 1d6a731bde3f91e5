"""/settings/warehouses: the settings of a warehouse, and the seller's own warehouses."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners, viewers
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.inheritance import edited, moved_words, told
from blueprints.submissions import leads_to, once
from blueprints.warehouses.forms import FbaWarehouseForm, OwnWarehouseForm, WarehouseForm
from extensions import db
from inventory.models import Warehouse, WarehouseKind
from inventory.services import settings, warehouse_settings, warehouses
from inventory.services.history import history
from inventory.services.settings_effects import move_dates

bp = Blueprint("warehouses", __name__, url_prefix="/settings/warehouses")
TAKEN = "Another warehouse has this name. Choose a different one."


@bp.route("/new", methods=["GET", "POST"])
@planners
@once
def create() -> ResponseReturnValue:
    """Add a warehouse of the seller's own."""
    form = OwnWarehouseForm(request.form or None, data={"enabled": True})
    if request.method == "POST" and form.validate():
        try:
            made = _create(form)
        except warehouses.WarehouseNameTaken:
            form.name.errors = [TAKEN]
        else:
            leads_to(url_for("connections.index"))
            db.session.commit()
            flash(f"{made.name} is added.")
            return redirect(url_for("connections.index"), 303)
    return render_template("warehouses/new.html", form=form), 422 if form.errors else 200


@bp.get("/<int:warehouse_id>")
@viewers
def edit(warehouse_id: int) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    warehouse = db.get_or_404(Warehouse, warehouse_id)
    return _page(warehouse, _form(warehouse))


@bp.post("/<int:warehouse_id>")
@planners
def save(warehouse_id: int) -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    warehouse = db.get_or_404(Warehouse, warehouse_id)
    form = _form(warehouse)
    valid = form.validate()
    if is_stale(warehouse.version):
        rows = conflicts(form, _saved(warehouse))
        return _page(warehouse, form, conflict_status(), rows=rows)
    if not valid:
        return _page(warehouse, form, 422)
    try:
        changed = warehouse_settings.save(warehouse, _values(form), user_id=current_user.id)
    except warehouses.WarehouseNameTaken:
        form.name.errors = [TAKEN]
        return _page(warehouse, form, 422)
    flash(_told(warehouse) if changed else "Nothing was changed.")
    db.session.commit()
    return redirect(url_for(".edit", warehouse_id=warehouse.id), 303)


def _told(warehouse: Warehouse) -> str:
    moved = move_dates(warehouse.connection_id) if warehouse.connection_id else 0
    return f"Settings of {warehouse.name} are saved.{moved_words(moved)}"


def _create(form: OwnWarehouseForm) -> Warehouse:
    values = _values(form)
    return warehouse_settings.create_own(
        values["name"], values["country"], address=values, user_id=current_user.id
    )


def _form(warehouse: Warehouse) -> WarehouseForm:
    sent = request.form if request.method == "POST" else None
    if warehouse.kind == WarehouseKind.OWN:
        return OwnWarehouseForm(sent, data=_saved(warehouse))
    if warehouse.kind != WarehouseKind.FBA or warehouse.connection_id is None:
        return WarehouseForm(sent, data=_saved(warehouse))
    above = settings.above_warehouse(warehouse)
    inherited = _source(above["default_source_id"].value)
    own = _source(warehouse.default_source_id)
    return FbaWarehouseForm(
        sent,
        data=_saved(warehouse),
        inherited=above,
        inherited_source=inherited.name if inherited and inherited.is_enabled else "",
        sources=warehouses.usable_sources(warehouse),
        lost=own.name if own and not own.is_enabled else "",
    )


def _source(warehouse_id: int | None) -> Warehouse | None:
    return db.session.get(Warehouse, warehouse_id) if warehouse_id else None


def _saved(warehouse: Warehouse) -> dict[str, Any]:
    """Return what the controls show: switches have no blank, so what is in force."""
    names = (*WarehouseForm.ADDRESS, "name", "country")
    shown = {name: getattr(warehouse, name) for name in names}
    for name in ("lead_time_days", "days_of_stock", "pickup_delay_days", "default_source_id"):
        shown[name] = getattr(warehouse, name)
    return shown | {
        "order_type": warehouse.order_type or "",
        "enabled": warehouse.disabled_at is None,
        "sync_inbound": settings.at_warehouse(warehouse)["sync_inbound"].value,
    }


def _values(form: WarehouseForm) -> dict[str, Any]:
    """Return what to store; an address line left blank is an empty text, not "inherit"."""
    values = form.values()
    texts = {name: values[name] or "" for name in form.ADDRESS}
    return values | texts


def _page(
    warehouse: Warehouse, form: WarehouseForm, status: int = 200, **context: Any
) -> ResponseReturnValue:
    ids = [settings.at_warehouse(warehouse)["default_source_id"].value]
    names = {one.id: one.name for one in map(_source, ids) if one}
    answer = render_template(
        "warehouses/edit.html",
        warehouse=warehouse,
        form=form,
        force=told(warehouse, settings.at_warehouse(warehouse), names),
        above=told(warehouse, settings.above_warehouse(warehouse), names),
        edited=edited(form, _saved(warehouse)),
        entries=history("warehouse", warehouse.id),
        **{"rows": None, **context},
    )
    return answer, status
