"""An order becomes a plan at Amazon, with labels to print, on each of the three routes."""

from collections.abc import Callable

import pytest

from inventory.services import sendings
from tests.sending import ROUTES, Trip


@pytest.mark.parametrize("route", ROUTES)
def test_each_route_ends_with_one_plan_and_its_shipments(
    trip: Callable[..., Trip], route: str
) -> None:
    one = trip(route=route)

    sending = one.run()

    assert (sending.state, sending.step) == ("done", "labels"), sending.message
    (plan,) = one.plans
    assert plan["name"] == sending.plan_name
    rows = sendings.shipments(sending)
    assert [row.amazon_shipment_id for row in rows] == plan["shipments"]
    assert "transport_choice" in plan["acts"]
    assert one.order.locked_at is not None
    assert all(row.box_ids for row in rows)
