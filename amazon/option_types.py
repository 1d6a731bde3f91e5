"""What version 2024-03-20 offers and answers while a plan is made, as frozen values.

All times are aware UTC, quantities units or boxes as said. Amazon's words for states stay texts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Self

from amazon import fields
from amazon.fields import Json
from amazon.plan_types import PlanItem
from amazon.problems import Problem


@dataclass(frozen=True, slots=True)
class CreatedPlan:
    """What createInboundPlan gives at once. The plan is none before the operation succeeded."""

    plan_id: str
    operation_id: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(fields.needed(data, "inboundPlanId"), fields.needed(data, "operationId"))


@dataclass(frozen=True, slots=True)
class OperationStatus:
    """How far an asynchronous operation is (getInboundOperationStatus).

    ``operation`` is Amazon's name of it. A success may come with warnings. The id in the
    answer can be another than was asked for, so it is not kept.
    """

    operation: str
    status: str
    problems: tuple[Problem, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        found = fields.rows(data, "operationProblems")
        return cls(
            operation=fields.text(data, "operation"),
            status=fields.needed(data, "operationStatus"),
            problems=tuple(map(Problem.from_json, found)),
        )

    @property
    def is_success(self) -> bool:
        return self.status == "SUCCESS"

    @property
    def is_failed(self) -> bool:
        return self.status == "FAILED"


@dataclass(frozen=True, slots=True)
class PrepDetail:
    """How Amazon wants a SKU prepared (listPrepDetails); category ``UNKNOWN`` must be set first.

    Constraints are ``AMAZON_ONLY``, ``NONE_ONLY``, ``SELLER_ONLY``, or empty for none.
    """

    seller_sku: str
    category: str
    types: tuple[str, ...]
    prep_owner_constraint: str
    label_owner_constraint: str
    must_owners_match: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            seller_sku=fields.identity(data, "msku"),
            category=fields.text(data, "prepCategory"),
            types=fields.texts(data, "prepTypes"),
            prep_owner_constraint=fields.text(data, "prepOwnerConstraint"),
            label_owner_constraint=fields.text(data, "labelOwnerConstraint"),
            must_owners_match=fields.text(data, "allOwnersConstraint") == "MUST_MATCH",
        )


@dataclass(frozen=True, slots=True)
class Incentive:
    """A fee or discount; ``amount`` None where Amazon sent no number."""

    description: str
    target: str
    type: str
    amount: Decimal | None
    currency: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        value = fields.mapping(data, "value")
        return cls(
            description=fields.text(data, "description"),
            target=fields.text(data, "target"),
            type=fields.text(data, "type"),
            amount=fields.money(value.get("amount")),
            currency=fields.text(value, "code"),
        )


@dataclass(frozen=True, slots=True)
class PackingOption:
    """A way to pack a plan (listPackingOptions).

    ``shipping`` holds (mode, solution); ``max_weight`` is of one box, in ``weight_unit``.
    """

    option_id: str
    status: str
    group_ids: tuple[str, ...]
    fees: tuple[Incentive, ...]
    discounts: tuple[Incentive, ...]
    expires_at: datetime | None
    shipping: tuple[tuple[str, str], ...]
    content_sources: tuple[str, ...]
    max_weight: Decimal | None
    weight_unit: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        ways = fields.rows(data, "supportedConfigurations")
        limits = [fields.mapping(fields.mapping(way, "boxRequirements"), "weight") for way in ways]
        limit = limits[0] if limits else {}
        sources = [source for way in ways for source in fields.texts(way, "boxPackingMethods")]
        shipping = fields.rows(data, "supportedShippingConfigurations")
        return cls(
            option_id=fields.identity(data, "packingOptionId"),
            status=fields.text(data, "status"),
            group_ids=fields.texts(data, "packingGroups"),
            fees=_incentives(data, "fees"),
            discounts=_incentives(data, "discounts"),
            expires_at=fields.moment(data, "expiration"),
            shipping=tuple(
                (fields.text(row, "shippingMode"), fields.text(row, "shippingSolution"))
                for row in shipping
            ),
            content_sources=tuple(dict.fromkeys(sources)),
            max_weight=fields.money(limit.get("maximum")),
            weight_unit=fields.text(limit, "unit"),
        )


@dataclass(frozen=True, slots=True)
class PlacementOption:
    """Where a plan's goods would go (listPlacementOptions): fees, and one id per shipment."""

    option_id: str
    status: str
    shipment_ids: tuple[str, ...]
    fees: tuple[Incentive, ...]
    discounts: tuple[Incentive, ...]
    expires_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            option_id=fields.identity(data, "placementOptionId"),
            status=fields.text(data, "status"),
            shipment_ids=fields.texts(data, "shipmentIds"),
            fees=_incentives(data, "fees"),
            discounts=_incentives(data, "discounts"),
            expires_at=fields.moment(data, "expiration"),
        )


@dataclass(frozen=True, slots=True)
class DeliveryWindow:
    """When a shipment may arrive (listDeliveryWindowOptions)."""

    option_id: str
    availability: str
    start: datetime | None
    end: datetime | None
    valid_until: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            option_id=fields.identity(data, "deliveryWindowOptionId"),
            availability=fields.text(data, "availabilityType"),
            start=fields.moment(data, "startDate"),
            end=fields.moment(data, "endDate"),
            valid_until=fields.moment(data, "validUntil"),
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A box as Amazon knows it; ``box_id`` (on its label) None before placement is confirmed."""

    package_id: str
    box_id: str | None
    quantity: int
    source: str
    weight: Decimal | None
    weight_unit: str
    items: tuple[PlanItem, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        weight = fields.mapping(data, "weight")
        return cls(
            package_id=fields.identity(data, "packageId"),
            box_id=fields.maybe_text(data, "boxId"),
            quantity=fields.maybe_integer(data, "quantity") or 1,
            source=fields.text(data, "contentInformationSource"),
            weight=fields.money(weight.get("value")),
            weight_unit=fields.text(weight, "unit"),
            items=tuple(map(PlanItem.from_json, fields.rows(data, "items"))),
        )


@dataclass(frozen=True, slots=True)
class Download:
    """A file that opens to anybody who has the address, for seconds only: fetch it at once."""

    url: str = field(repr=False)
    expires_at: datetime | None = None


def _incentives(data: Json, name: str) -> tuple[Incentive, ...]:
    return tuple(map(Incentive.from_json, fields.rows(data, name)))
