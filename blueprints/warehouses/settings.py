"""/settings/warehouses/<id>: the settings of one warehouse, and their history."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import consequences as showing
from blueprints import settings_acts as acts
from blueprints import settings_pages as pages
from blueprints.access import planners, viewers
from blueprints.connections.settings import chosen
from blueprints.connections.settings_forms import VersionedForm, refused_source
from blueprints.inheritance import told
from blueprints.warehouses.forms import FbaWarehouseForm, OwnWarehouseForm, WarehouseForm
from blueprints.warehouses.routes import TAKEN, bp
from extensions import db
from inventory.models import Change, Warehouse, WarehouseKind
from inventory.services import centres, settings, warehouse_settings, warehouses


@bp.get("/<int:warehouse_id>")
@viewers
def edit(warehouse_id: int) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    return pages.show(_subject(warehouse_id))


@bp.post("/<int:warehouse_id>")
@planners
def save(warehouse_id: int) -> ResponseReturnValue:
    """Save what differs, as one entry of the log."""
    return pages.save(_subject(warehouse_id))


@bp.get("/<int:warehouse_id>/consequences")
@planners
def consequences(warehouse_id: int) -> ResponseReturnValue:
    """Show what saving the form as typed would do."""
    return pages.consequences_of(_subject(warehouse_id))


@bp.post("/<int:warehouse_id>/consequences")
@planners
def ask(warehouse_id: int) -> ResponseReturnValue:
    """Lead a browser without script to the same by GET."""
    db.get_or_404(Warehouse, warehouse_id)
    return showing.by_address()


@bp.get("/<int:warehouse_id>/consequences/<kind>")
@planners
def affected(warehouse_id: int, kind: str) -> ResponseReturnValue:
    """List the rows behind a figure."""
    return pages.affected(_subject(warehouse_id), kind)


@bp.post("/<int:warehouse_id>/conversion")
@planners
def convert(warehouse_id: int) -> ResponseReturnValue:
    """Make open orders what the settings in force say."""
    return acts.convert(_subject(warehouse_id))


@bp.post("/<int:warehouse_id>/conversion/<int:act_id>/undo")
@planners
def undo(warehouse_id: int, act_id: int) -> ResponseReturnValue:
    """Put converted orders back."""
    return acts.undo(_subject(warehouse_id), act_id)


@bp.route("/<int:warehouse_id>/history/<int:entry_id>", methods=["GET", "POST"])
@planners
def put_back(warehouse_id: int, entry_id: int) -> ResponseReturnValue:
    """Put the settings back as they were before an entry, after showing what that does."""
    return acts.put_back_page(_subject(warehouse_id), entry_id)


def _subject(warehouse_id: int) -> pages.Subject:
    warehouse = db.get_or_404(Warehouse, warehouse_id)
    return pages.Subject(
        row=warehouse,
        kind="warehouse",
        address=url_for("warehouses.edit", warehouse_id=warehouse.id),
        template="warehouses/edit.html",
        saved=_saved(warehouse),
        build=lambda sent: _form(warehouse, sent),
        values=_values,
        store=lambda values, summary: _store(warehouse, values, summary),
        context=lambda: _context(warehouse),
    )


def _form(warehouse: Warehouse, sent: pages.Sent | None) -> WarehouseForm:
    if warehouse.kind == WarehouseKind.OWN:
        return OwnWarehouseForm(sent, data=_saved(warehouse))
    if not _is_fba(warehouse):
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
        refusal=refused_source(chosen(sent), warehouse.connection_id),
    )


def _is_fba(warehouse: Warehouse) -> bool:
    return warehouse.kind == WarehouseKind.FBA and warehouse.connection_id is not None


def _source(warehouse_id: int | None) -> Warehouse | None:
    return db.session.get(Warehouse, warehouse_id) if warehouse_id else None


def _saved(warehouse: Warehouse) -> dict[str, Any]:
    """Return what the controls show: switches have no blank, so what is in force."""
    names = (*WarehouseForm.ADDRESS, *WarehouseForm.BLANKS, "name", "country")
    shown = {name: getattr(warehouse, name) for name in names}
    shown["enabled"] = warehouse.disabled_at is None
    if not _is_fba(warehouse):
        return shown
    for name in ("pickup_delay_days", "default_source_id", "stock_basis"):
        shown[name] = getattr(warehouse, name)
    return shown | {
        "order_type": warehouse.order_type or "",
        "sync_inbound": settings.at_warehouse(warehouse)["sync_inbound"].value,
    }


def _values(form: VersionedForm) -> dict[str, Any]:
    """Return what to store; an address line left blank is an empty text, not "inherit"."""
    values = form.values()
    return values | {name: values[name] or "" for name in WarehouseForm.ADDRESS}


def _store(warehouse: Warehouse, values: dict[str, Any], summary: str) -> Change | None:
    try:
        return warehouse_settings.save(warehouse, values, user_id=current_user.id, summary=summary)
    except warehouses.WarehouseNameTaken:
        raise pages.Refused("name", TAKEN) from None


def _context(warehouse: Warehouse) -> dict[str, Any]:
    force = settings.at_warehouse(warehouse)
    source = _source(force["default_source_id"].value)
    names = {source.id: source.name} if source else {}
    seen = centres.seen(warehouse.connection_id) if warehouse.connection_id else []
    return {
        "warehouse": warehouse,
        "force": told(warehouse, force, names),
        "above": told(warehouse, settings.above_warehouse(warehouse), names),
        "centres": [one for one in seen if one.marketplace_id == warehouse.marketplace_id],
    }
