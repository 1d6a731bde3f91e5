"""What people do with a sending as a whole: confirm, stop, cancel, look again, send again.

Each is stored, and the background does it. All raise ``Refused`` with a sentence, flush, and
leave the commit to the caller.
"""

from collections.abc import Mapping

from extensions import db
from inventory.models import Sending, SendingState, SendingStep
from inventory.rules.sending import Route
from inventory.services import accounts, changes, sending_ends, sending_rows
from inventory.services.sending_choices import (
    ORDERED,
    OWN_CARRIER,
    PACKED,
    PLACED,
    go,
    waiting,
)
from inventory.services.sending_rows import CREATE, Refused, queue, taken

#: Kind of options -> what asks Amazon for new ones, and what must not be confirmed yet.
GENERATED = {
    "packing": ("generatePackingOptions", PACKED),
    "placement": ("generatePlacementOptions", PLACED),
    "transport": ("generateTransportationOptions", ORDERED),
}


def confirm(sending_id: int, *, user_id: int | None = None) -> Sending:
    """Say yes to what cannot be taken back: the placement and its fee, the carrier and its price.

    Freight says it twice: where the goods go is binding before they are packed.
    """
    sending = waiting(sending_id)
    if sending_rows.expired(sending):
        raise Refused("An offer of Amazon’s has expired. Ask for new ones.")
    if not sending_rows.chosen(sending, "placement"):
        raise Refused("Choose where the goods go first.")
    now = accounts.now()
    is_freight = sending.route == Route.FREIGHT
    if PLACED not in sending.done:
        sending.placement_agreed_at = now
    if not is_freight or PLACED in sending.done:
        _refuse_incomplete(sending)
        sending.transport_agreed_at = now
    changes.record(
        "order",
        sending.order_id,
        "Sending to Amazon confirmed",
        name=sending.order.reference,
        user_id=user_id,
    )
    go(sending, user_id=user_id)
    return sending


def stop_here(sending_id: int, *, user_id: int | None = None) -> Sending:
    """Plan only: leave the rest to Seller Central. The order stays locked."""
    sending = waiting(sending_id)
    if CREATE not in sending.done:
        raise Refused("There is no plan at Amazon yet.")
    sending.route = Route.PLAN_ONLY
    sending_ends.end(sending, SendingState.DONE, "The rest is done in Seller Central.")
    return sending


def regenerate(sending_id: int, kind: str, *, user_id: int | None = None) -> Sending:
    """Ask Amazon for new offers: "packing", "placement", "transport" or "window".

    What they cost before stays beside what they cost then.
    """
    sending = waiting(sending_id)
    if kind == "window":
        sending.done = [
            one for one in sending.done if not one.startswith("generateDeliveryWindowOptions")
        ]
    elif kind in GENERATED:
        generate, final = GENERATED[kind]
        if final in sending.done:
            raise Refused("That is confirmed already.")
        sending.done = [one for one in sending.done if one != generate]
    else:
        raise Refused("There is nothing of this kind.")
    sending.transport_agreed_at = None
    go(sending, user_id=user_id)
    return sending


def set_tracking(
    sending_id: int,
    plan_shipment_id: str,
    numbers: Mapping[str, str],
    *,
    user_id: int | None = None,
) -> Sending:
    """Store an own carrier's numbers: box id -> number, or ``freight_bill`` and perhaps
    ``bill_of_lading`` -> number; Amazon is told."""
    sending = taken(sending_id)
    if ORDERED not in sending.done or sending.cancel_asked_at is not None:
        raise Refused("Order the transport first.")
    if sending.call:
        raise Refused("It is being worked on. Try again in a moment.")
    row = next(
        (
            one
            for one in sending_rows.shipments(sending)
            if one.plan_shipment_id == plan_shipment_id
        ),
        None,
    )
    carriers = sending_rows.chosen(sending, "transport", plan_shipment_id)
    if row is None or any(one.facts["solution"] != OWN_CARRIER for one in carriers):
        raise Refused("Amazon’s partner tells the numbers itself.")
    told = {box: number.strip() for box, number in numbers.items() if number.strip()}
    if not told:
        raise Refused("Enter at least one number.")
    if "freight_bill" not in told and set(told) - set(row.box_ids):
        raise Refused("A box with this number is not part of the shipment.")
    row.tracking = told
    key = f"updateShipmentTrackingDetails:{plan_shipment_id}"
    sending.done = [one for one in sending.done if one != key]
    sending.ended_at = None
    go(sending, user_id=user_id)
    return sending


def cancel(sending_id: int, *, user_id: int | None = None) -> Sending:
    """Take it back: at once where nothing has left, else by cancelling Amazon's plan."""
    sending = taken(sending_id)
    if sending.state in (SendingState.FAILED, SendingState.VOIDED, SendingState.CANCELED):
        raise Refused("This sending is over.")
    if not sending.plan_id and not sending.call and CREATE not in sending.done:
        sending_ends.end(sending, SendingState.CANCELED, "Nothing was sent.")
        return sending
    if sending.state == SendingState.UNCLEAR and not sending.plan_id:
        return _give_up(sending)
    sending.cancel_asked_at = accounts.now()
    if sending.state != SendingState.UNCLEAR:
        sending.ended_at = None
        go(sending, user_id=user_id)
    changes.record(
        "order",
        sending.order_id,
        "Canceling the plan at Amazon",
        name=sending.order.reference,
        user_id=user_id,
    )
    return sending


def send_again(sending_id: int, *, user_id: int | None = None) -> Sending:
    """Send the lost call once more: Amazon has shown nothing of it five times."""
    sending = taken(sending_id)
    if not sending_rows.may_send_again(sending):
        raise Refused("Amazon may still have done it. We go on looking.")
    sending.call, sending.called_at, sending.looks = "", None, 0
    changes.record(
        "order",
        sending.order_id,
        "Sent again: Amazon showed nothing of it",
        name=sending.order.reference,
        user_id=user_id,
    )
    go(sending, user_id=user_id)
    return sending


def look_again(sending_id: int, *, user_id: int | None = None) -> Sending:
    """Look once more what Amazon knows, or go on after a refusal as it is."""
    sending = taken(sending_id)
    if sending.ended_at is not None:
        raise Refused("This sending is over.")
    if sending.state == SendingState.WAITING:
        go(sending, user_id=user_id)
    else:
        sending.call_facts = {**sending.call_facts, "look_asked": True}
        queue(sending, user_id=user_id)
    db.session.flush()
    return sending


def _give_up(sending: Sending) -> Sending:
    if not sending_rows.may_send_again(sending):
        raise Refused("Amazon may have made the plan. We look for it before anything is undone.")
    sending_ends.end(sending, SendingState.CANCELED, "Given up: Amazon showed no such plan.")
    return sending


def _refuse_incomplete(sending: Sending) -> None:
    rows = sending_rows.shipments(sending)
    chosen = {one.plan_shipment_id for one in sending_rows.chosen(sending, "transport")}
    if not rows or chosen != {row.plan_shipment_id for row in rows}:
        raise Refused("Choose a carrier for every shipment first.")
    if sending.step not in (SendingStep.TRANSPORT, SendingStep.CONFIRM):
        raise Refused("There is nothing to confirm yet.")
