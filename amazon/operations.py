"""The operations of the Selling Partner API that we call: where they are and how often.

Verb, path, rate (calls a second that flow back) and burst (calls at once) are those of the
official models. Roles come from Amazon's role pages; where several would do, they are joined.
"""

from dataclasses import dataclass

_FULFILLMENT = "Amazon Fulfillment"
_LISTING = "Product Listing"
_TRACKING = "Inventory and Order Tracking"
_PLAN = "/inbound/fba/2024-03-20/inboundPlans/{inboundPlanId}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: ``rate`` is calls a second, ``burst`` calls, ``role`` what to tick."""

    name: str
    verb: str
    path: str
    rate: float
    burst: int
    role: str


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
    Operation("createReport", "POST", "/reports/2021-06-30/reports", 0.0167, 15, _TRACKING),
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
        "listInboundPlans", "GET", "/inbound/fba/2024-03-20/inboundPlans", 2, 6, _FULFILLMENT
    ),
    Operation("getInboundPlan", "GET", _PLAN, 2, 6, _FULFILLMENT),
    Operation("getShipment", "GET", _PLAN + "/shipments/{shipmentId}", 2, 6, _FULFILLMENT),
    Operation(
        "listShipmentItems", "GET", _PLAN + "/shipments/{shipmentId}/items", 2, 30, _FULFILLMENT
    ),
    Operation(
        "listTransportationOptions", "GET", _PLAN + "/transportationOptions", 2, 6, _FULFILLMENT
    ),
)

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in _ALL}
