"""The worlds the simulator can play, by name."""

from dataclasses import dataclass
from datetime import UTC, datetime

_OPEN = (
    "WORKING",
    "SHIPPED",
    "RECEIVING",
    "IN_TRANSIT",
    "READY_TO_SHIP",
    "CHECKED_IN",
    "DELIVERED",
)


@dataclass(frozen=True)
class Scenario:
    """How big a world is and what moves it.

    ``skus`` and ``shipments`` of 0 mean the hand-made household. ``moves_by``: ``clock`` (real
    time and passed days), ``days`` (passed days only) or ``nothing``. All initial closed,
    cancelled and deleted shipments ended within ``closed_days`` before the start.
    """

    name: str
    skus: int = 0
    shipments: int = 0
    lines: int = 20
    marketplaces: int = 3
    closed_days: int = 500
    open_in_20: int = 2
    moves_by: str = "clock"
    has_new_shipments: bool = False

    def kind(self, number: int) -> str:
        """Return the kind of shipment ``number`` of a big world."""
        place, round_ = number % 20, number // 20
        if place < self.open_in_20:
            return _OPEN[(round_ * self.open_in_20 + place) % len(_OPEN)]
        if place == 18:
            return ("CANCELLED", "DELETED", "ERROR")[round_ % 3]
        return "CLOSED/short" if place == 19 else "CLOSED"

    def line_listings(self, number: int) -> list[int]:
        """Return the numbers of the listings in shipment ``number`` of a big world."""
        first = number * self.lines
        return [(first + place) % self.skus for place in range(self.lines)]

    def shipments_with(self, listing: int) -> list[int]:
        """Return the shipments of a big world that hold a listing: the inverse."""
        places = range(listing, self.shipments * self.lines, self.skus)
        return [place // self.lines for place in places]

    @staticmethod
    def clock_text(at: float) -> str:
        """Return a time as Amazon writes it into default shipment names."""
        return datetime.fromtimestamp(at, UTC).strftime("%m/%d/%Y %H:%M")


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("default", has_new_shipments=True),
        Scenario("quiet", moves_by="nothing"),
        Scenario("by-day", moves_by="days", has_new_shipments=True),
        Scenario("small", skus=60, shipments=20, lines=3, marketplaces=1, moves_by="days"),
        Scenario("large", skus=100_000, shipments=5_000, marketplaces=1, moves_by="days"),
        Scenario(
            "bench-500",
            skus=10_000,
            shipments=500,
            marketplaces=1,
            closed_days=28,
            open_in_20=4,
            moves_by="days",
        ),
        Scenario(
            "bench-1000", skus=1_000, shipments=50, marketplaces=1, closed_days=28, moves_by="days"
        ),
    )
}
