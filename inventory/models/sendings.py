"""Orders on their way to become inbound plans at Amazon, and all that was decided for them.

What is about to be asked of Amazon is stored before the call, what it answered after it: a
process that dies in between leaves a row that says so.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model
from inventory.models.orders import StockOrder


class SendingStep(StrEnum):
    """Where a sending is, in order."""

    PLAN = "plan"
    PACKING = "packing"
    PLACEMENT = "placement"
    TRANSPORT = "transport"
    CONFIRM = "confirm"
    LABELS = "labels"


class SendingState(StrEnum):
    """Who acts next."""

    WORKING = "working"
    #: A person decides.
    WAITING = "waiting"
    #: A call was lost: Amazon may have acted. We look before anything else is sent.
    UNCLEAR = "unclear"
    FAILED = "failed"
    VOIDED = "voided"
    CANCELED = "canceled"
    DONE = "done"


class Sending(Model):
    """One sending of one order. Failed, voided and cancelled ones stay, with their reasons."""

    __table_args__ = (
        # Two people who press "Send" at once make one.
        Index(
            "uq_sending_under_way",
            "order_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_sending_order_id", "order_id", "id"),
        Index("ix_sending_connection_id_state", "connection_id", "state"),
        Index("ix_sending_plan_id", "plan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("stock_order.id", ondelete="CASCADE"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    marketplace_id: Mapped[str] = mapped_column(String(20))
    #: Part of the plan's name, and found by it after a lost answer.
    marker: Mapped[str] = mapped_column(String(8), unique=True)
    plan_name: Mapped[str] = mapped_column(String(40))
    step: Mapped[SendingStep] = mapped_column(default=SendingStep.PLAN)
    state: Mapped[SendingState] = mapped_column(default=SendingState.WORKING)
    #: A word of ``rules.sending.Route``; empty until chosen.
    route: Mapped[str] = mapped_column(String(24), default="")
    #: Stop and ask when a placement has more than one shipment.
    do_not_split: Mapped[bool] = mapped_column(default=False)
    prep_owner: Mapped[str] = mapped_column(String(8))
    label_owner: Mapped[str] = mapped_column(String(8))
    ship_from: Mapped[dict[str, Any]]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    # The call under way. Set and committed before it is made; cleared when its end is known.
    #: Amazon's operation ("createInboundPlan"), with ":" and the shipment where it is of one;
    #: empty: none is under way.
    call: Mapped[str] = mapped_column(String(110), default="")
    #: What the call is told, as far as it is not in the columns and rows here.
    call_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    called_at: Mapped[datetime | None]
    #: What Amazon answered with: asked for until it is over. Empty: no answer came yet.
    operation_id: Mapped[str] = mapped_column(String(64), default="")
    #: Looks at the operation so far, or after a lost answer for the marker.
    looks: Mapped[int] = mapped_column(default=0)
    #: How often this step was begun; its problems carry the number.
    tries: Mapped[int] = mapped_column(default=0)
    #: Amazon's operations that are over, with ":" and the shipment where it was one of several.
    done: Mapped[list[Any]] = mapped_column(default=list)
    #: The operation that Amazon refused: not sent again before a person has changed something.
    refused: Mapped[str] = mapped_column(String(110), default="")
    #: A sentence: what it waits for, or why it ended.
    message: Mapped[str] = mapped_column(String(500), default="")

    # What Amazon gave and people chose.
    plan_id: Mapped[str] = mapped_column(String(38), default="")
    packing_option_id: Mapped[str] = mapped_column(String(38), default="")
    placement_option_id: Mapped[str] = mapped_column(String(38), default="")
    #: Since when the plan counts as ours although the answer was lost.
    adopted_at: Mapped[datetime | None]
    #: A person's word for what cannot be taken back: where the goods go, who carries them.
    placement_agreed_at: Mapped[datetime | None]
    transport_agreed_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    placed_at: Mapped[datetime | None]
    transport_confirmed_at: Mapped[datetime | None]
    #: Until when the carrier can be cancelled free of charge.
    voidable_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[StockOrder] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SendingLine(Model):
    """Units of one SKU as they are sent. Owners are "SELLER", "AMAZON" or "NONE"."""

    __table_args__ = (UniqueConstraint("sending_id", "seller_sku"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    seller_sku: Mapped[str] = mapped_column(String(255))
    units: Mapped[int]
    prep_owner: Mapped[str] = mapped_column(String(8))
    label_owner: Mapped[str] = mapped_column(String(8))
    expires_on: Mapped[date | None]
    lot_code: Mapped[str] = mapped_column(String(40), default="")
    units_per_case: Mapped[int | None]
    #: Amazon's category and types of preparation, or those that a person wants it to have.
    prep_category: Mapped[str] = mapped_column(String(32), default="")
    prep_types: Mapped[list[Any]] = mapped_column(default=list)
    is_prep_wanted: Mapped[bool] = mapped_column(default=False)
    #: Owners ("prepOwner", "labelOwner") that were changed to what Amazon accepts: once each.
    corrected: Mapped[list[Any]] = mapped_column(default=list)


class SendingProblem(Model):
    """An objection of Amazon's, kept across tries. Its text is Amazon's."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(
        ForeignKey("sending.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[SendingStep]
    #: The try of the step that earned it.
    try_number: Mapped[int]
    #: The line it is about; empty: the whole.
    seller_sku: Mapped[str] = mapped_column(String(255), default="")
    code: Mapped[str] = mapped_column(String(64), default="")
    message: Mapped[str] = mapped_column(String(1000), default="")
    details: Mapped[str] = mapped_column(String(1000), default="")
    #: "ERROR" or "WARNING".
    severity: Mapped[str] = mapped_column(String(16), default="ERROR")
    seen_at: Mapped[datetime]


class SendingOption(Model):
    """Something Amazon offers: packing, placement, transport of a shipment, delivery window."""

    __table_args__ = (UniqueConstraint("sending_id", "kind", "plan_shipment_id", "option_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id", ondelete="CASCADE"))
    #: "packing", "placement", "transport" or "window".
    kind: Mapped[str] = mapped_column(String(16))
    #: The shipment it is for; empty for packing and placement.
    plan_shipment_id: Mapped[str] = mapped_column(String(38), default="")
    option_id: Mapped[str] = mapped_column(String(38))
    #: What it is, for people: fees, groups, shipments, carrier, dates.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Its whole cost, discounts off; NULL when Amazon names none.
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    expires_at: Mapped[datetime | None]
    is_chosen: Mapped[bool] = mapped_column(default=False)
    #: What it cost before it had to be asked for again.
    amount_before: Mapped[Decimal | None]


class SendingBox(Model):
    """Identical boxes of a packing group, or (packed later) of a shipment."""

    __table_args__ = (UniqueConstraint("sending_id", "place", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id", ondelete="CASCADE"))
    #: Packing group or shipment, as Amazon calls it.
    place: Mapped[str] = mapped_column(String(38))
    number: Mapped[int]
    #: Boxes like this one.
    quantity: Mapped[int] = mapped_column(default=1)
    length: Mapped[Decimal]
    width: Mapped[Decimal]
    height: Mapped[Decimal]
    #: "CM" or "IN".
    length_unit: Mapped[str] = mapped_column(String(2))
    #: Of one box, full.
    weight: Mapped[Decimal]
    #: "KG" or "LB".
    weight_unit: Mapped[str] = mapped_column(String(2))
    #: SKU -> units in one box.
    contents: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SendingShipment(Model):
    """A shipment of the placement that was chosen."""

    __table_args__ = (UniqueConstraint("sending_id", "plan_shipment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id", ondelete="CASCADE"))
    plan_shipment_id: Mapped[str] = mapped_column(String(38))
    #: The FBA id; empty before the placement is confirmed.
    amazon_shipment_id: Mapped[str] = mapped_column(String(32), default="")
    #: Fulfilment centre and country, for people.
    destination: Mapped[str] = mapped_column(String(100), default="")
    units: Mapped[int] = mapped_column(default=0)
    ready_on: Mapped[date | None]
    #: Pallets, freight class, declared value; for freight.
    freight: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The ids on the boxes' labels.
    box_ids: Mapped[list[Any]] = mapped_column(default=list)
    #: Box id -> tracking number, or "freight_bill" -> number; own carriers.
    tracking: Mapped[dict[str, Any]] = mapped_column(default=dict)
