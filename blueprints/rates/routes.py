"""/settings/rates: the exchange rates in force, entered, uploaded, and what lacks one."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners, viewers
from blueprints.presentation import day, today, units
from blueprints.rates.forms import RateForm
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import ExchangeRate
from inventory.rules.rate_files import BadRow, NotRates, parse_rate
from inventory.rules.rates import KEEPS_DAYS
from inventory.services import accounts, money, rate_keeping, rate_reading
from inventory.services.history import history
from inventory.services.rates import Stored

bp = Blueprint("rates", __name__, url_prefix="/settings/rates")
#: Bad rows shown; the rest is counted.
SHOWN = 200
SOURCES = {
    "ecb": "European Central Bank",
    "file": "From a file",
    "user": "Entered by hand",
}


@bp.get("")
@viewers
def index() -> ResponseReturnValue:
    """Show the rates in force, where each comes from, and what cannot be converted."""
    return _page(_form())


@bp.post("")
@planners
@once
def create() -> ResponseReturnValue:
    """Keep a rate that a person entered."""
    form = _form()
    if not form.validate():
        return _page(form, 422)
    on, per_euro = date.fromisoformat(form.day.data), parse_rate(form.per_euro.data)
    followed = rate_keeping.enter(form.currency.data, on, per_euro, user_id=current_user.id)
    flash(f"The rate of {form.currency.data} is saved.{_followed(followed)}")
    return _done()


@bp.post("/file")
@planners
@once
def upload() -> ResponseReturnValue:
    """Keep the rates of a file, all or none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(_form(), 422, file_problem="Choose a file.")
    try:
        kept = rate_keeping.take_file(sent.read(), sent.filename[:200], user_id=current_user.id)
    except NotRates as problem:
        return _page(_form(), 422, file_problem=str(problem))
    if isinstance(kept, list):
        return _page(_form(), 422, bad=kept)
    flash(_taken(*kept))
    return _done()


@bp.post("/removal")
@planners
def remove() -> ResponseReturnValue:
    """Take back a rate that was entered by hand."""
    row = db.session.get(ExchangeRate, _key()) or abort(404)
    if row.source != "user":
        abort(404)
    rate_keeping.remove(row, user_id=current_user.id)
    flash(
        f"The rate of {row.currency} for {day(row.day).striptags()} is taken back. The bank’s "
        "comes with its next file of that day."
    )
    return _done()


def _key() -> tuple[str, date]:
    try:
        on = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(404)
    return request.form.get("currency", "")[:3], on


def _form() -> RateForm:
    sent = request.form if request.method == "POST" and "per_euro" in request.form else None
    return RateForm(sent, data={"day": today().isoformat()}, latest=today())


def _done() -> ResponseReturnValue:
    leads_to(url_for(".index"))
    db.session.commit()
    return redirect(url_for(".index"), 303)


def _followed(count: int) -> str:
    return f" {units(count, 'order')} got Amazon’s quote converted." if count else ""


def _taken(stored: Stored, too_old: int) -> str:
    told = [f"{units(stored.written, 'rate')} stored, {stored.unchanged:,} known before."]
    if stored.held:
        told.append(f"{stored.held:,} entered by hand stay as they are.")
    if too_old:
        told.append(f"{too_old:,} older than three years were left out.")
    return " ".join(told)


def _page(form: RateForm, status: int = 200, **context: Any) -> ResponseReturnValue:
    account, bad = accounts.account(), context.pop("bad", [])
    answer = render_template(
        "rates/index.html",
        form=form,
        rates=rate_keeping.in_force(),
        entered=rate_keeping.by_hand(),
        lacking=[_lacks(one) for one in money.lacking()],
        is_off=not rate_reading.url(),
        account=account,
        sources=SOURCES,
        keeps_days=KEEPS_DAYS,
        bad=_shown(bad),
        bad_count=len(bad),
        entries=history("rates", rate_keeping.SUBJECT_ID),
        **{"file_problem": "", **context},
    )
    return answer, status


def _shown(bad: list[BadRow]) -> list[BadRow]:
    return bad[:SHOWN]


def _lacks(one: money.Lack) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "amounts": units(one.count, "amount"),
        "first_on": one.first_on,
        "last_on": one.last_on if one.last_on != one.first_on else None,
    }
