"""When things happen: hours of the story against seconds of the clock."""

from dataclasses import dataclass

from simulator.journal import PassedDays
from simulator.scenarios import Scenario

HOUR_S, DAY_S = 3600, 86400


@dataclass(frozen=True)
class Calendar:
    """Turns clock time (seconds since 1970) into hours of the story and back."""

    start: float
    scenario: Scenario
    passed: tuple[PassedDays, ...]

    def hour(self, now: float) -> int:
        """Return the whole story hours since the start. All events fall on whole hours."""
        if self.scenario.moves_by == "nothing":
            return 0
        days = sum(entry.days for entry in self.passed if entry.at <= now)
        moved = now - self.start if self.scenario.moves_by == "clock" else 0.0
        return int((moved + days * DAY_S) // HOUR_S)

    def clock(self, hour: int) -> float:
        """Return when, by the clock, an event of this story hour happened or will happen.

        What falls into a passed day happened at the moment the day was passed.
        """
        story, shift = self.start + hour * HOUR_S, 0
        if hour <= 0:
            return story
        for entry in self.passed:
            before = entry.at if self.scenario.moves_by == "clock" else self.start
            if story <= before + shift:
                break
            shift += entry.days * DAY_S
            if story <= before + shift:
                return entry.at
        return story - shift
