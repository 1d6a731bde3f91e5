"""What a row of stale shipments says beyond the shipment: why, value, claim, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Attachment,
    OrderLine,
    OrderShipment,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    StockOrder,
)
from inventory.rules import claims, stale
from inventory.rules.claims import Claim
from inventory.rules.stale import Facts
from inventory.services import accounts, claim_windows, ignoring, lists

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
    """Return the rows with their details, in their order. Five statements for all."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    rule, windows = ignoring.rule_in_force(), claim_windows.windows()
    worth, arrived, evidence = values(ids), delivered(ids), files(ids)
    found = []
    for row in rows:
        facts = Facts(row.units_outstanding, row.due_on, row.last_activity_at, row.ignore_pin)
        said = stale.verdict(facts, rule, today=today, now=now)
        left = None if row.ignore_pin else stale.days_left(row.due_on, rule, today)
        on = arrived[row.id].astimezone(accounts.timezone()).date() if row.id in arrived else None
        window = windows.get(row.marketplace_id, claims.DEFAULT)
        found.append(
            Stale(
                row=row,
                kind=_kind(row, said),
                days_past=stale.days_past(row.due_on, today),
                days_left=left,
                claim=claims.claim(on, window),
                value=worth.get(row.id),
                files=evidence.get(row.id, 0),
            )
        )
    return found


def values(shipment_ids: Sequence[int]) -> dict[int, Value]:
    """Return shipment -> what its missing units cost, where a cost is known. One statement."""
    unknown = sa.func.sum(sa.case((OrderLine.unit_cost.is_(None), _MISSING), else_=0))
    rows = db.session.execute(
        _costs(shipment_ids)
        .add_columns(OrderShipment.shipment_id, StockOrder.currency, unknown.label("unknown"))
        .group_by(OrderShipment.shipment_id, StockOrder.currency)
    )
    return {
        row.shipment_id: Value(row.amount, row.currency, row.unknown > 0)
        for row in rows
        if row.amount is not None
    }


def value_totals(shipment_ids: Any) -> list[tuple[str, Decimal]]:
    """Return (currency, cost) of the missing units of shipments, given by a select."""
    rows = db.session.execute(
        _costs(shipment_ids)
        .add_columns(StockOrder.currency)
        .group_by(StockOrder.currency)
        .order_by(StockOrder.currency)
    )
    return [(row.currency, row.amount) for row in rows if row.amount]


def delivered(shipment_ids: Sequence[int]) -> dict[int, datetime]:
    """Return shipment -> when Amazon was first seen to say that it is there. One statement."""
    first = sa.func.min(ShipmentStatus.seen_at, type_=ShipmentStatus.seen_at.type)
    rows = db.session.execute(
        sa.select(ShipmentStatus.shipment_id, first)
        .where(
            ShipmentStatus.shipment_id.in_(shipment_ids),
            ShipmentStatus.amazon_status.in_(DELIVERED),
        )
        .group_by(ShipmentStatus.shipment_id)
    )
    return {shipment_id: at for shipment_id, at in rows}  # noqa: C416 - rows are no pairs


def files(shipment_ids: Sequence[int]) -> dict[int, int]:
    """Return shipment -> files kept with it or with its order. One statement."""
    mine = sa.or_(
        Attachment.shipment_id == Shipment.id, Attachment.order_id == OrderShipment.order_id
    )
    rows = lists.read(
        sa.select(Shipment.id, sa.func.count(Attachment.id).label("files"))
        .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .join(Attachment, mine)
        .where(Shipment.id.in_(shipment_ids))
        .group_by(Shipment.id)
    )
    return {row.id: row.files for row in rows}


def _costs(shipment_ids: Any) -> "sa.Select[Any]":
    # Money is an integer in the database: multiplied as such, then read as money.
    cost = _MISSING * sa.type_coerce(OrderLine.unit_cost, sa.BigInteger)
    return (
        sa.select(sa.type_coerce(sa.func.sum(cost), OrderLine.unit_cost.type).label("amount"))
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
        .where(OrderShipment.shipment_id.in_(shipment_ids))
    )


def _kind(row: Any, said: str) -> str:
    if not row.is_open:
        return SHORT
    if row.ignored_on:
        return IGNORED
    if row.status == "READY_TO_SHIP":
        return UNPICKED
    return MOVING if said == stale.MOVING else OVERDUE
