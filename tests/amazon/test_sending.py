"""What makes a plan is sent once; the numbers are those of the list of known traps."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from amazon.client import SellingPartnerClient
from amazon.errors import (
    AuthorizationError,
    NotFoundError,
    RejectedError,
    UnavailableError,
    UnclearError,
)
from amazon.operations import OPERATIONS
from tests.amazon import sending_calls
from tests.amazon.fake import Answer, World, error

CHANGING = [call for call in sending_calls.CALLS if OPERATIONS[call[0]].is_only_once]
by_operation = pytest.mark.parametrize(
    ("operation", "call", "answer"), CHANGING, ids=[name for name, *_ in CHANGING]
)
Call = Callable[[SellingPartnerClient], Any]


def refused_connection() -> requests.ConnectionError:
    reason = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@by_operation
@pytest.mark.parametrize(
    "lost",
    [
        Answer(500, {"errors": [{"code": "InternalFailure"}]}),
        Answer(503, b"<html>"),
        Answer(200, b""),
        Answer(202, b"{"),
        Answer(202, {"operationId": "x" * 36, "errors": [{"code": "C"}]}),
        requests.ReadTimeout("read"),
        requests.ConnectionError("reset"),
    ],
    ids=["500", "html", "empty", "cut", "errors", "timeout", "reset"],
)
def test_a_lost_answer_is_unclear_and_never_sent_again(
    operation: str, call: Call, answer: dict[str, Any], lost: Answer | Exception
) -> None:
    world = World(lost)

    with pytest.raises(UnclearError) as raised:
        call(world.client)

    assert len(world.adapter.requests) == 1
    assert raised.value.operation == operation
    assert "unclear" in raised.value.user_message


@by_operation
@pytest.mark.parametrize(
    "failure",
    [requests.ConnectTimeout("connect"), refused_connection()],
    ids=["timeout", "refused"],
)
def test_what_never_left_is_not_unclear_and_not_sent_again_either(
    operation: str, call: Call, answer: dict[str, Any], failure: Exception
) -> None:
    world = World(failure)

    with pytest.raises(UnavailableError) as raised:
        call(world.client)

    assert not isinstance(raised.value, UnclearError)
    assert len(world.adapter.requests) == 1


@by_operation
def test_what_amazon_did_not_do_may_be_sent_again(
    operation: str, call: Call, answer: dict[str, Any]
) -> None:
    expired = error(403, "Unauthorized", "denied", "The access token you provided has expired.")
    world = World(error(429), expired, Answer(202, answer))

    call(world.client)

    assert len(world.adapter.requests) == 3


def test_a_revoked_token_is_an_answer_not_an_unclear_one() -> None:
    world = World(error(403, "Unauthorized", "denied", "The access token you provided is revoked."))

    with pytest.raises(AuthorizationError):
        world.client.cancel_inbound_plan(plan_id="wf1")

    assert len(world.adapter.requests) == 2


def test_reading_and_harmless_calls_are_never_unclear() -> None:
    world = World(Answer(500), Answer(200, {"operationStatus": "SUCCESS"}))
    world.client.get_inbound_operation_status(operation_id="1")
    assert len(world.adapter.requests) == 2

    labels = World(Answer(500))
    with pytest.raises(UnavailableError) as raised:
        labels.client.create_marketplace_item_labels(marketplace_id="A1", quantities={"S": 1})
    assert not isinstance(raised.value, UnclearError)


def test_12_objections_come_as_values_and_stay_out_of_the_log() -> None:
    message = "ERROR: S1 does not require prepOwner but SELLER was assigned. Accepted: [NONE]"
    rows = [{"code": "BadRequest", "message": message, "details": "d"}, {"code": "Other"}]
    world = World(Answer(400, {"errors": rows}))

    with pytest.raises(RejectedError) as raised:
        world.client.cancel_inbound_plan(plan_id="wf1")

    first, second = raised.value.problems
    assert (first.code, first.message, first.details, first.severity) == (
        "BadRequest",
        message,
        "d",
        "ERROR",
    )
    assert (second.code, second.message) == ("Other", "")
    assert "S1" not in str(raised.value)


@pytest.mark.parametrize("body", [b"<html>", {"errors": [{"code": 7}]}, {"errors": "x"}, {}])
def test_an_unreadable_objection_is_still_a_rejection(body: Any) -> None:
    with pytest.raises(NotFoundError) as raised:
        World(Answer(404, body)).client.cancel_inbound_plan(plan_id="wf1")

    assert raised.value.problems == ()


def test_11_an_operation_can_succeed_with_warnings() -> None:
    problem = {"code": "C", "message": "m", "severity": "WARNING"}
    answer = {"operationId": "other", "operationStatus": "SUCCESS", "operationProblems": [problem]}

    found = World(Answer(200, answer)).client.get_inbound_operation_status(operation_id="1")

    assert (found.is_success, found.is_failed) == (True, False)
    assert [one.is_warning for one in found.problems] == [True]


def test_21_skus_that_amazon_decodes_twice_are_encoded_twice() -> None:
    world = World(Answer(200, {"mskuPrepDetails": []}))

    world.client.list_prep_details(marketplace_id="A1", seller_skus=["a,b", "50%+", "c d"])

    query = world.adapter.urls[0].partition("?")[2]
    assert query == "marketplaceId=A1&mskus=a%252Cb&mskus=50%2525%252B&mskus=c%20d"


def test_a_hundred_skus_at_a_time() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        World(Answer()).client.list_prep_details(marketplace_id="A1", seller_skus=["s"] * 101)


@pytest.mark.parametrize("ids", [{}, {"shipment_id": "s", "placement_option_id": "p"}])
def test_transport_is_asked_for_by_one_of_the_two_ids(ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        World(Answer()).client.list_transportation_options(plan_id="wf1", **ids)


@pytest.mark.parametrize("told", [{}, {"parcels": {"b": "t"}, "freight_bill": "f"}])
def test_tracking_is_of_parcels_or_of_freight(told: Any) -> None:
    with pytest.raises(ValueError, match="either"):
        World(Answer()).client.update_shipment_tracking_details(
            plan_id="wf1", shipment_id="sh1", **told
        )


@pytest.mark.parametrize(
    ("url", "content", "kind"),
    [
        ("https://evil.example/labels.pdf", b"%PDF", RejectedError),
        ("https://b.s3.amazonaws.com/x", b"<html>", RejectedError),
    ],
)
def test_labels_come_from_amazons_storage_and_are_papers(
    url: str, content: bytes, kind: type[Exception]
) -> None:
    world = World(Answer(200, {"payload": {"DownloadURL": url}}), Answer(200, content))

    with pytest.raises(kind) as raised:
        world.client.get_bill_of_lading(confirmation_id="FBA1")

    assert url not in str(raised.value)


def test_a_dead_label_link_is_an_outage() -> None:
    link = {"payload": {"DownloadURL": "https://b.s3.amazonaws.com/x"}}
    world = World(Answer(200, link), Answer(403, b"<Error/>"))

    with pytest.raises(UnavailableError, match="refused"):
        world.client.get_bill_of_lading(confirmation_id="FBA1")
