"""What saving settings would do, counted from real rows by the rules that run on saving.

A handful of statements, whatever the number of rows. The figures and the lists behind them come
from the same functions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from inventory.models import Connection, Warehouse
from inventory.rules.consequences import Affected, Consequence
from inventory.services import (
    consequences_dates,
    consequences_inbound,
    consequences_money,
    consequences_orders,
    consequences_places,
    consequences_stale,
)
from inventory.services.date_moves import Moving, moving
from inventory.services.levels import Step, step

#: In the order in which they are told.
FIGURES: Sequence[Callable[[Sequence[Step]], list[Consequence]]] = (
    lambda steps: _moving(moving(steps)),
    consequences_orders.future,
    consequences_orders.existing,
    consequences_orders.untouched,
    consequences_inbound.off,
    consequences_inbound.becoming,
    consequences_money.primary,
    consequences_places.guesses,
    consequences_money.fees,
    consequences_places.enabled,
    consequences_places.stock,
)
#: Kind of a figure -> heading of the list behind it, and its rows.
LISTS: Mapping[str, tuple[str, Callable[[Sequence[Step]], Iterable[Affected]]]] = {
    "dates": (
        "Orders expected on another day",
        lambda steps: consequences_dates.rows(moving(steps), "dates"),
    ),
    "dates_shipments": (
        "Shipments expected on another day",
        lambda steps: consequences_dates.rows(moving(steps), "dates_shipments"),
    ),
    "ignored": (
        "Shipments that would be ignored",
        lambda steps: consequences_stale.rows(moving(steps), "ignored"),
    ),
    "counted": (
        "Shipments that would count again",
        lambda steps: consequences_stale.rows(moving(steps), "counted"),
    ),
    "future": ("Future shipments", consequences_orders.future_rows),
    "existing": ("Open orders", consequences_orders.existing_rows),
    "unlinked": ("Shipments that would no longer count", consequences_inbound.off_rows),
    "linked": ("Linked open orders", consequences_inbound.linked_rows),
    "becoming": ("Shipments becoming orders", consequences_inbound.becoming_rows),
    "guesses": ("Shipments of an unknown marketplace", consequences_places.guesses_rows),
    "fees": ("Orders getting Amazon’s quote", consequences_money.fees_rows),
    "stock": ("Stock under another basis", consequences_places.stock_rows),
}


def of(row: Connection | Warehouse, values: Mapping[str, Any]) -> list[Consequence]:
    """Return what saving ``values`` on ``row`` would do; empty: nothing that can be counted.

    ``values`` are columns (None inherits), and "enabled" of a warehouse; absent ones stay.
    """
    steps = step(row, values)
    return [one for figures in FIGURES for one in figures(steps)]


def rows(
    row: Connection | Warehouse, values: Mapping[str, Any], kind: str, limit: int
) -> tuple[str, list[Affected]]:
    """Return the heading and the first ``limit`` rows behind a figure.

    Raises ``KeyError`` for a kind that is none.
    """
    title, found = LISTS[kind]
    return title, list(islice(found(step(row, values)), limit))


def _moving(found: Sequence[Moving]) -> list[Consequence]:
    return consequences_dates.figures(found) + consequences_stale.figures(found)
