from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from extensions import db
from inventory.models import LoginThrottle
from inventory.services import throttles

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACCOUNT, ADDRESS = "account:mara@example.com", "address:192.0.2.7"


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def waits_after(failures: int, key: str, clock: time_machine.Traveller) -> list[int]:
    waits = []
    for _ in range(failures):
        throttles.count_attempt(key)
        waits.append(throttles.wait_s(key))
        clock.shift(timedelta(seconds=waits[-1]))
    return waits


def test_an_account_has_five_free_failures_then_waits_grow(clock: time_machine.Traveller) -> None:
    assert waits_after(11, ACCOUNT, clock) == [0] * 5 + [30, 60, 120, 300, 900, 900]


def test_an_address_has_twenty(clock: time_machine.Traveller) -> None:
    assert waits_after(22, ADDRESS, clock) == [0] * 20 + [30, 60]


def test_the_longer_wait_of_two_counts(clock: time_machine.Traveller) -> None:
    waits_after(5, ACCOUNT, clock)
    throttles.count_attempt(ACCOUNT, ADDRESS)

    assert throttles.wait_s(ADDRESS) == 0
    assert throttles.wait_s(ADDRESS, ACCOUNT) == 30


def test_a_success_clears_the_account_and_only_its_own_attempt_of_the_address(
    clock: time_machine.Traveller,
) -> None:
    for _ in range(3):
        throttles.count_attempt(ACCOUNT, ADDRESS)

    throttles.clear(ACCOUNT, ADDRESS)

    assert db.session.get(LoginThrottle, ACCOUNT) is None
    address = db.session.get(LoginThrottle, ADDRESS)
    assert address is not None
    assert address.failures == 2


def test_a_day_without_failures_forgets_them(clock: time_machine.Traveller) -> None:
    waits_after(7, ACCOUNT, clock)
    clock.shift(timedelta(hours=24, seconds=1))

    throttles.count_attempt(ACCOUNT)

    assert throttles.wait_s(ACCOUNT) == 0
