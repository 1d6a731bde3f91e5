"""Every operation's answers, good and bad, against Amazon's official models.

The ``amazon`` fixture checks each answer of each test too; here is one of every kind.
"""

import re

import pytest

from simulator import (
    CREDENTIALS,
    eligibility,
    sending,
    sending_packing,
    sending_papers,
    sending_placement,
    sending_transport,
    sending_windows,
    works,
)
from simulator.server import OPERATIONS
from tests.simulator import schema
from tests.simulator.conftest import DE, US, Caller

#: What makes plans has its own walks: see test_sending.
SENDING = {
    one.name
    for room in (
        eligibility,
        sending,
        sending_packing,
        sending_papers,
        sending_placement,
        sending_transport,
        sending_windows,
        works,
    )
    for one in room.OPERATIONS
}
pytestmark = [pytest.mark.models]


@schema.needs_models
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_path_and_parameters_are_those_of_the_model(operation):
    model = schema.operations()[operation.name]

    path = re.sub(r"<(?:path:)?(\w+)>", r"{\1}", operation.path)
    assert (operation.verb, path) == (model["verb"], model["path"])
    query = {one["name"]: one for one in model["parameters"] if one["in"] == "query"}
    assert operation.parameters.keys() == query.keys()
    assert set(operation.required) == {name for name in query if query[name].get("required")}
    for name, kind in operation.parameters.items():
        assert isinstance(kind, list) == (query[name]["type"] == "array")
        assert (kind == "time") == (query[name].get("format") == "date-time")


@schema.needs_models
@pytest.mark.parametrize(("region", "marketplace_id"), [("na", US), ("eu", DE)])
def test_every_answer_of_every_operation_fits_its_schema(amazon, region, marketplace_id):
    statuses = set()

    def call(name: str, *path: str, **query):
        answer = amazon.call(name, *path, region=region, **query)  # raises on a misfit
        statuses.add((name, answer.status_code))
        return answer.json() if answer.text else {}

    for day in (0, 1, 7):
        amazon.simulator.pass_days(day)
        _read_all(amazon, call, region, marketplace_id)

    found = {name for name, status in statuses if status < 300}
    assert found == {one.name for one in OPERATIONS} - SENDING


@schema.needs_models
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_refusals_fit_their_schemas(amazon, operation):
    path = re.findall(r"<", operation.path)

    unknown = amazon.call(operation.name, *["x"] * len(path), NoSuchParameter="1")
    amazon.simulator.will_answer(operation.name, 404, 429, 500, 503, "expired_token")
    others = [amazon.call(operation.name, *["x"] * len(path)).status_code for _ in range(5)]

    assert unknown.status_code == 400
    assert others == [404, 429, 500, 503, 403]


def _read_all(amazon: Caller, call, region: str, marketplace_id: str) -> None:
    seller = CREDENTIALS.seller_id
    every = "summaries,attributes,issues,offers,fulfillmentAvailability,relationships,productTypes"
    call("getMarketplaceParticipations")
    query = {"granularityType": "Marketplace", "granularityId": marketplace_id}
    call("getInventorySummaries", details="true", marketplaceIds=marketplace_id, **query)
    listing = {"marketplaceIds": marketplace_id, "includedData": every}
    items = call("searchListingsItems", seller, pageSize=20, **listing)["items"]
    call("getListingsItem", seller, items[0]["sku"], **listing)
    shipments = amazon.shipments(region)
    call(
        "getShipments",
        QueryType="SHIPMENT",
        ShipmentIdList=shipments[0]["ShipmentId"],
        MarketplaceId=marketplace_id,
    )
    amazon.items(region)
    window = {"LastUpdatedAfter": "2020-01-01", "LastUpdatedBefore": "2040-01-01"}
    call("getShipmentItems", QueryType="DATE_RANGE", MarketplaceId=marketplace_id, **window)
    for shipment in shipments[:40]:
        call("getShipmentItemsByShipmentId", shipment["ShipmentId"])
    for status in ("ACTIVE", "SHIPPED", "VOIDED"):
        for plan in call("listInboundPlans", status=status, pageSize=30)["inboundPlans"]:
            _read_plan(call, plan["inboundPlanId"])
    _read_report(call, marketplace_id)


def _read_plan(call, plan_id: str) -> None:
    call("listTransportationOptions", plan_id, pageSize=20)
    for shipment in call("getInboundPlan", plan_id).get("shipments", []):
        call("getShipment", plan_id, shipment["shipmentId"])
        call("listShipmentItems", plan_id, shipment["shipmentId"], pageSize=1000)


def _read_report(call, marketplace_id: str) -> None:
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [marketplace_id]}
    report_id = call("createReport", body=body)["reportId"]
    reports = [call("getReport", report_id) for _ in range(3)]
    call("getReports", reportTypes=body["reportType"])
    call("getReportDocument", reports[-1]["reportDocumentId"])
    call("cancelReport", call("createReport", body=body)["reportId"])
