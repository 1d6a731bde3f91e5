"""Replays Amazon's own sandbox cases through the client.

The client's methods choose page sizes and further parameters themselves, which the cases do
not have. So each case is sent through ``call`` with exactly its own parameters, and read by
the reader that the method uses.
"""

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import requests

from amazon import (
    eligibility,
    option_types,
    plan_creation,
    plan_labels,
    plans,
    reports,
    shipments,
    stock,
    types,
)
from amazon.client import SellingPartnerClient
from amazon.encoding import RepeatedSkus
from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    NotFoundError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)
from amazon.throttle import Throttle
from tests.amazon import models
from tests.amazon.fake import ENDPOINT, Clock, Token
from tests.amazon.pairs import PairsAdapter, cases, values

READERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "getMarketplaceParticipations": stock.read_participations,
    "getInventorySummaries": stock.read_inventory,
    "searchListingsItems": stock.read_listings,
    "getListingsItem": types.ListingItem.from_json,
    "createReport": lambda body: body["reportId"],
    "getReport": types.Report.from_json,
    "getReports": reports.read_reports,
    "getReportDocument": types.ReportDocument.from_json,
    "getShipments": shipments.read_shipments,
    "getShipmentItems": shipments.read_items,
    "getShipmentItemsByShipmentId": shipments.read_items,
    "listInboundPlans": plans.page_reader("inboundPlans", types.InboundPlan.from_json),
    "getInboundPlan": types.PlanDetail.from_json,
    "getShipment": lambda body: types.PlanShipment.from_json(body, plan_id="wf"),
    "listShipmentItems": plans.page_reader("items", types.PlanItem.from_json),
    "listTransportationOptions": plans.page_reader(
        "transportationOptions", types.TransportationOption.from_json
    ),
    **dict.fromkeys(
        (
            "cancelInboundPlan",
            "generatePackingOptions",
            "confirmPackingOption",
            "setPackingInformation",
            "generatePlacementOptions",
            "confirmPlacementOption",
            "generateTransportationOptions",
            "confirmTransportationOptions",
            "updateShipmentTrackingDetails",
            "generateDeliveryWindowOptions",
            "confirmDeliveryWindowOptions",
            "setPrepDetails",
        ),
        plan_creation.operation_id_of,
    ),
    "createInboundPlan": option_types.CreatedPlan.from_json,
    "getInboundOperationStatus": option_types.OperationStatus.from_json,
    "updateInboundPlanName": plan_creation.nothing_told,
    "listPrepDetails": plan_creation.read_prep_details,
    "listInboundPlanItems": plans.page_reader("items", types.PlanItem.from_json),
    "listPackingGroupItems": plans.page_reader("items", types.PlanItem.from_json),
    "listInboundPlanBoxes": plans.page_reader("boxes", option_types.Box.from_json),
    "listShipmentBoxes": plans.page_reader("boxes", option_types.Box.from_json),
    "listPackingOptions": plans.page_reader("packingOptions", option_types.PackingOption.from_json),
    "listPlacementOptions": plans.page_reader(
        "placementOptions", option_types.PlacementOption.from_json
    ),
    "listDeliveryWindowOptions": plans.page_reader(
        "deliveryWindowOptions", option_types.DeliveryWindow.from_json
    ),
    "getItemEligibilityPreview": eligibility.read_eligibility,
    "getLabels": plan_labels.read_download,
    "getBillOfLading": plan_labels.read_download,
    "createMarketplaceItemLabels": plan_labels.read_downloads,
}
#: Required parameters that a case leaves out because it does not match on them.
FILL_IN = {
    "program": "INBOUND",
    "sellerId": "A1SELLER",
    "sku": "GM-ZDPI-9B4E",
    "marketplaceIds": ["ATVPDKIKX0DER"],
}
#: What the caller is told for each status but 400.
KINDS: dict[int, type[AmazonError]] = {
    401: AuthorizationError,
    403: MissingRoleError,
    404: NotFoundError,
    429: ThrottledError,
    500: UnavailableError,
    503: UnavailableError,
}
CASES = cases()
IDS = [f"{name}-{index}-{status}" for name, index, status, _ in CASES]
SUCCESSES = [case for case in CASES if case[2] < 300]
ERRORS = [case for case in CASES if case[2] >= 400]


class Replay:
    """The client in front of the sandbox cases."""

    def __init__(self) -> None:
        self.adapter = PairsAdapter()
        clock = Clock()
        http = requests.Session()
        http.mount("https://", self.adapter)
        self.client = SellingPartnerClient(
            endpoint=ENDPOINT,
            token=Token(),
            http=http,
            throttle=Throttle(clock=clock),
            sleep=clock.sleep,
        )

    def send(self, operation: str, pair: dict[str, Any]) -> Any:
        given = values(pair)
        model = models.operations()[operation]
        by_place: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
        for parameter in model.parameters:
            name = parameter["name"]
            if name in given or (parameter.get("required") and name in FILL_IN):
                value = given.get(name, FILL_IN.get(name))
                if parameter.get("collectionFormat") == "multi":
                    value = RepeatedSkus(tuple(value))
                by_place.setdefault(parameter["in"], {})[name] = value
        return self.client.call(
            operation,
            READERS[operation],
            names=by_place["path"],
            query=by_place["query"],
            body=by_place.get("body", {}).get("body"),
        )


@models.needs_models
def test_there_are_cases_for_every_operation_but_stock() -> None:
    assert {name for name, *_ in CASES} == READERS.keys() - {"getInventorySummaries"}
    assert len(CASES) == 95


@models.needs_models
@pytest.mark.parametrize(("operation", "index", "status", "pair"), CASES, ids=IDS)
def test_a_case_is_sent_as_the_official_model_asks(
    operation: str, index: int, status: int, pair: dict[str, Any]
) -> None:
    replay = Replay()

    with nullcontext() if status < 400 else pytest.raises(AmazonError):
        replay.send(operation, pair)

    assert bool(replay.adapter.problems) == ((operation, index, "request") in _listed())


@models.needs_models
@pytest.mark.parametrize(
    ("operation", "index", "status", "pair"), SUCCESSES, ids=lambda value: str(value)[:20]
)
def test_a_success_is_read_and_fits_its_own_model(
    operation: str, index: int, status: int, pair: dict[str, Any]
) -> None:
    value = Replay().send(operation, pair)

    assert value or status == 204
    broken = models.response_problems(operation, status, pair.get("response"))
    assert bool(broken) == ((operation, index, "response") in _listed())


@models.needs_models
@pytest.mark.parametrize(
    ("operation", "index", "status", "pair"), ERRORS, ids=lambda value: str(value)[:20]
)
def test_an_error_is_a_rejection_with_its_status(
    operation: str, index: int, status: int, pair: dict[str, Any]
) -> None:
    with pytest.raises(KINDS.get(status, RejectedError)) as raised:
        Replay().send(operation, pair)

    assert raised.value.status == status
    assert raised.value.operation == operation
    if isinstance(raised.value, RejectedError) and not isinstance(raised.value, MissingRoleError):
        told = [entry["message"] for entry in pair["response"]["errors"]]
        assert [one.message for one in raised.value.problems] == told
    assert raised.value.detail == pair["response"]["errors"][0]["code"]
    models.check_response(operation, status, pair["response"])


@models.needs_models
def test_every_listed_deviation_is_still_one() -> None:
    known = {(name, index) for name, index, *_ in CASES}

    assert [entry for entry in _listed() if entry[:2] not in known] == []


def _listed() -> set[tuple[str, int, str]]:
    entries = json.loads(models.DEVIATIONS.read_text("utf-8"))["client_pairs"]
    return {(entry["operation"], entry["index"], entry["side"]) for entry in entries}
