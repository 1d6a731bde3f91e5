"""When missing units can be claimed at Amazon. Pure.

Amazon published 15 to 60 days after delivery for one marketplace (seller news, United Arab
Emirates, 2024); others may differ, so each marketplace has a window of its own.
"""

from dataclasses import dataclass
from datetime import date, timedelta

WAITING, OPEN, CLOSED = "waiting", "open", "closed"
#: A window that closes within so many days asks to be looked at.
SOON = 10


@dataclass(frozen=True, slots=True)
class Window:
    """Days after delivery; both ends belong to it."""

    opens_after_days: int
    closes_after_days: int


DEFAULT = Window(15, 60)


@dataclass(frozen=True, slots=True)
class Claim:
    """The first and the last day on which a delivery can be claimed.

    ``is_estimate``: nobody saw the delivery, and the days count from when it was expected.
    """

    opens_on: date
    closes_on: date
    is_estimate: bool = False

    def state(self, today: date) -> str:
        """Return "waiting", "open" or "closed"."""
        if today < self.opens_on:
            return WAITING
        return OPEN if today <= self.closes_on else CLOSED

    def is_urgent(self, today: date) -> bool:
        """Return whether it is open and closes soon."""
        return self.state(today) == OPEN and (self.closes_on - today).days <= SOON


@dataclass(frozen=True, slots=True)
class Delivery:
    """When a shipment was first seen to be there. ``was_there``: at the very first look."""

    seen_on: date
    was_there: bool = False
    expected_on: date | None = None


def claim(delivery: Delivery | None, window: Window) -> Claim | None:
    """Return the days of a claim; ``None`` for what was not delivered yet.

    What was there already when it was first looked at had come before: by the day it was
    expected, as far as is known. Counted from the first look, a window would seem to be open
    when it is over.
    """
    if delivery is None:
        return None
    since = delivery.seen_on
    if delivery.was_there and delivery.expected_on:
        since = min(since, delivery.expected_on)
    return Claim(
        since + timedelta(days=window.opens_after_days),
        since + timedelta(days=window.closes_after_days),
        delivery.was_there,
    )
