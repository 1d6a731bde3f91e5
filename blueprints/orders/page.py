"""/purchase-orders/<id>, /transfer-orders/<id>: one order, with all that is known of it."""

from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells, states
from blueprints.access import planners, viewers
from blueprints.connections.refusal import refuse
from blueprints.orders import quotes
from blueprints.orders.routes import LINE_COLUMNS, TITLES, bp
from blueprints.orders.rows import badges
from blueprints.presentation import plain_money
from blueprints.responses import csv_response, wants_fragment
from blueprints.shipments import rows as shipment_rows
from extensions import db
from inventory.models import OrderKind, Shipment, StatusType, StockOrder
from inventory.services import order_details, order_files, timeline


class LineRow(NamedTuple):
    listing_id: int
    sku: str
    title: str
    asin: str
    fnsku: str
    ordered: int
    received: int
    outstanding: int
    difference: str
    role: str
    unit_cost: str
    landed_cost: str


class ShipmentRow(NamedTuple):
    url: str
    fba_id: str
    badges: Markup
    status_word: str
    status: Markup
    fc: str
    mode: str
    solution: str
    pickup_at: Any
    expected: Markup
    shipped: int
    received: int
    outstanding: int
    fee: str
    fee_currency: str
    seller_central: str


@bp.get("/purchase-orders/<int:order_id>")
@viewers
def show_purchase(order_id: int) -> str:
    """Show a purchase order."""
    return _show(OrderKind.PURCHASE, order_id)


@bp.get("/transfer-orders/<int:order_id>")
@viewers
def show_transfer(order_id: int) -> str:
    """Show a transfer order."""
    return _show(OrderKind.TRANSFER, order_id)


@bp.get("/purchase-orders/<int:order_id>.csv")
@viewers
def purchase_order_file(order_id: int) -> ResponseReturnValue:
    """Return the lines of a purchase order."""
    return _file(OrderKind.PURCHASE, order_id)


@bp.get("/transfer-orders/<int:order_id>.csv")
@viewers
def transfer_order_file(order_id: int) -> ResponseReturnValue:
    """Return the lines of a transfer order."""
    return _file(OrderKind.TRANSFER, order_id)


@bp.post("/orders/<int:order_id>/syncs")
@planners
def create_syncs(order_id: int) -> ResponseReturnValue:
    """Read the order's shipments from Amazon, before all else."""
    order = db.get_or_404(StockOrder, order_id)
    shipments = order_details.shipments(order.id)
    order_details.request_syncs(shipments, current_user.id)
    db.session.commit()
    if wants_fragment():
        return _syncs(order)
    if name := order_details.disabled(shipments):
        refuse(name)
    return redirect(_path(order), 303)


@bp.get("/orders/<int:order_id>/syncs")
@viewers
def syncs(order_id: int) -> str:
    """Return how far the readings of the order's shipments are; asked for while they run."""
    return _syncs(db.get_or_404(StockOrder, order_id))


def _show(kind: OrderKind, order_id: int) -> str:
    order = order_details.find(kind, order_id) or abort(404)
    shipments = order_details.shipments(order.id)
    limit = timeline.LONG if request.args.get("timeline") == "all" else timeline.SHORT
    return render_template(
        "orders/show.html",
        order=order,
        kind=TITLES[kind],
        is_transfer=kind == OrderKind.TRANSFER,
        badges=badges(order),
        expected=_expected(order, shipments),
        conversions=quotes.conversions(order),
        unconverted=quotes.unconverted(order, shipments),
        percent=cells.percent(order.units_received, order.units_ordered),
        lines=[_line(one, order) for one in order_details.lines(order)],
        shipments=[_shipment(one) for one in shipments],
        timeline=timeline.of_order(order.id, [one.id for one in shipments], limit=limit),
        runs=[one for one in order_details.runs_of(shipments) if one.is_active],
        disabled=order_details.disabled(shipments),
        path=_path(order),
        has_finished=False,
    )


def _file(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    order = order_details.find(kind, order_id) or abort(404)
    name = "".join(letter if letter.isalnum() else "-" for letter in order.reference)
    return csv_response(name, LINE_COLUMNS, order_files.export_lines(order_id=order.id))


def _syncs(order: StockOrder) -> str:
    shipments = order_details.shipments(order.id)
    runs = order_details.runs_of(shipments)
    return render_template(
        "lists/_syncs.html",
        runs=runs,
        disabled=order_details.disabled(shipments),
        has_finished=not any(run.is_active for run in runs),
        syncs_url=f"{request.script_root}/orders/{order.id}/syncs",
        page_url=_path(order),
    )


def _path(order: StockOrder) -> str:
    return shipment_rows.order_url(request.script_root, order)


def _expected(order: StockOrder, shipments: Any) -> Markup:
    dated = next((one for one in shipments if one.expected_on == order.expected_on), None)
    base = cells.counted_from(dated, order.expected_source) if dated else None
    is_open = order.status_type == StatusType.ACTIVE and order.units_outstanding > 0
    return cells.expected(order.expected_on, order.expected_source, base, is_open=is_open)


def _line(one: order_details.Line, order: StockOrder) -> LineRow:
    line, listing = one.line, one.listing
    is_over = order.status_type == StatusType.CLOSED
    return LineRow(
        listing.id,
        line.seller_sku,
        cells.cut(listing.title),
        listing.asin,
        listing.fnsku,
        line.units_ordered,
        line.units_received,
        line.units_outstanding,
        *cells.difference(line.units_ordered, line.units_received, is_over=is_over),
        plain_money(line.unit_cost, order.currency),
        plain_money(one.landed_cost, order.currency),
    )


def _shipment(one: Shipment) -> ShipmentRow:
    word = shipment_rows.word(one)
    base = cells.counted_from(one, one.expected_source)
    return ShipmentRow(
        f"{request.script_root}/shipments/{one.id}",
        one.amazon_shipment_id,
        shipment_rows.badges(one),
        word,
        states.status(word),
        one.destination_fc or "–",
        cells.mode(one.mode),
        cells.solution(one.solution),
        one.pickup_at,
        cells.expected(one.expected_on, one.expected_source, base, is_open=one.is_open),
        one.units_shipped,
        one.units_received,
        one.units_outstanding,
        plain_money(one.fee, one.fee_currency or "USD"),
        one.fee_currency if one.fee is not None else "",
        "" if one.connection.is_sandbox else cells.seller_central(one),
    )
