import pytest
import requests

from amazon import wire
from tests.amazon.fake import Answer, build


def answered(answer: Answer) -> requests.Response:
    return build(requests.Request("GET", "https://amazon.test").prepare(), answer)


def test_a_whole_body_is_read() -> None:
    assert wire.body_of(answered(Answer(200, b"x" * 200_000))) == b"x" * 200_000


def test_a_body_beyond_the_limit_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_LIMIT_BYTES", 100_000)

    with pytest.raises(wire.BodyError):
        wire.body_of(answered(Answer(200, b"x" * 200_000)))


def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_TIMEOUT_S", -1.0)

    with pytest.raises(wire.BodyError):
        wire.body_of(answered(Answer(200, b"x")))


@pytest.mark.parametrize(
    ("headers", "complete"),
    [
        ({}, True),
        ({"Content-Length": "5"}, True),
        ({"Content-Length": "6"}, False),
        ({"Content-Length": "9", "Content-Encoding": "gzip"}, True),
        ({"Content-Length": "many"}, True),
    ],
)
def test_fewer_bytes_than_announced_are_a_cut(headers: dict[str, str], complete: bool) -> None:
    response = requests.Response()
    response.headers.update(headers)

    if complete:
        wire.check_complete(response, 5)
    else:
        with pytest.raises(wire.BodyError):
            wire.check_complete(response, 5)


def test_waits_double_from_one_second_to_a_minute() -> None:
    waits = [wire.backoff_s(failed) for failed in range(1, 12)]

    assert all(1 <= wait <= 60 for wait in waits)
    assert all(0.75 * 2 ** (n - 1) <= wait <= 2 ** (n - 1) for n, wait in enumerate(waits[1:6], 2))


def test_the_user_agent_has_the_form_that_amazon_asks_for() -> None:
    assert wire.user_agent("1.2").startswith("Stockbridge/1.2 (Language=Python/3.")
    assert len(wire.user_agent("x" * 900)) == 500
