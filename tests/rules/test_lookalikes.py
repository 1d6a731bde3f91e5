import pytest

from inventory.rules.lookalikes import is_alike


@pytest.mark.parametrize(
    ("ordered", "shipped", "alike"),
    [
        ({"A": 100}, {"A": 100}, True),
        ({"A": 100}, {"A": 95}, True),
        ({"A": 100}, {"A": 105}, True),
        ({"A": 100}, {"A": 94}, False),
        ({"A": 100}, {"A": 106}, False),
        ({"A": 10}, {"A": 9}, False),
        ({"A": 100, "B": 5}, {"A": 100}, False),
        ({"A": 100}, {"A": 100, "B": 5}, False),
        ({"A": 100, "B": 0}, {"A": 100}, True),
        ({"A": 100, "B": 40}, {"A": 99, "B": 42}, True),
        ({}, {}, False),
        ({"A": 0}, {"A": 0}, False),
    ],
)
def test_same_skus_within_five_percent_are_the_same_goods(
    ordered: dict[str, int], shipped: dict[str, int], alike: bool
) -> None:
    assert is_alike(ordered, shipped) is alike
