"""/shipments: goods on their way to Amazon, as a list and as a file."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import frames, lists
from blueprints.access import viewers
from blueprints.presentation import today
from blueprints.responses import table_response
from blueprints.shipments.rows import shipment_rows
from blueprints.states import FLAGS, OF_ORDERS
from inventory.models import SyncKind
from inventory.services import choices, freshness, shipment_lists, sku_units
from inventory.services.choices import Choice
from inventory.services.freshness import Reading
from inventory.services.shipment_lists import ShipmentFilter

bp = Blueprint("shipments", __name__)

COLUMNS = (
    "shipment_id", "name", "status", "destination_fc", "country", "warehouse", "mode",
    "carrier_type", "pickup", "expected", "shipped", "received", "fee", "fee_currency", "order",
    "outstanding", "expected_source", "ignored",
)  # fmt: skip
#: Columns that may be hidden: (name in the address, label), in order.
CHOSEN = (
    ("status", "Status"), ("destination", "Destination"), ("mode", "Mode"),
    ("expected", "Expected"), ("shipped", "Shipped"), ("received", "Received"),
    ("outstanding", "Outstanding"), ("order", "Order"),
)  # fmt: skip
#: Flag -> its words, as the filter offers them.
FLAG_WORDS = {name: words for name, (_, _, words) in FLAGS.items() if name not in OF_ORDERS}
VIEWS = (
    ("open", "Open"),
    ("preparing", "Preparing"),
    ("receiving", "Receiving"),
    ("overdue", "Overdue"),
    ("ignored", "Ignored"),
    ("attention", "Needs attention"),
    ("short", "Closed short"),
    ("all", "All"),
)


@bp.get("/shipments")
@viewers
@frames.kept
def index() -> str:
    """Show inbound shipments."""
    here, wanted, sort = _asked()
    page = shipment_lists.page(wanted, sort, here["at"])
    places, readings = choices.warehouses(), freshness.ages(SyncKind.SHIPMENTS)
    ids = [row.id for row in page.rows]
    orders = shipment_lists.orders_of(ids) if ids else {}
    of_sku = sku_units.of_shipments(ids, wanted.sku)
    view = lists.ListView(
        here,
        page,
        wanted.view,
        VIEWS,
        sort,
        "shipment",
        "FBA id, name, SKU, fulfilment centre",
        _fields(places, readings),
        saved=lists.saved(here),
        columns=CHOSEN,
    )
    return frames.page(
        "shipments/index.html",
        list=view,
        rows=shipment_rows(page.rows, request.script_root, places, orders, of_sku),
        readings=readings,
        **(_sums(wanted) if here["totals"] else {"totals": None}),
    )


@bp.get("/shipments/totals")
@viewers
def totals() -> str:
    """Return the sums of a filtered list: asked for once the list is there."""
    here, wanted, _ = _asked()
    return render_template(
        "shipments/_totals.html",
        **_sums(wanted),
        noun="shipment",
        counts=shipment_lists.view_counts(today()),
        views=VIEWS,
        view=wanted.view,
        address=here,
        is_fragment=True,
    )


def _sums(wanted: ShipmentFilter) -> dict[str, Any]:
    return {"totals": shipment_lists.totals(wanted), "of_sku": sku_units.in_shipments(wanted)}


@bp.get("/shipments.xlsx")
@bp.get("/shipments.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all shipments that the filters let through."""
    _, wanted, sort = _asked()
    return table_response("shipments", COLUMNS, shipment_lists.export(wanted, sort))


def _asked() -> tuple[lists.Address, ShipmentFilter, str]:
    here = lists.address("status", "warehouse", "connection", "sku", "from", "to", "flag")
    view = here["view"] if here["view"] in shipment_lists.VIEWS else "all"
    sort = lists.sorting(here, shipment_lists.SORTS, "-expected" if view == "all" else "expected")
    wanted = ShipmentFilter(
        today=today(),
        view=view,
        q=here["q"],
        sku=here["sku"],
        status=here["status"],
        warehouse_id=here.number("warehouse"),
        connection_id=here.number("connection"),
        expected_from=here.day("from"),
        expected_to=here.day("to"),
        flag=here["flag"] if here["flag"] in FLAG_WORDS else "",
    )
    return here, wanted, sort


def _fields(places: dict[int, Choice], readings: Sequence[Reading]) -> list[lists.Field]:
    amazon = lists.options(one for one in places.values() if choices.is_fba(one))
    owners = [(str(one.connection_id), one.connection) for one in readings]
    return [
        lists.Field("status", "Amazon's status", [(one, one) for one in shipment_lists.STATUSES]),
        lists.Field("warehouse", "Destination", amazon),
        lists.Field("connection", "Connection", owners),
        lists.Field("sku", "SKU", kind="text"),
        lists.Field("from", "Expected from"),
        lists.Field("to", "Expected until"),
        lists.Field("flag", "Flag", list(FLAG_WORDS.items())),
    ]
