"""Every request that the client builds, against the official models."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from amazon.client import SellingPartnerClient
from amazon.operations import OPERATIONS
from amazon.shipments import SHIPMENT_STATUSES
from tests.amazon import models, sending_calls
from tests.amazon.fake import Answer, World

SINCE, UNTIL = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, 12, 30, tzinfo=UTC)
PLAN, SHIPMENT = "wf1234abcd-1234-abcd-5678-1234abcd5678", "sh1234abcd-1234-abcd-5678-1234abcd5678"
SKU = "a/b%c+d#e,f&g Füße"
REPORT = {"reportId": "1", "reportType": "GET_X"}

Client = SellingPartnerClient
#: Operation, call, first page (more pages of the same shape follow until the token ends).
CALLS: list[tuple[str, Callable[[Client], Any], dict[str, Any]]] = [
    (
        "getMarketplaceParticipations",
        lambda client: client.get_marketplace_participations(),
        {"payload": []},
    ),
    (
        "getInventorySummaries",
        lambda client: client.get_inventory_summaries(marketplace_id="A1", start=SINCE),
        {"payload": {"inventorySummaries": [{"sellerSku": "S1"}]}, "pagination": {}},
    ),
    (
        "getInventorySummaries",
        lambda client: client.get_inventory_summaries(marketplace_id="A1"),
        {"payload": {"inventorySummaries": [{"sellerSku": "S1"}]}, "pagination": {}},
    ),
    (
        "searchListingsItems",
        lambda client: client.search_listings_items(
            seller_id="SELLER",
            marketplace_ids=["A1", "A2"],
            updated_after=SINCE,
            updated_before=UNTIL,
        ),
        {"numberOfResults": 1, "items": [{"sku": "S1"}], "pagination": {}},
    ),
    (
        "getListingsItem",
        lambda client: client.get_listings_item(
            seller_id="SELLER", seller_sku=SKU, marketplace_ids=["A1"]
        ),
        {"sku": SKU},
    ),
    (
        "createReport",
        lambda client: client.create_report(
            report_type="GET_X",
            marketplace_ids=["A1"],
            start=SINCE,
            end=UNTIL,
            options={"custom": "true"},
        ),
        {"reportId": "1"},
    ),
    ("getReport", lambda client: client.get_report(report_id="1"), REPORT),
    (
        "getReports",
        lambda client: client.get_reports(
            report_types=["GET_X"],
            marketplace_ids=["A1"],
            statuses=["DONE", "IN_QUEUE"],
            created_since=SINCE,
        ),
        {"reports": [REPORT]},
    ),
    (
        "getReportDocument",
        lambda client: client.get_report_document(document_id="d-1"),
        {"reportDocumentId": "d-1", "url": "https://x.amazonaws.com/"},
    ),
    (
        "getShipments",
        lambda client: client.get_shipments(marketplace_id="A1"),
        {"payload": {"ShipmentData": [{"ShipmentId": "FBA1"}]}},
    ),
    (
        "getShipments",
        lambda client: client.get_shipments(
            marketplace_id="A1", statuses=["SHIPPED"], updated_after=SINCE, updated_before=UNTIL
        ),
        {"payload": {"ShipmentData": [{"ShipmentId": "FBA1"}]}},
    ),
    (
        "getShipments",
        lambda client: client.get_shipments(marketplace_id="A1", shipment_ids=["FBA1", "FBA2"]),
        {"payload": {"ShipmentData": [{"ShipmentId": "FBA1"}]}},
    ),
    (
        "getShipmentItems",
        lambda client: client.get_shipment_items(
            marketplace_id="A1", updated_after=SINCE, updated_before=UNTIL
        ),
        {"payload": {"ItemData": [{"ShipmentId": "FBA1", "SellerSKU": "S1"}]}},
    ),
    (
        "getShipmentItemsByShipmentId",
        lambda client: client.get_shipment_items_by_shipment_id(
            shipment_id="FBA1", marketplace_id="A1"
        ),
        {"payload": {"ItemData": []}},
    ),
    (
        "listInboundPlans",
        lambda client: client.list_inbound_plans(status="ACTIVE"),
        {"inboundPlans": [{"inboundPlanId": PLAN}], "pagination": {}},
    ),
    (
        "listInboundPlans",
        lambda client: client.list_inbound_plans(status="VOIDED", newest_first=False),
        {"inboundPlans": [{"inboundPlanId": PLAN}], "pagination": {}},
    ),
    (
        "getInboundPlan",
        lambda client: client.get_inbound_plan(plan_id=PLAN),
        {"inboundPlanId": PLAN},
    ),
    (
        "getShipment",
        lambda client: client.get_shipment(plan_id=PLAN, shipment_id=SHIPMENT),
        {"shipmentId": SHIPMENT},
    ),
    (
        "listShipmentItems",
        lambda client: client.list_shipment_items(plan_id=PLAN, shipment_id=SHIPMENT),
        {"items": [{"msku": "S1"}], "pagination": {}},
    ),
    (
        "listTransportationOptions",
        lambda client: client.list_transportation_options(plan_id=PLAN, shipment_id=SHIPMENT),
        {"transportationOptions": [{"transportationOptionId": "to1"}], "pagination": {}},
    ),
    *sending_calls.CALLS,
]
NEXT = {"NextToken": "a/b+c=", "nextToken": "a/b+c="}


def first_of_two(page: dict[str, Any]) -> dict[str, Any]:
    """Return the page with a token, wherever its API has it."""
    if "pagination" in page:
        return {**page, "pagination": NEXT}
    if isinstance(page.get("payload"), dict):
        return {**page, "payload": {**page["payload"], **NEXT}}
    return {**page, **NEXT}


def run(world: World, call: Callable[[Client], Any]) -> None:
    result = call(world.client)
    if isinstance(result, Iterator):
        list(result)


@models.needs_models
def test_all_operations_are_among_the_calls() -> None:
    tried = {name for name, *_ in (*CALLS, *sending_calls.PAPER_CALLS)}
    assert tried == OPERATIONS.keys()


@models.needs_models
@pytest.mark.parametrize(("operation", "call", "page"), CALLS, ids=[name for name, *_ in CALLS])
def test_each_request_is_one_the_official_model_allows(
    operation: str, call: Callable[[Client], Any], page: dict[str, Any]
) -> None:
    world = World(Answer(200, first_of_two(page)), Answer(200, page))

    run(world, call)

    for request in world.adapter.requests:
        models.check_request(request)
    assert world.client.calls.keys() == {operation}


@models.needs_models
@pytest.mark.parametrize(
    ("operation", "call", "answer"),
    sending_calls.PAPER_CALLS,
    ids=[name for name, *_ in sending_calls.PAPER_CALLS],
)
def test_each_request_for_papers_is_allowed_and_the_file_fetched_at_once(
    operation: str, call: Callable[[Client], Any], answer: dict[str, Any]
) -> None:
    world = World(Answer(200, answer), Answer(200, b"%PDF-1.4 labels"))

    files = call(world.client)

    models.check_request(world.adapter.requests[0])
    assert world.adapter.urls[1] == "https://bucket.s3.amazonaws.com/labels.pdf"
    assert "x-amz-access-token" not in world.adapter.requests[1].headers
    found = files if isinstance(files, list) else [files]
    assert [one.media_type for one in found] == ["application/pdf"]


@models.needs_models
def test_every_status_we_ask_for_is_in_the_official_enum_and_none_is_left_out() -> None:
    parameters = models.operations()["getShipments"].parameters
    wanted = next(entry for entry in parameters if entry["name"] == "ShipmentStatusList")

    assert set(SHIPMENT_STATUSES) == set(wanted["items"]["enum"])


@models.needs_models
@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("QueryType=SHIPMENT&MarketplaceId=A1&marketplace_ids=A1", "unknown parameter"),
        ("QueryType=SHIPMENT", "MarketplaceId is missing"),
        ("QueryType=ALL&MarketplaceId=A1", "QueryType: "),
        ("QueryType=SHIPMENT&MarketplaceId=A1&MarketplaceId=A2", "given twice"),
        ("QueryType=SHIPMENT&MarketplaceId=A1&LastUpdatedAfter=2026-07-01", "LastUpdatedAfter"),
        ("QueryType=SHIPMENT&MarketplaceId=A1&ShipmentStatusList=SHIPPED,X", "ShipmentStatusList"),
    ],
)
def test_the_judge_notices_what_is_wrong(query: str, problem: str) -> None:
    world = World(Answer(200, {"payload": []}))
    world.client.get_marketplace_participations()
    request = world.adapter.requests[0]
    request.url = "https://amazon.test/fba/inbound/v0/shipments?" + query

    assert problem in " ".join(models.request_problems(request))


@models.needs_models
def test_the_judge_excuses_only_what_is_listed() -> None:
    parts = "Name AddressLine1 City StateOrProvinceCode CountryCode PostalCode"
    address = dict.fromkeys(parts.split(), "x")
    row = {"ShipmentStatus": "READY_TO_SHIP", "ShipFromAddress": address}
    models.check_response("getShipments", 200, {"payload": {"ShipmentData": [row]}})
    models.check_response(
        "getShipments", 200, {"payload": {"ShipmentData": [{**row, "ShipmentStatus": None}]}}
    )

    with pytest.raises(AssertionError, match="ShipFromAddress"):
        models.check_response("getShipments", 200, {"payload": {"ShipmentData": [{}]}})
    broken = {"payload": {"ShipmentData": [{**row, "ShipmentId": 7}]}}
    with pytest.raises(AssertionError, match="ShipmentId"):
        models.check_response("getShipments", 200, broken)
