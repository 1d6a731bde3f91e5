from datetime import UTC, datetime

from simulator import CREDENTIALS
from tests.simulator.conftest import DE, FR, US, Caller


def all_rows(amazon: Caller, marketplace_id: str, region: str, **query: str) -> dict[str, dict]:
    rows, token = {}, None
    while True:
        answer = amazon.call(
            "getInventorySummaries",
            region=region,
            details="true",
            granularityType="Marketplace",
            granularityId=marketplace_id,
            marketplaceIds=marketplace_id,
            **query,
            **({"nextToken": token} if token else {}),
        ).json()
        page = answer["payload"]["inventorySummaries"]
        assert len(page) <= 50
        rows |= {row["sellerSku"]: row for row in page}
        token = answer.get("pagination", {}).get("nextToken")
        if not token:
            return rows


def test_the_account_has_used_unused_and_non_amazon_marketplaces(amazon):
    rows = amazon.call("getMarketplaceParticipations", region="eu").json()["payload"]

    used = [
        one["marketplace"]["countryCode"] for one in rows if one["participation"]["isParticipating"]
    ]
    assert used == ["DE", "FR", "GB", "DE"]
    assert rows[-1]["marketplace"]["name"].startswith("Non-Amazon")
    assert any(not one["participation"]["isParticipating"] for one in rows)


def test_every_row_of_every_page_is_the_truth(amazon):
    rows = all_rows(amazon, US, "na")

    truth = amazon.simulator.truth("NA")["stock"][US]
    assert len(rows) > 200
    assert rows.keys() == truth.keys()
    for sku, row in rows.items():
        details = row["inventoryDetails"]
        assert details["fulfillableQuantity"] == truth[sku]["fulfillable"]
        assert details["inboundShippedQuantity"] == truth[sku]["inbound_shipped"]
        assert row["totalQuantity"] == sum(truth[sku].values())


def test_inbound_figures_are_the_outstanding_units_of_open_shipments(amazon):
    world = amazon.simulator.truth("NA")

    stock = world["stock"][US]
    for figure, statuses in (
        ("inbound_working", ("WORKING", "READY_TO_SHIP", "CREATING")),
        ("inbound_shipped", ("SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", None)),
        ("inbound_receiving", ("RECEIVING",)),
    ):
        outstanding = sum(
            max(0, line["shipped"] - line["received"])
            for shipment in world["shipments"].values()
            if shipment["status"] in statuses and shipment["marketplace_id"] == US
            for line in shipment["lines"]
            if line["sku"] in stock
        )
        assert sum(row[figure] for row in stock.values()) == outstanding > 0


def test_marketplaces_of_a_pool_give_the_same_figures(amazon):
    german, french = all_rows(amazon, DE, "eu"), all_rows(amazon, FR, "eu")

    shared = german.keys() & french.keys()
    assert len(shared) > 100
    assert all(german[sku]["totalQuantity"] == french[sku]["totalQuantity"] for sku in shared)


def test_every_state_of_stock_occurs(amazon):
    rows = amazon.simulator.truth("NA")["stock"][US].values()

    assert all(any(row[state] for row in rows) for state in next(iter(rows)))


def test_a_token_lives_thirty_seconds_and_wants_the_same_question(amazon, clock):
    token = amazon.inventory().json()["pagination"]["nextToken"]

    assert amazon.inventory(nextToken=token).status_code == 200
    changed = amazon.inventory(nextToken=token, startDateTime="2026-01-01T00:00:00Z")
    assert changed.status_code == 400
    clock.at += 31
    assert amazon.inventory(nextToken=token).status_code == 400


def test_a_token_must_be_encoded(amazon):
    answer = amazon.inventory()
    token = answer.json()["pagination"]["nextToken"]

    raw = amazon.http.get(f"{answer.url}&nextToken={token}")

    assert "+" in token
    assert raw.status_code == 400


def test_receipts_change_a_row_and_inbound_changes_do_not(amazon, clock):
    before = all_rows(amazon, US, "na")
    clock.at += 10
    amazon.simulator.pass_days(3)

    since = datetime.fromtimestamp(clock.at - 5, UTC).isoformat()
    changed = all_rows(amazon, US, "na", startDateTime=since)
    after = all_rows(amazon, US, "na")
    fulfillable = {
        sku: row["inventoryDetails"]["fulfillableQuantity"] for sku, row in after.items()
    }
    grown = {
        sku
        for sku, units in fulfillable.items()
        if units != before[sku]["inventoryDetails"]["fulfillableQuantity"]
    }
    inbound = {sku for sku in after if after[sku]["totalQuantity"] != before[sku]["totalQuantity"]}
    assert grown
    assert grown <= changed.keys()
    assert inbound - changed.keys()


def test_unknown_parameters_and_foreign_marketplaces_are_refused(amazon):
    assert amazon.inventory(marketplaceId=US).status_code == 400
    assert amazon.inventory("A2Q3Y263D00KWC").status_code == 403
    assert amazon.call("getInventorySummaries").status_code == 400
    assert amazon.call("searchListingsItems", "SOMEBODYELSE", marketplaceIds=US).status_code == 403
    assert CREDENTIALS.seller_id != "SOMEBODYELSE"
