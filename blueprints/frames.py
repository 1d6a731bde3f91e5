"""Frames: the page of a list is drawn once, without what differs from request to request.

A mark stands for what differs: rows, the cursors of the pager, the CSRF token, the values that
mark one rendered form. It is put in when the page is asked for. All else that a page depends
on is part of the key under which its frame is kept, the user too: no frame serves two people.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from blueprints.lists import Address, ListView
from blueprints.presentation import today, zone
from inventory.services import accounts
from inventory.services.lists import Page

#: Nobody can guess one, so nobody can have it in a name.
ROWS, NEXT, PREVIOUS, TOKEN, SUBMISSION = (secrets.token_hex(16) for _ in range(5))
KEPT = 256


def init_app(app: Flask) -> None:
    """Give templates the words that know of frames; each app keeps its own."""
    app.extensions["frames"] = lru_cache(maxsize=KEPT)(_draw)
    app.extensions["tokens"] = lru_cache(maxsize=KEPT)(_signed)
    app.jinja_env.globals.update(csrf_token=csrf_token, new_submission=new_submission)
    # Behind the extension's own, whose word it replaces.
    app.context_processor(lambda: {"csrf_token": csrf_token})


def page(template: str, *, rows: Markup, **context: Any) -> str:
    """Return the page of a list (``list`` in ``context``), its frame from memory.

    What is not hashable, nor a list of what is, has its page drawn anew; so has a page that
    tells what the last act did.
    """
    view: ListView = context["list"]
    given = {name: tuple(one) if isinstance(one, list) else one for name, one in context.items()}
    given.update(list=_marked(view), rows=Markup(ROWS) if rows else rows)  # noqa: S704
    key = (*_circumstances(), *(_minutes(one.read_at) for one in context.get("readings", ())))
    frozen = tuple(given.items())
    if "_flashes" in session or not _is_hashable(frozen):
        return render_template(template, rows=rows, **context)
    drawn: str = current_app.extensions["frames"](template, key, frozen)
    return _filled(drawn, view.page, rows)


def csrf_token() -> str:
    """Return the token of this session, in a frame its mark."""
    if "in_frame" in g:
        return TOKEN
    raw = session.get("csrf_token")
    # Signing is most of a token's price, and the same session needs the same one again.
    signed: str = current_app.extensions["tokens"](raw) if raw else generate_csrf()
    return signed


def new_submission() -> str:
    """Return a value that marks one rendered form, in a frame its mark."""
    return SUBMISSION if "in_frame" in g else secrets.token_urlsafe(16)


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _signed(_raw: str) -> str:
    token: str = generate_csrf()
    return token


def _marked(view: ListView) -> ListView:
    """Return ``view`` without its rows, and with marks for where its page lies."""
    here, found = view.address, view.page
    args = {name: text for name, text in here.args.items() if name != "at"}
    marks = Page((), found.next and NEXT, found.previous and PREVIOUS)
    return replace(view, address=Address(here.path, args), page=marks, fields=tuple(view.fields))


def _circumstances() -> tuple[Any, ...]:
    """Return what every page depends on: who asks, where, and when (ages are in minutes)."""
    user = current_user._get_current_object()
    who = (user.id, user.shown_name, user.role, user.theme)
    now = int(accounts.now().timestamp() // 60)
    return *who, request.script_root, request.path, today(), zone(), now


def _minutes(at: datetime | None) -> int | None:
    """Return the age of a reading as ``ago`` counts it."""
    return None if at is None else int((accounts.now() - at).total_seconds() // 60)


def _draw(template: str, _key: tuple[Any, ...], given: tuple[tuple[str, Any], ...]) -> str:
    with _in_frame():
        return render_template(template, **dict(given))


@contextmanager
def _in_frame() -> Iterator[None]:
    g.in_frame = True
    try:
        yield
    finally:
        g.pop("in_frame")


def _filled(drawn: str, found: Page, rows: Markup) -> str:
    while SUBMISSION in drawn:
        drawn = drawn.replace(SUBMISSION, new_submission(), 1)
    drawn = drawn.replace(TOKEN, csrf_token())
    drawn = drawn.replace(NEXT, found.next or "").replace(PREVIOUS, found.previous or "")
    return drawn.replace(ROWS, rows)
