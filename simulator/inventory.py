"""FBA Inventory API v1: what Amazon holds of each SKU in a marketplace."""

from collections.abc import Sequence
from typing import Any

from simulator import tokens
from simulator.catalogue import Listing
from simulator.geography import country_of
from simulator.operations import Call, Operation, Refused
from simulator.stock import Stock
from simulator.story import Moment
from simulator.times import iso

PAGE_ROWS = 50
TOKEN_LIFE_S = 30
OLDEST_START_S = 548 * 86400
_PREFIX = "inv"


def get_inventory_summaries(call: Call) -> dict[str, Any]:
    """Answer getInventorySummaries, 50 rows a page."""
    query, moment = call.query, call.moment
    country = _country(call)
    since = query.get("startDateTime")
    if since is not None and since < call.now - OLDEST_START_S:
        raise Refused(400, "startDateTime must not be more than 18 months ago")
    first = _first_row(call)
    rows = _rows(moment, country, query)
    page = rows[first : first + PAGE_ROWS]
    answer: dict[str, Any] = {
        "payload": {
            "granularity": {
                "granularityType": "Marketplace",
                "granularityId": query["granularityId"],
            },
            "inventorySummaries": [
                _summary(moment, country, one, query.get("details", False)) for one in page
            ],
        }
    }
    if first + PAGE_ROWS < len(rows):
        position = {"first": first + PAGE_ROWS, "at": call.now, "asked": _asked(call)}
        answer["pagination"] = {"nextToken": tokens.seal_awkwardly(_PREFIX, **position)}
    return answer


def _country(call: Call) -> str:
    ids = call.query["marketplaceIds"]
    if len(ids) > 1 or ids[0] != call.query["granularityId"]:
        raise Refused(400, "marketplaceIds must be the one given as granularityId")
    if ids[0] not in call.moment.world.marketplace_ids:
        raise Refused(403, "Access to requested resource is denied.", "Unauthorized")
    return country_of(ids[0])


def _asked(call: Call) -> list[Any]:
    query = call.query
    return [query["granularityId"], query.get("startDateTime"), query.get("sellerSkus")]


def _first_row(call: Call) -> int:
    """Return where the page starts. A token lives 30 s; startDateTime must come with it."""
    if "nextToken" not in call.query:
        return 0
    position = tokens.unseal(_PREFIX, call.query["nextToken"])
    if position is None or call.now - position["at"] > TOKEN_LIFE_S:
        raise Refused(400, "The nextToken is invalid or expired.")
    if position["asked"] != _asked(call):
        raise Refused(400, "The nextToken does not belong to the other parameters.")
    return int(position["first"])


def _rows(moment: Moment, country: str, query: dict[str, Any]) -> Sequence[Listing]:
    wanted = set(query.get("sellerSkus", ()))
    if "sellerSku" in query:
        wanted.add(query["sellerSku"])
    since = query.get("startDateTime")
    rows = moment.stock_rows(country) if since is None else moment.stock_rows_since(country, since)
    if wanted:
        rows = [one for one in rows if one.sku in wanted]
    return rows


def _summary(moment: Moment, country: str, listing: Listing, details: bool) -> dict[str, Any]:
    stock = moment.stock(country, listing)
    summary: dict[str, Any] = {
        "asin": listing.asin,
        "fnSku": listing.fnsku,
        "sellerSku": listing.sku,
        "condition": "NewItem",
        "lastUpdatedTime": iso(moment.stock_updated(country, listing)),
        "productName": listing.title,
        "totalQuantity": stock.total,
        "stores": [],
    }
    if details:
        summary["inventoryDetails"] = _details(stock)
    return summary


def _details(stock: Stock) -> dict[str, Any]:
    breakdown = (
        ("researchingQuantityInShortTerm", stock.researching_short),
        ("researchingQuantityInMidTerm", stock.researching_mid),
        ("researchingQuantityInLongTerm", stock.researching_long),
    )
    return {
        "fulfillableQuantity": stock.fulfillable,
        "inboundWorkingQuantity": stock.inbound_working,
        "inboundShippedQuantity": stock.inbound_shipped,
        "inboundReceivingQuantity": stock.inbound_receiving,
        "reservedQuantity": {
            "totalReservedQuantity": stock.reserved,
            "pendingCustomerOrderQuantity": stock.customer_orders,
            "pendingTransshipmentQuantity": stock.fc_transfer,
            "fcProcessingQuantity": stock.fc_processing,
        },
        "researchingQuantity": {
            "totalResearchingQuantity": stock.researching,
            "researchingQuantityBreakdown": [
                {"name": name, "quantity": units} for name, units in breakdown
            ],
        },
        "unfulfillableQuantity": {
            "totalUnfulfillableQuantity": stock.unfulfillable,
            "customerDamagedQuantity": stock.customer_damaged,
            "warehouseDamagedQuantity": stock.warehouse_damaged,
            "distributorDamagedQuantity": stock.distributor_damaged,
            "carrierDamagedQuantity": stock.carrier_damaged,
            "defectiveQuantity": stock.defective,
            "expiredQuantity": stock.expired,
        },
    }


OPERATIONS = (
    Operation(
        "getInventorySummaries",
        "GET",
        "/fba/inventory/v1/summaries",
        get_inventory_summaries,
        {
            "details": "flag",
            "granularityType": ("Marketplace",),
            "granularityId": "text",
            "marketplaceIds": ["text"],
            "startDateTime": "time",
            "sellerSkus": ["text"],
            "sellerSku": "text",
            "nextToken": "text",
        },
        required=("granularityType", "granularityId", "marketplaceIds"),
    ),
)
