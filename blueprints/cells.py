"""Cells that several lists show, made once per value: a page has many rows and few values.

The rows of a list are written in Python, as f-strings of what is made here: a template would
escape each of some 700 cells, and that is most of a page's time. Whatever stands in such a
string is HTML: a number, or of ``text`` or another function that returns escaped text.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from blueprints.presentation import age, day, icon, today, zone
from inventory.rules.marketplaces import MARKETPLACES

MODES = {
    "GROUND_SMALL_PARCEL": "Parcel",
    "FREIGHT_LTL": "LTL",
    "FREIGHT_FTL": "FTL",
    "FREIGHT_FTL_PALLET": "FTL",
    "FREIGHT_FTL_NONPALLET": "FTL",
    "OCEAN_LCL": "Ocean LCL",
    "OCEAN_FCL": "Ocean FCL",
    "AIR_SMALL_PARCEL": "Air parcel",
    "AIR_SMALL_PARCEL_EXPRESS": "Air express",
}
SOLUTIONS = {
    "AMAZON_PARTNERED_CARRIER": "partnered",
    "USE_YOUR_OWN_CARRIER": "own carrier",
}


@lru_cache(maxsize=8192)
def text(value: str) -> str:
    """Return ``value`` escaped, as a plain string: the only way for text into a row."""
    return str(escape(value))


def small(value: str, kind: str = "") -> str:
    """Return a second line of a cell, nothing for a blank one; ``kind`` is its class."""
    if not value:
        return ""
    return (
        f'<small class="{kind}">{text(value)}</small>' if kind else f"<small>{text(value)}</small>"
    )


def of_sku(units: int | None) -> str:
    """Return, beneath a row's units, those of the SKU that the list is narrowed to."""
    return "" if units is None else f"<small>{units} of the SKU</small>"


def joined(rows: Iterable[str]) -> Markup:
    """Return rows of HTML as one piece, which a template takes as it is."""
    return Markup("".join(rows))  # noqa: S704 - the rows are escaped where they are written


def expected(
    on: date | None,
    source: str,
    base: date | None,
    *,
    is_open: bool,
    on_day: date | None = None,
) -> Markup:
    """Return an expected date with its age and, beneath, where it comes from.

    ``base`` is the day it was counted from (pick-up, ready to ship, first seen), if known.
    Only what is open can be overdue. ``on_day`` is today, for callers with many rows.
    """
    days = (on - base).days if on and base else None
    return _expected(on, source, days, is_open, on_day or today())


@lru_cache(maxsize=4096)
def _expected(
    on: date | None, source: str, days: int | None, is_open: bool, _today: date
) -> Markup:
    if on is None:
        return Markup("–")
    words = source_words(source, days)
    role = "warn strong" if is_open and on < _today else "quiet"
    beneath = Markup('<small class="p2">{}</small>').format(words) if words else Markup()
    return Markup('{}<span class="p2">,</span> <span class="age nowrap {}">{}</span>{}').format(
        day(on), role, age(on), beneath
    )


def source_words(source: str, days: int | None) -> Markup:
    """Return where an expected date comes from: "pick-up + 14 days", "you" with a lock."""
    if source == "user":
        return icon("lock") + " you"
    counted = f" + {days} day{'' if days == 1 else 's'}" if days is not None else ""
    return Markup.escape(
        {
            "pickup_delay": f"pick-up{counted or ' + delay'}",
            "delivery_window": "delivery window",
            "ready_to_ship": f"ready to ship{counted or ' + lead time'}",
            "lead_time": f"created{counted or ' + lead time'}",
            "first_seen": f"first seen{counted or ' + lead time'}",
        }.get(source, source.replace("_", " "))
    )


def counted_from(row: Any, source: str) -> date | None:
    """Return the day that a shipment's expected date was counted from, in the account's zone."""
    if source == "pickup_delay":
        return _local(row.pickup_at or row.ready_to_ship_at)
    if source == "ready_to_ship":
        return _local(row.ready_to_ship_at)
    if source == "first_seen":
        found: date = row.shipped_on or row.first_seen_on
        return found
    return None


def _local(at: datetime | None) -> date | None:
    return at.astimezone(zone()).date() if at else None


def mode(word: str) -> str:
    """Return Amazon's shipping mode as people say it; unknown is a dash."""
    return MODES.get(word, word.replace("_", " ").capitalize()) or "–"


def solution(word: str) -> str:
    """Return who chose the carrier: "partnered" or "own carrier"; unknown is empty."""
    return SOLUTIONS.get(word, word.replace("_", " ").lower())


def cut(text: str) -> str:
    """Return a title cut to one line of a cell; ids are never cut."""
    return text if len(text) <= 90 else text[:89].rstrip() + "…"


def seller_central(shipment: Any) -> str:
    """Return where Amazon shows a shipment to its seller; empty when that is not known."""
    found = MARKETPLACES.get(shipment.marketplace_id)
    if found is None:
        return ""
    fba_id = quote(shipment.amazon_shipment_id, safe="")
    return f"{found.seller_central}/gp/fba/inbound-shipment-workflow/index.html#{fba_id}"


def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, at most 100; nothing of nothing is 0."""
    return min(100, round(100 * part / whole)) if whole > 0 else 0


def difference(ordered: int, received: int, *, is_over: bool) -> tuple[str, str]:
    """Return what is odd about a line and its role: units over, or units short once closed."""
    if received > ordered:
        return f"{received - ordered} over", "info"
    if is_over and received < ordered:
        return f"{ordered - received} short", "warn"
    return "–", ""
