"""/settings/warehouses/new: a warehouse of the seller's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.submissions import leads_to, once
from blueprints.warehouses.forms import OwnWarehouseForm
from extensions import db
from inventory.models import Warehouse
from inventory.services import warehouse_settings, warehouses

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


def _create(form: OwnWarehouseForm) -> Warehouse:
    values = form.values()
    return warehouse_settings.create_own(
        values["name"], values["country"], address=values, user_id=current_user.id
    )
