"""The operations of the Selling Partner API that we call: where they are and how often.

Verb, path, rate (calls a second that flow back) and burst (calls at once) are those of the
official models. Roles come from Amazon's role pages; where several would do, they are joined.
"""

from dataclasses import dataclass

_FULFILLMENT = "Amazon Fulfillment"
_LISTING = "Product Listing"
_TRACKING = "Inventory and Order Tracking"
_V0 = "/fba/inbound/v0/shipments/{shipmentId}"
_INBOUND = "/inbound/fba/2024-03-20"
_PLAN = _INBOUND + "/inboundPlans/{inboundPlanId}"
_SHIPMENT = _PLAN + "/shipments/{shipmentId}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: ``rate`` is calls a second, ``burst`` calls, ``role`` what to tick.

    ``is_harmless``: it may happen twice, though it changes something.
    """

    name: str
    verb: str
    path: str
    rate: float
    burst: int
    role: str
    is_harmless: bool = False

    @property
    def is_only_once(self) -> bool:
        """Whether a lost answer must be cleared up before anything else is done."""
        return self.verb != "GET" and not self.is_harmless


_ALL = (
    Operation(
        "getMarketplaceParticipations",
        "GET",
        "/sellers/v1/marketplaceParticipations",
        0.016,
        15,
        "Finance and Accounting or Selling Partner Insights",
    ),
    Operation("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", 2, 2, _LISTING),
    Operation(
        "searchListingsItems", "GET", "/listings/2021-08-01/items/{sellerId}", 5, 5, _LISTING
    ),
    Operation(
        "getListingsItem", "GET", "/listings/2021-08-01/items/{sellerId}/{sku}", 5, 10, _LISTING
    ),
    Operation("createReport", "POST", "/reports/2021-06-30/reports", 0.0167, 15, _TRACKING, True),
    Operation("getReport", "GET", "/reports/2021-06-30/reports/{reportId}", 2, 15, _TRACKING),
    Operation("getReports", "GET", "/reports/2021-06-30/reports", 0.0222, 10, _TRACKING),
    Operation(
        "getReportDocument",
        "GET",
        "/reports/2021-06-30/documents/{reportDocumentId}",
        0.0167,
        15,
        _TRACKING,
    ),
    Operation("getShipments", "GET", "/fba/inbound/v0/shipments", 2, 30, _FULFILLMENT),
    Operation("getShipmentItems", "GET", "/fba/inbound/v0/shipmentItems", 2, 30, _FULFILLMENT),
    Operation(
        "getShipmentItemsByShipmentId",
        "GET",
        "/fba/inbound/v0/shipments/{shipmentId}/items",
        2,
        30,
        _FULFILLMENT,
    ),
    Operation(
        "getItemEligibilityPreview",
        "GET",
        "/fba/inbound/v1/eligibility/itemPreview",
        1,
        1,
        _FULFILLMENT,
    ),
    Operation("getLabels", "GET", _V0 + "/labels", 2, 30, _FULFILLMENT),
    Operation("getBillOfLading", "GET", _V0 + "/billOfLading", 2, 30, _FULFILLMENT),
    *(
        Operation(name, verb, path, 2, burst, _FULFILLMENT)
        for name, verb, path, burst in (
            ("listInboundPlans", "GET", _INBOUND + "/inboundPlans", 6),
            ("createInboundPlan", "POST", _INBOUND + "/inboundPlans", 2),
            ("getInboundPlan", "GET", _PLAN, 6),
            ("listInboundPlanItems", "GET", _PLAN + "/items", 6),
            ("listInboundPlanBoxes", "GET", _PLAN + "/boxes", 6),
            ("updateInboundPlanName", "PUT", _PLAN + "/name", 30),
            ("cancelInboundPlan", "PUT", _PLAN + "/cancellation", 2),
            ("generatePackingOptions", "POST", _PLAN + "/packingOptions", 2),
            ("listPackingOptions", "GET", _PLAN + "/packingOptions", 6),
            (
                "confirmPackingOption",
                "POST",
                _PLAN + "/packingOptions/{packingOptionId}/confirmation",
                2,
            ),
            ("listPackingGroupItems", "GET", _PLAN + "/packingGroups/{packingGroupId}/items", 30),
            ("setPackingInformation", "POST", _PLAN + "/packingInformation", 2),
            ("generatePlacementOptions", "POST", _PLAN + "/placementOptions", 2),
            ("listPlacementOptions", "GET", _PLAN + "/placementOptions", 6),
            (
                "confirmPlacementOption",
                "POST",
                _PLAN + "/placementOptions/{placementOptionId}/confirmation",
                2,
            ),
            ("generateTransportationOptions", "POST", _PLAN + "/transportationOptions", 2),
            ("listTransportationOptions", "GET", _PLAN + "/transportationOptions", 6),
            (
                "confirmTransportationOptions",
                "POST",
                _PLAN + "/transportationOptions/confirmation",
                2,
            ),
            ("getShipment", "GET", _SHIPMENT, 6),
            ("listShipmentItems", "GET", _SHIPMENT + "/items", 30),
            ("listShipmentBoxes", "GET", _SHIPMENT + "/boxes", 30),
            ("updateShipmentTrackingDetails", "PUT", _SHIPMENT + "/trackingDetails", 2),
            ("generateDeliveryWindowOptions", "POST", _SHIPMENT + "/deliveryWindowOptions", 30),
            ("listDeliveryWindowOptions", "GET", _SHIPMENT + "/deliveryWindowOptions", 30),
            (
                "confirmDeliveryWindowOptions",
                "POST",
                _SHIPMENT + "/deliveryWindowOptions/{deliveryWindowOptionId}/confirmation",
                30,
            ),
            # The plan of listPrepDetails is given as "n"; the burst is that of the other lists.
            ("listPrepDetails", "GET", _INBOUND + "/items/prepDetails", 6),
            ("setPrepDetails", "POST", _INBOUND + "/items/prepDetails", 30),
            ("getInboundOperationStatus", "GET", _INBOUND + "/operations/{operationId}", 6),
        )
    ),
    Operation(
        "createMarketplaceItemLabels",
        "POST",
        _INBOUND + "/items/labels",
        2,
        30,
        _FULFILLMENT,
        True,
    ),
)

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in _ALL}
