"""/stock: what each warehouse holds of each SKU and what is coming, as a list and as a file."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import frames, lists
from blueprints.access import viewers
from blueprints.presentation import today
from blueprints.responses import table_response
from blueprints.stock.rows import stock_rows
from inventory.models import SyncKind
from inventory.services import choices, freshness, stock_lists, stock_on_order
from inventory.services.choices import Choice
from inventory.services.freshness import Reading
from inventory.services.stock_lists import StockFilter

bp = Blueprint("stock", __name__)

COLUMNS = (
    "warehouse", "sku", "fulfillable", "fc_transfer", "fc_processing", "customer_orders",
    "researching", "unfulfillable", "inbound_working", "inbound_shipped", "inbound_receiving",
    "stock", "on_order", "overdue", "ignored", "as_of", "pool", "counted",
    "unexplained", "basis",
)  # fmt: skip
#: Columns that may be hidden: (name in the address, label), in order. The last two are groups.
CHOSEN = (
    ("warehouse", "Warehouse"), ("stock", "Stock"), ("on_order", "On order"),
    ("overdue", "Overdue"), ("ignored", "Ignored"), ("unexplained", "Unexplained"),
    ("fulfillable", "Fulfillable"), ("fc_transfer", "FC transfer"),
    ("not_for_sale", "Not for sale"), ("inbound", "Inbound at Amazon"),
)  # fmt: skip
SORTS = ("sku", "fulfillable")
#: Filters that are on or off: name in the address, label, what it lets through.
ONLY = (
    ("held", "Stock", "Only with stock"),
    ("late", "Overdue", "Only overdue"),
    ("unexplained", "Unexplained inbound", "Only unexplained"),
)


@bp.get("/stock")
@viewers
@frames.kept
def index() -> str:
    """Show stock."""
    here, wanted, sort = _asked()
    places, readings = choices.warehouses(), freshness.ages(SyncKind.STOCK)
    page = stock_lists.page(wanted, sort, here["at"], places)
    ids = sorted({row.listing_id for row in page.rows})
    titles = stock_lists.titles(ids) if ids else {}
    coming = stock_on_order.on_order(ids, today()) if ids else {}
    marks = freshness.stock_marks()
    view = lists.ListView(
        here,
        page,
        "",
        (),
        sort,
        "SKU",
        "SKU, ASIN, FNSKU, title",
        _fields(places, readings),
        saved=lists.saved(here),
        columns=CHOSEN,
    )
    return frames.page(
        "stock/index.html",
        list=view,
        rows=stock_rows(page.rows, request.script_root, titles, places, coming, marks),
        readings=readings,
        totals=stock_lists.totals(wanted, today()) if here["totals"] else None,
    )


@bp.get("/stock/totals")
@viewers
def totals() -> str:
    """Return the sums of a filtered list: asked for once the list is there."""
    here, wanted, _ = _asked()
    summed = stock_lists.totals(wanted, today())
    return render_template("stock/_totals.html", totals=summed, address=here)


@bp.get("/stock.xlsx")
@bp.get("/stock.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all stock that the filters let through."""
    _, wanted, sort = _asked()
    rows = stock_lists.export(wanted, sort, today(), choices.warehouses())
    return table_response("stock", COLUMNS, rows)


def _asked() -> tuple[lists.Address, StockFilter, str]:
    here = lists.address("warehouse", "connection", *(name for name, _, _ in ONLY))
    sort = here["sort"] if here["sort"].lstrip("-") in SORTS else "sku"
    wanted = StockFilter(
        here["q"],
        here.number("warehouse"),
        here.number("connection"),
        has_stock=bool(here["held"]),
        overdue_on=today() if here["late"] else None,
        is_unexplained=bool(here["unexplained"]),
    )
    return here, wanted, sort


def _fields(places: dict[int, Choice], readings: Sequence[Reading]) -> list[lists.Field]:
    holding = lists.options(one for one in places.values() if one.kind != "combined")
    owners = [(str(one.connection_id), one.connection) for one in readings]
    return [
        lists.Field("warehouse", "Warehouse", holding),
        lists.Field("connection", "Connection", owners),
        *(lists.Field(name, label, [("1", words)]) for name, label, words in ONLY),
    ]
