"""What one form says of several places or shipments at once: all of it is stored, or nothing.

As ``sending_choices``: raises ``Refused``, flushes, and leaves the commit to the caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from inventory.models import Sending, SendingState
from inventory.rules.boxes import Box
from inventory.services import sending_acts, sending_choices, sending_ways
from inventory.services.sending_rows import Refused, shipments, taken


def set_boxes(
    sending_id: int, told: Mapping[str, Sequence[Box]], *, user_id: int | None = None
) -> Sending:
    """Store the boxes of every packing group or shipment; the background then goes on."""
    acts = (
        lambda place=place, boxes=boxes: sending_choices.set_boxes(
            sending_id, place, boxes, user_id=user_id
        )
        for place, boxes in told.items()
    )
    return _together(sending_id, acts)


def choose_windows(
    sending_id: int, chosen: Mapping[str, str], *, user_id: int | None = None
) -> Sending:
    """Choose when shipments arrive: ``plan_shipment_id`` -> window; the background goes on."""
    acts = (
        lambda shipment=shipment, option=option: sending_ways.choose_window(
            sending_id, shipment, option, user_id=user_id
        )
        for shipment, option in chosen.items()
    )
    return _together(sending_id, acts)


def set_tracking(
    sending_id: int, told: Mapping[str, Mapping[str, str]], *, user_id: int | None = None
) -> Sending:
    """Store own carriers' numbers, ``plan_shipment_id`` -> those of its boxes, as far as they are
    new; where none is, all are told once more."""
    if not told:
        raise Refused("Enter at least one number.")
    sending = taken(sending_id)
    known = {one.plan_shipment_id: one.tracking for one in shipments(sending)}
    new = {one: numbers for one, numbers in told.items() if numbers != known.get(one)}
    for shipment, numbers in (new or told).items():
        sending_acts.set_tracking(sending_id, shipment, numbers, user_id=user_id)
    return sending


def _together(sending_id: int, acts: Iterable[Callable[[], Sending]]) -> Sending:
    """Each act lets the background go on; within one form the next finds it still waiting."""
    sending = sending_choices.waiting(sending_id)
    for act in acts:
        sending.state = SendingState.WAITING
        sending = act()
    return sending
