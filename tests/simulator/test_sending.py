"""A plan from its creation to its labels, by every route, against the official models."""

import pytest

from simulator import Simulator
from simulator.times import iso
from tests.simulator.conftest import US, Caller
from tests.simulator.sending import (
    OWN_FREIGHT,
    OWN_PARCEL,
    PARTNERED_FREIGHT,
    SIZE,
    Sender,
)

FREIGHT = {
    "freightInformation": {"freightClass": "FC_70", "declaredValue": {"code": "USD", "amount": 9}},
    "pallets": [
        {"quantity": 2, "dimensions": SIZE, "weight": {"value": 300, "unit": "LB"}},
    ],
}
LABELS = {"PageType": "PackageLabel_Letter_2", "LabelType": "UNIQUE"}


@pytest.fixture
def sender(amazon) -> Sender:
    return Sender(amazon)


def test_small_parcels_with_amazons_carrier(amazon, sender):
    option = sender.send(parts=2)

    shipments = [sender.shipment(one) for one in option["shipmentIds"]]
    ids = [one["shipmentConfirmationId"] for one in shipments]
    assert {one["status"] for one in shipments} == {"WORKING"}
    assert all("selectedTransportationOptionId" in one for one in shipments)
    assert {row["ShipmentId"] for row in amazon.shipments()} >= set(ids)
    chosen = sender.rows(
        "listTransportationOptions", sender.plan, shipmentId=option["shipmentIds"][0]
    )
    [voidable] = [one for one in chosen if "voidableUntil" in one.get("quote", {})]
    assert voidable["transportationOptionId"] == shipments[0]["selectedTransportationOptionId"]

    link = amazon.call("getLabels", ids[0], **LABELS).json()["payload"]["DownloadURL"]
    amazon.http.headers.pop("x-amz-access-token")
    file = amazon.http.get(link)
    assert (file.headers["content-type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    amazon.renew()
    assert sender.shipment(option["shipmentIds"][0])["status"] == "READY_TO_SHIP"

    seen = set()
    for _day in range(14):
        amazon.simulator.pass_days()
        seen.add(sender.shipment(option["shipmentIds"][0])["status"])
    assert {"SHIPPED", "IN_TRANSIT", "RECEIVING"} <= seen
    lines = [row for row in amazon.items() if row["ShipmentId"] == ids[0]]
    assert lines
    assert sum(row["QuantityReceived"] for row in lines) > 0


def test_small_parcels_with_an_own_carrier_need_a_window_and_tracking(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place()
    offers = sender.offer(option)
    body = sender.choose(offers, *OWN_PARCEL)
    [shipment] = option["shipmentIds"]
    early = amazon.call("confirmTransportationOptions", sender.plan, body=body)
    assert "CONFIRMED_DELIVERY_WINDOW" in early.json()["errors"][0]["message"]

    sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
    windows = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)
    window = next(one for one in windows if one["availabilityType"] == "AVAILABLE")
    ids = (sender.plan, shipment, window["deliveryWindowOptionId"])
    sender.succeed("confirmDeliveryWindowOptions", *ids)
    sender.succeed("confirmTransportationOptions", sender.plan, body=body)

    boxes = sender.rows("listShipmentBoxes", sender.plan, shipment)
    parcels = [{"boxId": one["boxId"], "trackingId": f"1Z{n}"} for n, one in enumerate(boxes)]
    tracking = {"trackingDetails": {"spdTrackingDetail": {"spdTrackingItems": parcels}}}
    sender.succeed("updateShipmentTrackingDetails", sender.plan, shipment, body=tracking)
    found = sender.shipment(shipment)
    assert len(found["trackingDetails"]["spdTrackingDetail"]["spdTrackingItems"]) == len(boxes)
    window_id = found["selectedDeliveryWindow"]["deliveryWindowOptionId"]
    assert window_id == window["deliveryWindowOptionId"]
    amazon.simulator.pass_days()
    assert sender.shipment(shipment)["status"] == "SHIPPED"


@pytest.mark.parametrize("way", [PARTNERED_FREIGHT, OWN_FREIGHT], ids=["partnered", "own"])
def test_freight_is_packed_later(amazon, sender, way):
    sender.create()
    option = sender.place()
    [shipment] = option["shipmentIds"]
    items = sender.rows("listShipmentItems", sender.plan, shipment)
    packing = {"packageGroupings": [{"shipmentId": shipment, "boxes": [sender.box(items)]}]}
    sender.succeed("setPackingInformation", sender.plan, body=packing)
    offers = sender.offer(option, **FREIGHT)
    assert "GROUND_SMALL_PARCEL" not in {one["shippingMode"] for one in offers}
    if way == OWN_FREIGHT:
        sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
        window = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)[0]
        ids = (sender.plan, shipment, window["deliveryWindowOptionId"])
        sender.succeed("confirmDeliveryWindowOptions", *ids)

    body = sender.choose(offers, *way)
    sender.succeed("confirmTransportationOptions", sender.plan, body=body)

    fba = sender.shipment(shipment)["shipmentConfirmationId"]
    papers = amazon.call("getBillOfLading", fba).status_code
    bare = amazon.call("getLabels", fba, **LABELS).status_code
    paged = amazon.call("getLabels", fba, PageSize=100, PageStartIndex=0, **LABELS).status_code
    assert (papers, bare, paged) == (
        (200, 200, 200) if way == PARTNERED_FREIGHT else (400, 400, 200)
    )
    chosen = sender.rows("listTransportationOptions", sender.plan, shipmentId=shipment)
    appointments = [one for one in chosen if "carrierAppointment" in one]
    assert len(appointments) == 1


def test_the_shipments_of_a_placement_hold_exactly_what_the_plan_holds(amazon, sender):
    sender.create()
    sender.pack()
    sender.succeed("generatePlacementOptions", sender.plan, body={})

    options = sender.rows("listPlacementOptions", sender.plan)

    wanted = {
        row["msku"]: row["quantity"] for row in sender.rows("listInboundPlanItems", sender.plan)
    }
    assert [len(one["shipmentIds"]) for one in options] == [1, 2, 3]
    assert [bool(one["fees"]) for one in options] == [True, True, False]
    for option in options:
        units: dict[str, int] = {}
        for shipment in option["shipmentIds"]:
            assert sender.shipment(shipment)["status"] == "UNCONFIRMED"
            for row in sender.rows("listShipmentItems", sender.plan, shipment):
                units[row["msku"]] = units.get(row["msku"], 0) + row["quantity"]
        assert units == wanted
    assert amazon.simulator.made_plans()[0]["shipments"] == []


def test_each_box_goes_to_just_one_shipment(sender):
    sender.create()
    sender.pack(boxes=(2, 1))

    option = sender.place(parts=3)

    boxes = [sender.rows("listShipmentBoxes", sender.plan, one) for one in option["shipmentIds"]]
    assert [len(one) for one in boxes] == [1, 1, 1]
    assert all(sender.rows("listShipmentItems", sender.plan, one) for one in option["shipmentIds"])


def test_a_shipment_is_updated_when_the_api_touched_it_not_at_the_full_hour(amazon, sender, clock):
    clock.at += 1800
    option = sender.send()
    window = {"LastUpdatedAfter": iso(clock.at - 60), "LastUpdatedBefore": iso(clock.at + 60)}

    rows = amazon.shipments(QueryType="DATE_RANGE", **window)

    wanted = sender.shipment(option["shipmentIds"][0])["shipmentConfirmationId"]
    assert wanted in {row["ShipmentId"] for row in rows}


def test_item_labels_come_as_a_paper_that_dies_within_seconds(amazon, sender, clock):
    rows = [{"msku": sender.item(0)["msku"], "quantity": 24}]
    body = {"marketplaceId": US, "mskuQuantities": rows, "labelType": "STANDARD_FORMAT"}
    assert amazon.call("createMarketplaceItemLabels", body=body).status_code == 400

    answer = amazon.call("createMarketplaceItemLabels", body={**body, "pageType": "A4_24"})

    link = answer.json()["documentDownloads"][0]["uri"]
    assert amazon.http.get(link).status_code == 400  # sent with the access token
    amazon.http.headers.pop("x-amz-access-token")
    assert amazon.http.get(link).content.endswith(b"%%EOF\n")
    clock.at += 16
    assert amazon.http.get(link).status_code == 403


def test_two_processes_see_one_plan(tmp_path, clock):
    path = tmp_path / "amazon.db"
    first = Sender(Caller(Simulator(path, clock=clock, limits=False), clock))
    second = Caller(Simulator(path, clock=clock), clock)

    option = first.send()

    found = second.call("getShipment", first.plan, option["shipmentIds"][0]).json()
    assert found == first.shipment(option["shipmentIds"][0])
    assert second.simulator.made_plans() == first.amazon.simulator.made_plans()
    assert second.simulator.truth()["shipments"].keys() >= {found["shipmentConfirmationId"]}


def test_what_was_begun_ends_after_seconds_though_nobody_looks(amazon, sender, clock):
    answer = amazon.call("createInboundPlan", body=sender.body())
    plan = answer.json()["inboundPlanId"]
    assert amazon.call("generatePackingOptions", plan).status_code == 400

    clock.at += 7

    assert amazon.call("generatePackingOptions", plan).status_code == 202


def test_every_operation_that_makes_a_plan_is_walked(amazon, sender):
    option = sender.send()
    [shipment] = option["shipmentIds"]
    fba = sender.shipment(shipment)["shipmentConfirmationId"]
    skus = {"mskus": [one["msku"] for one in sender.body()["items"]]}
    assert amazon.call("listPrepDetails", marketplaceId=US, **skus).status_code == 200
    assert sender.rows("listShipmentBoxes", sender.plan, shipment) == sender.rows(
        "listInboundPlanBoxes", sender.plan
    )
    assert amazon.call("getLabels", fba, **LABELS).status_code == 200

    renamed = amazon.call("updateInboundPlanName", sender.plan, body={"name": "PO-1043 #K7Q2M9"})
    sender.succeed("cancelInboundPlan", sender.plan)

    plan = amazon.call("getInboundPlan", sender.plan).json()
    assert (renamed.status_code, renamed.text) == (204, "")
    assert (plan["name"], plan["status"]) == ("PO-1043 #K7Q2M9", "VOIDED")
    assert [one["status"] for one in plan["shipments"]] == ["CANCELLED"]
    again = amazon.call("cancelInboundPlan", sender.plan)
    assert again.json()["errors"][0]["message"] == "The inbound plan is already cancelled."


def test_the_truth_tells_what_was_made(amazon, sender):
    assert amazon.simulator.truth()["made_plans"] == []

    option = sender.send(parts=2)

    [plan] = amazon.simulator.truth()["made_plans"]
    assert (plan["name"], plan["status"], len(plan["shipments"])) == (
        "PO-1042 #K7Q2M9",
        "ACTIVE",
        2,
    )
    assert plan["units"][sender.item(0)["msku"]] == 24
    assert plan["acts"] == ["packing_choice", "placement_choice", "transport_choice"]
    told = amazon.simulator.truth()["plans"][sender.plan]
    assert told["pick_up"].keys() == set(plan["shipments"])
    assert len(option["shipmentIds"]) == 2
