"""/settings/applications: the Amazon applications that connections renew their tokens with."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners
from blueprints.applications.forms import ApplicationForm
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import Application
from inventory.services import applications, changes, connections

bp = Blueprint("applications", __name__)
TAKEN = "Another application has this name."


@bp.get("/settings/applications")
@owners
def index() -> ResponseReturnValue:
    """Show the applications, the environment's first."""
    return page_or_fragment(
        "applications/index.html", "applications/_rows.html", listed=applications.listed()
    )


@bp.route("/settings/applications/new", methods=["GET", "POST"])
@owners
@once
def create() -> ResponseReturnValue:
    """Add an application."""
    form = ApplicationForm(request.form or None)
    if request.method == "GET" or not form.validate():
        return _edit(None, form, 422 if form.errors else 200)
    try:
        made = applications.create(_values(form), _secret(form), current_user.id)
    except applications.NameTaken:
        form.name.errors = [TAKEN]
        return _edit(None, form, 422)
    leads_to(url_for("applications.index"))
    db.session.commit()
    return _done(f"{made.name} added")


@bp.route("/settings/applications/<int:application_id>", methods=["GET", "POST"])
@owners
def edit(application_id: int) -> ResponseReturnValue:
    """Show and save an application. An empty secret keeps the stored one."""
    application = db.get_or_404(Application, application_id)
    has_secret = bool(application.client_secret_encrypted)
    form = ApplicationForm(request.form or None, obj=application, has_secret=has_secret)
    if request.method == "GET" or not form.validate():
        return _edit(application, form, 422 if form.errors else 200)
    if is_stale(application.version):
        return _edit(application, form, conflict_status(), stale=True)
    try:
        applications.change(application, _values(form), _secret(form), current_user.id)
    except applications.NameTaken:
        form.name.errors = [TAKEN]
        return _edit(application, form, 422)
    connections.try_refused(application.id, user_id=current_user.id)
    db.session.commit()
    return _done(f"{application.name} saved")


@bp.post("/settings/applications/<int:application_id>/delete")
@owners
def delete(application_id: int) -> ResponseReturnValue:
    """Delete an application that no connection uses."""
    application = db.get_or_404(Application, application_id)
    name = application.name
    try:
        applications.delete(application, current_user.id)
    except applications.ApplicationInUse as used:
        db.session.rollback()
        why = f"Used by {', '.join(used.names)}. Give those another application first."
        form = ApplicationForm(obj=application, has_secret=True)
        return _edit(application, form, 409, refusal=why)
    db.session.commit()
    return _done(f"{name} deleted")


def _values(form: ApplicationForm) -> dict[str, Any]:
    names = applications.FIELDS
    return {name: value for name, value in form.data.items() if name in names} | {
        "application_id": form.application_id.data or ""
    }


def _secret(form: ApplicationForm) -> str:
    return (form.client_secret.data or "").strip()


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return leave_for(url_for("applications.index"))


def _edit(
    application: Application | None, form: ApplicationForm, status: int = 200, **extra: Any
) -> Response:
    rows = last = None
    if application and extra.pop("stale", False):
        saved = {name: getattr(application, name) for name in applications.FIELDS}
        rows = conflicts(form, saved)
        last = next(iter(changes.history("application", application.id, 1)), None)
    context = {"rows": rows, "last": last, "refusal": None, **extra}
    return page_or_fragment(
        "applications/edit.html",
        "applications/_form.html",
        status=status,
        application=application,
        form=form,
        **context,
    )
