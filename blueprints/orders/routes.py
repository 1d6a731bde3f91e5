"""/purchase-orders and /transfer-orders: what is on order, as lists and as files."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints import frames, lists
from blueprints.access import may, viewers
from blueprints.orders import bulk_choices as bulk
from blueprints.orders.rows import currencies, order_rows
from blueprints.presentation import today
from blueprints.responses import table_response
from blueprints.states import FLAGS
from inventory.models import OrderKind, Role, StatusType, SyncKind
from inventory.services import choices, freshness, order_files, order_lists, order_money, sku_units
from inventory.services.choices import Choice
from inventory.services.freshness import Reading
from inventory.services.order_lists import OrderFilter

bp = Blueprint("orders", __name__)

COLUMNS = (
    "reference", "extra_reference", "status", "status_type", "amazon_status", "source", "vendor",
    "destination", "created", "expected", "expected_source", "ordered", "received", "outstanding",
    "ignored", "shipping_handling", "currency",
)  # fmt: skip
LINE_COLUMNS = (
    "reference", "sku", "asin", "fnsku", "title", "ordered", "received", "outstanding",
    "unit_cost", "landed_cost", "ignored",
)  # fmt: skip
VIEWS = (
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("ignored", "Ignored"),
    ("attention", "Needs attention"),
    ("drafts", "Drafts"),
    ("closed", "Closed"),
    ("canceled", "Canceled"),
    ("all", "All"),
)
#: Columns that may be hidden: (name in the address, label), in order.
_FROM = {OrderKind.PURCHASE: ("vendor", "Vendor"), OrderKind.TRANSFER: ("source", "Source")}
CHOSEN = {
    kind: (
        ("status", "Status"), partner, ("destination", "Destination"), ("expected", "Expected"),
        ("ordered", "Ordered"), ("received", "Received"), ("outstanding", "Outstanding"),
        ("shipping", "Shipping/handling"),
    )
    for kind, partner in _FROM.items()
}  # fmt: skip
TITLES = {OrderKind.PURCHASE: "Purchase orders", OrderKind.TRANSFER: "Transfer orders"}
NOUNS = {OrderKind.PURCHASE: "purchase order", OrderKind.TRANSFER: "transfer order"}
FILTERS = (
    "status_type", "destination", "source", "vendor", "connection", "sku", "from", "to", "flag",
)  # fmt: skip
FILES = {OrderKind.PURCHASE: "purchase-orders", OrderKind.TRANSFER: "transfer-orders"}


@bp.get("/purchase-orders")
@viewers
@frames.kept
def purchase_orders() -> str:
    """Show what is bought and still to come."""
    return _index(OrderKind.PURCHASE)


@bp.get("/transfer-orders")
@viewers
@frames.kept
def transfer_orders() -> str:
    """Show what is moved between warehouses and still to come."""
    return _index(OrderKind.TRANSFER)


@bp.get("/purchase-orders/totals")
@viewers
def purchase_totals() -> str:
    """Return the sums of a filtered list: asked for once the list is there."""
    return _totals(OrderKind.PURCHASE)


@bp.get("/transfer-orders/totals")
@viewers
def transfer_totals() -> str:
    """Return the sums of a filtered list: asked for once the list is there."""
    return _totals(OrderKind.TRANSFER)


@bp.get("/purchase-orders.xlsx")
@bp.get("/purchase-orders.csv")
@viewers
def purchase_file() -> ResponseReturnValue:
    """Return all purchase orders that the filters let through."""
    return _file(OrderKind.PURCHASE)


@bp.get("/transfer-orders.xlsx")
@bp.get("/transfer-orders.csv")
@viewers
def transfer_file() -> ResponseReturnValue:
    """Return all transfer orders that the filters let through."""
    return _file(OrderKind.TRANSFER)


@bp.get("/purchase-orders/lines.xlsx")
@bp.get("/purchase-orders/lines.csv")
@viewers
def purchase_lines() -> ResponseReturnValue:
    """Return the lines of all purchase orders that the filters let through."""
    return _lines(OrderKind.PURCHASE)


@bp.get("/transfer-orders/lines.xlsx")
@bp.get("/transfer-orders/lines.csv")
@viewers
def transfer_lines() -> ResponseReturnValue:
    """Return the lines of all transfer orders that the filters let through."""
    return _lines(OrderKind.TRANSFER)


def _index(kind: OrderKind) -> str:
    here, wanted, sort = _asked(kind)
    page = order_lists.page(wanted, sort, here["at"])
    places, readings = choices.warehouses(), freshness.ages(SyncKind.SHIPMENTS)
    ids = [row.id for row in page.rows]
    shipments = order_lists.shipments_of(ids) if ids else {}
    named, is_planner = choices.of_orders(), may(Role.PLANNER)
    vendors = named.vendors if kind == OrderKind.PURCHASE else None
    view = lists.ListView(
        here,
        page,
        wanted.view,
        VIEWS,
        sort,
        NOUNS[kind],
        "Reference, FBA id, SKU, name",
        _fields(kind, places, readings, vendors or {}),
        saved=lists.saved(here),
        columns=CHOSEN[kind],
        lead=2 if is_planner else 1,  # planners have ticks
    )
    return frames.page(
        "orders/index.html",
        title=TITLES[kind],
        is_transfer=kind == OrderKind.TRANSFER,
        list=view,
        rows=order_rows(
            page.rows,
            here.path,
            places,
            shipments,
            vendors=vendors,
            is_planner=is_planner,
            of_sku=sku_units.of_orders(ids, wanted.sku),
        ),
        bulk=bulk.offered(kind, named) if is_planner and page.rows else None,
        currencies=currencies(page.rows),
        readings=readings,
        **(_sums(wanted) if here["totals"] else {"totals": None}),
    )


def _totals(kind: OrderKind) -> str:
    here, wanted, _ = _asked(kind)
    return render_template(
        "orders/_totals.html",
        **_sums(wanted),
        noun=NOUNS[kind],
        counts=order_lists.view_counts(kind, today()),
        views=VIEWS,
        view=wanted.view,
        address=here,
        has_ticks=may(Role.PLANNER),
        is_fragment=True,
    )


def _sums(wanted: OrderFilter) -> dict[str, Any]:
    totals = order_lists.totals(wanted)
    converted = order_money.converted(wanted, totals)
    return {"totals": totals, "converted": converted, "of_sku": sku_units.in_orders(wanted)}


def _file(kind: OrderKind) -> ResponseReturnValue:
    _, wanted, sort = _asked(kind)
    return table_response(FILES[kind], COLUMNS, order_files.export(wanted, sort))


def _lines(kind: OrderKind) -> ResponseReturnValue:
    _, wanted, sort = _asked(kind)
    name = f"{FILES[kind]}-lines"
    return table_response(name, LINE_COLUMNS, order_files.export_lines(wanted, sort))


def _asked(kind: OrderKind) -> tuple[lists.Address, OrderFilter, str]:
    here = lists.address(*FILTERS)
    view = here["view"] if here["view"] in order_lists.VIEWS else "all"
    sort = lists.sorting(here, order_lists.SORTS, "-expected" if view == "all" else "expected")
    wanted = OrderFilter(
        kind=kind,
        today=today(),
        view=view,
        q=here["q"],
        sku=here["sku"],
        status_type=here["status_type"],
        destination_id=here.number("destination"),
        source_id=here.number("source"),
        vendor_id=here.number("vendor"),
        connection_id=here.number("connection"),
        expected_from=here.day("from"),
        expected_to=here.day("to"),
        flag=here["flag"] if here["flag"] in FLAGS else "",
    )
    return here, wanted, sort


def _fields(
    kind: OrderKind,
    places: dict[int, Choice],
    readings: Sequence[Reading],
    vendors: Mapping[int, str],
) -> list[lists.Field]:
    named = lists.options(one for one in places.values() if one.kind != "combined")
    fields = [
        lists.Field("status_type", "Status type", [(one, one.capitalize()) for one in StatusType]),
        lists.Field("destination", "Destination", named),
        lists.Field("source", "Source", named),
        lists.Field("vendor", "Vendor", [(str(id_), name) for id_, name in vendors.items()]),
        lists.Field(
            "connection",
            "Connection",
            [(str(one.connection_id), one.connection) for one in readings],
        ),
        lists.Field("sku", "SKU", kind="text"),
        lists.Field("from", "Expected from"),
        lists.Field("to", "Expected until"),
        lists.Field("flag", "Flag", [(name, words[2]) for name, words in FLAGS.items()]),
    ]
    gone = "source" if kind == OrderKind.PURCHASE else "vendor"
    return [one for one in fields if one.name != gone]
