from typing import Any

from tests.simulator.conftest import Caller


def walk(amazon: Caller, region: str = "na") -> list[dict[str, Any]]:
    """All plans of the three statuses."""
    plans = []
    for status in ("ACTIVE", "SHIPPED", "VOIDED"):
        query: dict[str, Any] = {"status": status, "pageSize": 30}
        while query:
            answer = amazon.call("listInboundPlans", region=region, **query).json()
            plans += answer["inboundPlans"]
            token = answer.get("pagination", {}).get("nextToken")
            query = {**query, "paginationToken": token} if token else {}
    return plans


def shipments(amazon: Caller, region: str = "na") -> list[tuple[str, dict[str, Any]]]:
    found = []
    for plan in walk(amazon, region):
        answer = amazon.call("getInboundPlan", plan["inboundPlanId"], region=region)
        for one in answer.json().get("shipments", []):
            ids = (plan["inboundPlanId"], one["shipmentId"])
            found.append((ids[0], amazon.call("getShipment", *ids, region=region).json()))
    return found


def test_plans_and_their_shipments_are_the_truth(amazon):
    found = shipments(amazon)

    world = amazon.simulator.truth("NA")
    plans = {id_: one for id_, one in world["plans"].items() if one["is_readable"]}
    confirmed = {one.get("shipmentConfirmationId") for _plan, one in found} - {None}
    assert confirmed == {id_ for one in plans.values() for id_ in one["shipments"]}
    assert 40 < len(confirmed) < 80
    assert {plan["inboundPlanId"] for plan in walk(amazon)} == world["plans"].keys()


def test_only_active_plans_come_unless_a_status_is_asked(amazon):
    plans = amazon.call("listInboundPlans", pageSize=30).json()["inboundPlans"]

    assert {plan["status"] for plan in plans} == {"ACTIVE"}
    assert {plan["status"] for plan in walk(amazon)} == {"ACTIVE", "SHIPPED", "VOIDED"}
    assert amazon.call("listInboundPlans", status="ERRORED").status_code == 400
    assert amazon.call("listInboundPlans", pageSize=31).status_code == 400


def test_a_global_logistics_plan_is_listed_and_refused(amazon):
    refused = [
        plan
        for plan in walk(amazon)
        if amazon.call("getInboundPlan", plan["inboundPlanId"]).status_code == 400
    ]

    assert len(refused) == 1


def test_a_german_plan_goes_to_poland_and_the_czech_republic(amazon):
    countries = {
        one["destination"]["address"]["countryCode"]
        for _plan, one in shipments(amazon, "eu")
        if "address" in one["destination"]
    }

    assert {"DE", "PL", "CZ", "FR", "GB"} <= countries


def test_dates_and_options_come_in_all_their_shapes(amazon):
    found = shipments(amazon)
    chosen = [one for _plan, one in found if "selectedTransportationOptionId" in one]
    shipped = [one for _plan, one in found if one["status"] == "SHIPPED"]

    windows = [one["dates"]["readyToShipWindow"]["start"] for _plan, one in found]
    assert all(len(start) == len("2026-11-23T10:00Z") for start in windows)
    assert any("selectedDeliveryWindow" in one for one in chosen)
    assert any("ltlTrackingDetail" in one.get("trackingDetails", {}) for one in chosen)
    assert any("spdTrackingDetail" in one.get("trackingDetails", {}) for one in chosen)
    assert any("selectedTransportationOptionId" not in one for one in shipped)
    assert any("address" not in one["destination"] for _plan, one in found)
    assert any("shipmentConfirmationId" not in one for _plan, one in found)


def test_the_selected_option_is_among_the_options_with_its_quote(amazon):
    quotes, modes, longest = [], set(), 0
    for plan, one in shipments(amazon):
        if "selectedTransportationOptionId" not in one:
            continue
        options: list[dict[str, Any]] = []
        query: dict[str, Any] = {"shipmentId": one["shipmentId"], "pageSize": 20}
        while query:
            answer = amazon.call("listTransportationOptions", plan, **query).json()
            options += answer["transportationOptions"]
            token = answer.get("pagination", {}).get("nextToken")
            query = {**query, "paginationToken": token} if token else {}
        wanted = one["selectedTransportationOptionId"]
        [option] = [o for o in options if o["transportationOptionId"] == wanted]
        longest = max(longest, len(options))
        modes.add((option["shippingMode"], option["shippingSolution"]))
        is_partnered = option["shippingSolution"] == "AMAZON_PARTNERED_CARRIER"
        assert ("quote" in option) == is_partnered
        if is_partnered:
            quotes.append(option["quote"]["cost"]["amount"])

    assert "$cost.amount" in quotes
    assert any(isinstance(amount, float) for amount in quotes)
    assert longest == 45
    assert {mode for mode, _solution in modes} >= {"GROUND_SMALL_PARCEL", "FREIGHT_LTL"}


def test_items_have_announced_quantities_over_pages(amazon):
    world = amazon.simulator.truth("NA")
    plan, shipment = next(
        (plan, one)
        for plan, one in shipments(amazon)
        if len(world["shipments"].get(one.get("shipmentConfirmationId"), {"lines": ()})["lines"])
        > 5
    )

    ids = (plan, shipment["shipmentId"])
    first = amazon.call("listShipmentItems", *ids, pageSize=5).json()
    whole = amazon.call("listShipmentItems", *ids, pageSize=1000).json()

    lines = world["shipments"][shipment["shipmentConfirmationId"]]["lines"]
    assert len(first["items"]) == 5
    assert first["pagination"]["nextToken"]
    assert {one["msku"]: one["quantity"] for one in whole["items"]} == {
        line["sku"]: line["shipped"] for line in lines
    }


def test_an_unknown_plan_is_404(amazon):
    assert amazon.call("getInboundPlan", "wf" + "0" * 36).status_code == 404
    assert amazon.call("getInboundPlan", "short").status_code == 400
