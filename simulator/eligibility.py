"""FBA Inbound Eligibility API v1: whether a product may be sent in at all."""

from typing import Any

from simulator.geography import country_of
from simulator.operations import Call, Operation, Refused

#: Every so many listings one is refused, in turn for these reasons.
_EVERY = 47
_REASONS = (["FBA_INB_0018"], ["FBA_INB_0059", "FBA_INB_0197"], ["UNKNOWN_INB_ERROR_CODE"])


def get_item_eligibility_preview(call: Call) -> dict[str, Any]:
    """Answer getItemEligibilityPreview."""
    world, query = call.moment.world, call.query
    if query["program"] != "INBOUND" or not query.get("marketplaceIds"):
        raise Refused(400, "marketplaceIds is required for the program INBOUND.")
    [marketplace_id] = query["marketplaceIds"][:1]
    if marketplace_id not in world.marketplace_ids:
        raise Refused(403, "Access to requested resource is denied.", "Unauthorized")
    listing = world.listing_of_asin(query["asin"])
    if listing is None:
        raise Refused(404, "The requested resource doesn't exist.", "NotFound")
    is_offered = country_of(marketplace_id) in listing.countries
    is_refused = listing.index % _EVERY == _EVERY - 1
    answer: dict[str, Any] = {
        "asin": query["asin"],
        "marketplaceId": marketplace_id,
        "program": "INBOUND",
        "isEligibleForProgram": is_offered and not is_refused,
    }
    if is_refused:
        reasons = _REASONS[listing.index // _EVERY % len(_REASONS)]
        answer["ineligibilityReasonList"] = reasons
    elif not is_offered:
        answer["ineligibilityReasonList"] = ["FBA_INB_0004"]
    return {"payload": answer}


OPERATIONS = (
    Operation(
        "getItemEligibilityPreview",
        "GET",
        "/fba/inbound/v1/eligibility/itemPreview",
        get_item_eligibility_preview,
        {"marketplaceIds": ["text"], "asin": "text", "program": ("INBOUND", "COMMINGLING")},
        required=("asin", "program"),
    ),
)
