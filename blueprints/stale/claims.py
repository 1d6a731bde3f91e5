"""/shipments/stale/claims: when missing units can be claimed, by marketplace."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.stale.acts import bp
from blueprints.stale.forms import WindowForm
from extensions import db
from inventory.rules.claims import DEFAULT, Window
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import claim_windows


@bp.route("/shipments/stale/claims", methods=["GET", "POST"])
@planners
def claims() -> ResponseReturnValue:
    """Show the claim windows; take what Amazon says in each marketplace."""
    known = claim_windows.windows()
    forms = {
        one: WindowForm(request.form or None, obj=known.get(one, DEFAULT), prefix=one)
        for one in claim_windows.marketplaces()
    }
    if request.method == "GET":
        return _page(forms)
    if [form for form in forms.values() if not form.validate()]:
        return _page(forms), 422
    wanted = {
        one: Window(form.opens_after_days.data, form.closes_after_days.data)
        for one, form in forms.items()
    }
    changed = claim_windows.save(wanted, user_id=current_user.id)
    db.session.commit()
    flash("Saved." if changed else "Nothing was changed.", "ok")
    return redirect(f"{request.script_root}/shipments/stale/claims", 303)


def _page(forms: dict[str, WindowForm]) -> str:
    rows = [(MARKETPLACES[one].name, form) for one, form in forms.items()]
    return render_template("stale/claims.html", rows=rows, default=DEFAULT)
