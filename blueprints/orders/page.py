"""/purchase-orders/<id>, /transfer-orders/<id>: one order, with all that is known of it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells, frames, states
from blueprints.access import planners, viewers
from blueprints.connections.refusal import refuse
from blueprints.orders import quotes
from blueprints.orders.offered import offered
from blueprints.orders.routes import LINE_COLUMNS, TITLES, bp
from blueprints.orders.rows import badges
from blueprints.orders.shown_lines import line_rows, percent_added
from blueprints.presentation import plain_money, today
from blueprints.responses import table_response, wants_fragment
from blueprints.shipments import rows as shipment_rows
from blueprints.stale.standing import done, standings
from extensions import db
from inventory.models import OrderKind, Shipment, StatusType, StockOrder
from inventory.services import attachments, order_details, order_files, order_shipments, timeline
from inventory.services.order_shipments import Carried


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
    #: No pick-up is known, and the day it is ready to ship stands for it.
    is_ready_day: bool
    expected: Markup
    shipped: int
    received: int
    outstanding: int
    fee: str
    fee_currency: str
    seller_central: str
    is_ignored: bool
    #: Of a shipment that a person linked.
    unlink_url: str


class Refused(NamedTuple):
    """A receipt that was refused: line id -> what was typed, and what is wrong with it."""

    typed: Mapping[int, str]
    faults: Mapping[int, str]
    day: str


@bp.get("/purchase-orders/<int:order_id>")
@viewers
def show_purchase(order_id: int) -> ResponseReturnValue:
    """Show a purchase order."""
    return _shown(OrderKind.PURCHASE, order_id)


@bp.get("/transfer-orders/<int:order_id>")
@viewers
def show_transfer(order_id: int) -> ResponseReturnValue:
    """Show a transfer order."""
    return _shown(OrderKind.TRANSFER, order_id)


@bp.get("/purchase-orders/<int:order_id>.xlsx")
@bp.get("/purchase-orders/<int:order_id>.csv")
@viewers
def purchase_order_file(order_id: int) -> ResponseReturnValue:
    """Return the lines of a purchase order."""
    return _file(OrderKind.PURCHASE, order_id)


@bp.get("/transfer-orders/<int:order_id>.xlsx")
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


def _shown(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    """A reading under way is no change of data, so a page that tells of it is not kept."""
    if order_details.is_being_read(order_id):
        return _show(kind, order_id)
    return frames.kept(_show)(kind, order_id)


def shown_again(order: StockOrder, refused: Refused) -> str:
    """Return the order's page with what was typed to receive it."""
    return _show(order.kind, order.id, refused)


def _show(kind: OrderKind, order_id: int, refused: Refused | None = None) -> str:
    order = order_details.find(kind, order_id) or abort(404)
    shipments = order_details.shipments(order.id)
    lines = order_details.lines(order)
    # Of one shipment of Amazon's own, the order's lines say it all.
    is_apart = len(shipments) > (1 if order.origin == "amazon" else 0)
    carried = order_shipments.carried(order.id) if is_apart else []
    limit = timeline.LONG if request.args.get("timeline") == "all" else timeline.SHORT
    return render_template(
        "orders/show.html",
        order=order,
        kind=TITLES[kind],
        is_transfer=kind == OrderKind.TRANSFER,
        badges=badges(order, shipments),
        expected=_expected(order, shipments),
        conversions=quotes.conversions(order),
        unconverted=quotes.unconverted(order, shipments),
        untaken=quotes.untaken(order, shipments),
        settings_url=_settings_url(shipments),
        percent=cells.percent(order.units_received, order.units_ordered),
        lines=line_rows(order, lines.rows, carried),
        shipped=_shipped(order, carried),
        by_shipment=request.args.get("lines") == "shipments",
        costs=lines.costs,
        costs_percent=percent_added(lines.costs),
        offered=offered(order),
        day=today().isoformat(),
        refused=refused,
        shipments=[_shipment(one, order) for one in shipments],
        timeline=timeline.of_order(order.id, [one.id for one in shipments], limit=limit),
        files=attachments.of_order(order.id),
        runs=[one for one in order_details.runs_of(shipments) if one.is_active],
        disabled=order_details.disabled(shipments),
        path=_path(order),
        has_finished=False,
        standings=standings([one.id for one in shipments if one.is_open]),
        done=done(request.args.get("undo")),
    )


def _file(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    order = order_details.find(kind, order_id) or abort(404)
    name = "".join(letter if letter.isalnum() else "-" for letter in order.reference)
    return table_response(name, LINE_COLUMNS, order_files.export_lines(order_id=order.id))


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


def _settings_url(shipments: Sequence[Shipment]) -> str:
    connections = [one.connection_id for one in shipments]
    if not connections:
        return ""
    return url_for("connection_settings.edit", connection_id=connections[0])


def _expected(order: StockOrder, shipments: Any) -> Markup:
    dated = next((one for one in shipments if one.expected_on == order.expected_on), None)
    base = cells.counted_from(dated, order.expected_source) if dated else None
    if order.expected_source == "lead_time":
        base = order.created_on
    counts = order.units_outstanding > order.units_ignored
    is_open = order.status_type == StatusType.ACTIVE and counts
    return cells.expected(order.expected_on, order.expected_source, base, is_open=is_open)


def _shipped(order: StockOrder, carried: Sequence[Carried]) -> int | None:
    """Return the units that left, where people planned others; else ``None``."""
    if order.origin == "amazon" or not carried:
        return None
    return sum(one.shipped for one in carried)


def _shipment(one: Shipment, order: StockOrder) -> ShipmentRow:
    is_linked = order.origin == "local" and order.locked_at is None
    word = shipment_rows.word(one)
    base = cells.counted_from(one, one.expected_source)
    is_ready_day = one.pickup_at is None and one.expected_source == "pickup_delay"
    return ShipmentRow(
        f"{request.script_root}/shipments/{one.id}",
        one.amazon_shipment_id,
        shipment_rows.badges(one),
        word,
        states.status(word),
        one.destination_fc or "–",
        cells.mode(one.mode),
        cells.solution(one.solution),
        one.pickup_at or (one.ready_to_ship_at if is_ready_day else None),
        is_ready_day,
        cells.expected(
            one.expected_on, one.expected_source, base, is_open=shipment_rows.counts(one)
        ),
        one.units_shipped,
        one.units_received,
        one.units_outstanding,
        plain_money(one.fee, one.fee_currency or "USD"),
        one.fee_currency if one.fee is not None else "",
        "" if one.connection.is_sandbox else cells.seller_central(one),
        one.ignored_on is not None,
        f"{request.script_root}/orders/links/{one.id}/delete" if is_linked else "",
    )
