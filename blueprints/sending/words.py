"""What a sending is doing and where it stands, in sentences."""

from datetime import datetime, timedelta
from typing import NamedTuple

from inventory.models import SendingState

#: Amazon's operation -> what it does, while it does it.
DOING = {
    "setPrepDetails": "Amazon is told how the SKUs are prepared.",
    "createInboundPlan": "Amazon is making the plan.",
    "generatePackingOptions": "Amazon works out how the goods can be packed.",
    "confirmPackingOption": "Amazon is told which packing you chose.",
    "setPackingInformation": "Amazon is told what is in which box.",
    "generatePlacementOptions": "Amazon works out where the goods can go.",
    "confirmPlacementOption": "Amazon is told where the goods go, for good.",
    "generateTransportationOptions": "Amazon asks the carriers for their offers.",
    "generateDeliveryWindowOptions": "Amazon works out when the goods can arrive.",
    "confirmDeliveryWindowOptions": "Amazon is told when the goods arrive.",
    "confirmTransportationOptions": "Amazon is ordering the transport.",
    "updateShipmentTrackingDetails": "Amazon is told the tracking numbers.",
    "cancelInboundPlan": "Amazon is canceling the plan.",
}
CHECKING = "Checking what Amazon would refuse; nothing is sent yet."
NEXT = "The next step is being prepared."


class Told(NamedTuple):
    """How a state shows: its word, role and icon, and what happens or is to be done next."""

    word: str
    role: str
    icon: str
    next: str


# icons: refresh hourglass help alert-octagon ban circle-check user-check
STATES = {
    SendingState.WORKING: Told(
        "Amazon is at work",
        "info",
        "refresh",
        "It goes on by itself. You can close this and come back, on any machine.",
    ),
    SendingState.WAITING: Told("Your turn", "", "user-check", ""),
    SendingState.UNCLEAR: Told(
        "Unclear, checking with Amazon",
        "warn",
        "hourglass",
        "Nothing is sent again until it is known what Amazon has. The order stays locked "
        "meanwhile.",
    ),
    SendingState.FAILED: Told(
        "Amazon refused the plan",
        "bad",
        "alert-octagon",
        "The order can be changed again. Mend what is named here and send it anew.",
    ),
    SendingState.VOIDED: Told(
        "Amazon has voided the plan",
        "bad",
        "alert-octagon",
        "The order can be changed again. Look at the reasons and send it anew.",
    ),
    SendingState.CANCELED: Told(
        "Canceled",
        "",
        "ban",
        "The order can be changed again, and sent anew.",
    ),
    SendingState.DONE: Told("Sent", "ok", "circle-check", ""),
}


def doing(call: str, *, is_made: bool = True) -> str:
    """Return what is under way at Amazon, as a sentence; ``is_made``: there is a plan."""
    return DOING.get(call, NEXT if is_made else CHECKING)


def left(until: datetime, now: datetime) -> str:
    """Return how long there is until a time: "23 h 59 min", "40 min"; "" once it is over."""
    if until <= now:
        return ""
    hours, minutes = divmod(int((until - now) / timedelta(minutes=1)), 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min")))
