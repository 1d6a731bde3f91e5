"""Amazon's shipment statuses, and what each means for an order. Pure.

Source: domain rules of Amazon's v0 and 2024-03-20 statuses. Values are texts, since Amazon
adds new ones; the order's types are "active", "closed" and "canceled".
"""

from collections.abc import Mapping
from dataclasses import dataclass

ACTIVE, CLOSED, CANCELED = "active", "closed", "canceled"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status means. ``type`` None leaves the type of a linked order as it is.

    ``creates`` says whether a shipment without an order gets one, ``counts`` whether its
    outstanding units are on order; None: as the linked order.
    """

    name: str
    type: str | None
    creates: bool
    counts: bool | None


#: Status -> meaning, from the least to the most advanced.
MEANINGS: Mapping[str, Meaning] = {
    "UNCONFIRMED": Meaning("Plan created", None, False, None),
    "WORKING": Meaning("Preparing", None, False, None),
    "READY_TO_SHIP": Meaning("Preparing", None, False, None),
    "SHIPPED": Meaning("Shipped", ACTIVE, True, True),
    "IN_TRANSIT": Meaning("In transit", ACTIVE, True, True),
    "DELIVERED": Meaning("Delivered, not yet received", ACTIVE, True, True),
    "CHECKED_IN": Meaning("Delivered, not yet received", ACTIVE, True, True),
    "RECEIVING": Meaning("Receiving", ACTIVE, True, True),
    "CLOSED": Meaning("Closed", CLOSED, True, False),
    "CANCELLED": Meaning("Canceled", CANCELED, False, False),
    "DELETED": Meaning("Canceled", CANCELED, False, False),
    "ABANDONED": Meaning("Canceled", CANCELED, False, False),
}
#: The way of a shipment; a status may be skipped, and by itself never goes back.
ORDER = tuple(MEANINGS)
#: Looked at by a person, without a step forward or back.
FLAGGED = {"ERROR": ("amazon_error", "Needs attention"), "MIXED": ("conflicting", "")}
CHECK = "Check in Seller Central"
CLOSED_SHORT = "Closed short"

TERMINAL = frozenset(status for status, one in MEANINGS.items() if one.counts is False)
#: Before the goods leave: by itself such a shipment is on no order.
PREPARING = tuple(status for status, one in MEANINGS.items() if one.type is None)
#: What v0 can be asked for by name and is not over. READY_TO_SHIP only comes when named.
OPEN_TO_ASK = (
    "WORKING",
    "READY_TO_SHIP",
    "SHIPPED",
    "IN_TRANSIT",
    "DELIVERED",
    "CHECKED_IN",
    "RECEIVING",
    "ERROR",
)
TERMINAL_TO_ASK = ("CLOSED", "CANCELLED", "DELETED")


@dataclass(frozen=True, slots=True)
class Reading:
    """A shipment's status after one more word of Amazon's, and the flag it earned, if any."""

    status: str
    flag: str = ""


def read_status(known: str, raw: str | None, *, has_order: bool) -> Reading:
    """Return where a shipment stands after Amazon said ``raw``; ``known`` is where it stood.

    With an order, it only goes forward; a drop keeps the state and is flagged. The exception
    is CLOSED then RECEIVING: Amazon can receive late units. Without an order nothing hangs on
    it, and Amazon's word is taken: DELIVERED can show minutes after creation and disappear.
    Null and unknown words keep the last state and are flagged.
    """
    said = "WORKING" if raw == "CREATING" else (raw or "")
    if said in FLAGGED:
        return Reading(known, FLAGGED[said][0])
    if said not in MEANINGS:
        return Reading(known, "unknown_status")
    if not has_order or known not in MEANINGS or is_forward(known, said):
        return Reading(said)
    if MEANINGS[known].type is None:
        return Reading(said)
    return Reading(known, f"went_back:{said}")


def is_forward(known: str, said: str) -> bool:
    """Return whether ``said`` is ``known`` again or a step on; late receiving counts as one."""
    if (known, said) == ("CLOSED", "RECEIVING"):
        return True
    return _rank(said) >= _rank(known)


def status_type(status: str) -> str | None:
    """Return the type an order takes from its shipment's status; None leaves it as it is."""
    meaning = MEANINGS.get(status)
    return meaning.type if meaning else None


def has_left(status: str) -> bool:
    """Return whether the goods have left where they came from: SHIPPED or later, not canceled."""
    meaning = MEANINGS.get(status)
    return meaning is not None and meaning.creates


def creates_order(raw: str, *, import_early: bool = False) -> bool:
    """Return whether a shipment without an order gets one at Amazon's word ``raw``.

    CLOSED makes an order that is closed from its first day.
    """
    if import_early and raw in ("WORKING", "READY_TO_SHIP", "CREATING"):
        return True
    meaning = MEANINGS.get(raw)
    return bool(meaning and meaning.creates)


def is_over(status: str) -> bool:
    """Return whether nothing more is expected: closed, cancelled or deleted."""
    return status in TERMINAL


def is_shipped(status: str) -> bool:
    """Return whether the goods have left: SHIPPED or later, cancelled ones apart."""
    return _rank("SHIPPED") <= _rank(status) <= _rank("CLOSED")


def display_name(status: str, *, is_short: bool = False) -> str:
    """Return the words for people. ``is_short``: closed with less received than shipped."""
    if status == "CREATING":
        return MEANINGS["WORKING"].name
    if status == "CLOSED" and is_short:
        return CLOSED_SHORT
    if status in MEANINGS:
        return MEANINGS[status].name
    return FLAGGED.get(status, ("", ""))[1] or CHECK


def outstanding(status: str, units_shipped: int, units_received: int) -> int:
    """Return the units still to come of a line: none once over, never below zero."""
    return 0 if is_over(status) else max(0, units_shipped - units_received)


def least_advanced(statuses: list[str]) -> str:
    """Return the least advanced of ``statuses``; empty for none."""
    return min(statuses, key=_rank, default="")


def _rank(status: str) -> int:
    return ORDER.index(status) if status in MEANINGS else -1
