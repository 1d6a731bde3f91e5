"""The shipments that the ignore rule may speak of, each with what it says: one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inventory.models import (
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.rules import stale
from inventory.rules.stale import Facts, Rule
from inventory.services import lists

#: A person's date on the order wins over the shipment's own.
EXPECTED_ON = sa.case(
    (StockOrder.expected_source == "user", StockOrder.expected_on), else_=Shipment.expected_on
)
#: An active order to an FBA warehouse.
IN_SCOPE = sa.and_(StockOrder.status_type == StatusType.ACTIVE, Warehouse.kind == WarehouseKind.FBA)
STILL_COMING = sa.and_(Shipment.is_open, Shipment.units_outstanding > 0)
ROWS = (
    sa.select(
        Shipment.id,
        Shipment.amazon_shipment_id,
        Shipment.is_open,
        Shipment.units_outstanding,
        Shipment.last_activity_at,
        Shipment.ignore_pin,
        Shipment.ignore_pinned_at,
        Shipment.ignored_on,
        OrderShipment.order_id,
        StockOrder.expected_source,
        EXPECTED_ON.label("expected_on"),
        sa.case((IN_SCOPE, 1), else_=0).label("is_in_scope"),
    )
    .select_from(Shipment)
    .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
    .outerjoin(StockOrder, StockOrder.id == OrderShipment.order_id)
    .outerjoin(Warehouse, Warehouse.id == StockOrder.destination_id)
)


@dataclass(frozen=True, slots=True)
class Case:
    """A shipment with what the rule says. ``expected_was`` is its date as it is stored."""

    id: int
    amazon_shipment_id: str
    order_id: int | None
    facts: Facts
    expected_was: date | None
    is_in_scope: bool
    ignored_on: date | None
    pinned_at: datetime | None
    said: str

    @property
    def was_ignored(self) -> bool:
        return self.ignored_on is not None

    @property
    def is_ignored(self) -> bool:
        return self.said == stale.IGNORED


def cases(
    rule: Rule,
    *,
    connection_id: int | None,
    today: date,
    now: datetime,
    expected: Mapping[int, date] | None = None,
) -> list[Case]:
    """Return what is ignored, and what ``rule`` would ignore but for pins and activity.

    With ``expected`` (shipment -> date it would have) all that is outstanding.
    """
    wanted = [sa.or_(Shipment.ignored_on.is_not(None), _due(rule, today, expected is not None))]
    if connection_id is not None:
        wanted.append(Shipment.connection_id == connection_id)
    rows = lists.read(ROWS.where(*wanted))
    return [_case(row, rule, today, now, expected or {}) for row in rows]


def cases_of(shipment_ids: Sequence[int], rule: Rule, *, today: date, now: datetime) -> list[Case]:
    """Return what ``rule`` says of these shipments, in the order of their ids. One statement."""
    rows = lists.read(ROWS.where(Shipment.id.in_(shipment_ids)).order_by(Shipment.id))
    return [_case(row, rule, today, now, {}) for row in rows]


def _due(rule: Rule, today: date, everything: bool) -> Any:
    coming = [STILL_COMING, IN_SCOPE]
    if everything:
        return sa.and_(*coming)
    pinned = Shipment.ignore_pin == stale.IGNORE
    if not rule.is_on:
        return sa.and_(*coming, pinned)
    days = min(rule.days, today.toordinal() - 1)
    return sa.and_(*coming, sa.or_(pinned, today - timedelta(days=days) > EXPECTED_ON))


def _case(row: Any, rule: Rule, today: date, now: datetime, expected: Mapping[int, date]) -> Case:
    is_in_scope = bool(row.is_in_scope and row.is_open)
    is_free = row.expected_source != "user"
    facts = Facts(
        row.units_outstanding,
        expected.get(row.id, row.expected_on) if is_free else row.expected_on,
        row.last_activity_at,
        row.ignore_pin,
    )
    return Case(
        id=row.id,
        amazon_shipment_id=row.amazon_shipment_id,
        order_id=row.order_id,
        facts=facts,
        expected_was=row.expected_on,
        is_in_scope=is_in_scope,
        ignored_on=row.ignored_on,
        pinned_at=row.ignore_pinned_at,
        said=stale.verdict(facts, rule, today=today, now=now) if is_in_scope else stale.COUNTED,
    )
