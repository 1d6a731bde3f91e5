"""Marketplaces, stock and listings; the numbers are those of the list of known traps."""

from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest

from amazon.errors import RejectedError, UnavailableError
from amazon.types import ListingPage
from tests.amazon.fake import Answer, World, error

SINCE = datetime(2026, 7, 1, tzinfo=UTC)


def stock(*skus: str, token: str | None = None) -> Answer:
    rows = [{"sellerSku": sku, "totalQuantity": 0} for sku in skus]
    return Answer(
        200, {"payload": {"inventorySummaries": rows}, "pagination": {"nextToken": token}}
    )


def test_17_stock_is_asked_for_one_marketplace_by_its_name_in_both_places() -> None:
    world = World(stock("S1"))

    list(world.client.get_inventory_summaries(marketplace_id="A1"))

    assert world.adapter.queries[0] == {
        "granularityType": "Marketplace",
        "granularityId": "A1",
        "marketplaceIds": "A1",
        "details": "true",
    }


def test_18_the_token_of_stock_comes_with_everything_else_and_encoded() -> None:
    world = World(stock("S1", token="a/b+c="), stock("S2"))

    list(world.client.get_inventory_summaries(marketplace_id="A1", start=SINCE))

    first, second = world.adapter.queries
    assert first["startDateTime"] == "2026-07-01T00:00:00Z"
    assert second == {**first, "nextToken": "a/b+c="}
    assert "nextToken=a%2Fb%2Bc%3D" in world.adapter.urls[1]


def test_18_a_writer_that_is_slow_once_gets_the_rest_before_the_token_dies() -> None:
    world = World(stock("S1", token="a"), stock("S2", token="b"), stock("S3"))
    pages = world.client.get_inventory_summaries(marketplace_id="A1")

    next(pages)
    world.clock.now += 21
    next(pages)

    assert len(world.adapter.requests) == 3
    assert [row.seller_sku for page in pages for row in page] == ["S3"]


def test_18_a_token_that_died_starts_the_chain_again() -> None:
    world = World(
        stock("S1", token="a"),
        error(400, "InvalidInput", "Next token expired"),
        stock("S1", token="b"),
        stock("S2"),
    )

    pages = list(world.client.get_inventory_summaries(marketplace_id="A1"))

    assert [row.seller_sku for page in pages for row in page] == ["S1", "S1", "S2"]


def test_18_a_chain_that_never_gets_through_ends_as_an_error() -> None:
    first, died = stock("S1", token="a"), error(400, "InvalidInput")
    world = World(first, died, first, died, first, died, first, died)

    with pytest.raises(RejectedError):
        list(world.client.get_inventory_summaries(marketplace_id="A1"))

    assert len(world.adapter.requests) == 8


def test_21_a_sku_with_anything_in_it_arrives_whole() -> None:
    sku = "a/b%2Fc+d#e,f&g=h?i Füße-靴"
    world = World(Answer(200, {"sku": sku}))

    found = world.client.get_listings_item(
        seller_id="SELLER", seller_sku=sku, marketplace_ids=["A1", "A2"]
    )

    path = urlsplit(world.adapter.urls[0]).path.split("/")
    assert unquote(path[-1]) == sku == found.seller_sku
    assert len(path) == 6
    assert world.adapter.queries[0]["marketplaceIds"] == "A1,A2"


def test_23_shops_that_are_not_amazons_are_reported_as_they_are() -> None:
    rows = [
        {
            "marketplace": {"id": "A1AT7YVPFBWXBL", "countryCode": "DE", "name": "Non-Amazon"},
            "participation": {"isParticipating": True, "hasSuspendedListings": True},
            "storeName": "Acme",
        }
    ]
    world = World(Answer(200, {"payload": rows}))

    found = world.client.get_marketplace_participations()[0]

    assert (found.marketplace_id, found.name) == ("A1AT7YVPFBWXBL", "Non-Amazon")
    assert (found.participating, found.suspended, found.store_name) == (True, True, "Acme")


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"{}", b'{"payload": {}}'])
def test_24_an_outage_in_the_middle_ends_the_chain_as_an_error(body: bytes) -> None:
    world = World(stock("S1", token="a"), Answer(200, body))
    pages = world.client.get_inventory_summaries(marketplace_id="A1")

    next(pages)

    with pytest.raises(UnavailableError):
        next(pages)


def test_a_row_without_a_name_is_left_out_of_a_page_with_others() -> None:
    world = World(stock("", "S1"))

    assert [
        row.seller_sku for row in next(world.client.get_inventory_summaries(marketplace_id="A"))
    ] == ["S1"]


def test_listings_tell_how_many_there_are_beyond_what_is_shown() -> None:
    page = {"numberOfResults": 2500, "items": [{"sku": "S1"}], "pagination": {}}
    world = World(Answer(200, page))

    found = next(world.client.search_listings_items(seller_id="S", marketplace_ids=["A1"]))

    assert isinstance(found, ListingPage)
    assert (found.total, [item.seller_sku for item in found.items]) == (2500, ["S1"])


def test_a_listing_with_a_broken_part_is_not_left_out_in_silence() -> None:
    items = [{"sku": "S1", "summaries": [{"asin": "B1"}]}, {"sku": "S2"}]
    world = World(Answer(200, {"numberOfResults": 2, "items": items}))

    with pytest.raises(UnavailableError, match="marketplaceId is missing"):
        next(world.client.search_listings_items(seller_id="S", marketplace_ids=["A1"]))
