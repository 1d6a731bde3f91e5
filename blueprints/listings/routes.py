"""/listings: offers on Amazon, as a list, a file and a page each."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints import cells, frames, lists
from blueprints.access import viewers
from blueprints.listings.rows import STATUSES, listing_rows, stock_words
from blueprints.responses import table_response
from blueprints.shipments.rows import word
from inventory.models import SyncKind
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.stock import basis_words
from inventory.services import choices, freshness, listing_lists
from inventory.services.listing_lists import ListingFilter

bp = Blueprint("listings", __name__)

COLUMNS = (
    "connection", "channel", "sku", "asin", "fnsku", "title", "status", "variant", "link",
)  # fmt: skip
#: Columns that may be hidden: (name in the address, label), in order.
CHOSEN = (
    ("title", "Title"), ("channel", "Channel"), ("asin", "ASIN"), ("status", "Status"),
    ("stock", "Stock"), ("connection", "Connection"), ("variant", "Variant"),
)  # fmt: skip


@bp.get("/listings")
@viewers
@frames.kept
def index() -> str:
    """Show listings."""
    here, wanted, sort = _asked()
    page = listing_lists.page(wanted, sort, here["at"])
    ids = [row.id for row in page.rows]
    readings, places = freshness.ages(SyncKind.LISTINGS), choices.warehouses()
    held = listing_lists.stock_of(ids) if ids else {}
    variants = listing_lists.variants_of(ids) if ids else {}
    owners = {one.connection_id: one.connection for one in readings}
    stock = {one: stock_words(found, places) for one, found in held.items()}
    view = lists.ListView(
        here,
        page,
        "",
        (),
        sort,
        "listing",
        "SKU, ASIN, FNSKU, title",
        _fields(owners),
        saved=lists.saved(here),
        columns=CHOSEN,
    )
    return frames.page(
        "listings/index.html",
        list=view,
        rows=listing_rows(page.rows, request.script_root, owners, stock, variants),
        readings=readings,
        count=listing_lists.count(wanted) if here["totals"] else None,
    )


@bp.get("/listings/totals")
@viewers
def totals() -> str:
    """Return the number of a filtered list: asked for once the list is there."""
    here, wanted, _ = _asked()
    count = listing_lists.count(wanted)
    return render_template("lists/_count.html", count=count, noun="listing", address=here)


@bp.get("/listings.xlsx")
@bp.get("/listings.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all listings that the filters let through."""
    _, wanted, sort = _asked()
    return table_response("listings", COLUMNS, listing_lists.export(wanted, sort))


@bp.get("/listings/<int:listing_id>")
@viewers
def show(listing_id: int) -> str:
    """Show a listing: where it is offered, what is held, and what is on its way."""
    listing, connection = listing_lists.find(listing_id) or abort(404)
    return render_template(
        "listings/show.html",
        listing=listing,
        connection=connection,
        status_word=STATUSES.get(listing.status, listing.status),
        variant=listing_lists.variants_of([listing_id]).get(listing_id),
        offers=[
            (MARKETPLACES.get(one.marketplace_id), one, one.status.replace(",", ", ").capitalize())
            for one in listing_lists.offers(listing_id)
        ],
        levels=[
            (*level, basis_words(basis) if basis else "")
            for *level, basis in listing_lists.levels(listing_id)
        ],
        shipments=[
            (shipment, line, word(shipment), _expected(shipment))
            for shipment, line in listing_lists.open_shipments(listing_id)
        ],
    )


def _expected(shipment: Any) -> Markup:
    base = cells.counted_from(shipment, shipment.expected_source)
    return cells.expected(shipment.expected_on, shipment.expected_source, base, is_open=True)


def _asked() -> tuple[lists.Address, ListingFilter, str]:
    here = lists.address("channel", "status", "connection")
    sort = here["sort"] if here["sort"].lstrip("-") in listing_lists.SORTS else "sku"
    wanted = ListingFilter(
        q=here["q"],
        channel=here["channel"],
        status=here["status"],
        connection_id=here.number("connection"),
    )
    return here, wanted, sort


def _fields(owners: Mapping[int, str]) -> list[lists.Field]:
    return [
        lists.Field("channel", "Channel", [("FBA", "FBA"), ("FBM", "FBM")]),
        lists.Field("status", "Status", list(STATUSES.items())),
        lists.Field("connection", "Connection", [(str(key), name) for key, name in owners.items()]),
    ]
