"""Inbound shipments of v0; the numbers are those of the list of known traps."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from amazon.errors import AmazonError, UnavailableError
from amazon.shipments import ITEM_LIMIT, SHIPMENT_STATUSES
from tests.amazon.fake import Answer, World

SINCE, UNTIL = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)


def shipments(*ids: str, token: str | None = None, **fields: Any) -> Answer:
    rows = [{"ShipmentId": name, "ShipmentStatus": "SHIPPED", **fields} for name in ids]
    return Answer(200, {"payload": {"ShipmentData": rows, "NextToken": token}})


def lines(count: int, token: str | None = None) -> Answer:
    rows = [
        {"ShipmentId": "FBA1", "SellerSKU": f"S{number}", "QuantityShipped": 1}
        for number in range(count)
    ]
    return Answer(200, {"payload": {"ItemData": rows, "NextToken": token}})


def test_01_v0_pages_take_the_token_and_the_marketplace_alone() -> None:
    world = World(shipments("FBA1", token="t/1+="), shipments("FBA2"))

    pages = list(world.client.get_shipments(marketplace_id="A1"))

    assert [page[0].shipment_id for page in pages] == ["FBA1", "FBA2"]
    assert world.adapter.queries[1] == {
        "MarketplaceId": "A1",
        "QueryType": "NEXT_TOKEN",
        "NextToken": "t/1+=",
    }


def test_01_v0_pages_of_lines_too() -> None:
    world = World(lines(1, token="t"), Answer(200, {"payload": {"ItemData": []}}))

    list(
        world.client.get_shipment_items(
            marketplace_id="A1", updated_after=SINCE, updated_before=UNTIL
        )
    )

    assert world.adapter.queries[1] == {
        "MarketplaceId": "A1",
        "QueryType": "NEXT_TOKEN",
        "NextToken": "t",
    }


def test_01_page_one_for_ever_stops_loudly() -> None:
    world = World(shipments("FBA1", token="a"), shipments("FBA1", token="b"))

    with pytest.raises(UnavailableError):
        list(world.client.get_shipments(marketplace_id="A1"))

    assert len(world.adapter.requests) == 2


def test_02_a_shipment_that_was_cut_can_be_recognised_and_its_token_is_not_followed() -> None:
    world = World(lines(200, token="useless"))

    found = world.client.get_shipment_items_by_shipment_id(shipment_id="FBA1", marketplace_id="A1")

    assert len(found) == ITEM_LIMIT == 200
    assert len(world.adapter.requests) == 1


def test_03_a_window_always_comes_with_statuses() -> None:
    world = World(shipments("FBA1"))

    list(world.client.get_shipments(marketplace_id="A1", updated_after=SINCE, updated_before=UNTIL))

    assert world.adapter.queries[0] == {
        "MarketplaceId": "A1",
        "QueryType": "DATE_RANGE",
        "LastUpdatedAfter": "2026-07-01T00:00:00Z",
        "LastUpdatedBefore": "2026-07-02T00:00:00Z",
        "ShipmentStatusList": ",".join(SHIPMENT_STATUSES),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        {"updated_after": SINCE},
        {"updated_before": UNTIL},
        {"statuses": []},
        {"shipment_ids": []},
    ],
)
def test_03_half_a_window_or_an_empty_list_is_refused_at_once(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"window|empty list"):
        World(shipments()).client.get_shipments(marketplace_id="A1", **arguments)


def test_04_lines_of_named_shipments_can_be_read_again_whatever_changed() -> None:
    answer = {"payload": {"ItemData": [{"SellerSKU": "S1", "QuantityReceived": 3}]}}
    world = World(Answer(200, answer))

    found = world.client.get_shipment_items_by_shipment_id(shipment_id="FBA1")

    assert [(item.shipment_id, item.units_received) for item in found] == [("FBA1", 3)]
    assert urlsplit(world.adapter.urls[0]).query == ""


def test_05_one_call_reads_the_shipments_of_a_whole_region() -> None:
    world = World(shipments("FBA1", "FBA2"))

    list(world.client.get_shipments(marketplace_id="A1"))

    assert world.client.calls["getShipments"] == 1


def test_06_ready_to_ship_is_asked_for_by_name() -> None:
    world = World(shipments("FBA1"))

    list(world.client.get_shipments(marketplace_id="A1"))

    assert "READY_TO_SHIP" in world.adapter.queries[0]["ShipmentStatusList"].split(",")
    assert world.adapter.queries[0]["QueryType"] == "SHIPMENT"


@pytest.mark.parametrize("status", ["CREATING", "READY_TO_SHIP", "SOMETHING_NEW"])
def test_06_a_status_nobody_documented_is_kept(status: str) -> None:
    world = World(shipments("FBA1", ShipmentStatus=status))

    assert next(world.client.get_shipments(marketplace_id="A1"))[0].status == status


def test_07_a_status_can_be_null_and_a_case_quantity_missing() -> None:
    world = World(shipments("FBA1", ShipmentStatus=None), lines(1))

    shipment = next(world.client.get_shipments(marketplace_id="A1"))[0]
    line = world.client.get_shipment_items_by_shipment_id(shipment_id="FBA1")[0]

    assert shipment.status is None
    assert line.units_in_case is None


def test_25_statuses_may_go_back_and_are_reported_as_seen() -> None:
    world = World(shipments("FBA1", ShipmentStatus="DELIVERED"), shipments("FBA1"))

    seen = [next(world.client.get_shipments(marketplace_id="A1"))[0].status for _ in range(2)]

    assert seen == ["DELIVERED", "SHIPPED"]


def test_many_named_shipments_are_asked_for_in_addresses_of_bearable_length() -> None:
    ids = [f"FBA{number:09}" for number in range(120)]
    world = World(shipments("FBA1"))

    list(world.client.get_shipments(marketplace_id="A1", shipment_ids=ids))

    asked = [query["ShipmentIdList"].split(",") for query in world.adapter.queries]
    assert [len(part) for part in asked] == [50, 50, 20]
    assert [name for part in asked for name in part] == ids
    assert "ShipmentStatusList" not in world.adapter.queries[0]


def test_a_page_is_asked_for_only_when_the_one_before_was_used() -> None:
    world = World(shipments("FBA1", token="t"), shipments("FBA2"))
    pages = world.client.get_shipments(marketplace_id="A1")
    assert world.adapter.requests == []

    next(pages)

    assert len(world.adapter.requests) == 1


def test_a_page_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="amazon")
    world = World(shipments("FBA1", token="token-x"), Answer(400))

    with pytest.raises(AmazonError) as raised:
        list(world.client.get_shipments(marketplace_id="A1"))

    assert "token-x" not in caplog.text + repr(raised.value)
