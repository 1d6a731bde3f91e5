"""What a unit costs once it has arrived: its price and its share of shipping and handling."""

from collections.abc import Sequence
from decimal import Decimal


def landed_costs(
    lines: Sequence[tuple[Decimal | None, int]], shipping: Decimal | None
) -> list[Decimal | None]:
    """Return the landed cost of one unit of each line, ``None`` where nothing is known of it.

    ``lines`` are (unit cost, units ordered) of one order; ``shipping`` is its shipping and
    handling in the same currency. It is spread by line value before tax; where no line has a
    value (orders that Amazon made have no costs) by units.
    """
    value = sum((cost * units for cost, units in lines if cost), Decimal(0))
    count = sum(units for _, units in lines)
    if shipping is None or not count:
        return [cost for cost, _ in lines]
    if not value:
        share = shipping / count
        return [(cost or Decimal(0)) + share for cost, _ in lines]
    return [cost if cost is None else cost + cost * shipping / value for cost, _ in lines]
