from inventory.rules.pools import shared_pools

KETTLES = {"A": (4, 1), "B": (0, 0), "C": (9, 0)}


def test_marketplaces_with_equal_figures_share_a_pool() -> None:
    figures = {"DE": KETTLES, "FR": KETTLES, "IT": {"A": (1, 0), "C": (2, 2)}}

    assert shared_pools(figures) == {"DE": "DE", "FR": "DE"}


def test_only_the_skus_in_common_are_compared() -> None:
    assert shared_pools({"DE": KETTLES, "FR": {"C": (9, 0), "Z": (7, 7)}}) == {
        "DE": "DE",
        "FR": "DE",
    }


def test_zeros_prove_nothing() -> None:
    nothing = dict.fromkeys(KETTLES, (0, 0))

    assert shared_pools({"DE": nothing, "FR": nothing}) == {}
    assert shared_pools({"DE": KETTLES, "FR": {"B": (0, 0)}}) == {}
    assert shared_pools({"DE": KETTLES, "FR": {"Z": (1, 0)}}) == {}


def test_two_pools_are_kept_apart() -> None:
    other = {"A": (7, 7)}

    assert shared_pools({"DE": KETTLES, "ES": other, "FR": KETTLES, "IT": other}) == {
        "DE": "DE",
        "FR": "DE",
        "ES": "ES",
        "IT": "ES",
    }


def test_a_sale_between_two_readings_does_not_end_a_pool() -> None:
    many = {str(number): (number, 0) for number in range(1, 101)}
    sold = {**many, "100": (99, 0)}
    before = {"DE": "pool", "FR": "pool"}

    assert shared_pools({"DE": many, "FR": sold}) == {}
    assert shared_pools({"DE": many, "FR": sold}, before) == {"DE": "DE", "FR": "DE"}
    assert shared_pools({"DE": many, "FR": {"1": (5, 0), "2": (2, 0)}}, before) == {}
