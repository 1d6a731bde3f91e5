"""How to read with the fewest calls. Pure arithmetic on pages.

A page of a window of time has 50 lines; asked by shipment, each shipment is one call.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

LINES_PER_PAGE = 50
#: Lines of a shipment nobody has read yet.
USUAL_LINES = 20
#: How far back history is read.
HISTORY = timedelta(days=540)
#: Ends of the windows lines are read in, days back: what is new, and so mostly open, first.
WINDOW_DAYS = (30, 90, 270, 540)


def fewer_calls(shipments: int, lines: int) -> bool:
    """Return whether reading ``lines`` by window takes fewer calls than ``shipments`` one by one.

    ``lines`` counts what the window would bring, wanted or not.
    """
    return -(-lines // LINES_PER_PAGE) < shipments


def estimated_lines(counts: Sequence[int | None]) -> int:
    """Return the lines of shipments with ``counts`` lines each; None is one never read."""
    known = [count for count in counts if count is not None]
    usual = sum(known) / len(known) if known else USUAL_LINES
    return round(sum(known) + usual * (len(counts) - len(known)))


def windows(until: datetime) -> list[tuple[datetime, datetime]]:
    """Return (from, to) of the windows that make up the history, newest first."""
    ends = [until - timedelta(days=days) for days in WINDOW_DAYS]
    return list(zip(ends, [until, *ends], strict=False))


def halves(until: datetime) -> list[tuple[datetime, datetime]]:
    """Return windows that end at ``until``: the history, its half, its quarter … down to a day."""
    found = []
    length = HISTORY
    while length >= timedelta(days=1):
        found.append((until - length, until))
        length /= 2
    return found
