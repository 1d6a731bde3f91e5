"""What counts as stock."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from inventory.rules.settings import DEFAULTS

#: What a warehouse's setting ``stock_basis`` counts: the states of ``StockFigures``.
BASES: Mapping[str, tuple[str, ...]] = {
    "fulfillable": ("fulfillable",),
    "fc_transfer": ("fulfillable", "fc_transfer"),
    "fc_processing": ("fulfillable", "fc_transfer", "fc_processing"),
}
DEFAULT_BASIS: str = DEFAULTS["stock_basis"]


class Figures(Protocol):
    """Units by state (``inventory.models.StockFigures``)."""

    fulfillable: int
    fc_transfer: int
    fc_processing: int
    pool_key: str
    local_fulfillable: int | None


def stock(level: Figures, basis: str | None = None) -> int:
    """Return the units that planning counts on, given its warehouse's basis.

    ``None`` is the default: fulfillable + on transfer between centres. Of a pool whose split is
    known, the units in the row's own country whatever the basis: the report by country tells
    what is fulfillable, and nothing else. A pool whose split is not known is one heap that its
    warehouses may count differently: each row on its own basis, and the largest of them where
    the pool stands once in a total, so that no row holds more than the total it is part of.
    """
    if level.pool_key and level.local_fulfillable is not None:
        return level.local_fulfillable
    units: int = sum(getattr(level, state) for state in BASES[basis or DEFAULT_BASIS])
    return units


def basis_words(basis: str | None) -> str:
    """Return what counts as stock, in words: "fulfillable + FC transfer"."""
    states = BASES[basis or DEFAULT_BASIS]
    return " + ".join(state.replace("fc_", "FC ") for state in states)


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
