"""What counts as stock."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Figures(Protocol):
    """Units by state (``inventory.models.StockFigures``)."""

    fulfillable: int
    fc_transfer: int
    pool_key: str
    local_fulfillable: int | None


def stock(level: Figures) -> int:
    """Return the units that planning counts on: fulfillable + on transfer between centres.

    Of a pool whose split is known, the units in the row's own country.
    """
    if level.pool_key and level.local_fulfillable is not None:
        return level.local_fulfillable
    return level.fulfillable + level.fc_transfer


def split(rows: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Return SKU -> country -> units, given (SKU, country, units); conditions are added up."""
    found: dict[str, dict[str, int]] = {}
    for sku, country, units in rows:
        countries = found.setdefault(sku, {})
        countries[country] = countries.get(country, 0) + units
    return found


def local_units(country: str, by_country: Mapping[str, int] | None) -> int | None:
    """Return what a country holds of a SKU, given the report's rows for it.

    A SKU that the report knows elsewhere only is 0 here; of one that it does not know at all
    nothing can be said.
    """
    return by_country.get(country, 0) if by_country else None
