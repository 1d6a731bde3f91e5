"""What a unit costs once it has arrived: its price and its share of the order's fees. Pure.

Spread by line value without tax; where no line has a value, by units; by weight when asked and
every weight is known. Shares add up to the amount, to the currency's last decimal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

VALUE, UNITS, WEIGHT = "value", "units", "weight"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Priced:
    """A line: cost of one unit without tax, units, and grams of one unit; ``None`` is unknown."""

    unit_cost: Decimal | None
    units: int
    weight_grams: int | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """A line's share of the fees, of the discount, and what one unit costs on arrival.

    ``unit_cost`` is ``None`` where nothing is known of it.
    """

    fees: Decimal
    discount: Decimal
    unit_cost: Decimal | None


def spread(amount: Decimal, weights: Sequence[Decimal], digits: int) -> list[Decimal]:
    """Return ``amount`` in shares after ``weights``, each of ``digits`` decimals, adding up to it.

    What rounding down leaves goes, a last decimal each, to the largest remainders (the earlier
    line where equal). An amount finer than ``digits`` keeps its own decimals. All weights 0:
    no share is anybody's, and all are 0.
    """
    whole = sum(weights, NOTHING)
    if not whole:
        return [NOTHING for _ in weights]
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # an amount is finite
    step = Decimal(1).scaleb(min(-digits, exponent))
    exact = [amount * weight / whole / step for weight in weights]
    floors = [one.to_integral_value(ROUND_FLOOR) for one in exact]
    left = int(amount / step - sum(floors, NOTHING))
    ranked = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in ranked[:left]:
        floors[at] += 1
    return [one * step for one in floors]


def weights_of(lines: Sequence[Priced], by: str) -> list[Decimal]:
    """Return what fees are spread by: ``by`` itself, or units where it says nothing."""
    if by == WEIGHT and all(line.weight_grams for line in lines):
        return [Decimal((line.weight_grams or 0) * line.units) for line in lines]
    values = [(line.unit_cost or NOTHING) * line.units for line in lines]
    if by == VALUE and any(values):
        return values
    return [Decimal(line.units) for line in lines]


def basis(lines: Sequence[Priced], by: str) -> str:
    """Return "value", "units" or "weight": what fees are spread by in fact."""
    if by == WEIGHT and lines and all(line.weight_grams for line in lines):
        return WEIGHT
    is_valued = any(line.unit_cost and line.units for line in lines)
    return VALUE if by == VALUE and is_valued else UNITS


def landed(
    lines: Sequence[Priced],
    fees: Decimal | None,
    *,
    by: str = VALUE,
    discount: Decimal | None = None,
    digits: int = 2,
) -> list[Landed]:
    """Return each line's share of ``fees`` and ``discount`` and its landed cost.

    Amounts are in the order's currency, which has ``digits`` decimals. A discount is always
    spread by value. A line without a cost of its own has a landed cost only where fees fall on
    it.
    """
    shares = spread(fees or NOTHING, weights_of(lines, by), digits)
    values = [(line.unit_cost or NOTHING) * line.units for line in lines]
    off = spread(discount or NOTHING, values, digits)
    rows = zip(lines, shares, off, strict=True)
    return [Landed(share, less, _unit(line, share - less)) for line, share, less in rows]


def _unit(line: Priced, added: Decimal) -> Decimal | None:
    if not added or not line.units:
        return line.unit_cost
    return (line.unit_cost or NOTHING) + added / line.units


def landed_costs(
    lines: Sequence[tuple[Decimal | None, int]], shipping: Decimal | None
) -> list[Decimal | None]:
    """Return the landed cost of one unit of each (unit cost, units), fees spread by value."""
    priced = [Priced(cost, units) for cost, units in lines]
    return [one.unit_cost for one in landed(priced, shipping)]
