"""Orders on their way to become inbound plans at Amazon: all that pages and jobs may do.

A sending is begun, asks for decisions (state WAITING, ``message`` says for what, ``step``
where), and goes on in the background after each. See ``rules.sending`` for the routes.
"""

from inventory.services.sending_acts import (
    cancel,
    confirm,
    look_again,
    regenerate,
    send_again,
    set_tracking,
    stop_here,
)
from inventory.services.sending_addresses import Address
from inventory.services.sending_choices import (
    choose_packing,
    choose_route,
    places,
    set_boxes,
    set_prep,
    suggested_boxes,
)
from inventory.services.sending_drafts import (
    Choices,
    Draft,
    DraftLine,
    LineChoice,
    can_be_sent,
    draft,
)
from inventory.services.sending_rows import (
    Refused,
    boxes,
    chosen,
    current,
    expired,
    get,
    has_unknown_cost,
    lines,
    may_send_again,
    open_problems,
    options,
    problems,
    seller_central,
    shipments,
    shown_state,
    total_cost,
    under_way,
    voidable_until,
)
from inventory.services.sending_starts import NotSendable, begin, correct
from inventory.services.sending_ways import (
    choose_placement,
    choose_transport,
    choose_window,
    set_ready,
)

__all__ = [
    "Address", "Choices", "Draft", "DraftLine", "LineChoice", "NotSendable", "Refused", "begin",
    "boxes", "can_be_sent", "cancel", "choose_packing", "choose_placement", "choose_route",
    "choose_transport", "choose_window", "chosen", "confirm", "correct", "current", "draft",
    "expired", "get", "has_unknown_cost", "lines", "look_again", "may_send_again",
    "open_problems", "options", "places", "problems", "regenerate", "seller_central",
    "send_again", "set_boxes", "set_prep", "set_ready", "set_tracking", "shipments",
    "shown_state", "stop_here", "suggested_boxes", "total_cost", "under_way", "voidable_until",
]  # fmt: skip
