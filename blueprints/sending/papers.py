"""/sendings/<id>/…: labels and freight papers as files, fetched from Amazon when asked for."""

from collections.abc import Callable

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.access import planners
from blueprints.sending.page import send_url
from blueprints.sending.routes import bp
from inventory.models import Sending, SendingShipment
from inventory.services import sending_papers, sendings
from inventory.services.sending_papers import NoPaper, Paper


@bp.post("/sendings/<int:sending_id>/shipments/<int:shipment_id>/labels")
@planners
def box_labels(sending_id: int, shipment_id: int) -> ResponseReturnValue:
    """Return the labels of a shipment's boxes, at most 1,000 from the ``first`` on."""
    sending, shipment = _find(sending_id, shipment_id)
    first = request.form.get("first", "0")
    number = int(first) if first.isdigit() and len(first) < 6 else 0
    return _file(
        sending,
        f"{shipment.amazon_shipment_id}-boxes",
        lambda: sending_papers.box_labels(
            sending, shipment, is_thermal=_is_thermal(), first=number
        ),
    )


@bp.post("/sendings/<int:sending_id>/shipments/<int:shipment_id>/bill-of-lading")
@planners
def bill_of_lading(sending_id: int, shipment_id: int) -> ResponseReturnValue:
    """Return the paper for Amazon's freight carrier."""
    sending, shipment = _find(sending_id, shipment_id)
    name = f"{shipment.amazon_shipment_id}-bill-of-lading"
    return _file(sending, name, lambda: sending_papers.bill_of_lading(sending, shipment))


@bp.post("/sendings/<int:sending_id>/item-labels/<int:batch>")
@planners
def item_labels(sending_id: int, batch: int) -> ResponseReturnValue:
    """Return labels for the units of up to 100 SKUs."""
    sending = sendings.get(sending_id) or abort(404)
    if not 1 <= batch <= len(sending_papers.batches(sending.id)):
        abort(404)
    reference = "".join(one if one.isalnum() else "-" for one in sending.order.reference)
    return _file(
        sending,
        f"{reference}-items-{batch}",
        lambda: sending_papers.item_labels(sending, batch, is_thermal=_is_thermal()),
    )


def _find(sending_id: int, shipment_id: int) -> tuple[Sending, SendingShipment]:
    sending = sendings.get(sending_id) or abort(404)
    rows = [one for one in sendings.shipments(sending) if one.id == shipment_id]
    if not rows or not rows[0].amazon_shipment_id:
        abort(404)
    return sending, rows[0]


def _is_thermal() -> bool:
    return request.form.get("paper") == "thermal"


def _file(sending: Sending, name: str, fetch: Callable[[], Paper]) -> ResponseReturnValue:
    """Answer with the file; where it cannot be had now, with a sentence on the page."""
    where = send_url(sending.order)
    try:
        paper = fetch()
    except NoPaper as why:
        flash(str(why), "error")
        return redirect(where, 303)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{paper.ending}"'}
    return Response(paper.content, mimetype=paper.media_type, headers=headers)
