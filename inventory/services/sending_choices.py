"""What people choose for a sending: its route, how it is packed and prepared.

Each is stored, and the background goes on with it. All raise ``Refused`` with a sentence,
flush, and leave the commit to the caller.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Sending,
    SendingBox,
    SendingOption,
    SendingState,
)
from inventory.rules import boxes as box_rules
from inventory.rules.boxes import Box
from inventory.rules.sending import Route
from inventory.services import accounts, sending_rows
from inventory.services.sending_rows import CREATE, Refused, queue, taken

WORKING = "It is being worked on. Wait until it asks for something."
LOST = "An answer of Amazon’s was lost. Nothing is sent before its state is known."
PACKED, PLACED, ORDERED = (
    "confirmPackingOption",
    "confirmPlacementOption",
    "confirmTransportationOptions",
)
OWN_CARRIER = "USE_YOUR_OWN_CARRIER"


def waiting(sending_id: int) -> Sending:
    """Take a sending that waits for a person. Raises ``Refused`` for any other."""
    sending = taken(sending_id)
    if sending.ended_at is not None:
        raise Refused("This sending is over.")
    if sending.state == SendingState.UNCLEAR:
        raise Refused(LOST)
    if sending.state != SendingState.WAITING or sending.call:
        raise Refused(WORKING)
    return sending


def go(sending: Sending, *, user_id: int | None) -> None:
    """Let the background go on: something was changed. Flushes."""
    sending.state, sending.message, sending.refused = SendingState.WORKING, "", ""
    queue(sending, user_id=user_id)
    db.session.flush()


def choose_route(sending_id: int, route: str, *, user_id: int | None = None) -> Sending:
    """Say how the goods go, a word of ``rules.sending.Route``; parcels change their carrier's
    kind until transport is ordered, parcels and freight not once packing has begun."""
    sending = waiting(sending_id)
    if route not in list(Route) or route == Route.PLAN_ONLY:
        raise Refused("There is no such way to send.")
    is_freight = Route.FREIGHT in (route, sending.route)
    if sending.route and is_freight and route != sending.route and _is_begun(sending):
        raise Refused("Parcels are packed before they are placed, freight after: too late now.")
    if ORDERED in sending.done:
        raise Refused("Transport is ordered already.")
    if route != sending.route:
        unchoose(sending, "transport")
    sending.route = route
    go(sending, user_id=user_id)
    return sending


def choose_packing(sending_id: int, option_id: str, *, user_id: int | None = None) -> Sending:
    """Choose how the goods are grouped into boxes."""
    sending = waiting(sending_id)
    if PACKED in sending.done:
        raise Refused("The packing is confirmed already.")
    option = offered(sending, "packing", option_id)
    unchoose(sending, "packing")
    option.is_chosen = True
    sending.packing_option_id = option.option_id
    go(sending, user_id=user_id)
    return sending


def set_boxes(
    sending_id: int, place: str, told: Sequence[Box], *, user_id: int | None = None
) -> Sending:
    """Store the boxes of a packing group (freight: of a shipment), replacing what was there.

    They must hold exactly its units (``places`` has them).
    """
    sending = waiting(sending_id)
    units = places(sending).get(place)
    if units is None:
        raise Refused("There is nothing to pack under this name.")
    if _are_boxes_final(sending):
        raise Refused("Amazon has the boxes already, and has placed them.")
    found = box_rules.problems(told, units)
    if not found and sending.route == Route.PARTNERED_PARCEL:
        found = box_rules.parcel_problems(told)
    if found:
        raise Refused(" ".join(found[:5]))
    db.session.execute(
        sa.delete(SendingBox).where(SendingBox.sending_id == sending.id, SendingBox.place == place),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.add_all(_row(sending, place, number, box) for number, box in enumerate(told, 1))
    sending.done = [one for one in sending.done if one != "setPackingInformation"]
    go(sending, user_id=user_id)
    return sending


def places(sending: Sending) -> dict[str, dict[str, int]]:
    """Return what must be packed: packing group, or for freight shipment -> SKU -> units."""
    if sending.route == Route.FREIGHT:
        option = next(iter(sending_rows.chosen(sending, "placement")), None)
        rows = option.facts["shipments"] if option and PLACED in sending.done else []
    else:
        option = next(iter(sending_rows.chosen(sending, "packing")), None)
        rows = option.facts["groups"] if option else []
    return {row["id"]: dict(row["units"]) for row in rows}


def suggested_boxes(sending: Sending, place: str) -> list[tuple[int, dict[str, int]]]:
    """Return case packs computed from the units per case: (boxes, SKU -> units in one)."""
    per_case = {line.seller_sku: line.units_per_case for line in sending_rows.lines(sending)}
    return box_rules.case_packs(places(sending).get(place, {}), per_case)


def set_prep(
    sending_id: int,
    wanted: Mapping[str, tuple[str, Sequence[str]]],
    *,
    user_id: int | None = None,
) -> Sending:
    """Set Amazon's prep category and types of SKUs: SKU -> (category, types)."""
    sending = waiting(sending_id)
    if CREATE in sending.done:
        raise Refused("The plan is made already.")
    for line in sending_rows.lines(sending):
        if line.seller_sku in wanted:
            category, types = wanted[line.seller_sku]
            line.prep_category, line.prep_types = category, list(types)
            line.is_prep_wanted = True
    go(sending, user_id=user_id)
    return sending


def forget_options(sending: Sending, kind: str) -> None:
    """Remove the options of a kind. Flushes."""
    for option in sending_rows.options(sending, kind):
        db.session.delete(option)
    db.session.flush()


def _is_begun(sending: Sending) -> bool:
    return any(one.startswith(("generateP", "confirmP")) for one in sending.done)


def _are_boxes_final(sending: Sending) -> bool:
    last = ORDERED if sending.route == Route.FREIGHT else "generatePlacementOptions"
    return last in sending.done


def again(sending: Sending, operation: str) -> None:
    """Let an operation be done once more."""
    sending.done = [one for one in sending.done if one != operation]


def unchoose(sending: Sending, kind: str) -> None:
    """Take the choice back."""
    for option in sending_rows.chosen(sending, kind):
        option.is_chosen = False


def offered(
    sending: Sending, kind: str, option_id: str, plan_shipment_id: str | None = None
) -> SendingOption:
    """Return an option that holds. Raises ``Refused`` for none, one gone or one expired."""
    if not option_id:
        raise Refused("Choose one of the options first.")
    for option in sending_rows.options(sending, kind, plan_shipment_id):
        if option.option_id == option_id:
            if option.expires_at is not None and option.expires_at <= accounts.now():
                raise Refused("Amazon’s offer has expired. Ask for new ones.")
            return option
    raise Refused("Amazon no longer offers this. Choose again.")


def _row(sending: Sending, place: str, number: int, box: Box) -> SendingBox:
    return SendingBox(
        sending_id=sending.id,
        place=place,
        number=number,
        quantity=box.quantity,
        length=box.length,
        width=box.width,
        height=box.height,
        length_unit=box.length_unit,
        weight=box.weight,
        weight_unit=box.weight_unit,
        contents=dict(box.contents),
    )
