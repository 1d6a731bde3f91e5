"""What version 2024-03-20 is told about a plan: values that become strict request bodies.

Quantities are units or boxes as said, dates are days, times aware UTC. A part that is empty
is left out of the body, as Amazon refuses empty texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from amazon.encoding import timestamp
from amazon.fields import Json


def body(**parts: object) -> Json:
    """Return a body without the parts that are None or empty."""
    return {name: part for name, part in parts.items() if part not in (None, "", [], {}, ())}


@dataclass(frozen=True, slots=True)
class ItemInput:
    """``quantity`` units of a SKU; owners are ``SELLER``, ``AMAZON`` or ``NONE``."""

    seller_sku: str
    quantity: int
    label_owner: str
    prep_owner: str
    expires_on: date | None = None
    lot_code: str = ""

    def to_json(self) -> Json:
        return body(
            msku=self.seller_sku,
            quantity=self.quantity,
            labelOwner=self.label_owner,
            prepOwner=self.prep_owner,
            expiration=self.expires_on and self.expires_on.isoformat(),
            manufacturingLotCode=self.lot_code,
        )


@dataclass(frozen=True, slots=True)
class AddressInput:
    """Where the goods leave; Amazon asks for a phone number."""

    name: str
    line1: str
    city: str
    postal_code: str
    country_code: str
    phone: str
    line2: str = ""
    state: str = ""
    company: str = ""
    email: str = ""

    def to_json(self) -> Json:
        return body(
            name=self.name,
            companyName=self.company,
            addressLine1=self.line1,
            addressLine2=self.line2,
            city=self.city,
            stateOrProvinceCode=self.state,
            postalCode=self.postal_code,
            countryCode=self.country_code,
            phoneNumber=self.phone,
            email=self.email,
        )


@dataclass(frozen=True, slots=True)
class PrepInput:
    """How a SKU is prepared: Amazon's category and types (``ITEM_NO_PREP`` for none)."""

    seller_sku: str
    category: str
    types: tuple[str, ...]

    def to_json(self) -> Json:
        return {
            "msku": self.seller_sku,
            "prepCategory": self.category,
            "prepTypes": list(self.types),
        }


@dataclass(frozen=True, slots=True)
class Size:
    """Length, width and height in ``IN`` or ``CM``."""

    length: Decimal
    width: Decimal
    height: Decimal
    unit: str

    def to_json(self) -> Json:
        return {
            "length": _number(self.length),
            "width": _number(self.width),
            "height": _number(self.height),
            "unitOfMeasurement": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Mass:
    """A weight in ``LB`` or ``KG``."""

    value: Decimal
    unit: str

    def to_json(self) -> Json:
        return {"value": _number(self.value), "unit": self.unit}


@dataclass(frozen=True, slots=True)
class BoxInput:
    """``quantity`` identical boxes; ``items`` are those of one box.

    ``source`` is ``BOX_CONTENT_PROVIDED``, or without items ``MANUAL_PROCESS``, ``BARCODE_2D``.
    """

    quantity: int
    size: Size
    weight: Mass
    source: str = "BOX_CONTENT_PROVIDED"
    items: tuple[ItemInput, ...] = ()

    def to_json(self) -> Json:
        return body(
            quantity=self.quantity,
            dimensions=self.size.to_json(),
            weight=self.weight.to_json(),
            contentInformationSource=self.source,
            items=[item.to_json() for item in self.items],
        )


@dataclass(frozen=True, slots=True)
class PackingInput:
    """The boxes of a packing group (before placement) or of a shipment (after): give one id."""

    boxes: tuple[BoxInput, ...]
    group_id: str = ""
    shipment_id: str = ""

    def to_json(self) -> Json:
        return body(
            packingGroupId=self.group_id,
            shipmentId=self.shipment_id,
            boxes=[box.to_json() for box in self.boxes],
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a carrier calls."""

    name: str
    phone: str
    email: str = ""

    def to_json(self) -> Json:
        return body(name=self.name, phoneNumber=self.phone, email=self.email)


@dataclass(frozen=True, slots=True)
class Freight:
    """What a freight carrier asks: class (``FC_70``) and declared value."""

    freight_class: str
    declared_value: Decimal
    currency: str

    def to_json(self) -> Json:
        value = {"amount": _number(self.declared_value), "code": self.currency}
        return {"freightClass": self.freight_class, "declaredValue": value}


@dataclass(frozen=True, slots=True)
class PalletInput:
    """``quantity`` identical pallets."""

    quantity: int
    size: Size
    weight: Mass
    is_stackable: bool = False

    def to_json(self) -> Json:
        return {
            "quantity": self.quantity,
            "dimensions": self.size.to_json(),
            "weight": self.weight.to_json(),
            "stackability": "STACKABLE" if self.is_stackable else "NON_STACKABLE",
        }


@dataclass(frozen=True, slots=True)
class TransportInput:
    """One shipment to be offered transport for: from when it is ready to leave (UTC)."""

    shipment_id: str
    ready_at: datetime
    contact: Contact | None = None
    freight: Freight | None = None
    pallets: tuple[PalletInput, ...] = ()

    def to_json(self) -> Json:
        return body(
            shipmentId=self.shipment_id,
            readyToShipWindow={"start": timestamp(self.ready_at)},
            contactInformation=self.contact and self.contact.to_json(),
            freightInformation=self.freight and self.freight.to_json(),
            pallets=[pallet.to_json() for pallet in self.pallets],
        )


@dataclass(frozen=True, slots=True)
class TransportChoice:
    """The option chosen for one shipment."""

    shipment_id: str
    option_id: str
    contact: Contact | None = None

    def to_json(self) -> Json:
        return body(
            shipmentId=self.shipment_id,
            transportationOptionId=self.option_id,
            contactInformation=self.contact and self.contact.to_json(),
        )


class Body(Protocol):
    """A value that knows its JSON."""

    def to_json(self) -> Json: ...


def rows(inputs: Sequence[Body]) -> list[Json]:
    """Return the bodies of a list of values."""
    return [one.to_json() for one in inputs]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
