from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests

from amazon.encoding import address, timestamp

SKUS = ["a/b", "50%", "c+d", "e#f", "g,h", "i&j", "k l", "m?n=o", "Füße-靴", "%2F", "a;b", ".x"]


def sent(url: str) -> str:
    """Return the address after ``requests`` had its hands on it, as it goes on the wire."""
    return requests.Request("GET", url).prepare().url or ""


@pytest.mark.parametrize("sku", SKUS)
def test_a_sku_in_the_path_arrives_unchanged(sku: str) -> None:
    url = sent(
        address("https://amazon.test", "/items/{sellerId}/{sku}", {"sellerId": "A", "sku": sku}, {})
    )

    segments = urlsplit(url).path.split("/")

    assert [unquote(segment) for segment in segments] == ["", "items", "A", sku]


@pytest.mark.parametrize("sku", SKUS)
def test_a_sku_in_the_query_arrives_unchanged(sku: str) -> None:
    url = sent(address("https://amazon.test", "/x", {}, {"sellerSku": sku, "details": True}))

    assert parse_qs(urlsplit(url).query) == {"sellerSku": [sku], "details": ["true"]}


def test_a_list_is_joined_with_commas_and_one_inside_an_element_stays_inside() -> None:
    url = sent(address("https://amazon.test", "/x", {}, {"skus": ["a,b", "c"]}))

    assert [unquote(part) for part in urlsplit(url).query.removeprefix("skus=").split(",")] == [
        "a,b",
        "c",
    ]


def test_what_is_none_is_left_out_and_what_is_false_is_not() -> None:
    url = address("https://amazon.test/", "/x", {}, {"a": None, "b": False, "c": 0})

    assert url == "https://amazon.test/x?b=false&c=0"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_change_the_operation_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="sku cannot be"):
        address("https://amazon.test", "/items/{sku}", {"sku": name}, {})


def test_times_are_sent_in_utc_with_full_seconds() -> None:
    berlin = timezone(timedelta(hours=2))

    assert timestamp(datetime(2026, 7, 1, 0, 30, tzinfo=berlin)) == "2026-06-30T22:30:00Z"
    assert timestamp(datetime(2026, 1, 1, microsecond=999, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        timestamp(datetime(2026, 7, 1))  # noqa: DTZ001
