"""/variants: our own sellable items, and how many listings belong to each."""

from typing import Any
from urllib.parse import quote_plus

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints import cells, frames, lists
from blueprints.access import viewers
from blueprints.responses import table_response
from inventory.models import SyncKind
from inventory.services import freshness, listing_lists

bp = Blueprint("variants", __name__)

COLUMNS = ("sku", "title", "listings")
#: Columns that may be hidden: (name in the address, label), in order.
CHOSEN = (("title", "Title"), ("listings", "Listings"))
#: Left as it is in the value of an address, as elsewhere in the app.
READABLE = "!$'()*,/:;?@"


@bp.get("/variants")
@viewers
@frames.kept
def index() -> str:
    """Show variants."""
    here = lists.address()
    page = listing_lists.variant_page(here["q"], here["at"])
    found_by = cells.text(url_for("listings.index") + "?q=")
    view = lists.ListView(
        here,
        page,
        "",
        (),
        "sku",
        "variant",
        "SKU, title",
        (),
        saved=lists.saved(here),
        columns=CHOSEN,
    )
    return frames.page(
        "variants/index.html",
        list=view,
        rows=cells.joined(_row(row, found_by) for row in page.rows),
        readings=freshness.ages(SyncKind.LISTINGS),
        count=listing_lists.variant_count(here["q"]) if here["totals"] else None,
    )


@bp.get("/variants/totals")
@viewers
def totals() -> str:
    """Return the number of a filtered list: asked for once the list is there."""
    here = lists.address()
    count = listing_lists.variant_count(here["q"])
    return render_template("lists/_count.html", count=count, noun="variant", address=here)


@bp.get("/variants.xlsx")
@bp.get("/variants.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all variants that the search lets through."""
    here = lists.address()
    return table_response("variants", COLUMNS, listing_lists.variant_export(here["q"]))


def _row(row: Any, found_by: str) -> str:
    sku, title = cells.text(row.sku), cells.text(cells.cut(row.title))
    address = found_by + cells.text(quote_plus(row.sku, safe=READABLE))
    return (
        f'<tr><th scope="row"><a href="{address}">{sku}</a></th>'
        f'<td class="cut">{title}</td><td class="n">{row.listings}</td></tr>'
    )
