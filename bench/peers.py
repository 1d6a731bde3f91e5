"""Other clients reading the same FBA inventory, each as its documentation shows.

``python -m bench.peers NAME URL TOKEN`` prints SKUs, seconds and the 429s it met.
"""

import sys
import time
from typing import Any

MARKETPLACE = "ATVPDKIKX0DER"


def python_amazon_sp_api(url: str, token: str) -> tuple[int, int]:
    """Read with its ``load_all_pages``, whose default waits 2 s between pages."""
    from sp_api.api import Inventories  # noqa: PLC0415 - only one peer is loaded a process
    from sp_api.auth import AccessTokenResponse  # noqa: PLC0415
    from sp_api.base import Marketplaces  # noqa: PLC0415
    from sp_api.util import load_all_pages  # noqa: PLC0415

    class Token:
        def __init__(self, **_: Any) -> None: ...

        def get_auth(self) -> Any:
            return AccessTokenResponse(
                access_token=token, token_type="bearer", expires_in=3600, refresh_token=""
            )

    credentials = {"lwa_app_id": "x", "lwa_client_secret": "x"}
    client = Inventories(
        Marketplaces.US,
        refresh_token="x",
        credentials=credentials,
        auth_token_client_class=Token,
    )
    client.endpoint = url

    @load_all_pages(next_token_param="nextToken")
    def pages(**query: Any) -> Any:
        return client.get_inventory_summary_marketplace(**query)

    return sum(
        len(page.payload["inventorySummaries"])
        for page in pages(details=True, marketplaceIds=[MARKETPLACE])
    ), 0


def amzn_selling_partner(url: str, token: str) -> tuple[int, int]:
    """Read page by page with its own token buckets."""
    from amzn_selling_partner.sdk._http import StaticHeaderAuth  # noqa: PLC0415
    from amzn_selling_partner.sdk.client import Client  # noqa: PLC0415

    throttled = 0

    def count(response: Any) -> None:
        nonlocal throttled
        throttled += response.status_code == 429

    client = Client(base_url=url, auth=StaticHeaderAuth({"x-amz-access-token": token}))
    client.http_client.event_hooks["response"].append(count)
    # Its own iterator drops the parameters that the model requires; its throttle is what counts.
    read, skus, page_token = client.fba_inventory_v1.list_summaries, 0, None
    while True:
        page = read("Marketplace", MARKETPLACE, [MARKETPLACE], details=True, next_token=page_token)
        skus += len(page.payload.inventory_summaries)
        page_token = page.pagination.next_token if page.pagination else None
        if not page_token:
            return skus, throttled


PEERS = {
    "python-amazon-sp-api": python_amazon_sp_api,
    "amzn-selling-partner": amzn_selling_partner,
}

if __name__ == "__main__":
    name, url, token = sys.argv[1:]
    started = time.perf_counter()
    skus, throttled = PEERS[name](url, token)
    print(skus, f"{time.perf_counter() - started:.3f}", throttled)
