"""Which shipments and orders other settings would expect on another day, by the rule of dates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import and_, not_, or_, select

from inventory.models import OrderShipment, Shipment, StockOrder
from inventory.rules import dates, orders
from inventory.services import accounts, expectations, lists
from inventory.services.levels import Step
from inventory.services.lists import among

_FACTS = select(
    Shipment.id,
    Shipment.amazon_shipment_id,
    Shipment.warehouse_id,
    Shipment.mode,
    Shipment.pickup_at,
    Shipment.ready_to_ship_at,
    Shipment.window_end,
    Shipment.shipped_on,
    Shipment.first_seen_on,
    Shipment.expected_on,
    Shipment.units_outstanding,
    OrderShipment.order_id,
).outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
#: What an order's own date rests on; a time read is dear, so none here.
_PARTS = select(
    Shipment.id,
    Shipment.mode,
    Shipment.status,
    Shipment.expected_on,
    Shipment.units_outstanding,
    OrderShipment.order_id,
).join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
_ORDERS = select(
    StockOrder.id,
    StockOrder.kind,
    StockOrder.reference,
    StockOrder.destination_id,
    StockOrder.expected_on,
    StockOrder.expected_source,
    StockOrder.units_outstanding,
).order_by(StockOrder.expected_on, StockOrder.id)
_IS_PICKED_UP = and_(
    Shipment.mode.in_(dates.FREIGHT),
    or_(Shipment.pickup_at.is_not(None), Shipment.ready_to_ship_at.is_not(None)),
)
#: Setting -> shipments whose date can rest on it by ``rules.dates``: the others are not read.
_CAN_MOVE = {
    "pickup_delay_days": _IS_PICKED_UP,
    "lead_time_days": and_(not_(_IS_PICKED_UP), Shipment.window_end.is_(None)),
}


@dataclass(frozen=True, slots=True)
class Move:
    """An order, or a shipment without one, whose expected date would be another."""

    kind: str
    subject_id: int
    name: str
    warehouse_id: int
    was: date | None
    would: date | None
    units: int
    mode: str
    is_locked: bool

    @property
    def days(self) -> int:
        return (self.would - self.was).days if self.was and self.would else 0


class Moving(NamedTuple):
    """A connection's open shipments that would be expected on another day, with that day."""

    step: Step
    shipments: Sequence[tuple[Any, date]]

    @property
    def after(self) -> dict[int, date]:
        """Return the new days by the shipments' ids."""
        return {row.id: on for row, on in self.shipments}


def moving(steps: Sequence[Step]) -> list[Moving]:
    """Return what would be expected on another day: what all figures of dates start from."""
    found = [Moving(step, _differing(step)) for step in steps]
    return [one for one in found if one.shipments]


def moved(found: Moving) -> list[Move]:
    """Return the orders, and the shipments without one, that move. Two statements at most."""
    alone = [_alone(row, on) for row, on in found.shipments if row.order_id is None]
    linked = {row.order_id for row, _on in found.shipments if row.order_id is not None}
    return _ordered(linked, found.after) + alone


def _differing(step: Step) -> list[tuple[Any, date]]:
    changed = {name: step.changed(name) for name in _CAN_MOVE}
    places = {one for ids in changed.values() for one in ids}
    if not places:
        return []
    days = {one: [step.after.value(name, one) for name in _CAN_MOVE] for one in places}
    resting = [
        and_(Shipment.warehouse_id.in_(ids), _CAN_MOVE[name]) for name, ids in changed.items()
    ]
    zone = accounts.timezone()
    open_ones = lists.read(_FACTS.where(Shipment.is_open.is_(True), or_(*resting)))
    found = ((row, _expected(row, *days[row.warehouse_id], zone=zone)) for row in open_ones)
    return [(row, on) for row, on in found if on != row.expected_on]


def _expected(row: Any, pickup_delay: int, lead_time: int, *, zone: tzinfo) -> date:
    facts = expectations.facts(row)
    return dates.expected(
        facts, pickup_delay_days=pickup_delay, lead_time_days=lead_time, zone=zone
    )[0]


def _ordered(order_ids: set[int], after: dict[int, date]) -> list[Move]:
    """Return the moves of orders: the header's date is that of its last outstanding shipment."""
    if not order_ids:
        return []
    parts: dict[int, list[Any]] = defaultdict(list)
    for row in lists.read(_PARTS.where(among(OrderShipment.order_id, order_ids))):
        parts[row.order_id].append(row)
    moves = []
    for order in lists.read(_ORDERS.where(among(StockOrder.id, order_ids))):
        on = _header(parts[order.id], after)
        if on != order.expected_on:
            moves.append(_move(order, parts[order.id], on))
    return moves


def _header(rows: Sequence[Any], after: dict[int, date]) -> date | None:
    if len(rows) == 1:  # nearly all: the one shipment's day
        on: date | None = after.get(rows[0].id, rows[0].expected_on)
        return on
    parts = [
        orders.Part(
            status=row.status,
            expected_on=after.get(row.id, row.expected_on),
            expected_source="",
            lines={"": (row.units_outstanding, 0)},
        )
        for row in rows
    ]
    return orders.expected(parts)[0]


def _move(order: Any, rows: Sequence[Any], on: date | None) -> Move:
    modes = {row.mode for row in rows}
    return Move(
        kind=str(order.kind),
        subject_id=order.id,
        name=order.reference,
        warehouse_id=order.destination_id,
        was=order.expected_on,
        would=on,
        units=order.units_outstanding,
        mode=modes.pop() if len(modes) == 1 else "",
        is_locked=order.expected_source == "user",
    )


def _alone(row: Any, on: date) -> Move:
    return Move(
        kind="shipment",
        subject_id=row.id,
        name=row.amazon_shipment_id,
        warehouse_id=row.warehouse_id,
        was=row.expected_on,
        would=on,
        units=row.units_outstanding,
        mode=row.mode,
        is_locked=False,
    )
