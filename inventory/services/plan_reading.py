"""Which plans, and which of their shipments, a walk still has to open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from extensions import db
from inventory.models import InboundPlan, Shipment, ShipmentStatus

#: How long an ACTIVE plan may still gain shipments.
YOUNG = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Known:
    """A shipment of a plan as stored: which option, and whether there is more to learn."""

    id: int
    plan_id: str
    plan_shipment_id: str
    option_id: str
    is_open: bool


def to_open(connection_id: int, *, full: bool) -> list[str]:
    """Return the ids of plans to open: never opened or changed ones, ACTIVE and newest first.

    When ``full``, every plan with an open shipment too: "last updated" is no reliable sign.
    """
    joined = exists().where(
        Shipment.connection_id == connection_id, Shipment.plan_id == InboundPlan.plan_id
    )
    reasons: list[ColumnElement[bool]] = [InboundPlan.walked_at.is_(None)]
    if full:
        reasons.append(joined.where(Shipment.is_open.is_(True)))
    rank = case((InboundPlan.status == "ACTIVE", 0), (InboundPlan.status == "SHIPPED", 1), else_=2)
    found = (
        select(InboundPlan.plan_id)
        .where(
            InboundPlan.connection_id == connection_id,
            InboundPlan.is_unreadable.is_(False),
            or_(*reasons),
        )
        .order_by(rank, InboundPlan.created_at.desc(), InboundPlan.id)
    )
    return list(db.session.scalars(found))


def to_reopen(connection_id: int, at: datetime) -> list[str]:
    """Return young ACTIVE plans that were opened before the newest open shipment without one.

    A plan can gain a shipment without any sign of change (models #4290). Each is opened once
    more for it: whatever does not belong to any of them is not waited for.
    """
    first_words = (
        select(func.min(ShipmentStatus.seen_at))
        .join(Shipment, Shipment.id == ShipmentStatus.shipment_id)
        .where(
            Shipment.connection_id == connection_id,
            Shipment.plan_id == "",
            Shipment.is_open.is_(True),
        )
        .group_by(Shipment.id)
    )
    appeared = db.session.scalars(first_words).all()
    if not appeared:
        return []
    found = (
        select(InboundPlan.plan_id)
        .where(
            InboundPlan.connection_id == connection_id,
            InboundPlan.is_unreadable.is_(False),
            InboundPlan.status == "ACTIVE",
            InboundPlan.created_at >= at - YOUNG,
            InboundPlan.walked_at < max(appeared),
        )
        .order_by(InboundPlan.created_at.desc(), InboundPlan.id)
    )
    return list(db.session.scalars(found))


def known_shipments(connection_id: int) -> dict[str, Known]:
    """Return the 2024 id -> shipment, of all shipments joined so far."""
    found = select(
        Shipment.id,
        Shipment.plan_id,
        Shipment.plan_shipment_id,
        Shipment.selected_option_id,
        Shipment.is_open,
    ).where(Shipment.connection_id == connection_id, Shipment.plan_shipment_id != "")
    rows = db.session.execute(found.order_by(Shipment.id)).all()
    return {row.plan_shipment_id: Known(*row) for row in rows}
