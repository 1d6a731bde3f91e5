from dataclasses import dataclass

import pytest

from inventory.rules.stock import basis_words, local_units, split, stock


@dataclass
class Level:
    fulfillable: int = 5
    fc_transfer: int = 2
    fc_processing: int = 9
    pool_key: str = ""
    local_fulfillable: int | None = None


def test_stock_is_fulfillable_and_on_transfer() -> None:
    assert stock(Level()) == 7
    assert stock(Level(pool_key="1:DE")) == 7


@pytest.mark.parametrize(
    ("basis", "units", "words"),
    [
        ("fulfillable", 5, "fulfillable"),
        ("fc_transfer", 7, "fulfillable + FC transfer"),
        ("fc_processing", 16, "fulfillable + FC transfer + FC processing"),
        (None, 7, "fulfillable + FC transfer"),
    ],
)
def test_the_warehouses_basis_says_what_counts(basis: str | None, units: int, words: str) -> None:
    assert stock(Level(), basis) == units
    assert stock(Level(pool_key="1:DE"), basis) == units
    assert stock(Level(pool_key="1:DE", local_fulfillable=3), basis) == 3
    assert basis_words(basis) == words


def test_of_a_pool_whose_split_is_known_stock_is_the_own_countrys() -> None:
    assert stock(Level(pool_key="1:DE", local_fulfillable=3)) == 3
    assert stock(Level(pool_key="1:DE", local_fulfillable=0)) == 0


def test_outside_a_pool_a_share_means_nothing() -> None:
    assert stock(Level(local_fulfillable=3)) == 7


def test_conditions_of_a_sku_are_added_up_in_each_country() -> None:
    rows = [("A", "DE", 3), ("A", "DE", 1), ("A", "FR", 2), ("B", "FR", 7)]

    assert split(rows) == {"A": {"DE": 4, "FR": 2}, "B": {"FR": 7}}


def test_a_country_without_a_row_has_none_of_what_others_have() -> None:
    assert local_units("DE", {"DE": 4, "FR": 2}) == 4
    assert local_units("IT", {"DE": 4, "FR": 2}) == 0
    assert local_units("IT", None) is None
