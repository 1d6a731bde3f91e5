"""What Amazon objects to while a plan is made, group by group."""

import pytest

from tests.simulator.conftest import US
from tests.simulator.sending import (
    ADDRESS,
    OWN_FREIGHT,
    OWN_PARCEL,
    PARTNERED_FREIGHT,
    PARTNERED_PARCEL,
    READY,
    Sender,
)

#: Listings with a quirk: see ``sending_rules.needs``.
UNKNOWN_PREP, HIDDEN_PREP, OWN_BARCODE, HIDDEN_LABEL, EXPIRING, FRAGILE = 11, 27, 6, 9, 12, 8
INCHES = {"unitOfMeasurement": "IN"}
FREIGHT = {"freightClass": "FC_70", "declaredValue": {"code": "USD", "amount": 900}}


@pytest.fixture
def sender(amazon) -> Sender:
    return Sender(amazon)


def messages(answer) -> list[str]:
    assert answer.status_code == 400
    return [one["message"] for one in answer.json()["errors"]]


def refusal(sender: Sender, *items, **more) -> list[str]:
    return messages(sender.amazon.call("createInboundPlan", body=sender.body(*items, **more)))


@pytest.mark.parametrize(
    ("index", "owners", "message"),
    [
        (HIDDEN_PREP, {}, "does not require prepOwner but SELLER was assigned"),
        (OWN_BARCODE, {}, "does not require labelOwner but SELLER was assigned"),
        (HIDDEN_LABEL, {}, "Accepted values: [NONE]"),
        (FRAGILE, {"prepOwner": "NONE"}, "requires prepOwner but NONE was assigned"),
        (0, {"prepOwner": "AMAZON"}, "Accepted values: [SELLER, NONE]"),
        (0, {"labelOwner": "AMAZON"}, "Accepted values: [SELLER]"),
        (0, {"labelOwner": "NONE"}, "Accepted values: [SELLER]"),
    ],
)
def test_a_wrong_owner_is_told_with_the_accepted_ones(sender, index, owners, message):
    item = sender.item(index, **owners)

    [told] = refusal(sender, item, sender.item(3))

    assert message in told
    assert item["msku"] in told


def test_objections_of_one_kind_come_together_and_others_later(sender):
    items = [sender.item(FRAGILE, prepOwner="NONE"), sender.item(HIDDEN_PREP)]

    both = refusal(sender, *items, sender.item(EXPIRING))
    rest = refusal(sender, sender.item(EXPIRING))

    assert len(both) == 2
    assert rest == [f"ERROR: {sender.item(EXPIRING)['msku']} requires an expiration date."]
    assert sender.create(sender.item(EXPIRING, expiration="2027-05-01"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"destinationMarketplaces": ["A1PA6795UKMFR9"]}, "Invalid destinationMarketplace"),
        ({"destinationMarketplaces": [US, US]}, "body.destinationMarketplaces must be a list"),
        ({"items": []}, "body.items must be a list of 1 to 2000"),
        ({"name": "x" * 41}, "body.name must be a text of 1 to 40"),
        ({"extra": 1}, "body.extra is unknown"),
        ({"sourceAddress": {**ADDRESS, "phoneNumber": ""}}, "body.sourceAddress.phoneNumber"),
        ({"sourceAddress": {**ADDRESS, "countryCode": "usa"}}, "body.sourceAddress.countryCode"),
    ],
)
def test_a_body_is_taken_only_as_the_model_has_it(sender, more, message):
    assert message in refusal(sender, **more)[0]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"quantity": 0}, "body.items[0].quantity must be from 1 to 500000"),
        ({"quantity": 2.0}, "body.items[0].quantity must be a number"),
        ({"expiration": "1.5.2027"}, "body.items[0].expiration"),
        ({"msku": "NOBODY"}, "The requested MSKU NOBODY is not valid."),
        ({"labelOwner": "ME"}, "body.items[0].labelOwner must be one of"),
    ],
)
def test_a_line_is_taken_only_as_the_model_has_it(sender, more, message):
    assert message in refusal(sender, {**sender.item(0), **more})[0]


def test_a_plan_has_at_most_1500_lines_of_different_skus(sender):
    assert "1500" in refusal(sender, *[sender.item(0)] * 1501)[0]
    assert "given twice" in refusal(sender, sender.item(0), sender.item(0))[0]
    two = [sender.item(0, expiration=f"2027-0{n}-01") for n in (1, 2)]
    assert "several expirations" in refusal(sender, *two)[0]


def test_a_missing_prep_category_fails_the_operation_until_it_is_set(amazon, sender):
    sku = sender.item(UNKNOWN_PREP)["msku"]
    found = sender.run("createInboundPlan", body=sender.body(sender.item(UNKNOWN_PREP)))
    assert found["operationStatus"] == "FAILED"
    [problem] = found["operationProblems"]
    assert (problem["code"], sku in problem["details"]) == ("FBA_INB_0182", True)
    assert amazon.simulator.made_plans()[0]["status"] == "ERRORED"
    [before] = sender.rows("listPrepDetails", marketplaceId=US, mskus=[sku])
    assert before["prepCategory"] == "UNKNOWN"

    row = {"msku": sku, "prepCategory": "FRAGILE", "prepTypes": ["ITEM_BUBBLEWRAP"]}
    body = {"marketplaceId": US, "mskuPrepDetails": [row]}
    sender.succeed("setPrepDetails", body=body)

    assert sender.rows("listPrepDetails", marketplaceId=US, mskus=[sku]) == [row]
    assert sender.create(sender.item(UNKNOWN_PREP))


def test_a_sku_that_is_not_encoded_twice_is_not_found(amazon, sender):
    sku = "HK%2FENC"
    twice = {"mskus": ["HK%252FENC"]}

    assert amazon.call("listPrepDetails", marketplaceId=US, mskus=[sku]).status_code == 400
    assert sender.rows("listPrepDetails", marketplaceId=US, **twice)[0]["msku"] == sku


def test_an_own_barcode_is_told_as_a_constraint(sender):
    skus = [sender.item(index)["msku"] for index in (OWN_BARCODE, HIDDEN_LABEL)]

    rows = sender.rows("listPrepDetails", marketplaceId=US, mskus=skus)

    assert [one.get("labelOwnerConstraint") for one in rows] == ["NONE_ONLY", None]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"stateOrProvinceCode": None}, "FAILED", "InvalidAddress"),
        ({"countryCode": "AQ"}, "FAILED", "InvalidAddress"),
        ({"postalCode": "unknown"}, "SUCCESS", "AddressNotVerified"),
    ],
)
def test_an_address_is_judged_later(sender, more, status, code):
    address = {name: text for name, text in {**ADDRESS, **more}.items() if text}

    found = sender.run("createInboundPlan", body=sender.body(sourceAddress=address))

    assert found["operationStatus"] == status
    assert [one["code"] for one in found["operationProblems"]] == [code]


def test_boxes_must_hold_what_the_group_holds(amazon, sender):
    sender.create()
    sender.succeed("generatePackingOptions", sender.plan)
    option = sender.rows("listPackingOptions", sender.plan)[0]
    sender.succeed("confirmPackingOption", sender.plan, option["packingOptionId"])
    group = option["packingGroups"][0]
    box = sender.box(sender.rows("listPackingGroupItems", sender.plan, group))
    box["items"][0]["quantity"] += 1
    box["weight"]["value"] = 30

    body = {"packageGroupings": [{"packingGroupId": group, "boxes": [box]}]}
    found = sender.run("setPackingInformation", sender.plan, body=body)

    assert [one["code"] for one in found["operationProblems"]] == [
        "PackingQuantityMismatch",
        "HeavyBox",
    ]
    early = amazon.call("generatePlacementOptions", sender.plan, body={})
    assert messages(early) == ["Packing information is missing for a packing group."]


def test_13_packing_too_early_makes_it_pack_later_for_good(sender):
    sender.create()
    sender.succeed("generatePackingOptions", sender.plan)
    group = sender.rows("listPackingOptions", sender.plan)[-1]["packingGroups"][0]
    box = sender.box(sender.rows("listPackingGroupItems", sender.plan, group))

    body = {"packageGroupings": [{"packingGroupId": group, "boxes": [box]}]}
    sender.succeed("setPackingInformation", sender.plan, body=body)

    modes = {one["shippingMode"] for one in sender.offer(sender.place())}
    assert modes == {"FREIGHT_LTL", "FREIGHT_FTL_PALLET"}


def test_all_shipments_take_one_kind_of_carrier_and_none_is_left_out(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place(parts=2)
    offers = sender.offer(option)
    for shipment in option["shipmentIds"]:
        sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
        window = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)[0]
        ids = (sender.plan, shipment, window["deliveryWindowOptionId"])
        sender.succeed("confirmDeliveryWindowOptions", *ids)
    partnered = sender.choose(offers, *PARTNERED_PARCEL)["transportationSelections"]
    own = sender.choose(offers, *OWN_PARCEL)["transportationSelections"]

    half = {"transportationSelections": partnered[:1]}
    mixed = {"transportationSelections": [partnered[0], own[1]]}

    one_missing = amazon.call("confirmTransportationOptions", sender.plan, body=half)
    assert messages(one_missing) == ["Every shipment of the plan needs exactly one option."]
    found = sender.run("confirmTransportationOptions", sender.plan, body=mixed)
    assert [one["code"] for one in found["operationProblems"]] == ["FBA_INB_0354"]


@pytest.mark.parametrize(
    ("box", "is_offered"),
    [
        ({"weight": {"value": 150, "unit": "LB"}}, True),
        ({"weight": {"value": 151, "unit": "LB"}}, False),
        ({"weight": {"value": 68.1, "unit": "KG"}}, False),
        ({"dimensions": {**INCHES, "length": 108, "width": 14, "height": 14}}, True),
        ({"dimensions": {**INCHES, "length": 109, "width": 14, "height": 14}}, False),
        ({"dimensions": {**INCHES, "length": 100, "width": 17, "height": 16}}, False),
    ],
)
def test_amazon_s_carrier_takes_no_parcel_that_is_too_heavy_or_too_long(sender, box, is_offered):
    sender.create()
    sender.pack(**box)

    offers = sender.offer(sender.place())

    ways = {(one["shippingSolution"], one["shippingMode"]) for one in offers}
    assert (PARTNERED_PARCEL in ways) == is_offered
    assert OWN_PARCEL in ways


@pytest.mark.parametrize(
    ("quantity", "pounds", "is_offered"),
    [(1, 149, False), (1, 150, True), (1, 1501, False), (26, 1500, True), (27, 1500, False)],
)
def test_amazon_s_carrier_takes_freight_within_limits(sender, quantity, pounds, is_offered):
    sender.create()
    pallets = [{"quantity": quantity, "weight": {"value": pounds, "unit": "LB"}}]

    offers = sender.offer(sender.place(), freightInformation=FREIGHT, pallets=pallets)

    ways = {(one["shippingSolution"], one["shippingMode"]) for one in offers}
    assert (PARTNERED_FREIGHT in ways) == is_offered


def test_a_carrier_of_freight_is_offered_and_refused_without_its_facts(sender):
    sender.create()
    option = sender.place()
    [shipment] = option["shipmentIds"]
    told = [{"shipmentId": shipment, "readyToShipWindow": {"start": READY}}]
    body = {
        "placementOptionId": option["placementOptionId"],
        "shipmentTransportationConfigurations": told,
    }
    found = sender.run("generateTransportationOptions", sender.plan, body=body)
    [warning] = found["operationProblems"]
    assert (found["operationStatus"], warning["severity"]) == ("SUCCESS", "WARNING")
    assert shipment in warning["message"]
    sender.pack_shipment(shipment)
    sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
    window = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)[0]
    ids = (sender.plan, shipment, window["deliveryWindowOptionId"])
    sender.succeed("confirmDeliveryWindowOptions", *ids)
    offers = sender.rows("listTransportationOptions", sender.plan, shipmentId=shipment)

    body = sender.choose(offers, *OWN_FREIGHT)
    found = sender.run("confirmTransportationOptions", sender.plan, body=body)

    assert found["operationStatus"] == "FAILED"
    assert [one["code"] for one in found["operationProblems"]] == ["FBA_INB_0352"]


def test_a_story_plan_is_not_made_through_the_api(amazon):
    plan = amazon.call("listInboundPlans").json()["inboundPlans"][0]["inboundPlanId"]

    assert "not in a valid state" in messages(amazon.call("cancelInboundPlan", plan))[0]
    assert amazon.call("cancelInboundPlan", "wf" + "0" * 36).status_code == 404


def test_some_products_are_not_taken_at_all(amazon):
    listings = amazon.simulator.moment("NA").world.listings

    def answer(asin: str) -> dict:
        query = {"asin": asin, "program": "INBOUND", "marketplaceIds": US}
        return amazon.call("getItemEligibilityPreview", **query).json()

    assert answer(listings[0].asin)["payload"]["isEligibleForProgram"] is True
    assert answer(listings[46].asin)["payload"]["ineligibilityReasonList"] == ["FBA_INB_0018"]
    assert answer("B0UNKNOWN0")["errors"][0]["code"] == "NotFound"
