"""The bar over each page: one drawing serves all pages of a user at one place."""

from functools import lru_cache

from flask import Flask, current_app, render_template, request
from flask_login import current_user
from markupsafe import Markup

from blueprints.marks import TOKEN, csrf_token
from blueprints.presentation import whereabouts
from inventory.models import Role


def init_app(app: Flask) -> None:
    """Give templates ``bar()``; each app keeps the drawings of its own pages."""
    app.extensions["bars"] = lru_cache(maxsize=256)(_draw)
    app.jinja_env.globals["bar"] = bar


def bar() -> Markup:
    """Return the bar for the page that is asked for and the user who asks."""
    who = None
    if current_user.is_authenticated:
        user = current_user._get_current_object()
        who = (user.shown_name, user.role, user.theme)
    sought = request.args.get("q", "") if request.blueprint == "search" else ""
    drawn: str = current_app.extensions["bars"](request.script_root, whereabouts(), sought, who)
    return Markup(drawn.replace(TOKEN, csrf_token()))  # noqa: S704 - drawn by a template


def _draw(_root: str, _here: str, sought: str, _who: tuple[str, Role, str] | None) -> str:
    """Draw the bar. The arguments are all that it depends on besides the installation."""
    return render_template("_bar.html", token=TOKEN, sought=sought)
