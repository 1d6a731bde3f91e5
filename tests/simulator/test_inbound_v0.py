from datetime import UTC, datetime

from tests.simulator.conftest import ALL_STATUSES, US


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def test_all_shipments_come_over_all_pages_whatever_the_marketplace(amazon):
    rows = amazon.shipments()

    truth = amazon.simulator.truth("NA")["shipments"]
    assert len(rows) == 80
    assert {row["ShipmentId"]: row["ShipmentStatus"] for row in rows} == {
        one["id"]: one["status"] for one in truth.values()
    }
    assert len({one["marketplace_id"] for one in truth.values()}) == 3


def test_every_status_occurs_null_and_undocumented_included(amazon):
    statuses = {row["ShipmentStatus"] for row in amazon.shipments()}

    assert statuses == {*ALL_STATUSES.split(","), "CREATING", None}


def test_ready_to_ship_comes_only_by_name(amazon):
    classic = ALL_STATUSES.replace("READY_TO_SHIP,", "")

    rows = amazon.shipments(ShipmentStatusList=classic)

    assert "READY_TO_SHIP" not in {row["ShipmentStatus"] for row in rows}
    assert len(rows) == 75


def test_a_token_with_filters_starts_at_page_one_again(amazon):
    query = {"MarketplaceId": US, "ShipmentStatusList": ALL_STATUSES}
    first = amazon.call("getShipments", QueryType="SHIPMENT", **query).json()["payload"]
    token = first["NextToken"]

    wrong = amazon.call("getShipments", QueryType="NEXT_TOKEN", NextToken=token, **query)
    also_wrong = amazon.call("getShipments", QueryType="SHIPMENT", NextToken=token, **query)
    right = amazon.call("getShipments", QueryType="NEXT_TOKEN", NextToken=token, MarketplaceId=US)

    assert wrong.json()["payload"]["ShipmentData"] == first["ShipmentData"]
    assert also_wrong.json()["payload"]["ShipmentData"] == first["ShipmentData"]
    assert len(right.json()["payload"]["ShipmentData"]) == 30


def test_a_date_range_wants_dates_and_a_list(amazon, clock):
    window = {"LastUpdatedAfter": iso(clock.at - 9e6), "LastUpdatedBefore": iso(clock.at)}
    query = {"QueryType": "DATE_RANGE", "MarketplaceId": US}

    bare = amazon.call("getShipments", **query, **window)
    undated = amazon.call("getShipments", **query, ShipmentStatusList="SHIPPED")
    listed = amazon.call("getShipments", **query, **window, ShipmentStatusList="SHIPPED")

    assert (bare.status_code, undated.status_code, listed.status_code) == (400, 400, 200)
    assert amazon.call("getShipments", QueryType="SHIPMENT", MarketplaceId=US).status_code == 400
    assert amazon.call("getShipments", QueryType="ALL", MarketplaceId=US).status_code == 400


def test_lines_by_window_are_the_truth(amazon):
    rows = amazon.items()

    truth = amazon.simulator.truth("NA")["shipments"].values()
    wanted = {
        (one["id"], line["sku"]): (line["shipped"], line["received"])
        for one in truth
        for line in one["lines"]
    }
    found = {
        (row["ShipmentId"], row["SellerSKU"]): (row["QuantityShipped"], row["QuantityReceived"])
        for row in rows
    }
    assert found == wanted
    assert len(rows) == len(wanted)


def test_a_big_shipment_is_cut_at_two_hundred_lines(amazon):
    truth = amazon.simulator.truth("NA")["shipments"].values()
    big = max(truth, key=lambda one: len(one["lines"]))

    payload = amazon.call("getShipmentItemsByShipmentId", big["id"]).json()["payload"]

    assert len(big["lines"]) > 200
    assert len(payload["ItemData"]) == 200
    assert payload["NextToken"]
    again = amazon.call("getShipmentItemsByShipmentId", big["id"], NextToken=payload["NextToken"])
    assert again.status_code == 400


def test_receiving_units_does_not_make_a_shipment_updated(amazon, clock):
    truth = amazon.simulator.truth("NA")["shipments"]
    clock.at += 10
    amazon.simulator.pass_days(2)
    after = amazon.simulator.truth("NA")["shipments"]
    quiet = {
        id_
        for id_, one in after.items()
        if id_ in truth and one["status"] == truth[id_]["status"] == "RECEIVING"
        if one["lines"] != truth[id_]["lines"]
    }
    assert quiet

    window = {"LastUpdatedAfter": iso(clock.at - 1), "LastUpdatedBefore": iso(clock.at)}
    moved = amazon.shipments(QueryType="DATE_RANGE", **window)

    assert moved
    assert not quiet & {row["ShipmentId"] for row in moved}


def test_short_over_and_unknown_lines_occur(amazon):
    world = amazon.simulator.truth("NA")
    lines = [
        (one["status"], line["shipped"] - line["received"], line["sku"])
        for one in world["shipments"].values()
        for line in one["lines"]
    ]

    assert any(status == "CLOSED" and rest > 0 for status, rest, _sku in lines)
    assert any(status == "CLOSED" and rest < 0 for status, rest, _sku in lines)
    assert any(sku not in world["listings"] for _status, _rest, sku in lines)


def test_an_unknown_shipment_is_404(amazon):
    assert amazon.call("getShipmentItemsByShipmentId", "FBA000000000").status_code == 404
