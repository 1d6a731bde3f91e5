"""Orders on their way to Amazon that wait: each can be gone on with by anyone with the role."""

from collections.abc import Sequence

from flask import request
from markupsafe import Markup, escape

from blueprints.home.todos import Todo
from blueprints.presentation import units
from blueprints.shipments.rows import order_url
from inventory.models import Sending, SendingState

# icons: hourglass user-check
#: Named one by one up to so many.
SHOWN = 5


def sending_todos(found: Sequence[Sending]) -> list[Todo]:
    """Return the unclear ones first, then those that wait for a decision."""
    ordered = sorted(found, key=lambda one: one.state != SendingState.UNCLEAR)
    rest = [_rest(ordered[SHOWN:])] if len(ordered) > SHOWN else []
    return [_todo(one) for one in ordered[:SHOWN]] + rest


def _todo(one: Sending) -> Todo:
    url = order_url(request.script_root, one.order)
    if one.state == SendingState.UNCLEAR:
        title = f"{one.order.reference}: unclear what Amazon has of it."
        return Todo("warn", "hourglass", "Unclear", title, escape(one.message), "Open order", url)
    title = f"{one.order.reference} is on its way to Amazon and waits for a decision."
    said = escape(one.message)
    detail = Markup("{}: {}").format(one.step.capitalize(), said)
    return Todo("info", "user-check", "Waiting", title, detail, "Open order", url)


def _rest(found: Sequence[Sending]) -> Todo:
    urls = [order_url(request.script_root, one.order) for one in found]
    links = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(url, one.order.reference)
        for url, one in zip(urls, found, strict=True)
    )
    title = f"{units(len(found), 'more order')} on the way to Amazon: unclear or to be decided."
    return Todo("info", "user-check", "Waiting", title, links, "Open order", urls[0])
