"""Received units: what changed between two readings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What Amazon says of a line, in units."""

    units_shipped: int
    units_received: int


def total(units: int) -> int:
    """Return a received total as it may be stored: corrections never take it below zero."""
    return max(0, units)


def delta(known: int, said: int) -> int:
    """Return the receipt between two readings: positive, negative (a correction) or 0."""
    return total(said) - known


def gone(known: Mapping[str, Line], said: Mapping[str, Line]) -> set[str]:
    """Return the SKUs that were lines and, in a whole reading, no longer are."""
    return set(known) - set(said)
