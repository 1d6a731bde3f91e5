"""What counts as stock."""

from typing import Protocol

#: The states that can be sold now or as soon as Amazon has moved them: the default basis.
BASIS = ("fulfillable", "fc_transfer")


class Figures(Protocol):
    """Units by state (``inventory.models.StockFigures``)."""

    fulfillable: int
    fc_transfer: int


def stock(level: Figures) -> int:
    """Return the units that planning counts on: fulfillable + on transfer between centres."""
    return level.fulfillable + level.fc_transfer
