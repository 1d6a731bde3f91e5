from decimal import Decimal

import pytest

from inventory.rules.landed import landed_costs


@pytest.mark.parametrize(
    ("lines", "shipping", "landed"),
    [
        ([(Decimal(1), 20)], Decimal(8), [Decimal("1.4")]),
        ([(Decimal(10), 1), (Decimal(30), 1)], Decimal(8), [Decimal(12), Decimal(36)]),
        ([(None, 10), (None, 30)], Decimal(20), [Decimal("0.5"), Decimal("0.5")]),
        ([(Decimal(0), 10)], Decimal(5), [Decimal("0.5")]),
        ([(Decimal(10), 1), (None, 5)], Decimal(1), [Decimal(11), None]),
        ([(Decimal(3), 2), (None, 2)], None, [Decimal(3), None]),
        ([(Decimal(3), 0)], Decimal(9), [Decimal(3)]),
        ([], Decimal(9), []),
    ],
)
def test_shipping_is_spread_by_value_and_without_values_by_units(
    lines: list[tuple[Decimal | None, int]], shipping: Decimal | None, landed: list[Decimal | None]
) -> None:
    assert landed_costs(lines, shipping) == landed
