"""/settings/purchase-orders/statuses: the seller's own named statuses."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import settings_pages as pages
from blueprints.access import planners
from blueprints.settings.forms import StatusForm
from blueprints.settings.routes import bp, subject
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import OrderStatus, StatusType
from inventory.services import accounts, order_statuses
from inventory.services.order_statuses import StatusRefused


@bp.post("/statuses")
@planners
@once
def create_status() -> ResponseReturnValue:
    """Add a status."""
    form = StatusForm(request.form)
    if not form.validate():
        return _refused(form)
    try:
        row = order_statuses.add(
            form.name.data, StatusType(form.type.data), user_id=current_user.id
        )
    except StatusRefused as error:
        form.name.errors = [str(error)]
        return _refused(form)
    return _done(f"Status {row.name} is added.")


@bp.route("/statuses/<int:status_id>", methods=["GET", "POST"])
@planners
@once
def edit_status(status_id: int) -> ResponseReturnValue:
    """Rename a status, or give it another type."""
    row = db.get_or_404(OrderStatus, status_id)
    form = StatusForm(request.form if request.method == "POST" else None, obj=row)
    if request.method == "GET" or not form.validate():
        return _form(row.name, form)
    was = row.name
    try:
        changed = order_statuses.change(
            row, form.name.data, StatusType(form.type.data), user_id=current_user.id
        )
    except StatusRefused as error:
        form.name.errors = [str(error)]
        return _form(was, form)
    return _done(f"Status {row.name} is saved." if changed else "Nothing was changed.")


@bp.post("/statuses/<int:status_id>/removal")
@planners
def remove_status(status_id: int) -> ResponseReturnValue:
    """Delete a status that no order has."""
    row = db.get_or_404(OrderStatus, status_id)
    try:
        order_statuses.remove(row, user_id=current_user.id)
    except StatusRefused as error:
        db.session.rollback()
        flash(str(error), "error")
        return redirect(_address(), 303)
    return _done(f"Status {row.name} is deleted.")


def _done(sentence: str) -> ResponseReturnValue:
    leads_to(_address())
    flash(sentence)
    db.session.commit()
    return redirect(_address(), 303)


def _refused(form: StatusForm) -> ResponseReturnValue:
    db.session.rollback()
    shown = subject(accounts.account())
    return pages.page(shown, shown.build(None), 422, status_form=form)


def _form(name: str, form: StatusForm) -> ResponseReturnValue:
    if form.errors:
        db.session.rollback()
    count = order_statuses.counts().get(name, 0)
    status = 422 if form.errors else 200
    shown = {"name": name}
    return render_template("settings/status.html", form=form, status=shown, count=count), status


def _address() -> str:
    return url_for("settings.purchase_orders") + "#statuses"
