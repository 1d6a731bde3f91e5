"""Listings Items API 2021-08-01: what is offered, where, by whom fulfilled."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from simulator import tokens
from simulator.catalogue import Listing
from simulator.geography import MARKETPLACES, country_of
from simulator.operations import Call, Kind, Operation, Refused
from simulator.pretend import CREDENTIALS
from simulator.times import iso

MOST_RESULTS = 1000
_PREFIX = "lst"
_INCLUDED = (
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
)
_ROOT = "/listings/2021-08-01/items/<sellerId>"
#: The app's own sandbox seller is called so, with the region behind it.
SANDBOX_SELLER = "A1SANDBOX"


def search_listings_items(call: Call, sellerId: str) -> dict[str, Any]:
    """Answer searchListingsItems: at most 20 a page and 1,000 in all, whatever matches."""
    countries = _countries(call, sellerId)
    found = _matches(call, countries)
    size = call.query.get("pageSize", 10)
    first = _first_row(call)
    page = found[first : first + size]
    pagination = {}
    if first + size < min(len(found), MOST_RESULTS):
        pagination["nextToken"] = tokens.seal(_PREFIX, first=first + size)
    if first:
        pagination["previousToken"] = tokens.seal(_PREFIX, first=max(0, first - size))
    listings = call.moment.world.listings
    answer: dict[str, Any] = {
        "numberOfResults": len(found),
        "items": [_item(call, listings[index], countries) for index in page],
    }
    return {**answer, "pagination": pagination} if pagination else answer


def get_listings_item(call: Call, sellerId: str, sku: str) -> dict[str, Any]:
    """Answer getListingsItem: 404 for an SKU that is not offered there."""
    countries = _countries(call, sellerId)
    for listing in call.moment.world.listings:
        if listing.sku == sku and set(countries) & set(listing.countries):
            return _item(call, listing, countries)
    raise Refused(404, f"SKU '{sku}' not found in marketplace", "NOT_FOUND")


def _countries(call: Call, seller_id: str) -> list[str]:
    ids = call.query["marketplaceIds"]
    is_known = seller_id == CREDENTIALS.seller_id or seller_id.startswith(SANDBOX_SELLER)
    if not is_known or not set(ids) <= set(call.moment.world.marketplace_ids):
        raise Refused(403, "Access to requested resource is denied.", "Unauthorized")
    return [country_of(one) for one in ids]


def _first_row(call: Call) -> int:
    if "pageToken" not in call.query:
        return 0
    position = tokens.unseal(_PREFIX, call.query["pageToken"])
    if position is None:
        raise Refused(400, "Invalid 'pageToken' provided.")
    return int(position["first"])


def _matches(call: Call, countries: list[str]) -> Sequence[int]:
    query, moment = call.query, call.moment
    sort_by = query.get("sortBy", "lastUpdatedDate")
    found: Sequence[int] = moment.order("lastUpdatedDate")
    window = (query.get("lastUpdatedAfter"), query.get("lastUpdatedBefore"))
    found = _between(found, moment.updated_by_index, *window)
    if query.get("createdAfter") is not None or query.get("createdBefore") is not None:
        times = moment.created_by_index
        after, before = query.get("createdAfter", 0.0), query.get("createdBefore", float("inf"))
        found = [index for index in found if after <= times[index] <= before]
    narrowed = {"identifiers", "withStatus", "withoutStatus"} & query.keys()
    if narrowed or not moment.world.scenario.skus:
        found = [index for index in found if _is_asked_for(call, index, countries)]
    if sort_by != "lastUpdatedDate":
        place = {index: n for n, index in enumerate(moment.order(sort_by))}
        found = sorted(found, key=place.__getitem__)
    return found if query.get("sortOrder") == "ASC" else found[::-1]


def _between(
    order: Sequence[int], times: list[float], after: float | None, before: float | None
) -> Sequence[int]:
    low = 0 if after is None else bisect_left(order, after, key=times.__getitem__)
    high = len(order) if before is None else bisect_right(order, before, key=times.__getitem__)
    return order[low:high]


def _is_asked_for(call: Call, index: int, countries: list[str]) -> bool:
    listing, query = call.moment.world.listings[index], call.query
    if not set(countries) & set(listing.countries):
        return False
    if "identifiers" in query:
        kind = query.get("identifiersType", "SKU")
        values = {"SKU": listing.sku, "ASIN": listing.asin, "FNSKU": listing.fnsku}
        if values.get(kind) not in query["identifiers"]:
            return False
    wanted, unwanted = set(query.get("withStatus", ())), set(query.get("withoutStatus", ()))
    status = set(_status(call, listing)) if wanted or unwanted else set()
    return wanted <= status and not unwanted & status


def _status(call: Call, listing: Listing) -> list[str]:
    if call.moment.is_active(listing):
        return ["BUYABLE", "DISCOVERABLE"]
    return ["DISCOVERABLE"] if listing.index % 2 else []


def _item(call: Call, listing: Listing, countries: list[str]) -> dict[str, Any]:
    included = call.query.get("includedData", ["summaries"])
    shown = [country for country in countries if country in listing.countries]
    item: dict[str, Any] = {"sku": listing.sku}
    if "summaries" in included:
        item["summaries"] = [_summary(call, listing, country) for country in shown]
    if "offers" in included and call.moment.is_active(listing):
        item["offers"] = [_offer(listing, country) for country in shown]
    if "fulfillmentAvailability" in included:
        item["fulfillmentAvailability"] = _availability(call, listing)
    if "productTypes" in included:
        item["productTypes"] = [
            {"marketplaceId": MARKETPLACES[country].id, "productType": "KITCHEN"}
            for country in shown
        ]
    for empty in ("issues", "procurement", "relationships"):
        if empty in included:
            item[empty] = []
    if "attributes" in included:
        item["attributes"] = {}
    return item


def _summary(call: Call, listing: Listing, country: str) -> dict[str, Any]:
    moment = call.moment
    summary: dict[str, Any] = {
        "marketplaceId": MARKETPLACES[country].id,
        "asin": listing.asin,
        "productType": "KITCHEN",
        "conditionType": "new_new",
        "status": _status(call, listing),
        "itemName": listing.title,
        "createdDate": iso(moment.created_by_index[listing.index]),
        "lastUpdatedDate": iso(moment.updated_by_index[listing.index]),
        "mainImage": {
            "link": f"https://m.media-amazon.com/images/I/{listing.asin}.jpg",
            "height": 500,
            "width": 500,
        },
    }
    return {**summary, "fnSku": listing.fnsku} if listing.fnsku else summary


def _offer(listing: Listing, country: str) -> dict[str, Any]:
    currency = MARKETPLACES[country].currency
    amount = str(listing.price_cents) if currency == "JPY" else f"{listing.price_cents / 100:.2f}"
    return {
        "marketplaceId": MARKETPLACES[country].id,
        "offerType": "B2C",
        "price": {"currencyCode": currency, "amount": amount},
    }


def _availability(call: Call, listing: Listing) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    units = call.moment.fbm_units(listing)
    if units is not None:
        rows.append({"fulfillmentChannelCode": "DEFAULT", "quantity": units})
    if listing.is_fba:
        rows.append({"fulfillmentChannelCode": call.moment.world.region.channel})
    return rows


_STATUSES = ("BUYABLE", "DISCOVERABLE")
_COMMON: dict[str, Kind] = {
    "marketplaceIds": ["text"],
    "issueLocale": "text",
    "includedData": [_INCLUDED],
}
OPERATIONS = (
    Operation(
        "searchListingsItems",
        "GET",
        _ROOT,
        search_listings_items,
        {
            **_COMMON,
            "identifiers": ["text"],
            "identifiersType": ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "SKU", "UPC"),
            "variationParentSku": "text",
            "packageHierarchySku": "text",
            "createdAfter": "time",
            "createdBefore": "time",
            "lastUpdatedAfter": "time",
            "lastUpdatedBefore": "time",
            "withIssueSeverity": [("WARNING", "ERROR")],
            "withStatus": [_STATUSES],
            "withoutStatus": [_STATUSES],
            "sortBy": ("sku", "createdDate", "lastUpdatedDate"),
            "sortOrder": ("ASC", "DESC"),
            "pageSize": range(1, 21),
            "pageToken": "text",
        },
        required=("marketplaceIds",),
        refusal_code="BAD_REQUEST",
    ),
    Operation(
        "getListingsItem",
        "GET",
        _ROOT + "/<path:sku>",
        get_listings_item,
        _COMMON,
        required=("marketplaceIds",),
        refusal_code="BAD_REQUEST",
    ),
)
