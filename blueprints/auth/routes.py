"""/login, /logout: who is at the keyboard."""

import logging

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import viewers
from blueprints.auth import sessions
from blueprints.auth.forms import LoginForm
from blueprints.redirects import leave_for, local_path
from blueprints.responses import page_or_fragment
from extensions import db
from inventory.models import User
from inventory.services import passwords, throttles, users

bp = Blueprint("auth", __name__)
logger = logging.getLogger(__name__)


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Show the sign-in form, and sign in."""
    form = LoginForm(request.form or None, next=request.args.get("next"))
    home = local_path(form.next.data) or url_for("home.index")
    if request.method == "GET":
        return redirect(home, 303) if current_user.is_authenticated else _page(form)
    if not form.validate():
        return _page(form, 422)
    keys = f"account:{form.email.data.lower()[:254]}", f"address:{request.remote_addr}"
    if wait_s := throttles.wait_s(*keys):
        return _ask_to_wait(form, wait_s)
    throttles.count_attempt(*keys)
    db.session.commit()  # counted whatever happens; and no lock is held while hashing
    user = _identify(form.email.data, form.password.data)
    if user is None:
        form.password.errors = ["E-mail and password do not match."]
        return _page(form, 422)
    throttles.clear(*keys)
    sessions.begin(user)
    db.session.commit()
    return leave_for(home)


@bp.post("/logout")
@viewers
def logout() -> ResponseReturnValue:
    """End the session of this browser."""
    sessions.end()
    flash("You are signed out.")
    return leave_for(url_for("auth.login"))


def _identify(email: str, password: str) -> User | None:
    """Return the user with this e-mail and password. Takes as long when there is none."""
    user = users.by_email(email)
    may_enter = user is not None and user.is_active
    kept = user.password_hash if user and may_enter else None
    db.session.rollback()
    if not passwords.matches(password, kept):
        logger.warning("sign-in refused: user %s from %s", user and user.id, request.remote_addr)
        return None
    assert user is not None
    assert kept is not None
    if user.password_hash != kept or not user.is_active:  # changed while we were hashing
        return None
    if passwords.outdated(kept):
        user.password_hash = passwords.hashed(password)
    logger.info("sign-in: user %s from %s", user.id, request.remote_addr)
    return user


def _page(form: LoginForm, status: int = 200) -> Response:
    return page_or_fragment("auth/login.html", "auth/_login.html", status=status, form=form)


def _ask_to_wait(form: LoginForm, wait_s: int) -> Response:
    minutes = -(-wait_s // 60)
    wait = f"{wait_s} seconds" if wait_s < 60 else f"{minutes} minute{'s' * (minutes > 1)}"
    form.password.errors = [f"Too many failed sign-ins. Try again in {wait}."]
    logger.warning("sign-in not tried: %s must wait %s s", request.remote_addr, wait_s)
    answer = _page(form, 429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
