"""/search: find an order, a shipment or a listing by what one knows of it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import cells
from blueprints.access import viewers
from blueprints.shipments.rows import order_url, word
from inventory.models import OrderKind
from inventory.services import search

bp = Blueprint("search", __name__)

#: The lists that show all hits of a kind, where the page shows the first ones.
LISTS = {"order": "/purchase-orders", "shipment": "/shipments", "listing": "/listings"}


@bp.get("/search")
@viewers
def index() -> ResponseReturnValue:
    """Show what begins with the text; go straight to the one thing whose id it is."""
    text = request.args.get("q", "").strip()[:200]
    hits = search.everywhere(text)
    if hits.exact:
        return redirect(_url(*hits.exact), 303)
    return render_template(
        "search/index.html",
        q=text,
        hits=hits,
        orders=[(_url("order", row), row) for row in hits.orders.rows],
        transfers=OrderKind.TRANSFER,
        shipments=[(_url("shipment", row), row, word(row)) for row in hits.shipments.rows],
        listings=[(_url("listing", row), row, cells.cut(row.title)) for row in hits.listings.rows],
    )


def _url(kind: str, row: Any) -> str:
    root = request.script_root
    return order_url(root, row) if kind == "order" else f"{root}{LISTS[kind]}/{row.id}"
