"""A month of arrivals as a page shows it: weeks of days, and what comes on each."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from inventory.services.arrivals import Arrival

#: Shown in a day's cell; the list below has all.
SHOWN = 4
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 1)


@dataclass(slots=True)
class Day:
    on: date
    is_outside: bool
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def shown(self) -> Sequence[Arrival]:
        return self.arrivals[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.arrivals) - SHOWN)

    @property
    def units(self) -> int:
        """Return the units on order."""
        return sum(one.units for one in self.arrivals if one.counts)


def month(text: str, today: date) -> date:
    """Return the first day of the month given as "2026-12"; of this one for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if FIRST <= first <= LAST else today.replace(day=1)


def neighbours(first: date) -> tuple[str, str]:
    """Return the months before and after, as an address has them."""
    return f"{first - timedelta(days=1):%Y-%m}", f"{first + timedelta(days=31):%Y-%m}"


def weeks(first: date, arrivals: Iterable[Arrival]) -> list[list[Day]]:
    """Return the weeks, from Monday, that the month of ``first`` touches."""
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    found = [[Day(on, on.month != first.month) for on in week] for week in days]
    by_day = {day.on: day for week in found for day in week}
    for one in arrivals:
        if one.on in by_day:
            by_day[one.on].arrivals.append(one)
    return found
