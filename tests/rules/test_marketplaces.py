import pytest

from inventory.rules.marketplaces import MARKETPLACES, by_country, in_region


def test_there_are_23_marketplaces_each_with_an_id_of_its_own() -> None:
    assert len(MARKETPLACES) == 23
    assert len({one.country for one in MARKETPLACES.values()}) == 23


@pytest.mark.parametrize(("region", "count"), [("NA", 4), ("EU", 16), ("FE", 3)])
def test_a_region_knows_its_marketplaces(region: str, count: int) -> None:
    assert len(in_region(region)) == count


def test_the_united_kingdom_is_gb_and_in_europe() -> None:
    marketplace = by_country("EU", "GB")

    assert marketplace is not None
    assert (marketplace.id, marketplace.currency) == ("A1F83G8C2ARO7P", "GBP")


def test_a_country_of_another_region_is_not_found() -> None:
    assert by_country("NA", "GB") is None
