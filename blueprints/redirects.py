"""Leading a browser elsewhere: only within this site, and the whole page of it."""

import re
from urllib.parse import urlsplit

from flask import redirect
from flask.typing import ResponseReturnValue
from htmx_flask import make_response

from blueprints.responses import wants_fragment


def local_path(address: str | None) -> str | None:
    """Return ``address`` if it is a path of this site, so that nobody is led elsewhere."""
    if not address or not address.startswith("/") or re.search(r"[\x00-\x20\x7f\\]", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if address.startswith("//") or parts.scheme or parts.netloc else address


def leave_for(address: str) -> ResponseReturnValue:
    """Send the whole browser to ``address``, whether htmx asked or a form was sent."""
    if wants_fragment():
        return make_response("", 200, redirect=address)
    return redirect(address, 303)
