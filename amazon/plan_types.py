"""What version 2024-03-20 answers about inbound plans and their shipments, as frozen values.

All times are aware UTC, quantities are units. Amazon's words for states stay texts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from amazon import fields
from amazon.fields import Json
from amazon.inbound_types import Address


@dataclass(frozen=True, slots=True)
class InboundPlan:
    """A plan, the parent of shipments, without them (listInboundPlans)."""

    plan_id: str
    name: str
    status: str
    marketplace_ids: tuple[str, ...]
    created_at: datetime | None
    updated_at: datetime | None
    source_address: Address | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(**_plan(data))


@dataclass(frozen=True, slots=True)
class PlanShipmentRef:
    """A shipment as its plan lists it."""

    shipment_id: str
    status: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(fields.needed(data, "shipmentId"), fields.text(data, "status"))


@dataclass(frozen=True, slots=True)
class OptionRef:
    """A packing or placement option as its plan lists it: OFFERED, ACCEPTED or EXPIRED."""

    option_id: str
    status: str


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A plan with its shipments, and what was offered and accepted (getInboundPlan)."""

    plan_id: str
    name: str
    status: str
    marketplace_ids: tuple[str, ...]
    created_at: datetime | None
    updated_at: datetime | None
    source_address: Address | None
    shipments: tuple[PlanShipmentRef, ...]
    packing_options: tuple[OptionRef, ...]
    placement_options: tuple[OptionRef, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        shipments = fields.rows(data, "shipments")
        return cls(
            **_plan(data),
            shipments=tuple(map(PlanShipmentRef.from_json, shipments)),
            packing_options=_options(data, "packingOptions", "packingOptionId"),
            placement_options=_options(data, "placementOptions", "placementOptionId"),
        )


@dataclass(frozen=True, slots=True)
class PlanShipment:
    """A shipment as version 2024-03-20 sees it (getShipment): dates, destination, tracking.

    ``confirmation_id`` is the ``FBA…`` id that v0 uses, None until placement is confirmed.
    City and state are empty where Amazon leaves the address out.
    ``window_…`` is the delivery window that was chosen.
    """

    shipment_id: str
    confirmation_id: str | None
    plan_id: str
    name: str
    status: str
    destination_country: str
    destination_fc: str
    destination_city: str
    destination_state: str
    ready_to_ship_at: datetime | None
    ready_to_ship_until: datetime | None
    window_start: datetime | None
    window_end: datetime | None
    window_editable_until: datetime | None
    selected_option_id: str | None
    amazon_reference_id: str | None
    tracking: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json, *, plan_id: str) -> Self:
        destination = fields.mapping(data, "destination")
        address = fields.mapping(destination, "address")
        ready = fields.mapping(fields.mapping(data, "dates"), "readyToShipWindow")
        window = fields.mapping(data, "selectedDeliveryWindow")
        return cls(
            shipment_id=fields.identity(data, "shipmentId"),
            confirmation_id=fields.maybe_text(data, "shipmentConfirmationId"),
            plan_id=plan_id,
            name=fields.text(data, "name"),
            status=fields.text(data, "status"),
            destination_country=fields.text(address, "countryCode"),
            destination_fc=fields.text(destination, "warehouseId"),
            destination_city=fields.text(address, "city"),
            destination_state=fields.text(address, "stateOrProvinceCode"),
            ready_to_ship_at=fields.moment(ready, "start"),
            ready_to_ship_until=fields.moment(ready, "end"),
            window_start=fields.moment(window, "startDate"),
            window_end=fields.moment(window, "endDate"),
            window_editable_until=fields.moment(window, "editableUntil"),
            selected_option_id=fields.maybe_text(data, "selectedTransportationOptionId"),
            amazon_reference_id=fields.maybe_text(data, "amazonReferenceId"),
            tracking=_tracking(fields.mapping(data, "trackingDetails")),
        )


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A line of a plan, packing group, shipment or box: expected units only.

    ``prep_owner`` is empty where no preparation is told.
    """

    seller_sku: str
    asin: str
    fnsku: str
    quantity: int
    expires_on: date | None
    label_owner: str
    prep_owner: str
    lot_code: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        owners = [fields.text(row, "prepOwner") for row in fields.rows(data, "prepInstructions")]
        return cls(
            seller_sku=fields.identity(data, "msku"),
            asin=fields.text(data, "asin"),
            fnsku=fields.text(data, "fnsku"),
            quantity=fields.integer(data, "quantity"),
            expires_on=fields.day(data, "expiration"),
            label_owner=fields.text(data, "labelOwner"),
            prep_owner=next(filter(None, owners), ""),
            lot_code=fields.text(data, "manufacturingLotCode"),
        )


@dataclass(frozen=True, slots=True)
class TransportationOption:
    """A way to bring a shipment to Amazon (listTransportationOptions).

    ``quote_…`` only where Amazon's partnered carrier made one; the currency is the quote's,
    which need not be the marketplace's. ``appointment_…`` is the pick-up.
    """

    option_id: str
    shipment_id: str
    mode: str
    solution: str
    carrier_name: str
    carrier_code: str
    quote_amount: Decimal | None
    quote_currency: str | None
    quote_expires_at: datetime | None
    voidable_until: datetime | None
    appointment_start: datetime | None
    appointment_end: datetime | None
    preconditions: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        carrier = fields.mapping(data, "carrier")
        quote = fields.mapping(data, "quote")
        cost = fields.mapping(quote, "cost")
        appointment = fields.mapping(data, "carrierAppointment")
        return cls(
            option_id=fields.identity(data, "transportationOptionId"),
            shipment_id=fields.text(data, "shipmentId"),
            mode=fields.text(data, "shippingMode"),
            solution=fields.text(data, "shippingSolution"),
            carrier_name=fields.text(carrier, "name"),
            carrier_code=fields.text(carrier, "alphaCode"),
            quote_amount=fields.money(cost.get("amount")),
            quote_currency=_currency(cost),
            quote_expires_at=fields.moment(quote, "expiration"),
            voidable_until=fields.moment(quote, "voidableUntil"),
            appointment_start=fields.moment(appointment, "startTime"),
            appointment_end=fields.moment(appointment, "endTime"),
            preconditions=fields.texts(data, "preconditions"),
        )


def _plan(data: Json) -> dict[str, Any]:
    source = fields.mapping(data, "sourceAddress")
    return {
        "plan_id": fields.identity(data, "inboundPlanId"),
        "name": fields.text(data, "name"),
        "status": fields.text(data, "status"),
        "marketplace_ids": fields.texts(data, "marketplaceIds"),
        "created_at": fields.moment(data, "createdAt"),
        "updated_at": fields.moment(data, "lastUpdatedAt"),
        "source_address": Address.from_json(source) if source else None,
    }


def _options(data: Json, name: str, id_name: str) -> tuple[OptionRef, ...]:
    found = fields.rows(data, name)
    return tuple(OptionRef(fields.text(row, id_name), fields.text(row, "status")) for row in found)


def _tracking(details: Json) -> tuple[str, ...]:
    """Parcels have a number each, freight has bills."""
    boxes = fields.rows(fields.mapping(details, "spdTrackingDetail"), "spdTrackingItems")
    parcels = [fields.text(box, "trackingId") for box in boxes]
    bills = fields.texts(fields.mapping(details, "ltlTrackingDetail"), "freightBillNumber")
    return tuple(number for number in (*parcels, *bills) if number)


def _currency(cost: Json) -> str | None:
    code = fields.text(cost, "code")
    return code if len(code) == 3 and code.isalpha() else None
