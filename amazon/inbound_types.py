"""What version v0 answers about inbound shipments, as frozen values; and addresses.

Quantities are units. Amazon's words for states stay texts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from amazon import fields
from amazon.fields import Json


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; both versions of the API, whatever they call its parts."""

    name: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country_code: str
    phone: str

    @classmethod
    def from_v0(cls, data: Json) -> Self:
        return cls(
            name=fields.text(data, "Name"),
            line1=fields.text(data, "AddressLine1"),
            line2=fields.text(data, "AddressLine2"),
            city=fields.text(data, "City"),
            state=fields.text(data, "StateOrProvinceCode"),
            postal_code=fields.text(data, "PostalCode"),
            country_code=fields.text(data, "CountryCode"),
            phone="",
        )

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            name=fields.text(data, "name"),
            line1=fields.text(data, "addressLine1"),
            line2=fields.text(data, "addressLine2"),
            city=fields.text(data, "city"),
            state=fields.text(data, "stateOrProvinceCode"),
            postal_code=fields.text(data, "postalCode"),
            country_code=fields.text(data, "countryCode"),
            phone=fields.text(data, "phoneNumber"),
        )


@dataclass(frozen=True, slots=True)
class InboundShipment:
    """A shipment on its way to Amazon (getShipments); ``status`` None is Amazon's null."""

    shipment_id: str
    name: str
    status: str | None
    destination_fc: str
    ship_from: Address | None
    label_prep_type: str
    are_cases_required: bool | None
    need_by: date | None
    box_contents_source: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        ship_from = fields.mapping(data, "ShipFromAddress")
        return cls(
            shipment_id=fields.identity(data, "ShipmentId"),
            name=fields.text(data, "ShipmentName"),
            status=fields.maybe_text(data, "ShipmentStatus"),
            destination_fc=fields.text(data, "DestinationFulfillmentCenterId"),
            ship_from=Address.from_v0(ship_from) if ship_from else None,
            label_prep_type=fields.text(data, "LabelPrepType"),
            are_cases_required=fields.maybe_flag(data, "AreCasesRequired"),
            need_by=fields.day(data, "ConfirmedNeedByDate"),
            box_contents_source=fields.text(data, "BoxContentsSource"),
        )


@dataclass(frozen=True, slots=True)
class ShipmentItem:
    """A line of a shipment, with the only received quantity there is (getShipmentItems…)."""

    shipment_id: str
    seller_sku: str
    fnsku: str
    units_shipped: int
    units_received: int
    units_in_case: int | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            shipment_id=fields.identity(data, "ShipmentId"),
            seller_sku=fields.identity(data, "SellerSKU"),
            fnsku=fields.text(data, "FulfillmentNetworkSKU"),
            units_shipped=fields.integer(data, "QuantityShipped"),
            units_received=fields.integer(data, "QuantityReceived"),
            units_in_case=fields.maybe_integer(data, "QuantityInCase"),
        )
