import pytest

from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    NotFoundError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)


def test_the_log_gets_operation_status_code_and_request_id() -> None:
    error = UnavailableError("getShipments", 503, "abc-1", "InternalFailure")

    assert str(error) == "getShipments: 503, InternalFailure, request abc-1"


def test_without_an_answer_the_log_says_so() -> None:
    assert str(UnavailableError("getShipments", None, "", "ReadTimeout")) == (
        "getShipments: no answer, ReadTimeout"
    )


def test_what_came_from_outside_is_cut_to_a_word() -> None:
    error = RejectedError("getShipments", 400, "id\nforged line", "Atzr|" + "x" * 500)

    assert "\n" not in str(error)
    assert "|" not in str(error)
    assert len(str(error)) < 150


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("token_revoked", "paste the new token"),
        ("client_refused", "Enter the new secret under Amazon applications"),
        ("token_malformed", "paste it again"),
    ],
)
def test_a_refused_connection_says_what_to_do(reason: str, words: str) -> None:
    assert words in AuthorizationError("token", 400, reason=reason).user_message


@pytest.mark.parametrize(("seconds", "words"), [(5, "a minute"), (60, "a minute"), (599, "10 min")])
def test_a_throttled_run_says_when_it_goes_on(seconds: float, words: str) -> None:
    error = ThrottledError("getShipments", retry_after_s=seconds)

    assert error.status == 429
    assert words in error.user_message


def test_a_missing_role_is_named_and_is_no_lost_connection() -> None:
    error = MissingRoleError("getShipments", 403, role="Amazon Fulfillment")

    assert "the role Amazon Fulfillment" in error.user_message
    assert isinstance(error, RejectedError)
    assert not isinstance(error, AuthorizationError)


@pytest.mark.parametrize("kind", [AmazonError, UnavailableError, RejectedError, NotFoundError])
def test_every_kind_tells_people_what_happens_next(kind: type[AmazonError]) -> None:
    message = kind("getShipments", 500, "abc-1", "Code").user_message

    assert message.endswith(".")
    assert "abc-1" not in message
    assert "Code" not in message
