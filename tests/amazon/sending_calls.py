"""The calls that make a plan, with every part that a request may have: see test_requests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from amazon.client import SellingPartnerClient
from amazon.plan_inputs import (
    AddressInput,
    BoxInput,
    Contact,
    Freight,
    ItemInput,
    Mass,
    PackingInput,
    PalletInput,
    PrepInput,
    Size,
    TransportChoice,
    TransportInput,
)

PLAN, SHIPMENT = "wf1234abcd-1234-abcd-5678-1234abcd5678", "sh1234abcd-1234-abcd-5678-1234abcd5678"
GROUP, OPTION = "pg1234abcd-1234-abcd-5678-1234abcd5678", "to1234abcd-1234-abcd-5678-1234abcd5678"
OPERATION = "1234abcd-1234-abcd-5678-1234abcd5678"
READY = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
SKU = "a/b%c+d#e,f&g Füße"

ITEM = ItemInput(SKU, 24, "SELLER", "NONE", date(2027, 5, 1), "LOT 7")
BARE_ITEM = ItemInput("S1", 1, "SELLER", "SELLER")
ADDRESS = AddressInput(
    name="Prep Centre",
    line1="12 Pier Road",
    city="Portland",
    postal_code="04101",
    country_code="US",
    phone="2075550100",
    line2="Unit 4",
    state="ME",
    company="Harbour Kitchen",
    email="dock@example.com",
)
BARE_ADDRESS = AddressInput("N", "Am Kai 7", "Hamburg", "20457", "DE", "+49405550100")
SIZE = Size(Decimal("40.5"), Decimal(30), Decimal(20), "CM")
MASS = Mass(Decimal("11.25"), "KG")
BOXES = (BoxInput(2, SIZE, MASS, items=(ITEM,)), BoxInput(1, SIZE, MASS, source="BARCODE_2D"))
CONTACT = Contact("Ann", "2075550100", "ann@example.com")
TRANSPORT = TransportInput(
    SHIPMENT,
    READY,
    CONTACT,
    Freight("FC_70", Decimal("1200.50"), "USD"),
    (PalletInput(2, SIZE, MASS, True), PalletInput(1, SIZE, MASS)),
)

STARTED = {"operationId": OPERATION}
LABEL = {"payload": {"DownloadURL": "https://bucket.s3.amazonaws.com/labels.pdf"}}


def _started(
    operation: str, call: Callable[[SellingPartnerClient], str]
) -> tuple[str, Callable[[SellingPartnerClient], Any], dict[str, Any]]:
    return operation, call, STARTED


CALLS: list[tuple[str, Callable[[SellingPartnerClient], Any], dict[str, Any]]] = [
    (
        "getItemEligibilityPreview",
        lambda client: client.get_item_eligibility_preview(asin="B01", marketplace_id="A1"),
        {"payload": {"isEligibleForProgram": False, "ineligibilityReasonList": ["FBA_INB_0018"]}},
    ),
    *(
        (
            "createInboundPlan",
            lambda client, source=source, items=items: client.create_inbound_plan(
                name="PO-1042 #K7Q2M9", marketplace_id="ATVPDKIKX0DER", source=source, items=items
            ),
            {"inboundPlanId": PLAN, "operationId": OPERATION},
        )
        for source, items in ((ADDRESS, [ITEM, BARE_ITEM]), (BARE_ADDRESS, [BARE_ITEM]))
    ),
    (
        "getInboundOperationStatus",
        lambda client: client.get_inbound_operation_status(operation_id=OPERATION),
        {"operationStatus": "IN_PROGRESS"},
    ),
    (
        "listInboundPlanItems",
        lambda client: client.list_inbound_plan_items(plan_id=PLAN),
        {"items": [{"msku": "S1"}], "pagination": {}},
    ),
    (
        "listInboundPlanBoxes",
        lambda client: client.list_inbound_plan_boxes(plan_id=PLAN),
        {"boxes": [{"packageId": "pk1"}], "pagination": {}},
    ),
    (
        "updateInboundPlanName",
        lambda client: client.update_inbound_plan_name(plan_id=PLAN, name="x" * 40),
        {"x": 1},
    ),
    _started("cancelInboundPlan", lambda client: client.cancel_inbound_plan(plan_id=PLAN)),
    (
        "listPrepDetails",
        lambda client: client.list_prep_details(marketplace_id="A1", seller_skus=[SKU, "S1"]),
        {"mskuPrepDetails": []},
    ),
    _started(
        "setPrepDetails",
        lambda client: client.set_prep_details(
            marketplace_id="A1", details=[PrepInput(SKU, "TEXTILE", ("ITEM_POLYBAGGING",))]
        ),
    ),
    _started(
        "generatePackingOptions", lambda client: client.generate_packing_options(plan_id=PLAN)
    ),
    (
        "listPackingOptions",
        lambda client: client.list_packing_options(plan_id=PLAN),
        {"packingOptions": [{"packingOptionId": "po1"}], "pagination": {}},
    ),
    (
        "listPackingGroupItems",
        lambda client: client.list_packing_group_items(plan_id=PLAN, group_id=GROUP),
        {"items": [{"msku": "S1"}], "pagination": {}},
    ),
    _started(
        "confirmPackingOption",
        lambda client: client.confirm_packing_option(plan_id=PLAN, option_id=OPTION),
    ),
    *(
        _started(
            "setPackingInformation",
            lambda client, packing=packing: client.set_packing_information(
                plan_id=PLAN, packing=[packing]
            ),
        )
        for packing in (
            PackingInput(BOXES, group_id=GROUP),
            PackingInput(BOXES, shipment_id=SHIPMENT),
        )
    ),
    _started(
        "generatePlacementOptions", lambda client: client.generate_placement_options(plan_id=PLAN)
    ),
    (
        "listPlacementOptions",
        lambda client: client.list_placement_options(plan_id=PLAN),
        {"placementOptions": [{"placementOptionId": "pl1"}], "pagination": {}},
    ),
    _started(
        "confirmPlacementOption",
        lambda client: client.confirm_placement_option(plan_id=PLAN, option_id=OPTION),
    ),
    *(
        _started(
            "generateTransportationOptions",
            lambda client, transport=transport: client.generate_transportation_options(
                plan_id=PLAN, placement_option_id=OPTION, shipments=[transport]
            ),
        )
        for transport in (TRANSPORT, TransportInput(SHIPMENT, READY))
    ),
    (
        "listTransportationOptions",
        lambda client: client.list_transportation_options(plan_id=PLAN, placement_option_id=OPTION),
        {"transportationOptions": [{"transportationOptionId": "to1"}], "pagination": {}},
    ),
    *(
        _started(
            "confirmTransportationOptions",
            lambda client, choice=choice: client.confirm_transportation_options(
                plan_id=PLAN, choices=[choice]
            ),
        )
        for choice in (
            TransportChoice(SHIPMENT, OPTION, CONTACT),
            TransportChoice(SHIPMENT, OPTION),
        )
    ),
    _started(
        "generateDeliveryWindowOptions",
        lambda client: client.generate_delivery_window_options(plan_id=PLAN, shipment_id=SHIPMENT),
    ),
    (
        "listDeliveryWindowOptions",
        lambda client: client.list_delivery_window_options(plan_id=PLAN, shipment_id=SHIPMENT),
        {"deliveryWindowOptions": [{"deliveryWindowOptionId": "dw1"}], "pagination": {}},
    ),
    _started(
        "confirmDeliveryWindowOptions",
        lambda client: client.confirm_delivery_window_options(
            plan_id=PLAN, shipment_id=SHIPMENT, option_id=OPTION
        ),
    ),
    (
        "listShipmentBoxes",
        lambda client: client.list_shipment_boxes(plan_id=PLAN, shipment_id=SHIPMENT),
        {"boxes": [{"packageId": "pk1"}], "pagination": {}},
    ),
    *(
        _started(
            "updateShipmentTrackingDetails",
            lambda client, told=told: client.update_shipment_tracking_details(
                plan_id=PLAN, shipment_id=SHIPMENT, **told
            ),
        )
        for told in (
            {"parcels": {"FBA1U000001": "1Z999"}},
            {"freight_bill": "PRO 77-1", "bill_of_lading": "BOL1"},
        )
    ),
]
#: These fetch a file after the answer.
PAPER_CALLS: list[tuple[str, Callable[[SellingPartnerClient], Any], dict[str, Any]]] = [
    (
        "getLabels",
        lambda client: client.get_labels(
            confirmation_id="FBA1", page_type="PackageLabel_A4_4", box_ids=["FBA1U000001"], first=0
        ),
        LABEL,
    ),
    (
        "getLabels",
        lambda client: client.get_labels(
            confirmation_id="FBA1",
            page_type="PackageLabel_Letter_2",
            label_type="PALLET",
            pallets=2,
        ),
        LABEL,
    ),
    ("getBillOfLading", lambda client: client.get_bill_of_lading(confirmation_id="FBA1"), LABEL),
    *(
        (
            "createMarketplaceItemLabels",
            lambda client, page=page: client.create_marketplace_item_labels(
                marketplace_id="A1", quantities={SKU: 24}, page_type=page, locale="en_US"
            ),
            {"documentDownloads": [{"uri": LABEL["payload"]["DownloadURL"]}]},
        )
        for page in ("Letter_30", None)
    ),
]
