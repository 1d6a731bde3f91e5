"""Inbound shipments with received quantities: Fulfillment Inbound v0."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from amazon.answers import listed, payload, records
from amazon.encoding import Value
from amazon.fields import Json
from amazon.paging import Page, chain, next_token
from amazon.transport import Transport
from amazon.types import InboundShipment, ShipmentItem

#: All statuses that can be asked for. READY_TO_SHIP is only found when it is named.
SHIPMENT_STATUSES = (
    "WORKING",
    "READY_TO_SHIP",
    "SHIPPED",
    "IN_TRANSIT",
    "DELIVERED",
    "CHECKED_IN",
    "RECEIVING",
    "CLOSED",
    "CANCELLED",
    "DELETED",
    "ERROR",
)
#: getShipmentItemsByShipmentId cuts here, without a word and without a second page.
ITEM_LIMIT = 200
#: Shipments a page has; asking for as many ids keeps an answer on one page and a URL short.
SHIPMENTS_PAGE_SIZE = 50


class Shipments(Transport):
    """Version v0: the only source of received quantities, for every shipment there is."""

    def get_shipments(
        self,
        *,
        marketplace_id: str,
        statuses: Sequence[str] | None = None,
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
        shipment_ids: Sequence[str] | None = None,
    ) -> Iterator[list[InboundShipment]]:
        """Yield pages of inbound shipments: by status, by change between two times, or by id.

        The marketplace does not filter: a whole region comes back, so ask once a connection.
        ``statuses`` None means all, or whichever the named ids have. A growing received
        quantity is no change to Amazon. Raises ``AmazonError``; ``ValueError`` for half a
        window or an empty list.
        """
        queries = _shipment_queries(statuses, updated_after, updated_before, shipment_ids)
        return (page for query in queries for page in self._shipments(marketplace_id, query))

    def get_shipment_items(
        self, *, marketplace_id: str, updated_after: datetime, updated_before: datetime
    ) -> Iterator[list[ShipmentItem]]:
        """Yield pages of the lines that changed between two times, of all shipments.

        Has no limit of lines a shipment. Raises ``AmazonError``.
        """
        first: dict[str, Value] = {
            "QueryType": "DATE_RANGE",
            "LastUpdatedAfter": updated_after,
            "LastUpdatedBefore": updated_before,
        }

        def fetch(token: str | None) -> Page[ShipmentItem]:
            query = _v0_query(marketplace_id, first, token)
            return self.call("getShipmentItems", read_items, query=query)

        pages = chain("getShipmentItems", fetch, lambda item: (item.shipment_id, item.seller_sku))
        return (page.items for page in pages)

    def get_shipment_items_by_shipment_id(
        self, *, shipment_id: str, marketplace_id: str | None = None
    ) -> list[ShipmentItem]:
        """Return the lines of one shipment. ``ITEM_LIMIT`` of them means that it was cut.

        The token in the answer leads nowhere. Raises ``AmazonError``.
        """
        return self.call(
            "getShipmentItemsByShipmentId",
            lambda body: read_items(body, shipment_id).items,
            names={"shipmentId": shipment_id},
            query={"MarketplaceId": marketplace_id},
        )

    def _shipments(
        self, marketplace_id: str, first: dict[str, Value]
    ) -> Iterator[list[InboundShipment]]:
        def fetch(token: str | None) -> Page[InboundShipment]:
            query = _v0_query(marketplace_id, first, token)
            return self.call("getShipments", read_shipments, query=query)

        pages = chain("getShipments", fetch, lambda shipment: shipment.shipment_id)
        return (page.items for page in pages)


def _shipment_queries(
    statuses: Sequence[str] | None,
    after: datetime | None,
    before: datetime | None,
    ids: Sequence[str] | None,
) -> list[dict[str, Value]]:
    """Return the first query of each chain that is needed."""
    if (after is None) != (before is None):
        raise ValueError("a window needs both ends")
    if (statuses is not None and not statuses) or (ids is not None and not ids):
        raise ValueError("an empty list would ask for everything")
    if after is not None:
        # Amazon refuses a window without a list of statuses or ids.
        window: dict[str, Value] = {"LastUpdatedAfter": after, "LastUpdatedBefore": before}
        return [_asking("DATE_RANGE", statuses or SHIPMENT_STATUSES, ids) | window]
    if ids is None:
        return [_asking("SHIPMENT", statuses or SHIPMENT_STATUSES, None)]
    size = SHIPMENTS_PAGE_SIZE
    parts = [ids[start : start + size] for start in range(0, len(ids), size)]
    return [_asking("SHIPMENT", statuses, part) for part in parts]


def _asking(
    kind: str, statuses: Sequence[str] | None, ids: Sequence[str] | None
) -> dict[str, Value]:
    return {"QueryType": kind, "ShipmentStatusList": statuses, "ShipmentIdList": ids}


def _v0_query(marketplace_id: str, first: dict[str, Value], token: str | None) -> dict[str, Value]:
    """Further pages take the token and the marketplace alone: with the filters repeated,
    Amazon answers with page 1 for ever."""
    if token is None:
        return {"MarketplaceId": marketplace_id, **first}
    return {"MarketplaceId": marketplace_id, "QueryType": "NEXT_TOKEN", "NextToken": token}


def read_shipments(body: Json) -> Page[InboundShipment]:
    """Read a page of getShipments."""
    data = payload(body)
    found = listed(data, "ShipmentData")
    return Page(records(InboundShipment.from_json, found), next_token(data, "NextToken"))


def read_items(body: Json, shipment_id: str | None = None) -> Page[ShipmentItem]:
    """Read lines; those asked for by shipment may leave out which one they are of."""
    data = payload(body)
    found = listed(data, "ItemData")
    if shipment_id:
        found = [{**row, "ShipmentId": row.get("ShipmentId") or shipment_id} for row in found]
    return Page(records(ShipmentItem.from_json, found), next_token(data, "NextToken"))
