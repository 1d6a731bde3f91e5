"""A frozen clock, and a plain HTTP caller whose every answer is checked against the models."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests

from simulator import CREDENTIALS, IN_MEMORY, Simulator, SimulatorTransport
from simulator.server import OPERATIONS
from tests.simulator import schema

US, DE, FR, GB = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"
DAY_S = 86400
_BY_NAME = {one.name: one for one in OPERATIONS}


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self, at: float = 1_795_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Caller:
    """Calls operations by name with plain ``requests``; keeps one access token."""

    def __init__(self, simulator: Simulator, clock: Clock) -> None:
        self.simulator, self.clock = simulator, clock
        self.http = requests.Session()
        self.http.mount("https://", SimulatorTransport(simulator))
        self.renew()

    def renew(self) -> None:
        answer = self.token(grant_type="refresh_token", refresh_token="Atzr|sandbox")
        self.http.headers["x-amz-access-token"] = answer.json()["access_token"]

    def token(self, **form: str) -> requests.Response:
        return self.http.post("https://simulator.invalid/auth/o2/token", data=form)

    def call(
        self, name: str, *path: str, region: str = "na", body: Any = None, **query: Any
    ) -> requests.Response:
        operation = _BY_NAME[name]
        url = operation.path
        for value in path:
            before, _, rest = url.partition("<")
            url = before + quote(value, safe="") + rest.partition(">")[2]
        answer = self.http.request(
            operation.verb,
            f"https://{region}.simulator.invalid{url}",
            params=query,
            json=body,
        )
        if schema.PRESENT:
            assert schema.problems(name, answer.status_code, answer.text) == []
        return answer

    def inventory(self, marketplace_id: str = US, **query: Any) -> requests.Response:
        return self.call(
            "getInventorySummaries",
            details="true",
            granularityType="Marketplace",
            granularityId=marketplace_id,
            marketplaceIds=marketplace_id,
            **query,
        )

    def shipments(self, region: str = "na", **query: Any) -> list[dict[str, Any]]:
        """All pages of getShipments."""
        query = {"QueryType": "SHIPMENT", "ShipmentStatusList": ALL_STATUSES, **query}
        return self._v0_pages("getShipments", "ShipmentData", region, query)

    def items(self, region: str = "na", after: str = "2020-01-01T00:00:00Z") -> list[Any]:
        """All pages of getShipmentItems."""
        window = {"LastUpdatedAfter": after, "LastUpdatedBefore": "2040-01-01T00:00:00Z"}
        query = {"QueryType": "DATE_RANGE", **window}
        return self._v0_pages("getShipmentItems", "ItemData", region, query)

    def _v0_pages(self, name: str, key: str, region: str, query: dict[str, Any]) -> list[Any]:
        rows: list[Any] = []
        while query:
            answer = self.call(name, region=region, MarketplaceId=US, **query)
            payload = answer.json()["payload"]
            rows += payload[key]
            token = payload.get("NextToken")
            query = {"QueryType": "NEXT_TOKEN", "NextToken": token} if token else {}
        return rows

    def listings(self, marketplace_id: str = US, region: str = "na", **query: Any) -> Any:
        return self.call(
            "searchListingsItems",
            CREDENTIALS.seller_id,
            region=region,
            marketplaceIds=marketplace_id,
            **query,
        )


ALL_STATUSES = (
    "WORKING,READY_TO_SHIP,SHIPPED,RECEIVING,CANCELLED,DELETED,CLOSED,ERROR,IN_TRANSIT,"
    "DELIVERED,CHECKED_IN"
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def amazon(clock: Clock) -> Iterator[Caller]:
    simulator = Simulator(IN_MEMORY, clock=clock, limits=False)
    yield Caller(simulator, clock)
    simulator.close()
