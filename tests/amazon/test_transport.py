import json
import logging
import re

import pytest

from amazon.client import SellingPartnerClient
from tests.amazon.fake import REQUEST_ID, Answer, World

EMPTY = Answer(200, {"payload": []})


def test_a_call_has_the_headers_that_amazon_asks_for() -> None:
    world = World(EMPTY)

    world.client.get_marketplace_participations()

    headers = world.adapter.requests[0].headers
    assert headers["x-amz-access-token"] == "Atza-secret-0"
    assert re.fullmatch(
        r"Stockbridge/1\.2 \(Language=Python/3\.\d+; Platform=\w+\)", headers["user-agent"]
    )
    assert "content-type" not in headers
    assert "authorization" not in {name.lower() for name in headers}


def test_a_body_is_sent_as_json() -> None:
    world = World(Answer(202, {"reportId": "7"}))

    world.client.create_report(report_type="GET_X", marketplace_ids=["A1"])

    request = world.adapter.requests[0]
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body or "") == {"reportType": "GET_X", "marketplaceIds": ["A1"]}


def test_time_outs_are_set_and_redirects_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(EMPTY)
    seen = {}
    send = world.adapter.send

    def watched(request, **options):  # type: ignore[no-untyped-def]
        seen.update(options)
        return send(request)

    monkeypatch.setattr(world.adapter, "send", watched)

    world.client.get_marketplace_participations()

    assert seen["timeout"] == (5.0, 60.0)


def test_one_line_per_call_tells_operation_status_id_wait_size_and_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    World(EMPTY).client.get_marketplace_participations()

    lines = [record.getMessage() for record in caplog.records if record.name.startswith("amazon")]
    assert lines == [
        f"getMarketplaceParticipations 200 request={REQUEST_ID} wait=0.0s 15 bytes 0 ms"
    ]


def test_counters_tell_calls_throttles_and_seconds_waited() -> None:
    world = World(Answer(429), EMPTY)

    world.client.get_marketplace_participations()

    assert world.client.calls == {"getMarketplaceParticipations": 2}
    assert world.client.throttled == 1
    assert world.client.waited_s == pytest.approx(sum(world.clock.slept))
    assert world.waits == [
        ("getMarketplaceParticipations", pytest.approx(wait)) for wait in world.clock.slept
    ]


def test_the_hook_comes_before_each_request_and_can_stop_it() -> None:
    def refuse() -> None:
        raise RuntimeError("a database transaction is open")

    world = World(EMPTY, before_call=refuse)

    with pytest.raises(RuntimeError, match="transaction"):
        world.client.get_marketplace_participations()

    assert world.adapter.requests == []
    assert world.throttle.levels() == {}


def test_the_hook_comes_before_each_repetition_too() -> None:
    calls: list[int] = []
    world = World(Answer(503), Answer(503), EMPTY, before_call=lambda: calls.append(1))

    world.client.get_marketplace_participations()

    assert len(calls) == 3


def test_calls_wait_their_turn_instead_of_being_refused() -> None:
    world = World(Answer(200, {"payload": {"inventorySummaries": []}}))

    for _ in range(12):
        list(world.client.get_inventory_summaries(marketplace_id="A1"))

    assert sum(world.clock.slept) == pytest.approx(10 / 2, rel=0.01)
    assert world.client.throttled == 0


@pytest.mark.parametrize(("header", "seconds"), [("0.5", 2.0), ("10.0", 0.1)])
def test_the_rate_in_the_answer_is_taken_over(header: str, seconds: float) -> None:
    page = {"payload": {"inventorySummaries": []}}
    world = World(Answer(200, page, x_amzn_RateLimit_Limit=header))

    for _ in range(3):
        list(world.client.get_inventory_summaries(marketplace_id="A1"))

    assert sum(world.clock.slept) == pytest.approx(seconds, abs=0.02)


@pytest.mark.parametrize("header", ["", "fast", "-1", "nan", "0"])
def test_a_rate_that_is_none_is_ignored(header: str) -> None:
    world = World(Answer(200, {"payload": []}, x_amzn_RateLimit_Limit=header))

    world.client.get_marketplace_participations()

    assert world.throttle.levels()["getMarketplaceParticipations"]["rate"] == 0.016


def test_the_status_decides_even_where_the_body_was_cut() -> None:
    world = World(Answer(429, b"{", Content_Length="900"), EMPTY)

    world.client.get_marketplace_participations()

    assert world.client.throttled == 1


def test_a_local_endpoint_is_used_as_it_is() -> None:
    world = World(EMPTY, endpoint="http://127.0.0.1:8100/")

    world.client.get_marketplace_participations()

    assert world.adapter.urls == ["http://127.0.0.1:8100/sellers/v1/marketplaceParticipations"]


def test_every_operation_has_its_method() -> None:
    wanted = {
        "get_marketplace_participations",
        "get_inventory_summaries",
        "search_listings_items",
        "get_listings_item",
        "create_report",
        "get_report",
        "get_reports",
        "get_report_document",
        "get_shipments",
        "get_shipment_items",
        "get_shipment_items_by_shipment_id",
        "list_inbound_plans",
        "get_inbound_plan",
        "get_shipment",
        "list_shipment_items",
        "list_transportation_options",
    }

    assert wanted <= set(dir(SellingPartnerClient))
