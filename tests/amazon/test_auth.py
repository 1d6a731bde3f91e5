import threading
import time
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from amazon.auth import AccessToken, Grant, LoginWithAmazon
from amazon.errors import (
    AmazonError,
    AuthorizationError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)
from tests.amazon.fake import Answer, Clock, ScriptedAdapter

URL = "https://api.amazon.com/auth/o2/token"
GIVEN = {"access_token": "Atza-1", "token_type": "bearer", "expires_in": 3600}
SECRETS = ("client-secret-x", "Atzr-refresh-x", "Atza-1", "code-x")


class Endpoint:
    def __init__(self, *script: Answer | Exception, **options: Any) -> None:
        self.adapter = ScriptedAdapter(script)
        self.clock = Clock()
        http = requests.Session()
        http.mount("https://", self.adapter)
        self.login = LoginWithAmazon(
            token_url=URL,
            client_id="client-x",
            client_secret="client-secret-x",
            http=http,
            sleep=self.clock.sleep,
            **options,
        )
        self.token = AccessToken(self.login, "Atzr-refresh-x", clock=self.clock)

    def forms(self) -> list[dict[str, list[str]]]:
        return [parse_qs(str(request.body)) for request in self.adapter.requests]


def refused(status: int, word: str) -> Answer:
    return Answer(status, {"error": word, "error_description": "words"})


def test_a_token_is_asked_for_with_the_three_secrets_in_the_body() -> None:
    endpoint = Endpoint(Answer(200, GIVEN))

    assert endpoint.token.get() == "Atza-1"
    assert endpoint.adapter.urls == [URL]
    assert endpoint.forms() == [
        {
            "grant_type": ["refresh_token"],
            "refresh_token": ["Atzr-refresh-x"],
            "client_id": ["client-x"],
            "client_secret": ["client-secret-x"],
        }
    ]


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    endpoint = Endpoint(Answer(200, GIVEN), Answer(200, {**GIVEN, "access_token": "Atza-2"}))

    endpoint.token.get()
    endpoint.clock.now += 3539
    assert endpoint.token.get() == "Atza-1"
    endpoint.clock.now += 1

    assert endpoint.token.get() == "Atza-2"
    assert len(endpoint.adapter.requests) == 2


def test_a_refused_token_is_forgotten_but_not_one_that_was_renewed_meanwhile() -> None:
    endpoint = Endpoint(Answer(200, GIVEN), Answer(200, {**GIVEN, "access_token": "Atza-2"}))
    first = endpoint.token.get()
    endpoint.token.invalidate(first)
    assert endpoint.token.get() == "Atza-2"

    endpoint.token.invalidate(first)

    assert endpoint.token.get() == "Atza-2"
    assert len(endpoint.adapter.requests) == 2


def test_many_threads_renew_once() -> None:
    endpoint = Endpoint(Answer(200, GIVEN), before_call=lambda: time.sleep(0.01))
    threads = [threading.Thread(target=endpoint.token.get) for _ in range(16)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(endpoint.adapter.requests) == 1


@pytest.mark.parametrize(
    ("status", "word", "reason"),
    [
        (400, "invalid_grant", "token_revoked"),
        (400, "access_denied", "token_revoked"),
        (401, "invalid_client", "client_refused"),
        (400, "unauthorized_client", "client_refused"),
        (400, "invalid_scope", "client_refused"),
        (400, "invalid_request", "token_malformed"),
    ],
)
def test_a_refusal_says_what_has_to_be_done_and_is_not_repeated(
    status: int, word: str, reason: str
) -> None:
    endpoint = Endpoint(refused(status, word))

    with pytest.raises(AuthorizationError) as raised:
        endpoint.token.get()

    assert (raised.value.reason, raised.value.status) == (reason, status)
    assert str(raised.value).startswith(f"token: {status}, {word}")
    assert len(endpoint.adapter.requests) == 1


def test_an_error_word_we_do_not_know_is_our_bug() -> None:
    endpoint = Endpoint(refused(400, "unsupported_grant_type"))

    with pytest.raises(RejectedError):
        endpoint.token.get()


PASSING = [
    refused(500, "server_error"),
    refused(503, "temporarily_unavailable"),
    refused(400, "temporarily_unavailable"),
    refused(500, "invalid_grant"),
    Answer(503, b"<html>down</html>"),
    Answer(403, b"<html>blocked</html>"),
    Answer(302, b"", Location="https://elsewhere.test/"),
    Answer(200, b""),
    Answer(200, b"<html>hello</html>"),
    Answer(200, {}),
    Answer(200, {"access_token": None}),
    Answer(200, {"access_token": 7}),
    requests.ReadTimeout("Atzr-refresh-x"),
    ConnectionResetError("client-secret-x"),
]


@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_a_passing_fault_is_repeated(fault: Answer | Exception) -> None:
    endpoint = Endpoint(fault, fault, Answer(200, GIVEN))

    assert endpoint.token.get() == "Atza-1"


@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_a_fault_that_stays_is_an_outage_after_six_tries(fault: Answer | Exception) -> None:
    endpoint = Endpoint(fault)

    with pytest.raises(UnavailableError):
        endpoint.token.get()

    assert len(endpoint.adapter.requests) == 6


def test_too_many_token_requests_are_throttled() -> None:
    endpoint = Endpoint(Answer(429))

    with pytest.raises(ThrottledError):
        endpoint.token.get()


def test_a_code_is_exchanged_for_a_refresh_token() -> None:
    endpoint = Endpoint(Answer(200, {**GIVEN, "refresh_token": "Atzr-new"}))

    grant = endpoint.login.exchange_code("code-x", "https://our.test/connections/oauth")

    assert (grant.access_token, grant.refresh_token, grant.expires_in_s) == (
        "Atza-1",
        "Atzr-new",
        3600,
    )
    assert endpoint.forms()[0]["grant_type"] == ["authorization_code"]
    assert endpoint.forms()[0]["code"] == ["code-x"]
    assert endpoint.forms()[0]["redirect_uri"] == ["https://our.test/connections/oauth"]


@pytest.mark.parametrize("fault", [Answer(503), requests.ReadTimeout("x"), Answer(200, GIVEN)])
def test_a_code_is_tried_once_only(fault: Answer | Exception) -> None:
    endpoint = Endpoint(fault)

    with pytest.raises(UnavailableError):
        endpoint.login.exchange_code("code-x", "https://our.test/connections/oauth")

    assert len(endpoint.adapter.requests) == 1


def test_the_hook_comes_before_a_token_request_too() -> None:
    def refuse() -> None:
        raise RuntimeError("a database transaction is open")

    endpoint = Endpoint(Answer(200, GIVEN), before_call=refuse)

    with pytest.raises(RuntimeError, match="transaction"):
        endpoint.token.get()

    assert endpoint.adapter.requests == []


@pytest.mark.parametrize("fault", [*PASSING, refused(400, "invalid_grant"), Answer(200, GIVEN)])
def test_no_secret_is_in_log_error_or_repr(
    fault: Answer | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    endpoint = Endpoint(fault)

    said = repr(Grant("Atza-1", "Atzr-refresh-x", 1)) + repr(endpoint.token) + repr(endpoint.login)
    try:
        endpoint.token.get()
    except AmazonError as error:
        said += str(error) + repr(error) + error.user_message + repr(error.__context__)

    assert not any(secret in said + caplog.text for secret in SECRETS)
