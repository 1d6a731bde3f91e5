"""/settings/warehouses/<id>: the settings of one warehouse, and their history."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import consequences as showing
from blueprints import settings_levels as levels
from blueprints import settings_pages as pages
from blueprints import settings_put_back
from blueprints.access import planners, viewers
from blueprints.connections.settings import chosen
from blueprints.connections.settings_forms import VersionedForm, refused_source
from blueprints.inheritance import told
from blueprints.warehouses.forms import FbaWarehouseForm, OwnWarehouseForm, WarehouseForm
from blueprints.warehouses.routes import TAKEN, bp
from extensions import db
from inventory.models import Change, OrderType, Warehouse, WarehouseKind
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
    level = _level(db.get_or_404(Warehouse, warehouse_id))
    return levels.convert(level, url_for(".edit", warehouse_id=warehouse_id))


@bp.post("/<int:warehouse_id>/conversion/<int:act_id>/undo")
@planners
def undo(warehouse_id: int, act_id: int) -> ResponseReturnValue:
    """Put converted orders back."""
    return levels.undo(_subject(warehouse_id), act_id)


@bp.route("/<int:warehouse_id>/history/<int:entry_id>", methods=["GET", "POST"])
@planners
def put_back(warehouse_id: int, entry_id: int) -> ResponseReturnValue:
    """Put the settings back as they were before an entry, after showing what that does."""
    return settings_put_back.page(_subject(warehouse_id), entry_id)


def _subject(warehouse_id: int) -> pages.Subject:
    warehouse = db.get_or_404(Warehouse, warehouse_id)
    return levels.subject(
        _level(warehouse),
        kind="warehouse",
        address=url_for("warehouses.edit", warehouse_id=warehouse.id),
        template="warehouses/edit.html",
        saved=_saved(warehouse),
        build=lambda sent: _form(warehouse, sent),
        values=_values,
        context=lambda: _context(warehouse),
    )


def _level(warehouse: Warehouse) -> levels.Level:
    def write(values: dict[str, Any], summary: str) -> Change | None:
        user_id = current_user.id
        try:
            return warehouse_settings.save(warehouse, values, user_id=user_id, summary=summary)
        except warehouses.WarehouseNameTaken:
            raise pages.Refused("name", TAKEN) from None

    return levels.Level(warehouse, write)


def _form(warehouse: Warehouse, sent: pages.Sent | None) -> WarehouseForm:
    if warehouse.kind == WarehouseKind.OWN:
        return OwnWarehouseForm(sent, data=_saved(warehouse))
    if not _is_fba(warehouse):
        return WarehouseForm(sent, data=_saved(warehouse))
    above = settings.above_warehouse(warehouse)
    wanted = above["default_source_id"].value
    inherited = db.session.get(Warehouse, wanted) if wanted else None
    return FbaWarehouseForm(
        sent,
        data=_saved(warehouse),
        inherited=above,
        inherited_source=inherited.name if inherited and inherited.is_enabled else "",
        sources=warehouses.usable_sources(warehouse),
        lost=levels.lost_source(settings.at_warehouse(warehouse)),
        refusal=refused_source(chosen(sent), warehouse.connection_id),
    )


def _is_fba(warehouse: Warehouse) -> bool:
    return warehouse.kind == WarehouseKind.FBA and warehouse.connection_id is not None


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


def _context(warehouse: Warehouse) -> dict[str, Any]:
    force = settings.at_warehouse(warehouse)
    above = settings.above_warehouse(warehouse)
    names = levels.source_names(force, above)
    seen = centres.seen(warehouse.connection_id) if warehouse.connection_id else []
    return {
        "warehouse": warehouse,
        "needs_source": force["order_type"].value == OrderType.TRANSFER,
        "force": told(warehouse, force, names),
        "above": told(warehouse, above, names),
        "centres": [one for one in seen if one.marketplace_id == warehouse.marketplace_id],
    }
