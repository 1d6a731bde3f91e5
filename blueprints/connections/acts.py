"""The menu beside a connection: rename, replace token, application, disable, delete."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import owners
from blueprints.connections.forms import ApplicationForm, DeletionForm, NameForm, TokenForm
from blueprints.forms import BaseForm
from blueprints.oauth.leaving import leave
from extensions import db
from inventory.models import Connection
from inventory.services import applications, connection_removal, connections

bp = Blueprint("connection_acts", __name__, url_prefix="/settings/connections/<int:connection_id>")


@bp.route("/name", methods=["GET", "POST"])
@owners
def rename(connection_id: int) -> ResponseReturnValue:
    """Rename the connection; its warehouses follow."""
    connection = db.get_or_404(Connection, connection_id)
    form = NameForm(request.form or None, obj=connection)

    def act() -> str:
        connections.rename(connection, form.name.data, user_id=current_user.id)
        return f"Renamed to {form.name.data}. Its warehouses follow."

    return _do(connection, form, "rename", act)


@bp.route("/token", methods=["GET", "POST"])
@owners
def replace_token(connection_id: int) -> ResponseReturnValue:
    """Take a new refresh token, and try it at once."""
    connection = db.get_or_404(Connection, connection_id)
    if "authorise" in request.form:
        return leave(
            marketplace_id=connection.primary_marketplace_id,
            name=connection.name,
            application_id=connection.application_id,
            connection_id=connection.id,
        )
    form = TokenForm(request.form or None)

    def act() -> str:
        connections.replace_token(connection, form.token.data, user_id=current_user.id)
        if not connection.is_enabled:
            return "The new token is kept. It is tested once the connection is enabled."
        return "The new token is being tested; syncing then catches up by itself."

    return _do(connection, form, "token", act, then="connections.show_test")


@bp.route("/application", methods=["GET", "POST"])
@owners
def change_application(connection_id: int) -> ResponseReturnValue:
    """Choose another Amazon application, and try it at once."""
    connection = db.get_or_404(Connection, connection_id)
    form = ApplicationForm(
        request.form or None, obj=connection, applications=applications.choices()
    )

    def act() -> str:
        chosen = form.application_id.data
        connections.change_application(connection, chosen, user_id=current_user.id)
        if not connection.is_enabled:
            return "The application is chosen. It is tested once the connection is enabled."
        return "The application is being tested with this connection's token."

    return _do(connection, form, "application", act, then="connections.show_test")


@bp.post("/disabling")
@owners
def disable(connection_id: int) -> ResponseReturnValue:
    """Stop syncing the connection; everything known is kept."""
    connection = db.get_or_404(Connection, connection_id)
    connections.disable(connection, user_id=current_user.id)
    db.session.commit()
    flash(f"{connection.name} is disabled. Nothing is read until it is enabled again.")
    return redirect(url_for("connections.index"), 303)


@bp.post("/enabling")
@owners
def enable(connection_id: int) -> ResponseReturnValue:
    """Sync the connection again."""
    connection = db.get_or_404(Connection, connection_id)
    connections.enable(connection, user_id=current_user.id)
    db.session.commit()
    flash(f"{connection.name} is enabled and catches up now.")
    return redirect(url_for("connections.index"), 303)


@bp.route("/deletion", methods=["GET", "POST"])
@owners
def delete(connection_id: int) -> ResponseReturnValue:
    """Delete the connection and everything read through it, once its name was typed."""
    connection = db.get_or_404(Connection, connection_id)
    name = connection.name
    form = DeletionForm(request.form or None, name=name)
    losses = connection_removal.losses(connection)

    def act() -> str:
        connection_removal.purge(connection, user_id=current_user.id)
        return f"{name} is deleted, with everything read through it."

    return _do(connection, form, "delete", act, losses=losses)


def _do(
    connection: Connection,
    form: BaseForm,
    page: str,
    act: Callable[[], str],
    *,
    then: str = "connections.index",
    **context: Any,
) -> ResponseReturnValue:
    """Show the form; when it is sent and valid, act, commit, and say what was done."""
    connection_id = connection.id
    if request.method == "POST" and form.validate():
        try:
            told = act()
        except connections.NameTaken:
            form["name"].errors = ["Another connection has this name. Choose a different one."]
        else:
            db.session.commit()
            flash(told)
            return redirect(_after(then, connection_id), 303)
    answer = render_template(
        f"connections/{page}.html", connection=connection, form=form, **_authorisation(), **context
    )
    return answer, 422 if form.errors else 200


def _after(endpoint: str, connection_id: int) -> str:
    if endpoint == "connections.index":
        return url_for(endpoint)
    return url_for(endpoint, connection_id=connection_id)


def _authorisation() -> dict[str, bool]:
    return {"can_authorise": any(one.application_id for one in applications.listed())}
