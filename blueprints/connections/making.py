"""/settings/connections/new: connect a seller account, and watch it arrive."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from blueprints.access import owners
from blueprints.connections.forms import ConnectForm
from blueprints.oauth.leaving import leave
from blueprints.responses import wants_fragment
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import Connection
from inventory.rules.marketplaces import MARKETPLACES, in_region
from inventory.services import applications, connecting, connection_drafts
from inventory.services.connections import AlreadyConnected, NameTaken
from inventory.services.first_sync import FirstSync, first_sync, has_worked

bp = Blueprint("connecting", __name__, url_prefix="/settings/connections")


@bp.route("/new", methods=["GET", "POST"])
@owners
@once
def create() -> ResponseReturnValue:
    """Show the form, and connect the seller account entered in it."""
    kept = connection_drafts.find(request.form.get("draft"), current_user.id)
    form = ConnectForm(
        request.form or None, applications=applications.choices(), kept=kept is not None
    )
    if "authorise" in request.form:
        return _authorise(form)
    if request.method == "POST" and form.validate():
        connection = _connected(form, kept)
        if connection is not None:
            connection_drafts.forget(form.draft.data)
            address = url_for(".start", connection_id=connection.id)
            leads_to(address)
            db.session.commit()
            return redirect(address, 303)
    if form.errors:
        _keep_token(form)
        db.session.commit()
    return _page(form), 422 if form.errors else 200


@bp.get("/new/marketplace")
@owners
def marketplace() -> ResponseReturnValue:
    """Return what choosing a marketplace means: region, currency, warehouses."""
    return render_template("connections/_marketplace.html", **_meaning(request.args.to_dict()))


@bp.get("/<int:connection_id>/start")
@owners
def start(connection_id: int) -> ResponseReturnValue:
    """Show how far a new connection has got; what Amazon refuses can be corrected here."""
    connection = db.get_or_404(Connection, connection_id)
    sync = first_sync(connection)
    return render_template("connections/start.html", **_arrival(connection, sync))


@bp.get("/<int:connection_id>/progress")
@owners
def progress(connection_id: int) -> ResponseReturnValue:
    """Return the steps alone; they ask for themselves again until the first sync is over."""
    connection = db.get_or_404(Connection, connection_id)
    sync = first_sync(connection)
    return render_template("connections/_start.html", **_arrival(connection, sync))


@bp.post("/<int:connection_id>/correction")
@owners
def correct(connection_id: int) -> ResponseReturnValue:
    """Take corrected details of a connection that has never worked, and try again."""
    connection = db.get_or_404(Connection, connection_id)
    if has_worked(connection):
        return redirect(url_for("connections.index"), 303)
    form = ConnectForm(request.form, applications=applications.choices(), kept=True)
    if form.validate() and _corrected(connection, form):
        db.session.commit()
        return redirect(url_for(".start", connection_id=connection.id), 303)
    db.session.rollback()
    context = _arrival(connection, first_sync(connection), form)
    return render_template("connections/start.html", **context), 422


def _connected(form: ConnectForm, kept: str | None) -> Connection | None:
    try:
        details = form.details(form.token.data or kept)
        return connecting.create(details, user_id=current_user.id)
    except (NameTaken, AlreadyConnected) as refusal:
        _explain(form, refusal)
        return None


def _corrected(connection: Connection, form: ConnectForm) -> bool:
    try:
        connecting.correct(connection, form.details(form.token.data), user_id=current_user.id)
    except (NameTaken, AlreadyConnected) as refusal:
        _explain(form, refusal)
        return False
    return True


def _explain(form: ConnectForm, refusal: NameTaken | AlreadyConnected) -> None:
    if isinstance(refusal, NameTaken):
        form.name.errors = ["Another connection has this name. Choose a different one."]
        return
    where = form.marketplace_id if form.is_sandbox else form.seller_id
    what = "The sandbox seller" if form.is_sandbox else "This seller account"
    region = MARKETPLACES[form.marketplace_id.data].region
    where.errors = [
        f"{what} is already connected in this region, as {refusal.name}. "
        f"One connection covers all its marketplaces there ({_countries(region)})."
    ]


def _countries(region: str) -> str:
    return ", ".join(one.country for one in in_region(region))


def _keep_token(form: ConnectForm) -> None:
    """The token goes into a draft on the server; the browser gets the draft's key."""
    if form.token.data and not form.token.errors:
        form.draft.data = connection_drafts.keep(form.token.data, current_user.id)
        form.kept = True
    elif not form.kept:
        form.draft.data = None


def _authorise(form: ConnectForm) -> ResponseReturnValue:
    """Go on at Amazon: it needs no seller ID and no token, Amazon gives both."""
    wanted = (form.name, form.marketplace_id, form.application_id)
    form.validate()
    problems = {field.name: field.errors for field in wanted if field.errors}
    if not problems:
        return leave(
            marketplace_id=form.marketplace_id.data,
            name=form.name.data,
            application_id=form.application_id.data,
        )
    for field in form:
        field.errors = problems.get(field.name, [])
    _keep_token(form)
    db.session.commit()
    return _page(form), 422


def _page(form: ConnectForm) -> str:
    rows = db.session.scalars(select(Connection).order_by(Connection.seller_id, Connection.region))
    return render_template(
        "connections/new.html",
        form=form,
        action=url_for(".create"),
        connected=rows.all(),
        can_authorise=any(one.application_id for one in applications.listed()),
        **_meaning({"marketplace_id": form.marketplace_id.data, "name": form.name.data}),
    )


def _meaning(values: Mapping[str, str | None]) -> dict[str, object]:
    first = next(iter(MARKETPLACES.values()))
    chosen = MARKETPLACES.get(values.get("marketplace_id") or "", first)
    count = len(in_region(chosen.region))
    return {"chosen": chosen, "count": count, "name": values.get("name") or ""}


def _arrival(
    connection: Connection, sync: FirstSync, form: ConnectForm | None = None
) -> dict[str, object]:
    """Return what the page shows; a refusal of Amazon's stands beside the field it is about."""
    if form is None and sync.problem and not has_worked(connection):
        form = ConnectForm.of(connection, applications=applications.choices())
        field = {"client_refused": form.application_id}.get(connection.trouble_reason)
        if connection.trouble_reason.startswith("token"):
            field = form.token
        if field is not None:
            field.errors = [sync.problem]
    return {
        "connection": connection,
        "sync": sync,
        "form": form,
        "action": url_for("connecting.correct", connection_id=connection.id),
        "can_authorise": False,
        "fragment": wants_fragment(),
        **_meaning({"marketplace_id": connection.primary_marketplace_id, "name": connection.name}),
    }
