"""/settings/purchase-orders/history/<id>: the stock-order settings put back as they were."""

from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.conflicts import conflicts, is_stale
from blueprints.settings import routes
from blueprints.settings.forms import OrderSettingsForm
from blueprints.settings_acts import as_sent
from extensions import db
from inventory.models import Account
from inventory.services import order_settings, put_back
from inventory.services.put_back import Before


class Named(NamedTuple):
    """What the page calls the settings, and which version of them it shows."""

    name: str
    version: str


class Subject(NamedTuple):
    row: Named
    address: str


@routes.bp.get("/history/<int:entry_id>")
@planners
def restoration(entry_id: int) -> ResponseReturnValue:
    """Show what putting the settings back would change and do."""
    account = db.session.get_one(Account, 1)
    state, form = _asked(account, entry_id)
    return _confirm(account, state, form, 200 if form.validate() else 422)


@routes.bp.post("/history/<int:entry_id>")
@planners
def restore(entry_id: int) -> ResponseReturnValue:
    """Put the settings back as they were before an entry, as an entry of its own."""
    account = order_settings.locked()
    state, form = _asked(account, entry_id)
    if not form.validate():
        return _confirm(account, state, form, 422)
    if is_stale(order_settings.version(account)):
        return _confirm(account, state, form, 409)
    values = {name: value for name, value in form.values().items() if name in state.values}
    done = order_settings.save(
        account, values, user_id=current_user.id, summary="Put back as it was"
    )
    if done is not None:
        done.change.undoes_id = state.entry.id
    flash(routes.told(done).replace("are saved", "are put back"))
    db.session.commit()
    return redirect(_address(), 303)


def _asked(account: Account, entry_id: int) -> tuple[Before, OrderSettingsForm]:
    state = put_back.before(
        order_settings.SUBJECT, order_settings.SUBJECT_ID, entry_id, order_settings.RESTORABLE
    )
    if state is None:
        abort(404)
    sent = as_sent({**routes.saved(account), **state.values})
    return state, routes.build(account, sent)


def _confirm(
    account: Account, state: Before, form: OrderSettingsForm, status: int
) -> ResponseReturnValue:
    found: dict[str, Any] = {
        "subject": Subject(Named(order_settings.NAME, order_settings.version(account)), _address()),
        "entry": state.entry,
        "rows": conflicts(form, routes.saved(account)),
        "corrections": [],
        "errors": [(field.label.text, error) for field in form for error in field.errors],
        "preview": routes.preview(account, form, request.args),
        "is_stale": status == 409,
    }
    return render_template("settings/put_back.html", **found), status


def _address() -> str:
    return url_for("settings.purchase_orders")
