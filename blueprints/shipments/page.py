"""/shipments/<id>: one inbound shipment, with all that is known of it."""

from typing import Any, NamedTuple

from babel.dates import format_date
from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells, charts
from blueprints.access import planners, viewers
from blueprints.connections.refusal import refuse
from blueprints.responses import wants_fragment
from blueprints.shipments import rows
from blueprints.shipments.forms import MarketplaceForm
from blueprints.shipments.routes import bp
from blueprints.stale.shortage import shortage
from blueprints.stale.standing import done, standings
from extensions import db
from inventory.models import Shipment
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import (
    attachments,
    order_details,
    orders,
    shipment_details,
    shipment_lists,
    timeline,
)

SOURCES = {
    "user": "corrected by hand",
    "plan": "from the inbound plan",
    "centre": "corrected for the fulfilment centre",
    "fc": "guessed from the fulfilment centre",
    "country": "guessed from the destination country",
    "primary": "guessed: the primary marketplace",
}


class LineRow(NamedTuple):
    listing_id: int
    sku: str
    title: str
    fnsku: str
    units_in_case: int | None
    shipped: int
    received: int
    outstanding: int
    difference: str
    role: str
    is_gone: bool


@bp.get("/shipments/<int:shipment_id>")
@viewers
def show(shipment_id: int) -> str:
    """Show a shipment."""
    return _page(_found(shipment_id))


@bp.post("/shipments/<int:shipment_id>/marketplace")
@planners
def correct_marketplace(shipment_id: int) -> ResponseReturnValue:
    """Say which marketplace a shipment belongs to: wins over every later guess."""
    shipment = _found(shipment_id)
    form = _form(shipment)
    if not form.validate():
        return _page(shipment, form), 422
    orders.set_marketplace(shipment, form.marketplace_id.data, current_user.id)
    db.session.commit()
    flash("Marketplace corrected. It stays, whatever Amazon's data suggests later.", "ok")
    return redirect(_path(shipment), 303)


@bp.post("/shipments/<int:shipment_id>/syncs")
@planners
def create_syncs(shipment_id: int) -> ResponseReturnValue:
    """Read the shipment from Amazon, before all else."""
    shipment = _found(shipment_id)
    order_details.request_syncs([shipment], current_user.id)
    db.session.commit()
    if wants_fragment():
        return _syncs(shipment)
    if name := order_details.disabled([shipment]):
        refuse(name)
    return redirect(_path(shipment), 303)


@bp.get("/shipments/<int:shipment_id>/syncs")
@viewers
def syncs(shipment_id: int) -> str:
    """Return how far the reading of the shipment is; asked for while it runs."""
    return _syncs(_found(shipment_id))


def _page(shipment: Shipment, form: MarketplaceForm | None = None) -> str:
    days = shipment_details.receipts(shipment.id)
    statuses = shipment_details.statuses(shipment.id)
    order = shipment_lists.orders_of([shipment.id]).get(shipment.id)
    limit = timeline.LONG if request.args.get("timeline") == "all" else timeline.SHORT
    return render_template(
        "shipments/show.html",
        shipment=shipment,
        word=rows.word(shipment),
        badges=rows.badges(shipment),
        expected=_expected(shipment),
        percent=cells.percent(shipment.units_received, shipment.units_shipped),
        order=order,
        order_url=rows.order_url(request.script_root, order) if order else "",
        marketplace=MARKETPLACES.get(shipment.marketplace_id),
        marketplace_source=SOURCES.get(shipment.marketplace_source, ""),
        is_guess=shipment.marketplace_source in rows.GUESSES,
        lines=[_line(*row, shipment=shipment) for row in shipment_details.lines(shipment.id)],
        days=days,
        chart=charts.bars([(_bar_label(one), one.units) for one in days]),
        statuses=statuses,
        plan=shipment_details.plan(shipment),
        mode=cells.mode(shipment.mode),
        solution=cells.solution(shipment.solution),
        seller_central="" if shipment.connection.is_sandbox else cells.seller_central(shipment),
        form=form or _form(shipment),
        files=attachments.of_shipment(shipment.id),
        timeline=timeline.of_shipment(
            shipment, statuses[-1] if statuses else None, order, limit=limit
        ),
        runs=[one for one in order_details.runs_of([shipment]) if one.is_active],
        disabled=order_details.disabled([shipment]),
        has_finished=False,
        path=_path(shipment),
        standings=standings([shipment.id] if order and shipment.is_open else []),
        done=done(request.args.get("undo")),
        shortage=shortage(shipment),
    )


def _expected(shipment: Shipment) -> Markup:
    base = cells.counted_from(shipment, shipment.expected_source)
    on, source = shipment.expected_on, shipment.expected_source
    return cells.expected(on, source, base, is_open=rows.counts(shipment))


def _bar_label(one: shipment_details.ReceiptDay) -> str:
    day = format_date(one.day, "d MMM", locale="en")
    return f"before {day}" if one.is_opening else day


def _syncs(shipment: Shipment) -> str:
    runs = order_details.runs_of([shipment])
    return render_template(
        "lists/_syncs.html",
        runs=runs,
        disabled=order_details.disabled([shipment]),
        has_finished=not any(run.is_active for run in runs),
        syncs_url=f"{_path(shipment)}/syncs",
        page_url=_path(shipment),
    )


def _found(shipment_id: int) -> Shipment:
    return shipment_details.find(shipment_id) or abort(404)


def _form(shipment: Shipment) -> MarketplaceForm:
    known = shipment_details.marketplaces(shipment.connection_id)
    return MarketplaceForm(request.form or None, obj=shipment, marketplaces=known)


def _path(shipment: Shipment) -> str:
    return f"{request.script_root}/shipments/{shipment.id}"


def _line(line: Any, listing: Any, *, shipment: Shipment) -> LineRow:
    is_over = not shipment.is_open
    still = max(line.units_shipped - line.units_received, 0) if shipment.is_open else 0
    return LineRow(
        listing.id,
        line.seller_sku,
        cells.cut(listing.title),
        line.fnsku or listing.fnsku,
        line.units_in_case,
        line.units_shipped,
        line.units_received,
        still,
        *cells.difference(line.units_shipped, line.units_received, is_over=is_over),
        line.is_gone,
    )
