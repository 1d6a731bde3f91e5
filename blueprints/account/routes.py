"""/settings/account: time zone and currency of the installation; theme and password of a user."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners, viewers
from blueprints.account.forms import AccountForm, ChangePasswordForm, ThemeForm
from blueprints.auth import sessions
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment, wants_fragment
from extensions import db
from inventory.models import Account
from inventory.services import account_settings, accounts, changes, passwords, throttles, users

bp = Blueprint("account", __name__)


@bp.get("/settings/account")
@viewers
def show() -> ResponseReturnValue:
    """Show the account page."""
    return _page("account/_settings.html")


@bp.post("/settings/account")
@owners
def save() -> ResponseReturnValue:
    """Save time zone and main currency."""
    account = account_settings.ensure()
    form = AccountForm(request.form or None, obj=account)
    if not form.validate():
        return _page("account/_settings.html", 422, account_form=form)
    if is_stale(account_settings.version(account)):
        return _page("account/_settings.html", conflict_status(), **_conflict(form, account))
    account_settings.change(
        account, timezone=form.timezone.data, currency=form.currency.data, by=current_user.id
    )
    db.session.commit()
    return _saved("account/_settings.html", "Saved")


@bp.post("/settings/account/theme")
@viewers
def theme() -> ResponseReturnValue:
    """Save the user's own theme. Always a whole page: the theme stands on its root."""
    form = ThemeForm(request.form or None)
    if not form.validate():
        return _page("account/_theme.html", 422, theme_form=form)
    account_settings.choose_theme(current_user, form.theme.data)
    db.session.commit()
    flash("Theme saved")
    return leave_for(url_for("account.show"))


@bp.route("/settings/account/password", methods=["GET", "POST"])
@viewers
def password() -> ResponseReturnValue:
    """Change one's own password; other sessions end, this one goes on."""
    if request.method == "GET":
        return redirect(url_for("account.show") + "#password-form", 303)
    form = ChangePasswordForm(request.form or None, person=current_user)
    if not form.validate() or not _knows_current(form):
        return _page("account/_password.html", 422, password_form=form)
    users.set_password(current_user, form.password.data, current_user.id)
    sessions.go_on(current_user)
    db.session.commit()
    return _saved("account/_password.html", "Password changed. Your other sessions have ended.")


def _knows_current(form: ChangePasswordForm) -> bool:
    """Check the current password, as slowly for guessers as the sign-in page."""
    key = f"account:{current_user.email}"
    if throttles.wait_s(key):
        form.current.errors = ["Too many wrong passwords. Try again in a few minutes."]
        return False
    if passwords.matches(form.current.data, current_user.password_hash):
        return True
    throttles.count_attempt(key)
    db.session.commit()
    form.current.errors = ["That is not your current password."]
    return False


def _conflict(form: AccountForm, account: Account) -> dict[str, Any]:
    saved = {"timezone": account.timezone, "currency": account.currency}
    last = next(iter(changes.history("account", 1, 1)), None)
    return {"account_form": form, "rows": conflicts(form, saved), "last": last}


def _saved(fragment: str, sentence: str) -> ResponseReturnValue:
    if wants_fragment():
        return _page(fragment, toast=sentence)
    flash(sentence)
    return redirect(url_for("account.show"), 303)


def _page(fragment: str, status: int = 200, *, toast: str | None = None, **given: Any) -> Response:
    account = accounts.account()
    forms = {
        "account": account,
        "version": account_settings.version(account),
        "account_form": given.get("account_form") or AccountForm(obj=account),
        "theme_form": ThemeForm(obj=current_user),
        "password_form": ChangePasswordForm(person=current_user),
    }
    context = {"rows": None, "last": None, **forms, **given}
    return page_or_fragment("account/show.html", fragment, status=status, toast=toast, **context)
