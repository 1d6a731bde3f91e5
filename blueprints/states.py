"""Words for a state: the icon and the role (colour) of each, for statuses and for badges."""

from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from blueprints.presentation import icon
from inventory.models import SyncState

# icons: pencil file-check package truck-delivery building-warehouse package-import circle-check
# icons: circle-minus ban alert-octagon external-link refresh hourglass circle-off clock point
#: A status is a word with an icon: word -> (role, icon).
STATUSES = {
    "Draft": ("", "pencil"),
    "Plan created": ("", "file-check"),
    "Preparing": ("", "package"),
    "Shipped": ("info", "truck-delivery"),
    "In transit": ("info", "truck-delivery"),
    "Delivered, not yet received": ("info", "building-warehouse"),
    "Receiving": ("info", "package-import"),
    "Closed": ("ok", "circle-check"),
    "Closed short": ("warn", "circle-minus"),
    "Canceled": ("", "ban"),
    "Needs attention": ("bad", "alert-octagon"),
    "Check in Seller Central": ("warn", "external-link"),
    "Healthy": ("ok", "circle-check"),
    "Syncing": ("info", "refresh"),
    "Waiting for Amazon": ("warn", "hourglass"),
    "Failing": ("bad", "alert-octagon"),
    "Disabled": ("", "circle-off"),
    "Not read yet": ("", "clock"),
    "Active": ("ok", "circle-check"),
    "Inactive": ("", "circle-off"),
    "Not in the catalogue": ("", "help"),
    "Queued": ("", "clock"),
    "Running": ("info", "refresh"),
    "Succeeded": ("ok", "circle-check"),
    "Failed": ("bad", "alert-octagon"),
}

# icons: arrow-back-up arrows-exchange help circle-off alert-triangle arrows-diff eye-off
# icons: clock-exclamation clock-play circle-plus circle-minus circles-relation flask tilde link
#: A badge is an exception: flag -> (role, icon, words).
FLAGS = {
    "amazon_error": ("bad", "alert-octagon", "Amazon reports an error"),
    "unknown_status": ("warn", "external-link", "Status unknown to us"),
    "went_back": ("warn", "arrow-back-up", "Amazon went back"),
    "source_missing": ("warn", "arrows-exchange", "Source missing"),
    "conflicting": ("warn", "arrows-diff", "Amazon contradicts itself"),
    "lines_cut": ("warn", "alert-triangle", "Lines incomplete"),
    "unknown_sku": ("warn", "help", "SKU not in the catalogue"),
    "sync_off": ("", "circle-off", "Inbound sync is off"),
    "marketplace_guess": ("", "help", "Guess"),
    "fee_currency": ("warn", "alert-triangle", "No exchange rate"),
    "looks_like": ("info", "link", "Looks like an order of yours"),
}
#: Flags that orders alone carry.
OF_ORDERS = ("source_missing", "fee_currency", "looks_like")
OTHERS = {
    "Ignored": ("held", "eye-off"),
    "Overdue": ("warn", "clock-exclamation"),
    "Overdue, still moving": ("info", "clock-play"),
    "Not picked up": ("warn", "clock-exclamation"),
    "Shared pool": ("", "circles-relation"),
    "Simulated": ("", "flask"),
    "Estimate": ("", "tilde"),
    "Guess": ("", "help"),
    "Disabled": ("", "circle-off"),
}


def init_app(app: Flask) -> None:
    """Give templates the filters ``status``, ``run_status``, ``flags`` and ``badge``."""
    app.jinja_env.filters.update(status=status, run_status=run_status, flags=flags, badge=badge)


def status(word: str) -> Markup:
    """Return a status: the word with its icon. A word of a person's own has none."""
    role, name = STATUSES.get(word, ("", "point"))
    return _status(word, role, icon(name))


class Statuses(dict[str, Markup]):
    """The statuses of a page's rows by word, each made when first met: rows are many, words few."""

    def __missing__(self, word: str) -> Markup:
        made = self[word] = status(word)
        return made


def run_status(run: Any) -> Markup:
    """Return where a sync run stands."""
    return status(run_word(run))


def run_word(run: Any) -> str:
    """Return the word for where a sync run stands; one that was put off says what for."""
    if run.state == SyncState.QUEUED and run.message:
        return "Waiting for Amazon"
    return str(run.state.capitalize())


@lru_cache(maxsize=256)
def _status(word: str, role: str, picture: Markup) -> Markup:
    return Markup('<span class="{}">{}{}</span>').format(f"status {role}".strip(), picture, word)


def flags(words: str) -> Markup:
    """Return the badges of a row's flags ("went_back:SHIPPED,source_missing")."""
    return Markup(" ").join(_flag(word) for word in words.split(",") if word) if words else Markup()


def _flag(word: str) -> Markup:
    name, _, detail = word.partition(":")
    role, picture, text = FLAGS.get(name, ("", "help", name.replace("_", " ").capitalize()))
    if name == "went_back" and detail:
        text = f"{text} to {detail}"
    if name == "looks_like" and detail:
        text = f"Looks like {detail}"
    return _badge(text, role, icon(picture))


def badge(text: str, role: str | None = None, picture: str = "") -> Markup:
    """Return a badge; a known word brings its own role and icon."""
    known = OTHERS.get(text, ("", ""))
    name = picture or known[1]
    return _badge(text, known[0] if role is None else role, icon(name) if name else Markup())


@lru_cache(maxsize=1024)
def _badge(text: str, role: str, picture: Markup) -> Markup:
    return Markup('<span class="{}">{}{}</span>').format(f"badge {role}".strip(), picture, text)
