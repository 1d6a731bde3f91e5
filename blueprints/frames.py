"""Pages from memory: the frame of a list around its rows, and whole pages.

A frame is drawn once for all that it depends on, whatever the rows; a whole page is kept until
data changes, in whichever process (``services.data_marks``). The user is part of either key:
nothing drawn for one person is shown to another. What the time of day changes must be an
age (``ago``), a date (``today``), or the staleness of a reading.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, wraps
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import marks
from blueprints.lists import Address, ListView
from blueprints.presentation import today, zone
from blueprints.responses import wants_fragment
from inventory.services import accounts, freshness
from inventory.services.freshness import Reading
from inventory.services.lists import Page

#: Marks of a frame; they too are no name of anybody.
ROWS, NEXT, PREVIOUS = (secrets.token_hex(16) for _ in range(3))
FRAMES = 256
MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in pieces, and from when on it would say something else though no data changed."""

    pieces: Sequence[bytes | str]
    until: datetime | None

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))


class Memory:
    """The pages asked for last, at most ``size``, and of at most ``MOST_BYTES`` together."""

    def __init__(self, size: int) -> None:
        self.size, self._bytes, self._lock = size, 0, Lock()
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        """Return the page kept under ``key``, unless its time is over."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or (found.until and found.until < accounts.now()):
                return None
            self._pages.move_to_end(key)
            return found

    def put(self, key: Hashable, page: Kept) -> None:
        """Keep a page, in place of the one that was not asked for longest."""
        with self._lock:
            if old := self._pages.pop(key, None):
                self._bytes -= old.size
            self._pages[key] = page
            self._bytes += page.size
            while len(self._pages) > self.size or self._bytes > MOST_BYTES:
                self._bytes -= self._pages.popitem(last=False)[1].size


def init_app(app: Flask) -> None:
    """Give each app a memory of its own."""
    app.extensions["frames"] = lru_cache(maxsize=FRAMES)(_draw)
    app.extensions["pages"] = Memory(app.config["PAGES_KEPT"])


def kept(view: Callable[..., str]) -> Callable[..., ResponseReturnValue]:
    """Answer with the page drawn before, until data changes. Stands below the role decorator.

    The page may depend on the database without its sync runs, its address, the user, and ages;
    on nothing else.
    """
    return _kept(view, shows_runs=False)


def kept_with_runs(view: Callable[..., str]) -> Callable[..., ResponseReturnValue]:
    """As ``kept``, of a page that depends on sync runs too."""
    return _kept(view, shows_runs=True)


def _kept(view: Callable[..., str], *, shows_runs: bool) -> Callable[..., ResponseReturnValue]:

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        (mark, runs), memory = g.get("marks", (None, None)), current_app.extensions["pages"]
        if not (mark and memory.size) or "_flashes" in session or wants_fragment():
            return view(*args, **kwargs)
        key = (mark, shows_runs and runs, request.endpoint, request.query_string, *_circumstances())
        found = memory.get(key)
        if found is None:
            with marks.marking():
                drawn = view(*args, **kwargs)
            found = Kept(marks.pieces(drawn), g.pop("holds_until", None))
            memory.put(key, found)
        return marks.joined(found.pieces)

    return guarded


def page(template: str, *, rows: Markup, **context: Any) -> str:
    """Return the page of a list (``list`` in ``context``), its frame from memory.

    What is not hashable, nor a list of what is, has its page drawn anew; so has a page that
    tells what the last act did.
    """
    view: ListView = context["list"]
    _note_staleness(context.get("readings", ()))
    given = {name: tuple(one) if isinstance(one, list) else one for name, one in context.items()}
    given.update(list=_marked(view), rows=Markup(ROWS) if rows else rows)  # noqa: S704
    frozen = tuple(given.items())
    if "_flashes" in session or not _is_hashable(frozen):
        return render_template(template, rows=rows, **context)
    drawn: str = current_app.extensions["frames"](template, _circumstances(), frozen)
    if not marks.is_marking():
        drawn = marks.filled(drawn)
    drawn = drawn.replace(NEXT, view.page.next or "").replace(PREVIOUS, view.page.previous or "")
    return drawn.replace(ROWS, rows)


def _note_staleness(readings: Sequence[Reading]) -> None:
    """Say until when the readings of a page are as fresh or as stale as it shows them."""
    ends = [freshness.stale_at(one.kind, one.read_at) for one in readings if one.read_at]
    g.holds_until = min((end for end in ends if end >= accounts.now()), default=None)


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _marked(view: ListView) -> ListView:
    """Return ``view`` without its rows, and with marks for where its page lies."""
    here, found = view.address, view.page
    args = {name: text for name, text in here.args.items() if name != "at"}
    cursors = Page((), found.next and NEXT, found.previous and PREVIOUS)
    return replace(view, address=Address(here.path, args), page=cursors, fields=tuple(view.fields))


def _circumstances() -> tuple[Any, ...]:
    """Return what every page depends on: who asks, where, and on which day."""
    user = current_user._get_current_object()
    who = (user.id, user.shown_name, user.role, user.theme)
    return *who, request.script_root, request.path, today(), zone()


def _draw(template: str, _key: tuple[Any, ...], given: tuple[tuple[str, Any], ...]) -> str:
    with marks.marking():
        return render_template(template, **dict(given))
