from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator import IN_MEMORY, Simulator
from simulator.buckets import USAGE_PLANS
from simulator.server import OPERATIONS
from tests.simulator.conftest import US, Caller


@pytest.fixture
def strict(clock) -> Caller:
    return Caller(Simulator(IN_MEMORY, clock=clock), clock)


def statuses(caller: Caller, count: int) -> list[int]:
    return [caller.inventory().status_code for _ in range(count)]


def test_the_burst_is_given_then_refused_without_retry_after(strict):
    assert statuses(strict, 3) == [200, 200, 429]

    refused = strict.inventory()

    assert refused.json()["errors"][0]["code"] == "QuotaExceeded"
    assert "Retry-After" not in refused.headers
    assert refused.headers["x-amzn-RequestId"]


def test_the_bucket_refills_at_the_published_rate(strict, clock):
    statuses(strict, 3)
    clock.at += 0.5
    assert statuses(strict, 2) == [200, 429]
    clock.at += 600
    assert statuses(strict, 3) == [200, 200, 429]


def test_regions_and_operations_have_buckets_of_their_own(strict):
    statuses(strict, 3)

    other = strict.call("getMarketplaceParticipations")
    european = strict.call("getMarketplaceParticipations", region="eu")

    assert (other.status_code, european.status_code) == (200, 200)


def test_buckets_survive_reopening(tmp_path, clock):
    path = tmp_path / "amazon.db"
    first = Caller(Simulator(path, clock=clock), clock)
    statuses(first, 2)
    first.simulator.close()

    again = Caller(Simulator(path, clock=clock), clock)

    assert statuses(again, 1) == [429]


def test_the_limits_can_be_switched_off(strict):
    strict.simulator.limits = False

    assert statuses(strict, 5) == [200] * 5


def test_the_rate_header_is_there_most_of_the_time(amazon):
    headers = [amazon.inventory().headers for _ in range(60)]

    rates = [one.get("x-amzn-RateLimit-Limit") for one in headers]
    assert (
        rates.count("1000.0") > 30
    )  # these limits are off: the plan's rate would make clients wait
    assert len({one["x-amzn-RequestId"] for one in headers}) == 60


def test_with_limits_the_header_tells_the_plans_rate(strict):
    query = {"QueryType": "SHIPMENT", "MarketplaceId": US}
    headers = [strict.call("getShipments", **query).headers for _ in range(10)]

    assert {one.get("x-amzn-RateLimit-Limit") for one in headers} - {None} == {"2.0"}


def test_threads_share_one_bucket(strict):
    def status(_number: int) -> int:
        answer = strict.call("getShipments", QueryType="SHIPMENT", MarketplaceId=US)
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(status, range(40)))

    assert found.count(429) == 10
    assert found.count(400) == 30  # a refused question costs a token as well


def test_every_operation_has_a_usage_plan():
    assert {one.name for one in OPERATIONS} == USAGE_PLANS.keys()
