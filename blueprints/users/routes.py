"""/settings/users: who may come in, and as what."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment
from blueprints.submissions import leads_to, once
from blueprints.users.forms import NewUserForm, UserForm
from extensions import db
from inventory.models import Role, User
from inventory.services import accounts, changes, links, users

bp = Blueprint("users", __name__)
TAKEN = "Somebody with this e-mail address is a user already."
KEPT = "The log tells of this user, so they stay listed. Disable them instead."
LAST_OWNER = "This is the last owner who can sign in. Make somebody else an owner first."


@bp.route("/settings/users", methods=["GET", "POST"])
@owners
@once
def index() -> ResponseReturnValue:
    """Show the users, and add one: the answer shows their one-time link, once."""
    form = NewUserForm(request.form or None)
    if request.method == "GET" or not form.validate():
        return _list(form)
    fields = {"email": form.email.data, "name": form.name.data, "role": Role(form.role.data)}
    try:
        user = users.create(**fields, by=current_user.id)
    except users.EmailTaken:
        form.email.errors = [TAKEN]
        return _list(form)
    return _show_link(user)


@bp.route("/settings/users/<int:user_id>", methods=["GET", "POST"])
@owners
def edit(user_id: int) -> ResponseReturnValue:
    """Show one user, and save name and role."""
    user = db.get_or_404(User, user_id)
    form = UserForm(request.form or None, obj=user)
    if request.method == "GET" or not form.validate():
        return _edit(user, form, 422 if form.errors else 200)
    users.one_at_a_time()
    db.session.refresh(user)
    if is_stale(users.version(user)):
        return _edit(user, form, conflict_status(), stale=True)
    try:
        users.change(user, name=form.name.data, role=Role(form.role.data), by=current_user.id)
    except users.LastOwner:
        form.role.errors = [LAST_OWNER]
        return _edit(user, form, 422)
    db.session.commit()
    flash(f"{user.shown_name} saved")
    return leave_for(url_for("users.index"))


@bp.post("/settings/users/<int:user_id>/link")
@owners
@once
def make_link(user_id: int) -> ResponseReturnValue:
    """Make a one-time link by which the user chooses a new password; show it once."""
    return _show_link(db.get_or_404(User, user_id))


@bp.post("/settings/users/<int:user_id>/disable")
@owners
def disable(user_id: int) -> ResponseReturnValue:
    """Lock a user out; their sessions end."""
    return _act(user_id, users.disable, "{} is disabled. Their sessions have ended.")


@bp.post("/settings/users/<int:user_id>/enable")
@owners
def enable(user_id: int) -> ResponseReturnValue:
    """Let a disabled user sign in again."""
    return _act(user_id, users.enable, "{} can sign in again.")


@bp.post("/settings/users/<int:user_id>/remove")
@owners
def remove(user_id: int) -> ResponseReturnValue:
    """Delete a user who never signed in."""
    return _act(user_id, users.remove, "{} is removed.")


def _act(user_id: int, act: Callable[[User, int], None], told: str) -> ResponseReturnValue:
    user = db.get_or_404(User, user_id)
    name = user.shown_name
    try:
        act(user, current_user.id)
    except (users.LastOwner, users.HasSignedIn) as refused:
        db.session.rollback()
        why = LAST_OWNER if isinstance(refused, users.LastOwner) else KEPT
        return _edit(user, UserForm(obj=user), 409, refusal=why)
    db.session.commit()
    flash(told.format(name))
    return leave_for(url_for("users.index"))


def _show_link(user: User) -> Response:
    """Answer with the page that shows a new link: stored nowhere, so not after a redirect."""
    token = links.make(user)
    users.record_link(user, current_user.id)
    leads_to(url_for("users.edit", user_id=user.id))
    db.session.commit()
    path = url_for("auth.accept", token=token)
    base = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return _list(NewUserForm(), invited=user, link=base + path)


def _list(form: NewUserForm, *, invited: User | None = None, link: str | None = None) -> Response:
    people = [
        (user, user.signed_in_at and accounts.today(user.signed_in_at)) for user in users.listed()
    ]
    return page_or_fragment(
        "users/index.html",
        "users/_users.html",
        status=422 if form.errors else 200,
        form=form,
        people=people,
        invited=invited,
        link=link,
    )


def _edit(user: User, form: UserForm, status: int = 200, **extra: Any) -> Response:
    rows = last = None
    if extra.pop("stale", False):
        rows = conflicts(form, {"name": user.name, "role": user.role.value})
        last = next(iter(changes.history("user", user.id, 1)), None)
    context = {"rows": rows, "last": last, "refusal": None, **extra}
    return page_or_fragment(
        "users/edit.html",
        "users/_form.html",
        status=status,
        user=user,
        form=form,
        version=users.version(user),
        **context,
    )
