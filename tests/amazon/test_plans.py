"""Inbound plans; the numbers are those of the list of known traps."""

from decimal import Decimal

import pytest

from amazon.errors import RejectedError
from tests.amazon.fake import Answer, World, error


def test_08_plans_are_asked_for_by_status() -> None:
    world = World(Answer(200, {"inboundPlans": []}))

    list(world.client.list_inbound_plans(status="SHIPPED"))

    assert world.adapter.queries[0] == {
        "status": "SHIPPED",
        "sortBy": "LAST_UPDATED_TIME",
        "sortOrder": "DESC",
        "pageSize": "30",
    }


def test_09_reading_plans_can_stop_early() -> None:
    plans = [{"inboundPlanId": "wf1"}]
    page = {"inboundPlans": plans, "pagination": {"nextToken": "t"}}
    world = World(Answer(200, page))

    next(world.client.list_inbound_plans(status="ACTIVE"))

    assert len(world.adapter.requests) == 1


def test_10_a_plan_from_seller_central_may_be_thin() -> None:
    shipment = {"shipmentId": "sh1", "shipmentConfirmationId": "FBA1", "destination": {}}
    world = World(Answer(200, shipment))

    found = world.client.get_shipment(plan_id="wf1", shipment_id="sh1")

    assert (found.confirmation_id, found.selected_option_id) == ("FBA1", None)
    assert (found.destination_country, found.window_end) == ("", None)


def test_15_template_text_is_no_amount() -> None:
    option = {
        "transportationOptionId": "to1",
        "quote": {"cost": {"amount": "$cost.amount", "code": "USD"}},
    }
    world = World(Answer(200, {"transportationOptions": [option]}))

    found = next(world.client.list_transportation_options(plan_id="wf1", shipment_id="sh1"))

    assert found[0].quote_amount is None


def test_15_an_amount_is_exact() -> None:
    body = b"""{"transportationOptions": [{"transportationOptionId": "to1",
        "quote": {"cost": {"amount": 0.1000000000000000001, "code": "USD"}}}]}"""
    world = World(Answer(200, body))

    found = next(world.client.list_transportation_options(plan_id="wf1", shipment_id="sh1"))

    assert found[0].quote_amount == Decimal("0.1000000000000000001")


def test_a_plan_of_global_logistics_can_be_passed_over() -> None:
    world = World(error(400, "BadRequest"))

    with pytest.raises(RejectedError) as raised:
        world.client.get_inbound_plan(plan_id="wf1")

    assert raised.value.status == 400
