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
    """The first and the last day on which a delivery can be claimed."""

    opens_on: date
    closes_on: date

    def state(self, today: date) -> str:
        """Return "waiting", "open" or "closed"."""
        if today < self.opens_on:
            return WAITING
        return OPEN if today <= self.closes_on else CLOSED

    def is_urgent(self, today: date) -> bool:
        """Return whether it is open and closes soon."""
        return self.state(today) == OPEN and (self.closes_on - today).days <= SOON


def claim(delivered_on: date | None, window: Window) -> Claim | None:
    """Return the days of a claim; ``None`` for what was not delivered yet."""
    if delivered_on is None:
        return None
    return Claim(
        delivered_on + timedelta(days=window.opens_after_days),
        delivered_on + timedelta(days=window.closes_after_days),
    )
