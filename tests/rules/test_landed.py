from decimal import Decimal as D

import pytest

from inventory.rules.landed import landed_costs


@pytest.mark.parametrize(
    ("lines", "shipping", "landed"),
    [
        ([(D(1), 20)], D(8), [D("1.4")]),
        ([(D(10), 1), (D(30), 1)], D(8), [D(12), D(36)]),
        ([(None, 10), (None, 30)], D(20), [D("0.5"), D("0.5")]),
        ([(D(0), 10)], D(5), [D("0.5")]),
        ([(D(10), 1), (None, 5)], D(1), [D(11), None]),
        ([(D(3), 2), (None, 2)], None, [D(3), None]),
        ([(D(3), 0)], D(9), [D(3)]),
        ([], D(9), []),
    ],
)
def test_shipping_is_spread_by_value_and_without_values_by_units(
    lines: list[tuple[D | None, int]], shipping: D | None, landed: list[D | None]
) -> None:
    assert landed_costs(lines, shipping) == landed
