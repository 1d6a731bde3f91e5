"""Marks: what stands in a drawn page for that which differs from request to request.

While a page is drawn to be kept, the words below give marks instead of the CSRF token, of the
value of a form and of an age; they are put in when the page is asked for.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

from flask import Flask, current_app, g, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from blueprints import presentation

#: Nobody can guess it, so nobody can have it in a name.
MARK = secrets.token_hex(16)
TOKEN, SUBMISSION = f"{MARK}token;", f"{MARK}submission;"
MARKS = re.compile(f"{MARK}([^;]*);")


def init_app(app: Flask) -> None:
    """Give templates the words that know of marks."""
    app.extensions["tokens"] = lru_cache(maxsize=256)(_signed)
    app.jinja_env.globals.update(csrf_token=csrf_token, new_submission=new_submission)
    app.jinja_env.filters["ago"] = ago
    # Behind the extension's own, whose word it replaces.
    app.context_processor(lambda: {"csrf_token": csrf_token})


def csrf_token() -> str:
    """Return the token of this session."""
    if is_marking():
        return TOKEN
    raw = session.get("csrf_token")
    # Signing is most of a token's price, and the same session needs the same one again.
    signed: str = current_app.extensions["tokens"](raw) if raw else generate_csrf()
    return signed


def new_submission() -> str:
    """Return a value that marks one rendered form."""
    return SUBMISSION if is_marking() else secrets.token_urlsafe(16)


def ago(value: datetime | None) -> Markup:
    """Return how long ago a time was, as ``presentation.ago``."""
    if value is None or not is_marking():
        return presentation.ago(value)
    return Markup(f"{MARK}{value.isoformat()};")  # noqa: S704 - digits


@contextmanager
def marking() -> Iterator[None]:
    """Let the words above give marks while the block runs."""
    is_inner = is_marking()
    g.marking = True
    try:
        yield
    finally:
        if not is_inner:
            g.pop("marking")


def is_marking() -> bool:
    """Return whether what is drawn now is to be kept: its marks are put in later."""
    return "marking" in g


def filled(drawn: str) -> str:
    """Return a page with what its marks stand for, for this request."""
    return MARKS.sub(lambda mark: _said(mark[1]), drawn)


def pieces(drawn: str) -> tuple[bytes | str, ...]:
    """Return a page in pieces: text as bytes, and between them the words of its marks."""
    parts: list[str] = MARKS.split(drawn)
    return tuple(one if place % 2 else one.encode() for place, one in enumerate(parts))


def joined(parts: Sequence[bytes | str]) -> bytes:
    """Return a page from its pieces, for this request. Rows share their ages."""
    ages: dict[str, bytes] = {}
    found = []
    for part in parts:
        if isinstance(part, str):
            said = ages.get(part) or _said(part).encode()
            if part != "submission":  # each form has its own
                ages[part] = said
            part = said
        found.append(part)
    return b"".join(found)


def _said(word: str) -> str:
    if word == "token":
        return csrf_token()
    if word == "submission":
        return new_submission()
    return presentation.ago(datetime.fromisoformat(word))


def _signed(_raw: str) -> str:
    token: str = generate_csrf()
    return token
