"""How values look: icons, dates with their age, units, money. Template globals and filters."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from blueprints.access import may
from inventory.models import Role
from inventory.services import accounts

#: The bar, in order: (endpoint, label, key after "g", menu). What is not mounted is not shown.
NAVIGATION = (
    ("replenishment.index", "Replenishment", "r", ""),
    ("orders.purchase_orders", "Purchase orders", "p", ""),
    ("orders.transfer_orders", "Transfer orders", "t", ""),
    ("shipments.index", "Inbound shipments", "s", ""),
    ("listings.index", "Listings", "", "Catalog"),
    ("variants.index", "Variants", "", "Catalog"),
    ("vendors.index", "Vendors", "", "Catalog"),
    ("stock.index", "Stock", "", ""),
)

#: Pages of a blueprint of their own that belong to another's place in the bar.
PARTS = {"stale": "shipments", "calendar": "shipments"}
#: What the bar asks of a list: work to do. Its bare address, which scripts know, has all rows.
QUERIES = dict.fromkeys(
    ("orders.purchase_orders", "orders.transfer_orders", "shipments.index"), "?view=open"
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
        navigation=navigation,
        static=static,
    )
    app.jinja_env.filters.update(
        day=day,
        weekday=weekday,
        full_date=full_date,
        age=age,
        moment=moment,
        ago=ago,
        units=units,
        money=money,
        plain_money=plain_money,
        unit_money=unit_money,
        bytes=byte_words,
        month_name=month_name,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def navigation() -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """Return the bar: (menu or "", its links), a link being (address, label, key, is here)."""
    groups: dict[str, list[tuple[str, str, str, bool]]] = {}
    for endpoint, label, key, menu in NAVIGATION:
        if endpoint in current_app.view_functions:
            address = page_address(endpoint) + QUERIES.get(endpoint, "")
            link = (address, label, key, _is_here(endpoint))
            groups.setdefault(menu or endpoint, []).append(link)
    return [(name if "." not in name else "", links) for name, links in groups.items()]


def whereabouts() -> str:
    """Return the endpoint of the bar that the page shown belongs to, "" for none."""
    return next((endpoint for endpoint, *_ in NAVIGATION if _is_here(endpoint)), "")


def _is_here(endpoint: str) -> bool:
    """Return whether ``endpoint`` is the page shown, or the list that it belongs to."""
    here = (request.endpoint or "").partition(".")[0]
    blueprint, _, name = endpoint.partition(".")
    if PARTS.get(here, here) != blueprint:
        return False
    return name == "index" or request.path.startswith(page_address(endpoint))


def page_address(endpoint: str) -> str:
    """Return the address of a page without arguments; building one costs more than keeping it."""
    key = (request.script_root, endpoint)
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("addresses", {})
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def static(filename: str) -> str:
    """Return the address of a file under static/."""
    key = (request.script_root, f"static:{filename}")
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("addresses", {})
    if key not in known:
        known[key] = url_for("static", filename=filename)
    return known[key]


def icon(name: str, label: str | None = None) -> Markup:
    """Return an icon of the sprite; with ``label`` it speaks, without it is decoration."""
    return _icon(name, label, static("vendor/icons.svg"))


@lru_cache(maxsize=1024)
def _icon(name: str, label: str | None, sprite: str) -> Markup:
    hidden = Markup('aria-hidden="true"')
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else hidden
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, sprite, name)


def theme() -> str:
    """Return "auto", "light" or "dark": what the signed-in user chose."""
    return current_user.theme if current_user.is_authenticated else "auto"


def today() -> date:
    """Return today in the account's time zone."""
    if "today" not in g:
        g.today = accounts.now().astimezone(zone()).date()
    return g.today


def zone() -> ZoneInfo:
    """Return the account's time zone, asked for once a request."""
    if "zone" not in g:
        g.zone = accounts.timezone()
    return g.zone


def day(value: date | None) -> Markup:
    """Return a date as "3 Dec", with the year when it is another one; unknown is a dash."""
    if value is None:
        return Markup("–")
    return _day(value, value.year == today().year)


@lru_cache(maxsize=4096)
def _day(value: date, this_year: bool) -> Markup:
    text = _words(value, this_year)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


@lru_cache(maxsize=4096)
def _words(value: date, this_year: bool) -> str:
    return format_date(value, "d MMM" if this_year else "d MMM y", locale="en")


def full_date(value: datetime) -> Markup:
    """Return a time as the head of a page says it: "Monday 23 November 2026, 09:12 Berlin"."""
    local = value.astimezone(zone())
    text = format_datetime(local, "EEEE d MMMM y, HH:mm", locale="en")
    place = zone().key.rpartition("/")[2].replace("_", " ")
    iso = local.isoformat("T", "seconds")
    return Markup('<time datetime="{}">{}</time> {}').format(iso, text, place)


def weekday(value: date) -> Markup:
    """Return a date of this week with its weekday: "Tue 24 Nov"."""
    text = format_date(value, "EEE d MMM", locale="en")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def age(value: date) -> str:
    """Return a date relative to today: "in 10 days", "tomorrow", "5 days ago"."""
    days = (value - today()).days
    if abs(days) <= 1:
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def moment(value: datetime | None, here: ZoneInfo | None = None, on: date | None = None) -> Markup:
    """Return a time of day in the account's zone: "09:38" today, "22 Oct, 09:38" otherwise.

    ``here`` and ``on`` are the zone and today, for callers with many rows.
    """
    if value is None:
        return Markup("–")
    local, on = value.astimezone(here or zone()), on or today()
    text = f"{local:%H:%M}"
    if local.date() != on:
        text = f"{_words(local.date(), local.year == on.year)}, {text}"
    iso = local.isoformat("T", "seconds")
    return Markup(f'<time datetime="{iso}">{text}</time>')  # noqa: S704 - digits and a month


def ago(value: datetime | None) -> Markup:
    """Return how long ago a time was: "4 min ago"; after a day its date."""
    if value is None:
        return Markup("never")
    passed = accounts.now() - value
    if passed >= timedelta(hours=24):
        return moment(value)
    local = value.astimezone(zone()).isoformat("T", "seconds")
    return Markup(f'<time datetime="{local}">{_passed(passed)}</time>')  # noqa: S704 - digits


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


def unit_money(amount: Decimal | None, currency: str) -> str:
    """Return what one unit costs, for a table cell: no decimal is cut that its total counts."""
    text = "" if amount is None else f"{amount.normalize():f}"
    is_finer = len(text.partition(".")[2]) > get_currency_precision(currency)
    return text if is_finer else plain_money(amount, currency)


def byte_words(count: int) -> str:
    """Return a size in bytes as people say it: "2.4 MB"."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} kB"
    return f"{count / 1024 / 1024:.1f} MB"


def month_name(value: date) -> str:
    """Return the month of a date: "December 2026"."""
    return str(format_date(value, "MMMM y", locale="en"))
