"""/stock: what each warehouse holds of each SKU, as a list and as a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints import cells, frames, lists, states
from blueprints.access import viewers
from blueprints.marks import ago
from blueprints.presentation import today
from blueprints.responses import table_response
from inventory.models import SyncKind
from inventory.services import choices, freshness, stock_lists
from inventory.services.choices import Choice
from inventory.services.freshness import Reading
from inventory.services.stock_lists import OnOrder, StockFilter

bp = Blueprint("stock", __name__)

COLUMNS = (
    "warehouse", "sku", "fulfillable", "fc_transfer", "fc_processing", "customer_orders",
    "researching", "unfulfillable", "inbound_working", "inbound_shipped", "inbound_receiving",
    "stock", "on_order", "overdue", "ignored", "as_of", "pool", "counted",
)  # fmt: skip
SORTS = ("sku", "fulfillable")
#: The cells of a row's figures: the first two also where there is less room.
FIGURES = '<td class="n p2">{}</td>' * 2 + '<td class="n p3">{}</td>' * 7
NOTHING = OnOrder()


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
    coming = stock_lists.on_order(ids, today()) if ids else {}
    marks = {
        place.id: stock_lists.as_of(found, place.connection_id, place.marketplace_id)
        for found in [freshness.stock_marks()]
        for place in places.values()
    }
    seen = {place: ago(at) for place, at in marks.items()}
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
    )
    return frames.page(
        "stock/index.html",
        list=view,
        rows=_rows(page.rows, titles, places, coming, seen),
        readings=readings,
        totals=stock_lists.totals(wanted) if here["totals"] else None,
    )


@bp.get("/stock/totals")
@viewers
def totals() -> str:
    """Return the sums of a filtered list: asked for once the list is there."""
    here, wanted, _ = _asked()
    return render_template("stock/_totals.html", totals=stock_lists.totals(wanted), address=here)


@bp.get("/stock.xlsx")
@bp.get("/stock.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all stock that the filters let through."""
    _, wanted, sort = _asked()
    rows = stock_lists.export(wanted, sort, today(), choices.warehouses())
    return table_response("stock", COLUMNS, rows)


def _asked() -> tuple[lists.Address, StockFilter, str]:
    here = lists.address("warehouse", "connection")
    sort = here["sort"] if here["sort"].lstrip("-") in SORTS else "sku"
    wanted = StockFilter(here["q"], here.number("warehouse"), here.number("connection"))
    return here, wanted, sort


def _fields(places: dict[int, Choice], readings: Sequence[Reading]) -> list[lists.Field]:
    holding = lists.options(one for one in places.values() if one.kind in ("fba", "fbm"))
    owners = [(str(one.connection_id), one.connection) for one in readings]
    return [
        lists.Field("warehouse", "Warehouse", holding),
        lists.Field("connection", "Connection", owners),
    ]


def _rows(
    found: Sequence[Any],
    titles: Mapping[int, str],
    places: Mapping[int, Choice],
    coming: Mapping[tuple[int, int], OnOrder],
    seen: Mapping[int, Markup],
) -> Markup:
    root, never, pool = cells.text(request.script_root), ago(None), states.badge("Shared pool")
    names = {place.id: cells.text(place.name) for place in places.values()}
    return cells.joined(
        _row(
            row,
            f'<a href="{root}/listings/{row.listing_id}">{cells.text(row.seller_sku)}</a>',
            cells.text(cells.cut(titles.get(row.listing_id, ""))),
            names.get(row.warehouse_id, "–"),
            coming.get((row.warehouse_id, row.listing_id), NOTHING),
            f"{seen.get(row.warehouse_id, never)} {pool if row.shared else ''}",
        )
        for row in found
    )


def _row(row: Any, sku: str, title: str, place: str, coming: OnOrder, as_of: str) -> str:
    return (
        f'<tr><th scope="row">{sku}<small class="cut">{title}</small>'
        f'<small class="only-sm">{place}</small></th>'
        f'<td class="p2 nowrap">{place}<small>{as_of}</small></td>'
        f'<td class="n">{row.stock}</td>'
        f'<td class="n">{coming.units}</td>'
        f'<td class="n p2">{coming.overdue}</td>'
        f"{FIGURES.format(*stock_lists.figures(row))}</tr>"
    )
