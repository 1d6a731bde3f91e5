import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from amazon import types
from amazon.fields import UnreadableError

MIDNIGHT = datetime(2024, 1, 1, tzinfo=UTC)
IDS = {
    types.InventorySummary: {"sellerSku": "CUP-1"},
    types.ListingItem: {"sku": "CUP-1"},
    types.InboundShipment: {"ShipmentId": "FBA1"},
    types.ShipmentItem: {"ShipmentId": "FBA1", "SellerSKU": "CUP-1"},
    types.InboundPlan: {"inboundPlanId": "wf1"},
    types.PlanDetail: {"inboundPlanId": "wf1"},
    types.PlanItem: {"msku": "CUP-1"},
    types.TransportationOption: {"transportationOptionId": "to1"},
    types.Report: {"reportId": "7"},
    types.ReportDocument: {"reportDocumentId": "d", "url": "https://x"},
    types.Participation: {"marketplace": {"id": "A1"}},
}
#: A row of stock with every figure it may have: 1 to 19 in the order of ours.
SUMMARY: dict[str, Any] = {
    "asin": "B000000001",
    "fnSku": "X000000001",
    "sellerSku": "CUP-1",
    "condition": "NewItem",
    "productName": "Red cup",
    "totalQuantity": 99,
    "lastUpdatedTime": "2024-01-01T00:00:00Z",
    "inventoryDetails": {
        "fulfillableQuantity": 1,
        "inboundWorkingQuantity": 2,
        "inboundShippedQuantity": 3,
        "inboundReceivingQuantity": 4,
        "reservedQuantity": {
            "totalReservedQuantity": 5,
            "pendingCustomerOrderQuantity": 6,
            "pendingTransshipmentQuantity": 7,
            "fcProcessingQuantity": 8,
        },
        "researchingQuantity": {
            "totalResearchingQuantity": 9,
            "researchingQuantityBreakdown": [
                {"name": "researchingQuantityInShortTerm", "quantity": 10},
                {"name": "researchingQuantityInMidTerm", "quantity": 11},
                {"name": "researchingQuantityInLongTerm", "quantity": 12},
            ],
        },
        "unfulfillableQuantity": {
            "totalUnfulfillableQuantity": 13,
            "customerDamagedQuantity": 14,
            "warehouseDamagedQuantity": 15,
            "distributorDamagedQuantity": 16,
            "carrierDamagedQuantity": 17,
            "defectiveQuantity": 18,
            "expiredQuantity": 19,
        },
    },
}


@pytest.mark.parametrize("kind", IDS, ids=lambda kind: kind.__name__)
def test_a_row_needs_no_more_than_its_name(kind: Any) -> None:
    value = kind.from_json(IDS[kind])

    assert value == kind.from_json({**IDS[kind], "aFieldOfTomorrow": {"x": [1]}})
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, "x")
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("kind", IDS, ids=lambda kind: kind.__name__)
def test_a_row_without_a_name_is_refused(kind: Any) -> None:
    with pytest.raises(UnreadableError):
        kind.from_json({})


def test_stock_is_read_in_all_its_states() -> None:
    summary = types.InventorySummary.from_json(SUMMARY)

    values = dataclasses.astuple(summary)
    assert values[:7] == ("CUP-1", "B000000001", "X000000001", "NewItem", "Red cup", 99, MIDNIGHT)
    assert values[7:] == tuple(range(1, 20))


def test_stock_without_its_details_is_not_zero() -> None:
    with pytest.raises(UnreadableError, match="inventoryDetails"):
        types.InventorySummary.from_json({"sellerSku": "CUP-1", "totalQuantity": 5})


def test_a_listing_can_be_sold_by_both_channels() -> None:
    item = types.ListingItem.from_json(
        {
            "sku": "CUP-1",
            "summaries": [
                {
                    "marketplaceId": "A1",
                    "asin": "B000000001",
                    "fnSku": "X000000001",
                    "itemName": "Red cup",
                    "status": ["BUYABLE", "DISCOVERABLE"],
                    "createdDate": "2024-01-01T00:00:00Z",
                    "lastUpdatedDate": "2024-01-01T00:00:00Z",
                },
                {"marketplaceId": "A2", "status": []},
            ],
            "fulfillmentAvailability": [
                {"fulfillmentChannelCode": "DEFAULT", "quantity": 7},
                {"fulfillmentChannelCode": "AMAZON_EU"},
            ],
        }
    )

    assert item.offers[0] == types.ListingOffer(
        "A1",
        "B000000001",
        "X000000001",
        "Red cup",
        ("BUYABLE", "DISCOVERABLE"),
        MIDNIGHT,
        MIDNIGHT,
    )
    assert item.offers[1] == types.ListingOffer("A2", "", "", "", (), None, None)
    assert item.availability == (
        types.Availability("DEFAULT", 7),
        types.Availability("AMAZON_EU", None),
    )


@pytest.mark.parametrize("status", ["READY_TO_SHIP", "CREATING", "A_STATE_OF_TOMORROW", None])
def test_a_status_stays_as_amazon_says_it(status: str | None) -> None:
    data = {"ShipmentId": "FBA1", "ShipmentStatus": status}

    assert types.InboundShipment.from_json(data).status == status


def test_a_shipment_is_read_with_its_address_and_date() -> None:
    shipment = types.InboundShipment.from_json(
        {
            "ShipmentId": "FBA1",
            "ShipmentName": "Restock",
            "ShipmentStatus": "SHIPPED",
            "DestinationFulfillmentCenterId": "LEJ1",
            "ShipFromAddress": {
                "Name": "Acme",
                "AddressLine1": "1 Way",
                "AddressLine2": "Yard",
                "City": "Leipzig",
                "StateOrProvinceCode": "SN",
                "CountryCode": "DE",
                "PostalCode": "04103",
            },
            "LabelPrepType": "SELLER_LABEL",
            "AreCasesRequired": False,
            "ConfirmedNeedByDate": "2024-01-01",
            "BoxContentsSource": "FEED",
        }
    )

    assert shipment == types.InboundShipment(
        "FBA1",
        "Restock",
        "SHIPPED",
        "LEJ1",
        types.Address("Acme", "1 Way", "Yard", "Leipzig", "SN", "04103", "DE", ""),
        "SELLER_LABEL",
        False,
        date(2024, 1, 1),
        "FEED",
    )


def test_a_plan_shipment_without_any_detail_has_none() -> None:
    shipment = types.PlanShipment.from_json({"shipmentId": "sh1"}, plan_id="wf1")

    assert (shipment.plan_id, shipment.confirmation_id, shipment.tracking) == ("wf1", None, ())


def test_parcels_and_freight_are_tracked_by_their_numbers() -> None:
    details = {
        "spdTrackingDetail": {"spdTrackingItems": [{"trackingId": "1Z1"}, {"boxId": "b2"}]},
        "ltlTrackingDetail": {"freightBillNumber": ["PRO1", "PRO2"]},
    }
    data = {"shipmentId": "sh1", "trackingDetails": details}

    assert types.PlanShipment.from_json(data, plan_id="wf1").tracking == ("1Z1", "PRO1", "PRO2")


@pytest.mark.parametrize(
    ("cost", "amount", "currency"),
    [
        ({"amount": 12.5, "code": "USD"}, Decimal("12.5"), "USD"),
        ({"amount": "$cost.amount", "code": "$cost.code"}, None, None),
        ({"amount": "12.50", "code": ""}, Decimal("12.50"), None),
        (None, None, None),
    ],
)
def test_a_quote_is_exact_or_unknown(
    cost: dict[str, Any] | None, amount: Decimal | None, currency: str | None
) -> None:
    data = {"transportationOptionId": "to1", "quote": {"cost": cost}}

    option = types.TransportationOption.from_json(data)

    assert (option.quote_amount, option.quote_currency) == (amount, currency)
