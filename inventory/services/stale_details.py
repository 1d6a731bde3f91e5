"""What a row of stale shipments says beyond the shipment: why, value, claim, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Attachment,
    ClaimWindow,
    OrderLine,
    OrderShipment,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    StockOrder,
)
from inventory.rules import claims, stale
from inventory.rules.claims import Claim, Delivery, Window
from inventory.rules.stale import Facts, Rule
from inventory.services import accounts, ignoring, lists

OVERDUE, MOVING, IGNORED = "overdue", "moving", "ignored"
SHORT, UNPICKED = "short", "unpicked"
#: Words of Amazon's that say that the goods are there.
DELIVERED = ("DELIVERED", "CHECKED_IN", "RECEIVING", "CLOSED")
_MISSING = sa.case(
    (
        ShipmentLine.units_shipped > ShipmentLine.units_received,
        ShipmentLine.units_shipped - ShipmentLine.units_received,
    ),
    else_=0,
)


@dataclass(frozen=True, slots=True)
class Value:
    """Units at stake times unit cost; ``is_partial``: some of the costs are not known."""

    amount: Decimal
    currency: str
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """A row of ``stale_lists`` with its details. ``kind`` says why it is here.

    ``days_past`` of its expected date; ``days_left`` until the rule ignores it (``None``: it
    does not); ``files`` are those kept with it and with its order.
    """

    row: Any
    kind: str
    days_past: int
    days_left: int | None
    claim: Claim | None
    value: Value | None
    files: int


def describe(rows: Sequence[Any], today: date, now: datetime) -> list[Stale]:
    """Return the rows with their details, in their order. Two statements for all."""
    if not rows:
        return []
    account = accounts.account()
    zone, rule = ZoneInfo(account.timezone), ignoring.rule_of(account)
    known = {one.id: one for one in lists.read(DETAILS, shipments=[row.id for row in rows])}
    return [_described(row, known[row.id], rule, today, now, zone) for row in rows]


def _described(
    row: Any, more: Any, rule: Rule, today: date, now: datetime, zone: ZoneInfo
) -> Stale:
    facts = Facts(row.units_outstanding, row.due_on, row.last_activity_at, row.ignore_pin)
    said = stale.verdict(facts, rule, today=today, now=now)
    left = None if row.ignore_pin else stale.days_left(row.due_on, rule, today)
    window = claims.DEFAULT
    if more.opens_after_days is not None:
        window = Window(more.opens_after_days, more.closes_after_days)
    value = None
    if more.amount is not None:
        value = Value(more.amount, row.currency, more.unknown > 0)
    return Stale(
        row=row,
        kind=_kind(row, said),
        days_past=stale.days_past(row.due_on, today),
        days_left=left,
        claim=claims.claim(_delivery(more, zone), window),
        value=value,
        files=more.files,
    )


def value_of(shipment_id: int) -> Value | None:
    """Return what a shipment's missing units cost; ``None``: no cost is known. One statement."""
    ((amount, unknown, currency),) = db.session.execute(
        _costs()
        .add_columns(sa.func.max(StockOrder.currency))
        .where(OrderShipment.shipment_id == shipment_id)
    ).all()
    return None if amount is None else Value(amount, currency, unknown > 0)


def delivery(shipment_id: int) -> Delivery | None:
    """Return when Amazon was first seen to say that a shipment is there. One statement."""
    found = db.session.execute(
        sa.select(*_ARRIVAL, Shipment.first_seen_source, Shipment.expected_on).where(
            Shipment.id == shipment_id
        )
    ).one()
    return _delivery(found, accounts.timezone())


def value_totals(shipment_ids: Any) -> list[tuple[str, Decimal]]:
    """Return (currency, cost) of the missing units of shipments, given by a select."""
    rows = db.session.execute(
        _costs()
        .add_columns(StockOrder.currency)
        .where(OrderShipment.shipment_id.in_(shipment_ids))
        .group_by(StockOrder.currency)
        .order_by(StockOrder.currency)
    )
    return [(row.currency, row.amount) for row in rows if row.amount]


def _delivery(row: Any, zone: ZoneInfo) -> Delivery | None:
    if row.arrived_at is None:
        return None
    was_there = row.first_seen_source != "sync" and row.arrived_at == row.known_at
    return Delivery(row.arrived_at.astimezone(zone).date(), was_there, row.expected_on)


def _seen(*which: Any) -> Any:
    """Return when a word of Amazon's, or one of ``which``, was first seen of a shipment."""
    first = sa.func.min(ShipmentStatus.seen_at, type_=ShipmentStatus.seen_at.type)
    found = sa.select(first).where(ShipmentStatus.shipment_id == Shipment.id, *which)
    return found.correlate(Shipment).scalar_subquery()


_ARRIVAL = (
    _seen(ShipmentStatus.amazon_status.in_(DELIVERED)).label("arrived_at"),
    _seen().label("known_at"),
)


def _costs() -> "sa.Select[Any]":
    # Money is an integer in the database: multiplied as such, then read as money.
    cost = _MISSING * sa.type_coerce(OrderLine.unit_cost, sa.BigInteger)
    return (
        sa.select(
            sa.type_coerce(sa.func.sum(cost), OrderLine.unit_cost.type).label("amount"),
            sa.func.sum(sa.case((OrderLine.unit_cost.is_(None), _MISSING), else_=0)).label(
                "unknown"
            ),
        )
        .select_from(OrderShipment)
        .join(StockOrder, StockOrder.id == OrderShipment.order_id)
        .join(ShipmentLine, ShipmentLine.shipment_id == OrderShipment.shipment_id)
        .join(
            OrderLine,
            sa.and_(
                OrderLine.order_id == OrderShipment.order_id,
                OrderLine.seller_sku == ShipmentLine.seller_sku,
            ),
        )
    )


def _files(mine: Any) -> Any:
    counted = sa.select(sa.func.count(Attachment.id)).where(mine)
    return counted.correlate(Shipment, OrderShipment).scalar_subquery()


def _details() -> "sa.Select[Any]":
    """Files are those kept with a shipment and with its order."""
    costs = (
        _costs()
        .add_columns(OrderShipment.shipment_id)
        .where(OrderShipment.shipment_id.in_(_shipments))
        .group_by(OrderShipment.shipment_id)
        .subquery()
    )
    files = _files(Attachment.shipment_id == Shipment.id) + _files(
        Attachment.order_id == OrderShipment.order_id
    )
    return (
        sa.select(
            Shipment.id,
            *_ARRIVAL,
            Shipment.first_seen_source,
            Shipment.expected_on,
            files.label("files"),
            ClaimWindow.opens_after_days,
            ClaimWindow.closes_after_days,
            costs.c.amount,
            costs.c.unknown,
        )
        .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .outerjoin(ClaimWindow, ClaimWindow.marketplace_id == Shipment.marketplace_id)
        .outerjoin(costs, costs.c.shipment_id == Shipment.id)
        .where(Shipment.id.in_(_shipments))
    )


def _kind(row: Any, said: str) -> str:
    if not row.is_open:
        return SHORT
    if row.ignored_on:
        return IGNORED
    if row.status == "READY_TO_SHIP":
        return UNPICKED
    return MOVING if said == stale.MOVING else OVERDUE


_shipments: Any = sa.bindparam("shipments", expanding=True)
#: Built once: all that ``describe`` asks about shipments.
DETAILS = _details()
