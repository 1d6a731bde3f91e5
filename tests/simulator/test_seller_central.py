"""What a seller does behind the API's back while a plan is made."""

import pytest

from simulator import seller_central
from tests.simulator.sending import Sender


@pytest.fixture
def sender(amazon) -> Sender:
    return Sender(amazon)


def test_cancelled_in_seller_central_the_plan_stays_active(amazon, sender):
    option = sender.send()
    [shipment] = option["shipmentIds"]

    seller_central.act(amazon.simulator, what="cancel", plan_id=sender.plan)

    plan = amazon.call("getInboundPlan", sender.plan).json()
    assert (plan["status"], plan["shipments"][0]["status"]) == ("ACTIVE", "CANCELLED")
    fba = sender.shipment(shipment)["shipmentConfirmationId"]
    assert {row["ShipmentStatus"] for row in amazon.shipments() if row["ShipmentId"] == fba} == {
        "CANCELLED"
    }
    assert amazon.call("generatePackingOptions", sender.plan).status_code == 400
    amazon.simulator.pass_days(9)
    assert sender.shipment(shipment)["status"] == "CANCELLED"
    lines = amazon.call("getShipmentItemsByShipmentId", fba).json()["payload"]["ItemData"]
    assert {row["QuantityReceived"] for row in lines} == {0}


def test_content_can_be_changed_in_seller_central(amazon, sender):
    option = sender.send()
    [shipment] = option["shipmentIds"]
    fba = sender.shipment(shipment)["shipmentConfirmationId"]
    first, second = sender.item(0)["msku"], sender.item(3)["msku"]
    change = {"what": "change_quantity", "plan_id": sender.plan, "shipment_id": fba}

    seller_central.act(amazon.simulator, **change, sku=first, units=20)
    answer = amazon.http.post(
        "https://na.simulator.invalid/simulator/control",
        json={"seller_central": {**change, "sku": second, "units": 0}},
    )

    assert answer.status_code == 200
    lines = amazon.call("getShipmentItemsByShipmentId", fba).json()["payload"]["ItemData"]
    units = {row["SellerSKU"]: row["QuantityShipped"] for row in lines}
    items = sender.rows("listShipmentItems", sender.plan, shipment)
    assert (units[first], second in units) == (20, False)
    assert {row["msku"]: row["quantity"] for row in items} == units


@pytest.mark.parametrize(
    "more",
    [
        {"what": "burn"},
        {"what": "change_quantity", "shipment_id": "FBA0", "sku": "x", "units": 1},
        {"what": "void", "plan_id": "wf0"},
    ],
)
def test_an_act_that_cannot_be_done_is_refused(amazon, sender, more):
    sender.create()
    wish = {"seller_central": {"plan_id": sender.plan, **more}}

    answer = amazon.http.post("https://na.simulator.invalid/simulator/control", json=wish)

    assert answer.status_code == 400
