"""Fulfillment Inbound API v0: shipments, and the only source of received quantities."""

from typing import Any

from simulator import tokens
from simulator.operations import Call, Operation, Refused
from simulator.shipment_details import ship_from
from simulator.shipments import Line, Shipment
from simulator.story import Moment

PAGE_ROWS = 50
LINES_CUT_AT = 200
_PREFIX = "AAAAAAAA"
#: Amazon's enumeration. The undocumented CREATING and null come with these.
_STATUSES = (
    "WORKING",
    "READY_TO_SHIP",
    "SHIPPED",
    "RECEIVING",
    "CANCELLED",
    "DELETED",
    "CLOSED",
    "ERROR",
    "IN_TRANSIT",
    "DELIVERED",
    "CHECKED_IN",
)
_FOUND_UNDER: dict[str | None, str] = {"CREATING": "WORKING", None: "SHIPPED"}
_FILTERS = ("ShipmentStatusList", "ShipmentIdList", "LastUpdatedAfter", "LastUpdatedBefore")


def get_shipments(call: Call) -> dict[str, Any]:
    """Answer getShipments. ``MarketplaceId`` does not filter (models #4745)."""
    query = _effective(call)
    if query["QueryType"] == "DATE_RANGE":
        _require(query, "LastUpdatedAfter", "LastUpdatedBefore")
    if not query.get("ShipmentStatusList") and not query.get("ShipmentIdList"):
        raise Refused(400, "ShipmentStatusList or ShipmentIdList is required")
    moment = call.moment
    found = [one for one in moment.shipments if _matches(moment, one, query)]
    rows = found[query["first"] : query["first"] + PAGE_ROWS]
    return _page("ShipmentData", [_shipment(moment, one) for one in rows], len(found), query)


def get_shipment_items(call: Call) -> dict[str, Any]:
    """Answer getShipmentItems: lines of shipments last *updated* in the window.

    Receiving units is no update (models #2594): a line's figures may be newer than its window.
    """
    query = _effective(call)
    _require(query, "LastUpdatedAfter", "LastUpdatedBefore")
    moment = call.moment
    found = [one for one in moment.shipments if _is_in_window(moment, one, query)]
    rows = [_item(*row) for row in _lines_from(moment, found, query["first"])]
    total = sum(moment.line_count(one) for one in found)
    return _page("ItemData", rows, total, query)


def get_shipment_items_by_shipment_id(call: Call, shipmentId: str) -> dict[str, Any]:
    """Answer getShipmentItemsByShipmentId: cut off after 200 lines (models #5102)."""
    moment = call.moment
    shipment = moment.shipments_by_id.get(shipmentId)
    if shipment is None:
        raise Refused(404, f"Shipment {shipmentId} does not exist", "NotFound")
    rows = [_item(shipment, *line) for line in moment.lines(shipment)]
    payload: dict[str, Any] = {"ItemData": rows[:LINES_CUT_AT]}
    if len(rows) > LINES_CUT_AT:
        # The operation takes no token, so this leads nowhere.
        payload["NextToken"] = tokens.seal_awkwardly(_PREFIX, useless=True)
    return {"payload": payload}


def _effective(call: Call) -> dict[str, Any]:
    """Return the query to answer, with ``first`` row.

    A token counts only when it stands alone; with filters Amazon starts at page 1 again
    (models #822, docs #471).
    """
    query = call.query
    if query["QueryType"] != "NEXT_TOKEN":
        return {**query, "first": 0}
    _require(query, "NextToken")
    position = tokens.unseal(_PREFIX, query["NextToken"])
    if position is None or "QueryType" not in position:
        raise Refused(400, "NextToken is invalid")
    if any(name in query for name in _FILTERS):
        return {**position, "first": 0}
    return position


def _require(query: dict[str, Any], *names: str) -> None:
    for name in names:
        if name not in query:
            raise Refused(400, f"{name} is required for QueryType {query['QueryType']}")


def _matches(moment: Moment, shipment: Shipment, query: dict[str, Any]) -> bool:
    status = shipment.status(moment.hour)
    statuses, ids = query.get("ShipmentStatusList"), query.get("ShipmentIdList")
    if statuses and _FOUND_UNDER.get(status, status) not in statuses:
        return False
    if ids and shipment.id not in ids:
        return False
    return query["QueryType"] != "DATE_RANGE" or _is_in_window(moment, shipment, query)


def _is_in_window(moment: Moment, shipment: Shipment, query: dict[str, Any]) -> bool:
    updated = moment.updated(shipment)
    return bool(query["LastUpdatedAfter"] <= updated <= query["LastUpdatedBefore"])


def _lines_from(
    moment: Moment, shipments: list[Shipment], first: int
) -> list[tuple[Shipment, Line, int, int]]:
    """Return a page of lines, touching only the shipments that are on it."""
    rows: list[tuple[Shipment, Line, int, int]] = []
    for shipment in shipments:
        count = moment.line_count(shipment)
        if first < count:
            lines = list(moment.lines(shipment))[max(0, first) :]
            rows += [(shipment, *line) for line in lines]
        first -= count
        if len(rows) >= PAGE_ROWS:
            break
    return rows[:PAGE_ROWS]


def _page(
    name: str, rows: list[dict[str, Any]], total: int, query: dict[str, Any]
) -> dict[str, Any]:
    payload: dict[str, Any] = {name: rows}
    following = query["first"] + PAGE_ROWS
    if following < total:
        kept = {key: value for key, value in query.items() if key != "NextToken"}
        payload["NextToken"] = tokens.seal_awkwardly(_PREFIX, **{**kept, "first": following})
    return {"payload": payload}


def _shipment(moment: Moment, shipment: Shipment) -> dict[str, Any]:
    source = ship_from(moment, moment.plan(shipment))
    return {
        "ShipmentId": shipment.id,
        "ShipmentName": moment.name(shipment),
        "ShipFromAddress": {
            "Name": source["name"],
            "AddressLine1": source["addressLine1"],
            "City": source["city"],
            "StateOrProvinceCode": source.get("stateOrProvinceCode", ""),
            "CountryCode": source["countryCode"],
            "PostalCode": source["postalCode"],
        },
        "DestinationFulfillmentCenterId": shipment.centre,
        "ShipmentStatus": shipment.status(moment.hour),
        "LabelPrepType": "SELLER_LABEL",
        "AreCasesRequired": False,
        "BoxContentsSource": "INTERACTIVE",
    }


def _item(shipment: Shipment, line: Line, shipped: int, received: int) -> dict[str, Any]:
    return {
        "ShipmentId": shipment.id,
        "SellerSKU": line.sku,
        "FulfillmentNetworkSKU": line.fnsku,
        "QuantityShipped": shipped,
        "QuantityReceived": received,
        "QuantityInCase": line.in_case,
        "PrepDetailsList": [{"PrepInstruction": "Labeling", "PrepOwner": "SELLER"}],
    }


_WINDOW = {"LastUpdatedAfter": "time", "LastUpdatedBefore": "time"}
OPERATIONS = (
    Operation(
        "getShipments",
        "GET",
        "/fba/inbound/v0/shipments",
        get_shipments,
        {
            "ShipmentStatusList": [_STATUSES],
            "ShipmentIdList": ["text"],
            **_WINDOW,
            "QueryType": ("SHIPMENT", "DATE_RANGE", "NEXT_TOKEN"),
            "NextToken": "text",
            "MarketplaceId": "text",
        },
        required=("QueryType", "MarketplaceId"),
    ),
    Operation(
        "getShipmentItems",
        "GET",
        "/fba/inbound/v0/shipmentItems",
        get_shipment_items,
        {
            **_WINDOW,
            "QueryType": ("DATE_RANGE", "NEXT_TOKEN"),
            "NextToken": "text",
            "MarketplaceId": "text",
        },
        required=("QueryType", "MarketplaceId"),
    ),
    Operation(
        "getShipmentItemsByShipmentId",
        "GET",
        "/fba/inbound/v0/shipments/<shipmentId>/items",
        get_shipment_items_by_shipment_id,
        {"MarketplaceId": "text"},
    ),
)
