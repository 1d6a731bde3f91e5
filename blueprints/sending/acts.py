"""/sendings/<id>/…: what people decide while an order is sent. Each answers with what is next."""

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.sending import packing, ready, screens
from blueprints.sending.forms import PREP
from blueprints.sending.page import act, body, edit_url
from blueprints.sending.routes import bp
from blueprints.submissions import once
from blueprints.uploads import takes_files
from inventory.models import Sending
from inventory.rules import sheets
from inventory.rules.sending import Route
from inventory.services import sending_together, sendings
from inventory.services.sendings import Refused

UNREAD = "Nothing is told to Amazon yet. Mend the boxes named below first."
UNREADY = "The carriers are not asked yet. Mend what is marked below first."


@bp.post("/sendings/<int:sending_id>/prep")
@planners
@once
def set_prep(sending_id: int) -> ResponseReturnValue:
    """Tell Amazon the prep categories chosen beside SKUs that have none."""

    def do(sending: Sending) -> None:
        chosen = _named("category")
        wanted = {sku: (word, PREP[word][1]) for sku, word in chosen.items() if word in PREP}
        if not wanted:
            raise Refused("Choose a prep category first.")
        sendings.set_prep(sending.id, wanted, user_id=current_user.id)

    return act(sending_id, do)


@bp.post("/sendings/<int:sending_id>/route")
@planners
@once
def choose_route(sending_id: int) -> ResponseReturnValue:
    """Choose how the goods go."""
    route = request.form.get("route", "")
    return act(sending_id, lambda one: sendings.choose_route(one.id, route, **_by()))


@bp.post("/sendings/<int:sending_id>/packing")
@planners
@once
def choose_packing(sending_id: int) -> ResponseReturnValue:
    """Choose how the goods are grouped."""
    option = _option()
    return act(sending_id, lambda one: sendings.choose_packing(one.id, option, **_by()))


@bp.post("/sendings/<int:sending_id>/boxes")
@planners
@takes_files(sheets.MB)
@once
def set_boxes(sending_id: int) -> ResponseReturnValue:
    """Say what is in the boxes, or have their rows filled in."""
    sending = sendings.get(sending_id) or abort(404)
    if packing.is_rewriting():
        return body(sending.order, sending)

    def do(one: Sending) -> None:
        length_unit, weight_unit = packing.units(one)
        told = {}
        for place in packing.places(one, screens.place_names(one)):
            boxes = packing.told(place, length_unit, weight_unit)
            if boxes is None or not place.is_whole:
                raise Refused(UNREAD)
            told[place.id] = boxes
        sending_together.set_boxes(one.id, told, **_by())

    return act(sending_id, do)


@bp.post("/sendings/<int:sending_id>/placement")
@planners
@once
def choose_placement(sending_id: int) -> ResponseReturnValue:
    """Choose where the goods go."""
    option, is_fine = _option(), "split_ok" in request.form
    return act(
        sending_id,
        lambda one: sendings.choose_placement(one.id, option, split_ok=is_fine, **_by()),
    )


@bp.post("/sendings/<int:sending_id>/ready")
@planners
@once
def set_ready(sending_id: int) -> ResponseReturnValue:
    """Say from when the shipments are ready, and of freight its pallets."""

    def do(sending: Sending) -> None:
        rows = ready.rows(sending)
        if any(row.faults for row in rows):
            raise Refused(UNREADY)
        days = {row.shipment.plan_shipment_id: row.day for row in rows if row.day}
        pallets = None
        if sending.route == Route.FREIGHT:
            told = [row for row in rows if row.values["quantity"]]
            pallets = {one.shipment.plan_shipment_id: ready.freight(sending, one) for one in told}
        sendings.set_ready(sending.id, days, pallets, **_by())

    return act(sending_id, do)


@bp.post("/sendings/<int:sending_id>/transport")
@planners
@once
def choose_transport(sending_id: int) -> ResponseReturnValue:
    """Choose the carrier of each shipment."""
    chosen = _named("option")

    def do(sending: Sending) -> None:
        if len(chosen) < len(sendings.shipments(sending)):
            raise Refused("Choose a carrier for every shipment.")
        sendings.choose_transport(sending.id, chosen, **_by())

    return act(sending_id, do)


@bp.post("/sendings/<int:sending_id>/windows")
@planners
@once
def choose_windows(sending_id: int) -> ResponseReturnValue:
    """Choose when each shipment arrives."""
    chosen = _named("window")

    def do(sending: Sending) -> None:
        if not chosen:
            raise Refused("Choose when every shipment arrives.")
        sending_together.choose_windows(sending.id, chosen, **_by())

    return act(sending_id, do)


@bp.post("/sendings/<int:sending_id>/confirmation")
@planners
@once
def confirm(sending_id: int) -> ResponseReturnValue:
    """Say yes to what becomes binding."""
    return act(sending_id, lambda one: sendings.confirm(one.id, **_by()))


@bp.post("/sendings/<int:sending_id>/offers")
@planners
@once
def regenerate(sending_id: int) -> ResponseReturnValue:
    """Ask Amazon for new offers of one kind."""
    kind = request.form.get("kind", "")
    return act(sending_id, lambda one: sendings.regenerate(one.id, kind, **_by()))


@bp.post("/sendings/<int:sending_id>/tracking")
@planners
@once
def set_tracking(sending_id: int) -> ResponseReturnValue:
    """Tell the tracking numbers of shipments that own carriers bring: all that were typed."""
    told: dict[str, dict[str, str]] = {}
    for name, number in _named("number").items():
        shipment, _, box = name.partition(":")
        told.setdefault(shipment, {})[box] = number
    return act(sending_id, lambda one: sending_together.set_tracking(one.id, told, **_by()))


@bp.post("/sendings/<int:sending_id>/end")
@planners
@once
def stop_here(sending_id: int) -> ResponseReturnValue:
    """Leave the rest to Seller Central."""
    return act(sending_id, lambda one: sendings.stop_here(one.id, **_by()))


@bp.post("/sendings/<int:sending_id>/cancellation")
@planners
@once
def cancel(sending_id: int) -> ResponseReturnValue:
    """Cancel the sending, and the plan where Amazon has one."""
    return act(sending_id, lambda one: sendings.cancel(one.id, **_by()))


@bp.post("/sendings/<int:sending_id>/line")
@planners
@once
def change_line(sending_id: int) -> ResponseReturnValue:
    """Take back what has not left yet, and open the order's editor at the line to be mended."""

    def do(sending: Sending) -> None:
        if sending.plan_id or sending.call:
            raise Refused("Something has gone to Amazon by now. Cancel the sending first.")
        sendings.cancel(sending.id, **_by())

    answer = act(sending_id, do)
    order = (sendings.get(sending_id) or abort(404)).order
    if order.locked_at is not None:
        return answer
    return redirect(edit_url(order, request.form.get("sku", "")), 303)


@bp.post("/sendings/<int:sending_id>/repeat")
@planners
@once
def send_again(sending_id: int) -> ResponseReturnValue:
    """Send once more what Amazon shows nothing of."""
    return act(sending_id, lambda one: sendings.send_again(one.id, **_by()))


@bp.post("/sendings/<int:sending_id>/look")
@planners
@once
def look_again(sending_id: int) -> ResponseReturnValue:
    """Look at once what Amazon knows, or try again what it refused."""
    return act(sending_id, lambda one: sendings.look_again(one.id, **_by()))


def _by() -> dict[str, int]:
    return {"user_id": current_user.id}


def _option() -> str:
    return request.form.get("option", "")


def _named(word: str) -> dict[str, str]:
    """Return what fields named ``<word>:<name>`` hold, by name; blank ones are left out."""
    head = f"{word}:"
    found = {name: text.strip() for name, text in request.form.items() if name.startswith(head)}
    return {name.removeprefix(head): text for name, text in found.items() if text}
