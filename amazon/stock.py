"""Marketplaces, FBA stock and listings: Sellers v1, FBA Inventory v1, Listings Items 2021-08-01."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from amazon import fields
from amazon.answers import listed, payload, records
from amazon.encoding import Value
from amazon.fields import Json, UnreadableError
from amazon.paging import Page, chain, hasty_chain, next_token
from amazon.transport import Transport
from amazon.types import InventorySummary, ListingItem, ListingPage, Participation

LISTINGS_PAGE_SIZE = 20
#: searchListingsItems shows no more than this of a query; ``ListingPage.total`` tells.
LISTINGS_LIMIT = 1000
_LISTING_DATA = ("summaries", "fulfillmentAvailability")


class Stock(Transport):
    """The operations that say what is sold where and how much of it is there."""

    def get_marketplace_participations(self) -> list[Participation]:
        """Return the marketplaces of the account, also ones that are not Amazon's shops and
        ones that were never opened. Raises ``AmazonError``."""
        return self.call("getMarketplaceParticipations", read_participations)

    def get_inventory_summaries(
        self, *, marketplace_id: str, start: datetime | None = None
    ) -> Iterator[list[InventorySummary]]:
        """Yield pages of FBA stock in one marketplace: all, or what changed since ``start``.

        Changes of inbound quantities do not count as changes. In Europe each marketplace may
        show the same pool. After a page was held for more than 20 s the rest is fetched at
        once; a page token that died restarts the chain, so rows can come twice. Raises
        ``AmazonError``; only a chain without one is complete.
        """
        first: dict[str, Value] = {
            "granularityType": "Marketplace",
            "granularityId": marketplace_id,
            "marketplaceIds": (marketplace_id,),
            "details": True,
            "startDateTime": start,
        }

        def fetch(token: str | None) -> Page[InventorySummary]:
            query = {**first, "nextToken": token}
            return self.call("getInventorySummaries", read_inventory, query=query)

        pages = hasty_chain(
            "getInventorySummaries", fetch, lambda row: (row.seller_sku, row.condition), self._clock
        )
        return (page.items for page in pages)

    def search_listings_items(
        self,
        *,
        seller_id: str,
        marketplace_ids: Sequence[str],
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
    ) -> Iterator[ListingPage]:
        """Yield pages of the seller's SKUs, newest change first, each with the query's total.

        Amazon shows ``LISTINGS_LIMIT`` of a query at most: where the total is larger, ask
        for narrower windows or for the report. Raises ``AmazonError``.
        """
        first: dict[str, Value] = {
            "marketplaceIds": marketplace_ids,
            "includedData": _LISTING_DATA,
            "pageSize": LISTINGS_PAGE_SIZE,
            "lastUpdatedAfter": updated_after,
            "lastUpdatedBefore": updated_before,
        }

        def fetch(token: str | None) -> Page[ListingItem]:
            query = {**first, "pageToken": token}
            names = {"sellerId": seller_id}
            return self.call("searchListingsItems", read_listings, names=names, query=query)

        pages = chain("searchListingsItems", fetch, lambda item: item.seller_sku)
        return (ListingPage(page.items, page.total) for page in pages)

    def get_listings_item(
        self, *, seller_id: str, seller_sku: str, marketplace_ids: Sequence[str]
    ) -> ListingItem:
        """Return one SKU. Raises ``NotFoundError`` where it does not exist."""
        return self.call(
            "getListingsItem",
            ListingItem.from_json,
            names={"sellerId": seller_id, "sku": seller_sku},
            query={"marketplaceIds": marketplace_ids, "includedData": _LISTING_DATA},
        )


def read_participations(body: Json) -> list[Participation]:
    """Read the answer of getMarketplaceParticipations."""
    return records(Participation.from_json, listed(body, "payload"))


def read_inventory(body: Json) -> Page[InventorySummary]:
    """Read a page of getInventorySummaries; its token stands beside the envelope."""
    found = listed(payload(body), "inventorySummaries")
    token = next_token(fields.mapping(body, "pagination"))
    return Page(records(InventorySummary.from_json, found), token)


def read_listings(body: Json) -> Page[ListingItem]:
    """Read a page of searchListingsItems; without its total it cannot be trusted."""
    if fields.maybe_integer(body, "numberOfResults") is None:
        raise UnreadableError("no numberOfResults")
    return Page(
        items=records(ListingItem.from_json, listed(body, "items")),
        token=next_token(fields.mapping(body, "pagination")),
        total=fields.integer(body, "numberOfResults"),
    )
