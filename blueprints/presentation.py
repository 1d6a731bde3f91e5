"""How values look: icons, dates with their age, units, money. Template globals and filters."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from flask import Flask, g, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from blueprints.access import may
from inventory.models import Role
from inventory.services import accounts

#: The bar, in order: (endpoint, label). What is not mounted yet is not shown.
NAVIGATION = (
    ("replenishment.index", "Replenishment"),
    ("orders.purchase_orders", "Purchase orders"),
    ("orders.transfer_orders", "Transfer orders"),
    ("shipments.index", "Inbound shipments"),
    ("listings.index", "Listings"),
    ("stock.index", "Stock"),
)


def init_app(app: Flask) -> None:
    """Give every template the words below."""
    app.jinja_env.globals.update(
        icon=icon,
        may=may,
        Role=Role,
        today=today,
        now=accounts.now,
        theme=theme,
        navigation=lambda: [one for one in NAVIGATION if one[0] in app.view_functions],
    )
    app.jinja_env.filters.update(
        day=day, age=age, moment=moment, ago=ago, units=units, money=money, plain_money=plain_money
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def icon(name: str, label: str | None = None) -> Markup:
    """Return an icon of the sprite; with ``label`` it speaks, without it is decoration."""
    hidden = Markup('aria-hidden="true"')
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else hidden
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, _sprite(), name)


def theme() -> str:
    """Return "auto", "light" or "dark": what the signed-in user chose."""
    return current_user.theme if current_user.is_authenticated else "auto"


def today() -> date:
    """Return today in the account's time zone."""
    if "today" not in g:
        g.today = accounts.now().astimezone(accounts.timezone()).date()
    return g.today


def day(value: date | None) -> Markup:
    """Return a date as "3 Dec", with the year when it is another one; unknown is a dash."""
    if value is None:
        return Markup("–")
    pattern = "d MMM" if value.year == today().year else "d MMM y"
    text = format_date(value, pattern, locale="en")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def age(value: date) -> str:
    """Return a date relative to today: "in 10 days", "tomorrow", "5 days ago"."""
    days = (value - today()).days
    if abs(days) <= 1:
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def moment(value: datetime | None) -> Markup:
    """Return a time of day in the account's zone: "09:38" today, "22 Oct, 09:38" otherwise."""
    if value is None:
        return Markup("–")
    local = value.astimezone(accounts.timezone())
    pattern = "d MMM, HH:mm" if local.year == today().year else "d MMM y, HH:mm"
    text = format_datetime(local, "HH:mm" if local.date() == today() else pattern, locale="en")
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat("T", "seconds"), text)


def ago(value: datetime | None) -> Markup:
    """Return how long ago a time was: "4 min ago"; after a day its date."""
    if value is None:
        return Markup("never")
    passed = accounts.now() - value
    if passed >= timedelta(hours=24):
        return moment(value)
    local = value.astimezone(accounts.timezone()).isoformat("T", "seconds")
    return Markup('<time datetime="{}">{}</time>').format(local, _passed(passed))


def _passed(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


def units(count: int, noun: str = "unit") -> str:
    """Return a count in a sentence: "1,240 units"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def money(amount: Decimal | None, currency: str) -> Markup:
    """Return an amount with its code after it: "554.10 USD"."""
    if amount is None:
        return Markup("–")
    text = format_currency(amount, currency, "#,##0.00 ¤¤", locale="en", currency_digits=True)
    return escape(text)


def plain_money(amount: Decimal | None, currency: str) -> str:
    """Return an amount for a table cell: plain digits in the currency's own decimals."""
    return "–" if amount is None else f"{amount:.{get_currency_precision(currency)}f}"


def _sprite() -> Any:
    if "sprite" not in g:
        g.sprite = url_for("static", filename="vendor/icons.svg")
    return g.sprite
