from datetime import UTC, datetime

import pytest

from simulator import CREDENTIALS, IN_MEMORY, Simulator
from tests.simulator.conftest import US, Caller


def pages(amazon: Caller, **query) -> list[dict]:
    items, token = [], None
    while True:
        more = {"pageToken": token} if token else {}
        answer = amazon.listings(pageSize=20, **query, **more).json()
        items += answer["items"]
        token = answer.get("pagination", {}).get("nextToken")
        if not token:
            return items


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def test_all_three_hundred_skus_are_found_once(amazon):
    items = pages(amazon, includedData="summaries,offers,fulfillmentAvailability")

    truth = amazon.simulator.truth("NA")["listings"]
    assert len(items) == 300
    assert {one["sku"] for one in items} == truth.keys()
    for item in items:
        wanted = truth[item["sku"]]
        codes = [row["fulfillmentChannelCode"] for row in item["fulfillmentAvailability"]]
        assert ("AMAZON_NA" in codes) == ("FBA" in wanted["channels"])
        assert ("DEFAULT" in codes) == (wanted["fbm_units"] is not None)
        assert ("BUYABLE" in item["summaries"][0]["status"]) == wanted["is_active"]


def test_the_catalogue_has_pairs_both_channel_skus_and_oddities(amazon):
    truth = amazon.simulator.truth("NA")["listings"].values()

    fba = {one["asin"] for one in truth if one["channels"] == ["FBA"]}
    fbm = {one["asin"] for one in truth if one["channels"] == ["FBM"]}
    assert len(fba & fbm) > 40
    assert any(len(one["channels"]) == 2 for one in truth)
    assert any(not one["is_active"] for one in truth)
    assert any("<script>" in one["title"] for one in truth)
    assert set("/%+#,& ") <= set("".join(one["sku"] for one in truth))


def test_more_than_a_thousand_matches_are_cut_off(clock):
    amazon = Caller(Simulator(IN_MEMORY, "large", clock, limits=False), clock)

    first = amazon.listings(pageSize=20).json()
    items = pages(amazon)

    assert first["numberOfResults"] == 100_000
    assert len({one["sku"] for one in items}) == 1000


def test_windows_cut_a_large_catalogue_into_readable_parts(clock):
    amazon = Caller(Simulator(IN_MEMORY, "large", clock, limits=False), clock)
    window = {"lastUpdatedAfter": iso(clock.at - 50 * 3600), "lastUpdatedBefore": iso(clock.at)}

    items = pages(amazon, **window, sortOrder="ASC")

    dates = [one["summaries"][0]["lastUpdatedDate"] for one in items]
    assert 500 < len(items) < 1000
    assert dates == sorted(dates)


def test_an_edit_shows_in_the_next_window(amazon, clock):
    clock.at += 10
    amazon.simulator.pass_days(1)

    items = pages(amazon, lastUpdatedAfter=iso(clock.at - 1))

    assert 1 <= len(items) <= 3


@pytest.mark.parametrize("sku", ["HK/KNIFE 20%+", "HK #SET,2", "日本-包丁-01", "HK%2FENC"])
def test_one_listing_is_found_by_an_awkward_sku(amazon, sku):
    answer = amazon.call("getListingsItem", CREDENTIALS.seller_id, sku, marketplaceIds=US)

    assert answer.status_code == 200
    assert answer.json()["sku"] == sku


def test_an_unknown_sku_is_404_and_a_long_page_400(amazon):
    missing = amazon.call("getListingsItem", CREDENTIALS.seller_id, "NOPE", marketplaceIds=US)

    assert missing.status_code == 404
    assert amazon.listings(pageSize=21).status_code == 400
    assert amazon.listings(includedData="everything").status_code == 400
