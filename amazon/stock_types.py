"""What Amazon answers about FBA stock, as a frozen value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from amazon import fields
from amazon.fields import Json

_DETAILS = {
    "fulfillable": "fulfillableQuantity",
    "inbound_working": "inboundWorkingQuantity",
    "inbound_shipped": "inboundShippedQuantity",
    "inbound_receiving": "inboundReceivingQuantity",
}
_RESERVED = {
    "reserved_total": "totalReservedQuantity",
    "customer_orders": "pendingCustomerOrderQuantity",
    "fc_transfer": "pendingTransshipmentQuantity",
    "fc_processing": "fcProcessingQuantity",
}
_RESEARCHING = {
    "researching": "totalResearchingQuantity",
    "researching_short": "researchingQuantityInShortTerm",
    "researching_mid": "researchingQuantityInMidTerm",
    "researching_long": "researchingQuantityInLongTerm",
}
_UNFULFILLABLE = {
    "unfulfillable": "totalUnfulfillableQuantity",
    "customer_damaged": "customerDamagedQuantity",
    "warehouse_damaged": "warehouseDamagedQuantity",
    "distributor_damaged": "distributorDamagedQuantity",
    "carrier_damaged": "carrierDamagedQuantity",
    "defective": "defectiveQuantity",
    "expired": "expiredQuantity",
}


@dataclass(frozen=True, slots=True)
class InventorySummary:
    """FBA stock of one SKU in one marketplace, in units (getInventorySummaries)."""

    seller_sku: str
    asin: str
    fnsku: str
    condition: str
    title: str
    total: int
    updated_at: datetime | None
    fulfillable: int
    inbound_working: int
    inbound_shipped: int
    inbound_receiving: int
    reserved_total: int
    customer_orders: int
    fc_transfer: int
    fc_processing: int
    researching: int
    researching_short: int
    researching_mid: int
    researching_long: int
    unfulfillable: int
    customer_damaged: int
    warehouse_damaged: int
    distributor_damaged: int
    carrier_damaged: int
    defective: int
    expired: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        total = fields.integer(data, "totalQuantity")
        details = fields.mapping(data, "inventoryDetails")
        if total and not details:
            raise fields.UnreadableError("inventoryDetails is missing")
        return cls(
            seller_sku=fields.identity(data, "sellerSku"),
            asin=fields.text(data, "asin"),
            fnsku=fields.text(data, "fnSku"),
            condition=fields.text(data, "condition"),
            title=fields.text(data, "productName"),
            total=total,
            updated_at=fields.moment(data, "lastUpdatedTime"),
            **_units(details, _DETAILS),
            **_units(fields.mapping(details, "reservedQuantity"), _RESERVED),
            **_units(_research(details), _RESEARCHING),
            **_units(fields.mapping(details, "unfulfillableQuantity"), _UNFULFILLABLE),
        )


def _units(data: Json, names: dict[str, str]) -> dict[str, int]:
    return {ours: fields.integer(data, theirs) for ours, theirs in names.items()}


def _research(details: Json) -> Json:
    """The breakdown is a list of names and quantities: laid flat beside the total."""
    research = fields.mapping(details, "researchingQuantity")
    terms = fields.rows(research, "researchingQuantityBreakdown")
    return {**research, **{fields.text(term, "name"): term.get("quantity") for term in terms}}
