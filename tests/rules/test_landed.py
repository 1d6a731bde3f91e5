"""Fees spread over lines: by value, units or weight, adding up in every currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.landed import Landed, Priced, basis, landed, landed_costs, spread


@pytest.mark.parametrize(
    ("lines", "shipping", "costs"),
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
    lines: list[tuple[Decimal | None, int]], shipping: Decimal | None, costs: list[Decimal | None]
) -> None:
    assert landed_costs(lines, shipping) == costs


@pytest.mark.parametrize(
    ("amount", "weights", "digits", "shares"),
    [
        ("10", [1, 1, 1], 2, ["3.34", "3.33", "3.33"]),
        ("100", [1, 1, 1], 0, ["34", "33", "33"]),
        ("1", [1, 1, 1], 3, ["0.334", "0.333", "0.333"]),
        ("0.05", [1, 2, 1], 2, ["0.01", "0.03", "0.01"]),
        ("1.005", [1, 1], 2, ["0.503", "0.502"]),
        ("5", [0, 0], 2, ["0", "0"]),
        ("5", [0, 1], 2, ["0", "5"]),
    ],
)
def test_what_rounding_leaves_goes_to_the_largest_remainders(
    amount: str, weights: list[int], digits: int, shares: list[str]
) -> None:
    found = spread(Decimal(amount), [Decimal(one) for one in weights], digits)

    assert found == [Decimal(one) for one in shares]


@given(
    st.decimals(0, 10**8, places=4),
    st.lists(st.decimals(0, 10**9, places=4), min_size=1, max_size=60),
    st.sampled_from([0, 2, 3]),
)
def test_shares_add_up_to_the_amount_to_its_last_decimal(
    amount: Decimal, weights: list[Decimal], digits: int
) -> None:
    shares = spread(amount, weights, digits)

    assert sum(shares) == (amount if any(weights) else 0)
    assert all(share >= 0 for share in shares)
    assert all(not share for share, weight in zip(shares, weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("lines", "by", "used"),
    [
        ([Priced(Decimal(1), 1, 5)], "value", "value"),
        ([Priced(None, 1, 5)], "value", "units"),
        ([Priced(Decimal(1), 1, 5)], "units", "units"),
        ([Priced(Decimal(1), 1, 5)], "weight", "weight"),
        ([Priced(Decimal(1), 1, 5), Priced(Decimal(1), 1, None)], "weight", "units"),
        ([], "weight", "units"),
    ],
)
def test_what_it_is_spread_by_in_fact(lines: list[Priced], by: str, used: str) -> None:
    assert basis(lines, by) == used


def test_by_weight_the_heavy_line_carries_the_freight() -> None:
    lines = [Priced(Decimal(1), 10, 100), Priced(Decimal(1), 10, 300)]

    assert [one.fees for one in landed(lines, Decimal(8), by="weight")] == [2, 6]


def test_a_discount_lowers_what_a_unit_costs() -> None:
    lines = [Priced(Decimal(10), 10), Priced(Decimal(30), 10)]

    found = landed(lines, Decimal(8), discount=Decimal(40))

    assert found[0] == Landed(Decimal(2), Decimal(10), Decimal("9.2"))
    assert found[1] == Landed(Decimal(6), Decimal(30), Decimal("27.6"))
