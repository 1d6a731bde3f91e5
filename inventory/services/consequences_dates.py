"""What another pick-up delay or lead time would do to expected dates, by the rule of the dates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from extensions import db
from inventory.models import OrderShipment, Shipment, StockOrder
from inventory.rules import dates, orders, wording
from inventory.rules.consequences import Affected, Consequence, counted, plural
from inventory.services import accounts, expectations
from inventory.services.levels import Step

_FACTS: tuple[Any, ...] = (
    Shipment.id,
    Shipment.amazon_shipment_id,
    Shipment.warehouse_id,
    Shipment.is_open,
    Shipment.mode,
    Shipment.status,
    Shipment.pickup_at,
    Shipment.ready_to_ship_at,
    Shipment.window_end,
    Shipment.shipped_on,
    Shipment.first_seen_on,
    Shipment.expected_on,
    Shipment.units_outstanding,
    OrderShipment.order_id,
)
_ORDER: tuple[Any, ...] = (
    StockOrder.id,
    StockOrder.kind,
    StockOrder.reference,
    StockOrder.destination_id,
    StockOrder.expected_on,
    StockOrder.expected_source,
    StockOrder.units_outstanding,
)


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


def figures(steps: Sequence[Step]) -> list[Consequence]:
    """Return how many orders would be expected on another day, and which change is overdue."""
    moves = [move for step in steps for move in moved(step)]
    today = accounts.today()
    found = []
    ordered = [one for one in moves if one.kind != "shipment"]
    for rows, noun in ((ordered, "order"), ([m for m in moves if m not in ordered], "shipment")):
        moving = [one for one in rows if not one.is_locked]
        kept = _overdue(moving, today) + _locked(len(rows) - len(moving))
        if not rows:
            continue
        link = f"{_modes(moving)}{plural(len(moving), noun)}"
        suffix = "" if noun == "order" else " without an order"
        verb = "moves" if len(moving) == 1 else "move"
        sentence = f"{link}{suffix} {verb} {_far(moving)}"
        units = sum(one.units for one in moving)
        kind = "dates" if noun == "order" else "dates_shipments"
        found.append(Consequence(kind, len(moving), sentence, units, kept.strip(), link))
    return found


def rows(steps: Sequence[Step], kind: str) -> Iterable[Affected]:
    """Return the orders ("dates") or shipments ("dates_shipments") whose date would move."""
    for step in steps:
        for one in moved(step):
            if (one.kind == "shipment") != (kind == "dates_shipments"):
                continue
            was = wording.day(one.was, accounts.today()) if one.was else "none"
            would = wording.day(one.would, accounts.today()) if one.would else "none"
            if one.is_locked:
                would = f"{was}, set by hand: stays"
            place = step.before.name(one.warehouse_id)
            yield Affected(one.kind, one.subject_id, one.name, place, was, would, one.units)


def moved(step: Step) -> list[Move]:
    """Return what would be expected on another day. Three statements, whatever the number."""
    places = set(step.changed("pickup_delay_days")) | set(step.changed("lead_time_days"))
    if not places:
        return []
    days = {
        one: (
            step.after.value("pickup_delay_days", one),
            step.after.value("lead_time_days", one),
        )
        for one in places
    }
    where = [Shipment.is_open.is_(True), Shipment.warehouse_id.in_(places)]
    if not step.changed("lead_time_days"):
        where.append(Shipment.mode.in_(dates.FREIGHT))
    zone = accounts.timezone()
    after: dict[int, date] = {}
    alone = []
    order_ids = set()
    for row in db.session.execute(_facts(*where)):
        on = _expected(row, *days[row.warehouse_id], zone=zone)
        if on == row.expected_on:
            continue
        after[row.id] = on
        if row.order_id is None:
            alone.append(_alone(row, on))
        else:
            order_ids.add(row.order_id)
    return _ordered(order_ids, after) + alone


def _facts(*where: ColumnElement[bool]) -> Select[Any]:
    link = OrderShipment.shipment_id == Shipment.id
    return select(*_FACTS).outerjoin(OrderShipment, link).where(*where)


def _expected(row: Row[Any], pickup_delay: int, lead_time: int, *, zone: tzinfo) -> date:
    facts = expectations.facts(row)
    return dates.expected(
        facts, pickup_delay_days=pickup_delay, lead_time_days=lead_time, zone=zone
    )[0]


def _ordered(order_ids: set[int], after: dict[int, date]) -> list[Move]:
    """Return the moves of orders: the header's date is that of its last outstanding shipment."""
    if not order_ids:
        return []
    parts: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_facts(OrderShipment.order_id.in_(order_ids))):
        parts[row.order_id].append(row)
    found = select(*_ORDER).where(StockOrder.id.in_(order_ids))
    moves = []
    for order in db.session.execute(found.order_by(StockOrder.expected_on, StockOrder.id)):
        on = _header(parts[order.id], after)
        if on != order.expected_on:
            moves.append(_move(order, parts[order.id], on))
    return moves


def _header(rows: Sequence[Row[Any]], after: dict[int, date]) -> date | None:
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


def _move(order: Row[Any], rows: Sequence[Row[Any]], on: date | None) -> Move:
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


def _alone(row: Row[Any], on: date) -> Move:
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


def _modes(moves: Sequence[Move]) -> str:
    names = sorted({one.mode.removeprefix("FREIGHT_")[:3] for one in moves})
    return f"{' and '.join(names)} " if names and set(names) <= {"LTL", "FTL"} else ""


def _far(moves: Sequence[Move]) -> str:
    days = sorted({one.days for one in moves})
    if len(days) == 1 and days[0]:
        return f"{counted(abs(days[0]), 'day')} {'later' if days[0] > 0 else 'earlier'}"
    return "to another day"


def _overdue(moves: Sequence[Move], today: date) -> str:
    late = [(_late(one.was, one, today), _late(one.would, one, today)) for one in moves]
    stop, start = late.count((True, False)), late.count((False, True))
    told = [f"{stop:,} of them {plural_verb(stop, 'stop')} being overdue."] if stop else []
    told += [f"{start:,} of them {plural_verb(start, 'become')} overdue."] if start else []
    return " ".join(told)


def plural_verb(count: int, verb: str) -> str:
    """Return "stops" for one, "stop" for more."""
    return f"{verb}s" if count == 1 else verb


def _late(on: date | None, one: Move, today: date) -> bool:
    return on is not None and on < today and one.units > 0


def _locked(count: int) -> str:
    if not count:
        return ""
    return f" {count:,} locked by hand {'stays' if count == 1 else 'stay'}."
