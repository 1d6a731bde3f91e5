"""Amazon's rate limits: a token bucket per seller and operation (published usage plans)."""

import sqlite3

#: Operation -> (tokens per second, bucket size), as published with the models.
USAGE_PLANS = {
    "getMarketplaceParticipations": (0.016, 15),
    "getInventorySummaries": (2.0, 2),
    "searchListingsItems": (5.0, 5),
    "getListingsItem": (5.0, 10),
    "createReport": (0.0167, 15),
    "getReport": (2.0, 15),
    "getReports": (0.0222, 10),
    "cancelReport": (0.0222, 10),
    "getReportDocument": (0.0167, 15),
    "getShipments": (2.0, 30),
    "getShipmentItems": (2.0, 30),
    "getShipmentItemsByShipmentId": (2.0, 30),
    "listInboundPlans": (2.0, 6),
    "getInboundPlan": (2.0, 6),
    "getShipment": (2.0, 6),
    "listShipmentItems": (2.0, 30),
    "listTransportationOptions": (2.0, 6),
    "getItemEligibilityPreview": (1.0, 1),
    "getLabels": (2.0, 30),
    "getBillOfLading": (2.0, 30),
    "createInboundPlan": (2.0, 2),
    "listInboundPlanItems": (2.0, 6),
    "listInboundPlanBoxes": (2.0, 6),
    "updateInboundPlanName": (2.0, 30),
    "cancelInboundPlan": (2.0, 2),
    "generatePackingOptions": (2.0, 2),
    "listPackingOptions": (2.0, 6),
    "confirmPackingOption": (2.0, 2),
    "listPackingGroupItems": (2.0, 30),
    "setPackingInformation": (2.0, 2),
    "generatePlacementOptions": (2.0, 2),
    "listPlacementOptions": (2.0, 6),
    "confirmPlacementOption": (2.0, 2),
    "generateTransportationOptions": (2.0, 2),
    "confirmTransportationOptions": (2.0, 2),
    "listShipmentBoxes": (2.0, 30),
    "updateShipmentTrackingDetails": (2.0, 2),
    "generateDeliveryWindowOptions": (2.0, 30),
    "listDeliveryWindowOptions": (2.0, 30),
    "confirmDeliveryWindowOptions": (2.0, 30),
    # Not published ("n"): as the other lists.
    "listPrepDetails": (2.0, 6),
    "setPrepDetails": (2.0, 30),
    "createMarketplaceItemLabels": (2.0, 30),
    "getInboundOperationStatus": (2.0, 6),
}


def take(db: sqlite3.Connection, owner: str, operation: str, now: float) -> bool:
    """Take one token; ``False`` when the bucket is empty. Must be inside a transaction."""
    rate, burst = USAGE_PLANS[operation]
    name = f"{owner}/{operation}"
    row = db.execute("SELECT level, at FROM bucket WHERE name = ?", (name,)).fetchone()
    level = float(burst)
    if row is not None:
        level = min(level, row[0] + max(0.0, now - row[1]) * rate)
    # An hour of refills in floating point may end a hair below the whole token it is worth.
    is_allowed = level >= 1 - 1e-9
    level -= is_allowed
    db.execute("INSERT OR REPLACE INTO bucket VALUES (?, ?, ?)", (name, level, now))
    return is_allowed
