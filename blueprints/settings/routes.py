"""/settings/purchase-orders: the stock-order settings of the whole installation."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import consequences as showing
from blueprints import settings_pages as pages
from blueprints import settings_put_back
from blueprints.access import planners, viewers
from blueprints.inheritance import moved_words
from blueprints.presentation import units
from blueprints.settings.forms import TYPES, OrderSettingsForm, StatusForm
from blueprints.submissions import leads_to, once
from inventory.models import Account
from inventory.rules.statuses import BUILT_IN
from inventory.services import accounts, order_settings, order_settings_preview, order_statuses
from inventory.services.order_settings import NumberTaken, Saved

bp = Blueprint("settings", __name__, url_prefix="/settings/purchase-orders")
DAYS = ("lead_time_days", "ignore_after_days")


@bp.get("")
@viewers
def purchase_orders() -> ResponseReturnValue:
    """Show the settings in force, the named statuses, and the history of both."""
    return pages.show(subject(accounts.account()))


@bp.post("")
@planners
@once
def save() -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    leads_to(url_for(".purchase_orders"))
    return pages.save(subject(order_settings.locked()))


@bp.get("/consequences")
@planners
def consequences() -> ResponseReturnValue:
    """Show what saving the form as typed would do; without script, beside the whole form."""
    return pages.consequences_of(subject(accounts.account()))


@bp.post("/consequences")
@planners
def ask() -> ResponseReturnValue:
    """Lead a browser without script to the same by GET."""
    return showing.by_address()


@bp.get("/consequences/<kind>")
@planners
def affected(kind: str) -> ResponseReturnValue:
    """List the rows behind a figure."""
    return pages.affected(subject(accounts.account()), kind)


@bp.get("/history/<int:entry_id>")
@planners
def restoration(entry_id: int) -> ResponseReturnValue:
    """Show what putting the settings back would change and do."""
    return settings_put_back.page(subject(accounts.account()), entry_id)


@bp.post("/history/<int:entry_id>")
@planners
def restore(entry_id: int) -> ResponseReturnValue:
    """Put the settings back as they were before an entry, as an entry of its own."""
    return settings_put_back.page(subject(order_settings.locked()), entry_id)


def subject(account: Account) -> pages.Subject:
    """Return what the page is about."""
    return pages.Subject(
        kind=order_settings.SUBJECT,
        id=order_settings.SUBJECT_ID,
        name=order_settings.NAME,
        version=order_settings.version(account),
        address=url_for("settings.purchase_orders"),
        template="settings/purchase_orders.html",
        saved=order_settings.shown(account),
        restorable=order_settings.RESTORABLE,
        build=lambda sent: _form(account, sent),
        values=lambda form: form.values(),
        store=lambda values, summary: _store(account, values, summary),
        foretell=lambda values: order_settings_preview.of(account, values),
        rows=lambda values, kind, limit: order_settings_preview.rows(account, values, kind, limit),
        context=lambda: _context(account),
        hindrance=lambda values: _hindrance(account, values),
    )


def _form(account: Account, sent: pages.Sent | None) -> OrderSettingsForm:
    return OrderSettingsForm(
        sent,
        data={**order_settings.shown(account), "next_seen": str(account.next_reference)},
        statuses=order_settings.default_statuses(),
    )


def _store(account: Account, values: dict[str, Any], summary: str) -> str:
    user_id = current_user.id
    try:
        return _told(order_settings.save(account, values, user_id=user_id, summary=summary))
    except NumberTaken as error:
        raise pages.Refused("next_reference", _taken(error)) from None


def _told(done: Saved | None) -> str:
    if done is None:
        return "Nothing was changed."
    words = ["The stock-order settings are saved." + moved_words(done.moved)]
    if done.evaluated.ignored:
        words.append(f"Now ignored: {units(done.evaluated.ignored, 'shipment')}.")
    if done.evaluated.counted:
        words.append(f"Counted again: {units(done.evaluated.counted, 'shipment')}.")
    return " ".join(words)


def _hindrance(account: Account, values: dict[str, Any]) -> str:
    try:
        order_settings.check_number(account, values)
    except NumberTaken as error:
        return _taken(error)
    return ""


def _taken(error: NumberTaken) -> str:
    return f"There is an order {error} already. Choose a higher number."


def _context(account: Account) -> dict[str, Any]:
    return {
        "force": {name: _said(name, one) for name, one in order_settings.shown(account).items()},
        "above": {"lead_time_days": ("14 days", "built-in default")},
        "built_in": BUILT_IN,
        "types": TYPES,
        "own": order_statuses.own(),
        "counts": order_statuses.counts(),
        "status_form": StatusForm(),
    }


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
