from flask import Flask

from inventory.services import sku_choices
from tests.factories import make_connection, make_listing


def test_a_sku_is_found_exactly_and_by_its_whole_name(app: Flask) -> None:
    harbour, quay = make_connection(name="Harbour (EU)"), make_connection(name="Quay")
    one = make_listing(seller_sku="KT-1", connection_id=harbour.id, channel="FBA")
    make_listing(seller_sku="KT-1", connection_id=quay.id, channel="FBA")
    odd = make_listing(seller_sku="KT-1 (FBM, Quay)", connection_id=quay.id)

    assert len(sku_choices.find("KT-1")) == 2
    assert [x.listing_id for x in sku_choices.find("KT-1 (FBA, Harbour (EU))")] == [one.id]
    assert [x.listing_id for x in sku_choices.find("KT-1 (FBM, Quay)")] == [odd.id]
    assert sku_choices.find("kt-1") == []
    assert sku_choices.find("") == []


def test_what_is_offered_is_found_again(app: Flask) -> None:
    harbour = make_connection(name="Harbour")
    for channel in ("FBA", "FBM"):
        make_listing(seller_sku="KT-1", connection_id=harbour.id, channel=channel)
    make_listing(seller_sku="KT-10", connection_id=harbour.id)

    offered = sku_choices.suggest("kt-1")

    assert [text for text, _ in offered] == [
        "KT-1 (FBA, Harbour)", "KT-1 (FBM, Harbour)", "KT-10",
    ]  # fmt: skip
    for text, choice in offered:
        assert sku_choices.find(text) == [choice]


def test_offers_no_more_than_asked(app: Flask) -> None:
    for number in range(5):
        make_listing(seller_sku=f"KT-{number}")

    assert len(sku_choices.suggest("kt", limit=3)) == 3
    assert sku_choices.suggest("100%") == []
