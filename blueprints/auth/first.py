"""/setup, /welcome: the first time somebody comes in."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.auth import sessions
from blueprints.auth.forms import AcceptForm, SetupForm
from blueprints.auth.routes import bp
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment
from extensions import db
from inventory.models import OneTimeLink
from inventory.services import links, setup, users

OPEN_BEFORE_SETUP = ("static", "status.healthz", "auth.setup")


@bp.before_app_request
def lead_to_setup() -> ResponseReturnValue | None:
    """Until there is a user, every page leads to the first one."""
    if request.endpoint in OPEN_BEFORE_SETUP or request.method not in ("GET", "HEAD"):
        return None
    if current_user.is_authenticated:
        return None
    return redirect(url_for("auth.setup"), 303) if setup.is_needed() else None


@bp.route("/setup", methods=["GET", "POST"], endpoint="setup")
def first_owner() -> ResponseReturnValue:
    """Make the first owner and the account: once, with the token the server printed."""
    if not setup.is_needed():
        abort(404)
    form = SetupForm(
        request.form or None,
        token=request.args.get("token"),
        timezone=current_app.config["TIMEZONE"],
        currency="USD",
    )
    knows = setup.token_matches(form.token.data or "")
    if request.method == "POST" and knows and form.validate():
        return _set_up(form)
    status = 422 if form.errors else 200 if knows or request.method == "GET" else 403
    return page_or_fragment(
        "auth/setup.html", "auth/_setup.html", status=status, form=form, knows=knows
    )


def _set_up(form: SetupForm) -> ResponseReturnValue:
    data = form.data
    data.pop("token")
    try:
        owner = setup.start(**data)
    except setup.AlreadySetUp:
        db.session.rollback()
        flash("Somebody else set this installation up a moment ago.", "error")
        return leave_for(url_for("auth.login"))
    sessions.begin(owner)
    db.session.commit()
    setup.forget_token()
    return leave_for(url_for("home.index"))


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def accept(token: str) -> ResponseReturnValue:
    """Let the owner of a one-time link choose a password, once."""
    link = links.find(token)
    if link is None:
        return page_or_fragment("auth/link_ended.html", "auth/_link_ended.html", status=404)
    form = AcceptForm(request.form or None, obj=link.user, person=link.user)
    if request.method == "POST" and form.validate():
        return _let_in(link, form)
    status = 422 if form.errors else 200
    return page_or_fragment(
        "auth/accept.html", "auth/_accept.html", status=status, form=form, user=link.user
    )


def _let_in(link: OneTimeLink, form: AcceptForm) -> ResponseReturnValue:
    user = link.user
    if not links.use_up(link):
        return page_or_fragment("auth/link_ended.html", "auth/_link_ended.html", status=404)
    user.name = form.name.data
    users.set_password(user, form.password.data, user.id, "Password chosen by one-time link")
    sessions.begin(user)
    db.session.commit()
    return leave_for(url_for("home.index"))
