"""/settings/purchase-orders: the stock-order settings of the whole installation."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from blueprints import consequences as showing
from blueprints.access import planners, viewers
from blueprints.conflicts import Conflict, conflict_status, conflicts, is_stale
from blueprints.inheritance import edited, moved_words
from blueprints.presentation import units
from blueprints.responses import wants_fragment
from blueprints.settings.forms import TYPES, OrderSettingsForm, StatusForm
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import Account
from inventory.rules.statuses import BUILT_IN
from inventory.services import (
    accounts,
    order_settings,
    order_settings_preview,
    order_statuses,
    put_back,
)
from inventory.services.history import history
from inventory.services.order_settings import NumberTaken, Saved

bp = Blueprint("settings", __name__, url_prefix="/settings/purchase-orders")
Sent = MultiDict[str, str]
STALE = "Somebody saved this meanwhile: the figures are for what is saved now. Reload to see it."
DAYS = ("lead_time_days", "ignore_after_days")


@bp.get("")
@viewers
def purchase_orders() -> ResponseReturnValue:
    """Show the settings in force, the named statuses, and the history of both."""
    account = accounts.account()
    return page(account, build(account))


@bp.post("")
@planners
@once
def save() -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    account = order_settings.locked()
    if "reset" in request.form:
        return _reset(account)
    form = build(account, request.form)
    valid = form.validate()
    if is_stale(order_settings.version(account)):
        rows = conflicts(form, saved(account))
        return page(account, form, conflict_status(), sent=request.form, rows=rows)
    if not valid:
        return page(account, form, 422, sent=request.form)
    try:
        done = order_settings.save(account, form.values(), user_id=current_user.id)
    except NumberTaken as error:
        form.next_reference.errors = [taken(error)]
        return page(account, form, 422, sent=request.form)
    flash(told(done))
    leads_to(url_for(".purchase_orders"))
    db.session.commit()
    return redirect(url_for(".purchase_orders"), 303)


@bp.get("/consequences")
@planners
def consequences() -> ResponseReturnValue:
    """Show what saving the form as typed would do; without script, beside the whole form."""
    account = accounts.account()
    form = build(account, request.args)
    form.validate()
    if wants_fragment():
        return showing.fragment(preview(account, form, request.args))
    return page(account, form, sent=request.args)


@bp.post("/consequences")
@planners
def ask() -> ResponseReturnValue:
    """Lead a browser without script to the same by GET."""
    return showing.by_address()


@bp.get("/consequences/<kind>")
@planners
def affected(kind: str) -> ResponseReturnValue:
    """List the rows behind a figure."""
    account = accounts.account()
    form = build(account, request.args)
    form.validate()
    try:
        title, rows = order_settings_preview.rows(account, typed(form), kind, showing.LIMIT)
    except KeyError:
        abort(404)
    shown = showing.preview(url_for(".consequences"), [], request.args)
    return showing.listing(shown, title, order_settings.NAME, rows)


def build(account: Account, sent: Sent | None = None) -> OrderSettingsForm:
    """Return the form as stored, or as it was ``sent``."""
    return OrderSettingsForm(
        sent,
        data={**saved(account), "next_seen": str(account.next_reference)},
        statuses=order_settings.default_statuses(),
    )


def saved(account: Account) -> dict[str, Any]:
    """Return what the controls show, by field."""
    return order_settings.shown(account)


def typed(form: OrderSettingsForm) -> dict[str, Any]:
    """Return what would be stored; a field with an error stays as it is."""
    return {name: value for name, value in form.values().items() if not form[name].errors}


def preview(account: Account, form: OrderSettingsForm, sent: Sent) -> showing.Preview:
    """Return what saving the valid fields of ``form`` would do."""
    changed, trouble = edited(form, saved(account)), ""
    version = order_settings.version(account)
    if sent.get("version", version) != version:
        trouble = STALE
    elif wrong := [field.label.text for field in form if field.errors]:
        trouble = f"Not counted, because it cannot be saved so: {', '.join(wrong)}."
    elif changed:
        trouble = _number_trouble(account, form)
    found = order_settings_preview.of(account, typed(form)) if changed else []
    shown = showing.preview(url_for(".consequences"), found, sent, is_edited=bool(changed))
    return replace(shown, trouble=trouble)


def told(done: Saved | None) -> str:
    """Return what a save did, in sentences."""
    if done is None:
        return "Nothing was changed."
    words = ["The stock-order settings are saved." + moved_words(done.moved)]
    if done.evaluated.ignored:
        words.append(f"Now ignored: {units(done.evaluated.ignored, 'shipment')}.")
    if done.evaluated.counted:
        words.append(f"Counted again: {units(done.evaluated.counted, 'shipment')}.")
    return " ".join(words)


def taken(error: NumberTaken) -> str:
    """Return why a number cannot be the next one."""
    return f"There is an order {error} already. Choose a higher number."


def page(
    account: Account,
    form: OrderSettingsForm,
    status: int = 200,
    *,
    sent: Sent | None = None,
    rows: list[Conflict] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Return the page with the form as it was typed, and what saving it would do."""
    entries = history(order_settings.SUBJECT, order_settings.SUBJECT_ID)
    # Where both versions are shown, the figures are told for the form as it stands there.
    asked = MultiDict(sent or {})
    if rows is not None:
        asked.poplist("version")
    answer = render_template(
        "settings/purchase_orders.html",
        version=order_settings.version(account),
        form=form,
        force=_force(account),
        above={"lead_time_days": ("14 days", "built-in default")},
        saved=saved(account),
        edited=edited(form, saved(account)),
        rows=rows,
        preview=preview(account, form, asked),
        built_in=BUILT_IN,
        types=TYPES,
        own=order_statuses.own(),
        counts=order_statuses.counts(),
        entries=entries,
        restorable={
            one.id
            for one in entries
            if put_back.is_restorable(one.cause, one.names, order_settings.RESTORABLE)
        },
        undone={one.undoes_id for one in entries},
        **{"status_form": StatusForm(), **context},
    )
    return answer, status


def _reset(account: Account) -> ResponseReturnValue:
    """Blank what should be inherited, and show the form; nothing is saved yet."""
    db.session.rollback()
    sent = MultiDict(request.form)
    for name in OrderSettingsForm.BLANKS:
        sent.setlist(name, [""])
    form = build(account, sent)
    form.validate()
    return page(account, form, sent=sent)


def _number_trouble(account: Account, form: OrderSettingsForm) -> str:
    try:
        order_settings.check_number(account, typed(form))
    except NumberTaken as error:
        return taken(error)
    return ""


def _force(account: Account) -> dict[str, tuple[str, str]]:
    """Return each setting in force in words, and who said so."""
    return {name: _said(name, value) for name, value in saved(account).items()}


def _said(name: str, value: Any) -> tuple[str, str]:
    is_default = value == order_settings.DEFAULTS[name]
    source = "built-in default" if is_default else "set here"
    if name == "lead_time_days" and value is None:
        return "14 days", source
    if name in DAYS:
        return units(value, "day"), source
    if isinstance(value, bool):
        return "on" if value else "off", source
    if name == "next_reference":
        return str(value), "counted by Stockbridge"
    return str(value) or "none", source
