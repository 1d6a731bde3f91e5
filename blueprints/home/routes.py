"""/ : what needs attention."""

from flask import Blueprint, render_template

from blueprints.access import viewers

bp = Blueprint("home", __name__)


@bp.get("/")
@viewers
def index() -> str:
    """Show what needs attention."""
    return render_template("home/index.html")
