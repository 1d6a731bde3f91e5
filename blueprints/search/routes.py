"""/search: find an order, a shipment or a listing by what one knows of it."""

from flask import Blueprint

from blueprints.access import viewers

bp = Blueprint("search", __name__)


@bp.get("/search")
@viewers
def index() -> str:
    """Show what matches."""
    return ""
