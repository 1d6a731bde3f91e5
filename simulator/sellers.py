"""Sellers API v1: the marketplaces of the account."""

from typing import Any

from simulator.geography import MARKETPLACES, Marketplace
from simulator.operations import Call, Operation


def get_marketplace_participations(call: Call) -> dict[str, Any]:
    """Answer getMarketplaceParticipations: used ones, unused ones and a non-Amazon one."""
    region = call.moment.world.region
    used = call.moment.world.countries
    rows = [_row(MARKETPLACES[country], country in used) for country in region.participating]
    rows += [_row(MARKETPLACES[country], False) for country in region.listed_only]
    rows.append(_row(region.pseudo, True))
    return {"payload": rows}


def _row(marketplace: Marketplace, is_participating: bool) -> dict[str, Any]:
    return {
        "marketplace": {
            "id": marketplace.id,
            "name": marketplace.name,
            "countryCode": marketplace.country,
            "defaultCurrencyCode": marketplace.currency,
            "defaultLanguageCode": marketplace.language,
            "domainName": marketplace.domain,
        },
        "participation": {"isParticipating": is_participating, "hasSuspendedListings": False},
        "storeName": "Harbour Kitchen" if is_participating else "Seller Store",
    }


OPERATIONS = (
    Operation(
        "getMarketplaceParticipations",
        "GET",
        "/sellers/v1/marketplaceParticipations",
        get_marketplace_participations,
    ),
)
