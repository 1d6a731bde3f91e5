"""The client makes plans at the simulator; every request is judged by the official models.

The two share no code, so what one misunderstands the other does not.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from amazon.errors import AuthorizationError, RejectedError, UnclearError
from amazon.plan_inputs import Freight, ItemInput, Mass, PackingInput, PalletInput
from tests.amazon.walk import NAME, SIZE, US, Walk


@pytest.fixture
def walk() -> Iterator[Walk]:
    walk = Walk()
    yield walk
    walk.amazon.close()


def test_small_parcels_with_amazons_carrier(walk: Walk) -> None:
    walk.create()
    walk.pack()
    option = walk.place(parts=2)
    walk.order(walk.offers(option), "AMAZON_PARTNERED_CARRIER", "GROUND_SMALL_PARCEL")

    shipment = walk.client.get_shipment(plan_id=walk.plan, shipment_id=option.shipment_ids[0])
    assert shipment.confirmation_id
    labels = walk.client.get_labels(
        confirmation_id=shipment.confirmation_id, page_type="PackageLabel_Letter_2"
    )
    assert labels.media_type == "application/pdf"
    ids = {"plan_id": walk.plan, "shipment_id": shipment.shipment_id}
    pages = walk.client.list_transportation_options(**ids)
    [chosen] = [one for page in pages for one in page if one.voidable_until]
    assert chosen.option_id == shipment.selected_option_id
    plan = walk.client.get_inbound_plan(plan_id=walk.plan)
    assert [one.status for one in plan.shipments] == ["READY_TO_SHIP", "WORKING"]
    assert [one.status for one in plan.placement_options] == ["ACCEPTED"]


def test_small_parcels_with_an_own_carrier(walk: Walk) -> None:
    walk.create()
    walk.pack()
    option = walk.place(parts=1)
    [shipment] = option.shipment_ids
    offers = walk.offers(option)
    assert {one.preconditions for one in offers if one.solution == "USE_YOUR_OWN_CARRIER"} == {
        ("CONFIRMED_DELIVERY_WINDOW",)
    }
    walk.open_window(shipment)
    walk.order(offers, "USE_YOUR_OWN_CARRIER", "GROUND_SMALL_PARCEL")

    ids = {"plan_id": walk.plan, "shipment_id": shipment}
    boxes = next(walk.client.list_shipment_boxes(**ids))
    parcels = {box.box_id or "": f"1Z{n}" for n, box in enumerate(boxes)}
    walk.wait(walk.client.update_shipment_tracking_details(**ids, parcels=parcels))

    found = walk.client.get_shipment(**ids)
    assert set(found.tracking) == set(parcels.values())
    assert found.window_start


def test_freight_packed_later(walk: Walk) -> None:
    walk.create()
    option = walk.place(parts=1)
    [shipment] = option.shipment_ids
    packing = [PackingInput(walk.boxes(walk.items), shipment_id=shipment)]
    walk.wait(walk.client.set_packing_information(plan_id=walk.plan, packing=packing))
    offers = walk.offers(
        option,
        freight=Freight("FC_70", Decimal("900.50"), "USD"),
        pallets=(PalletInput(2, SIZE, Mass(Decimal(300), "LB")),),
    )
    walk.order(offers, "AMAZON_PARTNERED_CARRIER", "FREIGHT_LTL")

    found = walk.client.get_shipment(plan_id=walk.plan, shipment_id=shipment)
    paper = walk.client.get_bill_of_lading(confirmation_id=found.confirmation_id or "")
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("word", ["timeout", "reset", "cut", "acted_500", "acted_html"])
def test_after_a_lost_answer_the_plan_is_found_by_its_name(walk: Walk, word: str) -> None:
    walk.amazon.will_answer("createInboundPlan", word)

    with pytest.raises(UnclearError):
        walk.create()

    found = next(walk.client.list_inbound_plans(status="ACTIVE", by_creation=True))
    assert [plan.name for plan in found].count(NAME) == 1
    assert [plan["name"] for plan in walk.amazon.made_plans()] == [NAME]


def test_the_accepted_owner_is_told_in_the_objection(walk: Walk) -> None:
    sku = walk.amazon.moment("NA").world.listings[27].sku
    walk.items = (ItemInput(sku, 24, "SELLER", "SELLER"),)

    with pytest.raises(RejectedError) as raised:
        walk.create()

    [problem] = raised.value.problems
    assert sku in problem.message
    assert problem.message.endswith("Accepted values: [NONE]")


def test_odd_skus_are_understood_by_both_sides(walk: Walk) -> None:
    odd = ["HK/KNIFE 20%+", "HK #SET,2", "Küche-Ø24", "日本-包丁-01", "HK%2FENC", "100% LINEN"]

    found = walk.client.list_prep_details(marketplace_id=US, seller_skus=odd)

    assert [one.seller_sku for one in found] == odd


def test_a_token_revoked_midway_stops_with_a_reason(walk: Walk) -> None:
    walk.create()
    walk.amazon.will_answer("generatePackingOptions", "revoked")
    walk.amazon.will_answer("token", "invalid_grant")

    with pytest.raises(AuthorizationError) as raised:
        walk.client.generate_packing_options(plan_id=walk.plan)

    assert raised.value.reason == "token_revoked"
