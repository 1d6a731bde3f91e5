"""What saving a form would do, as people read it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consequence:
    """A figure about real rows: "8" · "LTL orders move by 5 days".

    ``kind`` names the list behind the figure ("moved_dates"); empty when there is none.
    ``kept`` says what stays as it is. ``units`` are the goods concerned, where that matters.
    ``count`` is None where a sentence needs no figure. ``link`` is the part of the sentence that
    leads to the list; empty: all of it. ``offer`` names a further act on the rows, ticked with
    the form ("convert"), and ``offered`` says what it would do.
    """

    kind: str
    count: int | None
    sentence: str
    units: int | None = None
    kept: str = ""
    link: str = ""
    offer: str = ""
    offered: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """A row behind a figure: what it was and what it would be, in words.

    ``subject_kind`` is "purchase" or "transfer" (orders), "shipment" or "warehouse".
    """

    subject_kind: str
    subject_id: int
    name: str
    place: str
    was: str
    would: str
    units: int | None = None


def counted(count: int, noun: str) -> str:
    """Return "1 order", "1,240 orders"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def plural(count: int, noun: str) -> str:
    """Return "order" or "orders", without the figure, which stands apart."""
    return noun if count == 1 else f"{noun}s"
