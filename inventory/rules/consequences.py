"""What saving a form would do, as people read it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consequence:
    """A figure about real rows: "8" · "LTL orders move by 5 days".

    ``kind`` names the list behind the figure ("moved_dates"); empty when there is none.
    ``kept`` says what stays as it is. ``units`` are the goods concerned, where that matters.
    """

    kind: str
    count: int
    sentence: str
    units: int | None = None
    kept: str = ""
