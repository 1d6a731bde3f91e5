import json
import threading

import pytest

from amazon.operations import OPERATIONS
from amazon.throttle import MARGIN_S, Throttle
from tests.amazon.fake import Clock

STOCK = "getInventorySummaries"  # 2 a second, 2 at once


class ServersBucket:
    """The bucket on Amazon's side, which refuses what comes too early."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.level, self.at = float(burst), clock.now
        self.refused = 0

    def call(self) -> None:
        self.level = min(self.burst, self.level + (self.clock.now - self.at) * self.rate)
        self.at = self.clock.now
        if self.level < 1 - 1e-9:
            self.refused += 1
        else:
            self.level -= 1


def send(throttle: Throttle, clock: Clock, operation: str) -> None:
    while not throttle.take(operation):
        clock.sleep(throttle.wait_s(operation))


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_many_calls_take_the_physical_floor_and_are_never_refused(operation: str) -> None:
    known, clock = OPERATIONS[operation], Clock()
    server = ServersBucket(known.rate, known.burst, clock)
    throttle, calls, started = Throttle(clock=clock), known.burst + 60, clock.now

    for _ in range(calls):
        send(throttle, clock, operation)
        server.call()

    floor_s = (calls - known.burst) / known.rate
    assert server.refused == 0
    assert 0.99 <= floor_s / (clock.now - started) <= 1


def test_calls_that_take_time_are_not_slowed_down_further() -> None:
    clock = Clock()
    throttle, started = Throttle(clock=clock), clock.now

    for _ in range(22):
        send(throttle, clock, STOCK)
        clock.now += 0.3

    assert clock.now - started == pytest.approx(20 / 2 + 0.3, abs=2 * MARGIN_S)


def test_a_slow_first_call_is_followed_by_none_too_early() -> None:
    clock = Clock()
    server = ServersBucket(2.0, 2, clock)
    throttle = Throttle(clock=clock)

    for latency_s in (0.3, *[0.001] * 10):
        send(throttle, clock, STOCK)
        clock.sleep(latency_s)
        server.call()
        throttle.answered(STOCK)

    assert server.refused == 0


def test_a_burst_needs_no_waiting_and_the_next_call_one_interval() -> None:
    throttle = Throttle(clock=Clock())

    assert [throttle.take(STOCK) for _ in range(3)] == [True, True, False]
    assert throttle.wait_s(STOCK) == pytest.approx(0.5 + MARGIN_S)


def test_operations_do_not_share_a_bucket() -> None:
    throttle = Throttle(clock=Clock())
    throttle.empty(STOCK)

    assert throttle.wait_s("getShipments") == 0


def test_after_a_429_a_whole_interval_has_to_pass() -> None:
    throttle = Throttle(clock=Clock())

    throttle.empty(STOCK)

    assert throttle.wait_s(STOCK) == pytest.approx(0.5 + MARGIN_S)


@pytest.mark.parametrize("rate", [0.5, 5.0])
def test_the_rate_that_amazon_names_holds_from_then_on(rate: float) -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    throttle.empty(STOCK)

    throttle.adjust(STOCK, rate)

    assert throttle.wait_s(STOCK) == pytest.approx(1 / rate + MARGIN_S)


def test_what_flowed_back_before_a_new_rate_is_kept() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    throttle.empty(STOCK)
    clock.now += 0.25

    throttle.adjust(STOCK, 1.0)

    assert throttle.wait_s(STOCK) == pytest.approx(0.5 + MARGIN_S)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_is_ignored(rate: float) -> None:
    throttle = Throttle(clock=Clock())
    throttle.take(STOCK)

    throttle.adjust(STOCK, rate)

    assert throttle.levels()[STOCK]["rate"] == 2


def test_levels_survive_a_restart_and_refill_meanwhile() -> None:
    clock = Clock()
    before = Throttle(clock=clock)
    before.empty("createReport")
    stored = json.loads(json.dumps(before.levels()))
    clock.now += 30

    after = Throttle(stored, clock=clock)

    assert after.wait_s("createReport") == pytest.approx(1 / 0.0167 - 30 + MARGIN_S)


def test_a_learned_rate_survives_a_restart() -> None:
    clock = Clock()
    before = Throttle(clock=clock)
    before.adjust(STOCK, 0.5)
    before.empty(STOCK)

    after = Throttle(before.levels(), clock=clock)

    assert after.wait_s(STOCK) == pytest.approx(2 + MARGIN_S)


def test_levels_older_than_a_full_refill_are_full() -> None:
    clock = Clock()
    before = Throttle(clock=clock)
    before.empty(STOCK)
    clock.now += 1.0

    after = Throttle(before.levels(), clock=clock)

    assert [after.take(STOCK) for _ in range(3)] == [True, True, False]


def test_an_hour_of_rest_gives_no_more_than_the_burst() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    throttle.empty(STOCK)

    clock.now += 3600

    assert [throttle.take(STOCK) for _ in range(3)] == [True, True, False]


def test_an_unknown_operation_or_broken_level_is_left_out() -> None:
    stored = {
        "getEverything": {"level": 0.0, "at": 0.0, "rate": 1.0},
        STOCK: {"level": 0.0},
        "getShipments": {"level": float("nan"), "at": 0.0, "rate": 2.0},
        "getReport": {"level": 0.0, "at": 0.0, "rate": 0.0},
    }

    assert Throttle(stored, clock=Clock()).levels() == {}


def test_more_than_the_burst_is_never_believed() -> None:
    clock = Clock()
    throttle = Throttle({STOCK: {"level": 99.0, "at": clock.now, "rate": 2.0}}, clock=clock)

    assert [throttle.take(STOCK) for _ in range(3)] == [True, True, False]


def test_a_clock_that_is_set_back_neither_refills_nor_blocks() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    throttle.empty(STOCK)

    clock.now -= 3600

    assert throttle.wait_s(STOCK) == pytest.approx(0.5 + MARGIN_S)
    clock.now += 0.51
    assert throttle.take(STOCK)


def test_threads_together_get_no_more_than_the_burst() -> None:
    throttle, taken = Throttle(clock=Clock()), []

    def work() -> None:
        taken.extend(throttle.take("getShipments") for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == OPERATIONS["getShipments"].burst
