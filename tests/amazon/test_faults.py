"""What the client makes of everything that can come back instead of data."""

import gzip
import json
from typing import Any

import pytest
import requests

from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    NotFoundError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)
from tests.amazon.fake import REQUEST_ID, Answer, World, error

HTML = b"<!DOCTYPE html><html><body>Service Unavailable</body></html>"
SHIPMENT = {
    "ShipmentId": "FBA1",
    "ShipmentStatus": "SHIPPED",
    "DestinationFulfillmentCenterId": "LEJ1",
}
GOOD = {"payload": {"ShipmentData": [SHIPMENT]}}
WHOLE = json.dumps(GOOD).encode()
DENIED = "Access to requested resource is denied."
EXPIRED = error(403, "Unauthorized", DENIED, "The access token you provided has expired.")
REVOKED = error(
    403, "Unauthorized", DENIED, "The access token you provided is revoked, malformed or invalid."
)
MALFORMED = error(403, "Unauthorized", DENIED, "The access token you provided is malformed.")

PASSING: dict[str, Answer | Exception] = {
    "500": error(500, "InternalFailure"),
    "502 in HTML": Answer(502, HTML, Content_Type="text/html"),
    "503 in HTML": Answer(503, HTML),
    "503 empty": Answer(503),
    "504": error(504, "GatewayTimeout"),
    "408": error(408, "RequestTimeout"),
    "302 to a login page": Answer(302, b"", Location="https://elsewhere.test/"),
    "403 in HTML from a gateway": Answer(403, HTML),
    "connect time-out": requests.ConnectTimeout("to sellingpartnerapi"),
    "read time-out": requests.ReadTimeout("reading"),
    "connection reset": requests.ConnectionError("reset"),
    "reset by the operating system": ConnectionResetError(104, "reset by peer"),
    "200 in HTML": Answer(200, HTML),
    "200 empty": Answer(200),
    "200 blank": Answer(200, b" \n"),
    "204 without a body": Answer(204),
    "200 cut": Answer(200, WHOLE[:-10]),
    "200 shorter than announced": Answer(200, WHOLE, Content_Length=str(len(WHOLE) + 7)),
    "200 a list": Answer(200, [SHIPMENT]),
    "200 null": Answer(200, b"null"),
    "200 a number that is none": Answer(200, b'{"payload": {"ShipmentData": NaN}}'),
    "200 with a constant that JSON lacks": Answer(200, WHOLE[:-1] + b', "x": NaN}'),
    "200 not UTF-8": Answer(200, b'{"payload": "\xff\xfe\xfa"}'),
    "200 nested without end": Answer(200, b'{"payload":' + b"[" * 200_000),
    "200 with errors only": Answer(200, {"errors": [{"code": "InternalFailure"}]}),
    "200 with errors beside data": Answer(200, {**GOOD, "errors": [{"code": "Partial"}]}),
    "200 without payload": Answer(200, {}),
    "200 with payload null": Answer(200, {"payload": None}),
    "200 with an empty payload": Answer(200, {"payload": {}}),
    "200 with rows that are no list": Answer(200, {"payload": {"ShipmentData": {}}}),
    "200 with rows that are no objects": Answer(200, {"payload": {"ShipmentData": ["FBA1"]}}),
    "200 with nameless rows only": Answer(200, {"payload": {"ShipmentData": [{"x": 1}]}}),
    "200 with a token that is no text": Answer(
        200, {"payload": {"ShipmentData": [], "NextToken": 7}}
    ),
    "200 in broken gzip": Answer(200, b"\x1f\x8b broken", Content_Encoding="gzip"),
    "200 in cut gzip": Answer(200, gzip.compress(WHOLE)[:-20], Content_Encoding="gzip"),
}

LASTING: dict[str, tuple[Answer, type[AmazonError], int]] = {
    "400": (error(400, "InvalidInput"), RejectedError, 400),
    "400 in HTML": (Answer(400, HTML), RejectedError, 400),
    "403 missing role": (error(403, "Unauthorized", DENIED), MissingRoleError, 403),
    "404": (error(404, "NotFound"), NotFoundError, 404),
    "413": (error(413, "RequestTooLarge"), RejectedError, 413),
    "415": (error(415, "UnsupportedMediaType"), RejectedError, 415),
    "409": (error(409, "Conflict"), RejectedError, 409),
}


def read(world: World) -> list[Any]:
    return [row for page in world.client.get_shipments(marketplace_id="A1") for row in page]


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_passing_fault_is_repeated_until_the_data_is_there(fault: Answer | Exception) -> None:
    world = World(fault, fault, Answer(200, GOOD))

    assert [shipment.shipment_id for shipment in read(world)] == ["FBA1"]
    assert len(world.adapter.requests) == 3
    assert world.client.throttled == 0


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_a_fault_that_stays_is_an_outage_and_never_no_data(fault: Answer | Exception) -> None:
    world = World(fault)

    with pytest.raises(UnavailableError):
        read(world)

    assert len(world.adapter.requests) == 6
    waits = world.clock.slept
    assert all(1 <= wait <= 60 for wait in waits)
    assert waits == sorted(waits)
    assert len(waits) == 5


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_may_have_created_something_is_never_repeated(fault: Answer | Exception) -> None:
    world = World(fault)

    with pytest.raises(UnavailableError):
        world.client.create_report(report_type="GET_X", marketplace_ids=["A1"])

    assert len(world.adapter.requests) == 1


@pytest.mark.parametrize(("fault", "kind", "status"), LASTING.values(), ids=LASTING.keys())
def test_a_lasting_fault_is_not_repeated(
    fault: Answer, kind: type[AmazonError], status: int
) -> None:
    world = World(fault)

    with pytest.raises(kind) as raised:
        read(world)

    assert type(raised.value) is kind
    assert (raised.value.status, raised.value.request_id) == (status, REQUEST_ID)
    assert len(world.adapter.requests) == 1
    assert world.token.refused == []


def test_a_missing_role_names_the_role_of_the_operation() -> None:
    world = World(error(403, "Unauthorized", DENIED))

    with pytest.raises(MissingRoleError) as raised:
        read(world)

    assert raised.value.role == "Amazon Fulfillment"


@pytest.mark.parametrize("refusal", [EXPIRED, REVOKED, MALFORMED, error(401, "Unauthorized")])
def test_a_refused_access_token_is_renewed_once_and_the_call_repeated(refusal: Answer) -> None:
    world = World(refusal, Answer(200, GOOD))

    assert len(read(world)) == 1
    assert world.token.refused == ["Atza-secret-0"]
    assert world.adapter.requests[1].headers["x-amz-access-token"] == "Atza-secret-1"


def test_a_refused_access_token_is_renewed_for_what_creates_too() -> None:
    world = World(EXPIRED, Answer(202, {"reportId": "7"}))

    assert world.client.create_report(report_type="GET_X", marketplace_ids=["A1"]) == "7"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [(EXPIRED, "token_revoked"), (REVOKED, "token_revoked"), (MALFORMED, "token_malformed")],
)
def test_a_new_token_that_is_refused_as_well_ends_the_connection(
    refusal: Answer, reason: str
) -> None:
    world = World(refusal)

    with pytest.raises(AuthorizationError) as raised:
        read(world)

    assert raised.value.reason == reason
    assert len(world.adapter.requests) == 2


def test_a_429_waits_empties_the_bucket_and_is_no_failure() -> None:
    world = World(error(429, "QuotaExceeded"), Answer(200, GOOD))

    assert len(read(world)) == 1
    assert world.client.throttled == 1
    assert sum(world.clock.slept) >= 1
    assert world.client.calls["getShipments"] == 2


def test_a_429_of_what_creates_is_repeated_because_nothing_was_done() -> None:
    world = World(Answer(429), Answer(202, {"reportId": "7"}))

    assert world.client.create_report(report_type="GET_X", marketplace_ids=["A1"]) == "7"
    assert sum(world.clock.slept) >= 1 / 0.0167


def test_many_429_do_not_use_up_the_retries_for_outages() -> None:
    world = World(*[Answer(429)] * 8, *[Answer(503)] * 5, Answer(200, GOOD))

    assert len(read(world)) == 1


def test_after_ten_minutes_of_429_the_caller_is_asked_to_come_back() -> None:
    world = World(error(429, "QuotaExceeded"))

    with pytest.raises(ThrottledError) as raised:
        read(world)

    assert 500 < sum(world.clock.slept) <= 600
    assert 1 <= raised.value.retry_after_s <= 60


def test_the_ten_minutes_are_for_all_calls_of_a_client_together() -> None:
    world = World(error(429, "QuotaExceeded"))
    with pytest.raises(ThrottledError):
        read(world)
    slept = sum(world.clock.slept)

    with pytest.raises(ThrottledError):
        world.client.get_marketplace_participations()

    assert sum(world.clock.slept) - slept + slept <= 600


def test_a_429_may_name_a_lower_rate() -> None:
    world = World(Answer(429, b"", x_amzn_RateLimit_Limit="0.05"), Answer(200, GOOD))

    read(world)

    assert sum(world.clock.slept) >= 20


@pytest.mark.parametrize("fault", [*PASSING.values(), *(entry[0] for entry in LASTING.values())])
def test_no_fault_puts_a_secret_or_a_body_in_log_or_error(
    fault: Answer | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world = World(fault)

    with pytest.raises(AmazonError) as raised:
        read(world)

    said = caplog.text + str(raised.value) + repr(raised.value) + raised.value.user_message
    assert "Atza-secret" not in said
    assert "<html" not in said.lower()
    assert "MarketplaceId" not in said
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
