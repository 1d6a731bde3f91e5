"""What Amazon answers, as frozen values: marketplaces, listings, reports.

All times are aware UTC. Amazon's words for states stay texts, since new ones appear. The
stock and inbound values have files of their own and can be imported from here as well.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from amazon import fields
from amazon.fields import Json
from amazon.inbound_types import Address, InboundShipment, ShipmentItem
from amazon.plan_types import (
    InboundPlan,
    PlanDetail,
    PlanItem,
    PlanShipment,
    PlanShipmentRef,
    TransportationOption,
)
from amazon.stock_types import InventorySummary

__all__ = [
    "Address",
    "Availability",
    "InboundPlan",
    "InboundShipment",
    "InventorySummary",
    "ListingItem",
    "ListingOffer",
    "ListingPage",
    "ListingRow",
    "Participation",
    "PlanDetail",
    "PlanItem",
    "PlanShipment",
    "PlanShipmentRef",
    "Report",
    "ReportDocument",
    "ShipmentItem",
    "TransportationOption",
]


@dataclass(frozen=True, slots=True)
class Participation:
    """One marketplace the account could sell in, Amazon's or not (getMarketplaceParticipations)."""

    marketplace_id: str
    country_code: str
    name: str
    currency: str
    participating: bool
    suspended: bool
    store_name: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        marketplace = fields.mapping(data, "marketplace")
        participation = fields.mapping(data, "participation")
        return cls(
            marketplace_id=fields.identity(marketplace, "id"),
            country_code=fields.text(marketplace, "countryCode"),
            name=fields.text(marketplace, "name"),
            currency=fields.text(marketplace, "defaultCurrencyCode"),
            participating=fields.maybe_flag(participation, "isParticipating") or False,
            suspended=fields.maybe_flag(participation, "hasSuspendedListings") or False,
            store_name=fields.text(data, "storeName"),
        )


@dataclass(frozen=True, slots=True)
class ListingOffer:
    """How one marketplace shows a listing; ``status`` is empty while nobody can buy it."""

    marketplace_id: str
    asin: str
    fnsku: str
    title: str
    status: tuple[str, ...]
    created_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            marketplace_id=fields.needed(data, "marketplaceId"),
            asin=fields.text(data, "asin"),
            fnsku=fields.text(data, "fnSku"),
            title=fields.text(data, "itemName"),
            status=fields.texts(data, "status"),
            created_at=fields.moment(data, "createdDate"),
            updated_at=fields.moment(data, "lastUpdatedDate"),
        )


@dataclass(frozen=True, slots=True)
class Availability:
    """Units in one channel: ``DEFAULT`` is the seller's own, ``AMAZON_…`` FBA without a number."""

    channel_code: str
    quantity: int | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            channel_code=fields.needed(data, "fulfillmentChannelCode"),
            quantity=fields.maybe_integer(data, "quantity"),
        )


@dataclass(frozen=True, slots=True)
class ListingItem:
    """One SKU of the seller's (searchListingsItems, getListingsItem)."""

    seller_sku: str
    offers: tuple[ListingOffer, ...]
    availability: tuple[Availability, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        summaries = fields.rows(data, "summaries")
        channels = fields.rows(data, "fulfillmentAvailability")
        return cls(
            seller_sku=fields.identity(data, "sku"),
            offers=tuple(ListingOffer.from_json(row) for row in summaries),
            availability=tuple(Availability.from_json(row) for row in channels),
        )


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A page of listings and the ``total`` of the query, of which Amazon shows 1,000 at most."""

    items: list[ListingItem]
    total: int


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A row of the report GET_MERCHANT_LISTINGS_ALL_DATA; FBA rows have no quantity."""

    seller_sku: str
    asin: str
    title: str
    status: str
    channel_code: str
    quantity: int | None
    price: Decimal | None

    @classmethod
    def from_row(cls, row: dict[str, str]) -> Self:
        return cls(
            seller_sku=fields.identity({**row}, "seller-sku"),
            asin=row.get("asin1", ""),
            title=row.get("item-name", ""),
            status=row.get("status", ""),
            channel_code=row.get("fulfillment-channel", ""),
            quantity=fields.maybe_integer({**row}, "quantity"),
            price=fields.money(row.get("price")),
        )


@dataclass(frozen=True, slots=True)
class LocalStockRow:
    """A row of GET_AFN_INVENTORY_DATA_BY_COUNTRY: units that lie in ``country`` (ISO 3166)."""

    seller_sku: str
    country: str
    units: int

    @classmethod
    def from_row(cls, row: dict[str, str]) -> Self:
        return cls(
            seller_sku=fields.identity({**row}, "seller-sku"),
            country=fields.needed({**row}, "country").strip().upper(),
            units=fields.integer({**row}, "quantity-for-local-fulfillment"),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was asked for; ``document_id`` once its ``status`` is DONE (getReport)."""

    report_id: str
    report_type: str
    status: str
    document_id: str | None
    created_at: datetime | None
    finished_at: datetime | None
    marketplace_ids: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            report_id=fields.identity(data, "reportId"),
            report_type=fields.text(data, "reportType"),
            status=fields.text(data, "processingStatus"),
            document_id=fields.maybe_text(data, "reportDocumentId"),
            created_at=fields.moment(data, "createdTime"),
            finished_at=fields.moment(data, "processingEndTime"),
            marketplace_ids=fields.texts(data, "marketplaceIds"),
        )


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """Where a report's file lies; ``url`` opens it to anybody for 5 minutes: never log it."""

    document_id: str
    url: str
    compression: str | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            document_id=fields.needed(data, "reportDocumentId"),
            url=fields.needed(data, "url"),
            compression=fields.maybe_text(data, "compressionAlgorithm"),
        )

    def __repr__(self) -> str:
        return f"ReportDocument({self.document_id!r})"
