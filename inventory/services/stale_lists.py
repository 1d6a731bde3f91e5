"""Stale shipments as a list: overdue, ignored, short on closing, not picked up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderShipment, Shipment, StatusType, StockOrder
from inventory.services import lists, shipment_lists, stale_details
from inventory.services.shipment_lists import SHORT, ShipmentFilter
from inventory.services.stale_cases import EXPECTED_ON
from inventory.services.stale_details import Stale

VIEWS = ("all", "overdue", "ignored", "short", "unpicked")
#: Closed short longer ago than this is history: see /shipments?view=short.
SHORT_FOR_DAYS = 180
CHUNK = 500

#: Still to come; of what is closed, what never came.
AT_STAKE = sa.case(
    (Shipment.is_open, Shipment.units_outstanding),
    else_=Shipment.units_shipped - Shipment.units_received,
).label("at_stake")
DUE_ON = EXPECTED_ON.label("due_on")
ROWS = (
    sa.select(
        Shipment.id,
        Shipment.amazon_shipment_id,
        Shipment.name,
        Shipment.status,
        Shipment.is_open,
        Shipment.warehouse_id,
        Shipment.marketplace_id,
        Shipment.units_shipped,
        Shipment.units_received,
        Shipment.units_outstanding,
        Shipment.last_activity_at,
        Shipment.pickup_at,
        Shipment.ready_to_ship_at,
        Shipment.closed_on,
        Shipment.ignored_on,
        Shipment.ignore_pin,
        Shipment.note,
        AT_STAKE,
        DUE_ON,
        StockOrder.id.label("order_id"),
        StockOrder.kind,
        StockOrder.reference,
        StockOrder.currency,
    )
    .select_from(Shipment)
    .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
    .outerjoin(StockOrder, StockOrder.id == OrderShipment.order_id)
)
#: Name in the address -> (column, may be NULL).
SORTS: dict[str, tuple[Any, bool]] = {
    "expected": (DUE_ON, True),
    "shipment": (Shipment.amazon_shipment_id, False),
    "units": (AT_STAKE, False),
}


@dataclass(frozen=True, slots=True)
class StaleFilter:
    """Which of them. ``today`` is the account's date, ``midnight`` when it began."""

    today: date
    midnight: datetime
    view: str = "all"
    q: str = ""
    warehouse_id: int | None = None
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all that a filter lets through, in units."""

    count: int
    at_stake: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all stale shipments: view -> number, and the units that do not count as on order."""

    views: dict[str, int]
    ignored_units: int


def page(wanted: StaleFilter, sort: str, cursor: str) -> lists.Page:
    """Return one page; ``sort`` is a name of ``SORTS``, with "-" to turn it."""
    return lists.page(_rows(wanted), sorting(sort), cursor)


def totals(wanted: StaleFilter) -> Totals:
    """Count and add up what the filter lets through. One statement."""
    found = _rows(wanted).with_only_columns(AT_STAKE).subquery()
    row = db.session.execute(sa.select(sa.func.count(), sa.func.sum(found.c.at_stake))).one()
    return Totals(row[0], int(row[1] or 0))


def values(wanted: StaleFilter) -> list[tuple[str, Any]]:
    """Return what is at stake as (currency, amount), where costs are known. One statement."""
    return stale_details.value_totals(_rows(wanted).with_only_columns(Shipment.id))


def counts(wanted: StaleFilter) -> Counts:
    """Count each view, whatever else is filtered. One statement."""
    columns = lists.counts(_view(name, wanted.today, wanted.midnight) for name in VIEWS)
    units = sa.func.sum(
        sa.case((Shipment.ignored_on.is_not(None), Shipment.units_outstanding), else_=0)
    )
    *numbers, ignored = db.session.execute(ROWS.with_only_columns(*columns, units)).one()
    return Counts(dict(zip(VIEWS, numbers, strict=True)), int(ignored or 0))


def everything(wanted: StaleFilter, sort: str, now: datetime) -> Iterator[Stale]:
    """Yield all that the filter lets through, with its details: for the file."""
    chunk: list[Any] = []
    for row in lists.everything(_rows(wanted), sorting(sort)):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from stale_details.describe(chunk, wanted.today, now)
            chunk = []
    if chunk:
        yield from stale_details.describe(chunk, wanted.today, now)


@lru_cache(maxsize=32)
def sorting(name: str) -> lists.Sort:
    """Return the sort of an address ("expected", "-units"); unknown names give the first."""
    column, nullable = SORTS.get(name.lstrip("-"), SORTS["expected"])
    return lists.Sort(column, (Shipment.id,), nullable, name.startswith("-"))


@lru_cache(maxsize=64)
def _rows(wanted: StaleFilter) -> lists.Statement:
    narrowed = ShipmentFilter(
        today=wanted.today,
        view="all",
        q=wanted.q,
        warehouse_id=wanted.warehouse_id,
        connection_id=wanted.connection_id,
    )
    return ROWS.where(
        *_view(wanted.view, wanted.today, wanted.midnight), *shipment_lists.conditions(narrowed)
    )


def _view(name: str, today: date, begun: datetime) -> list[Any]:
    closed_since = date.fromordinal(today.toordinal() - SHORT_FOR_DAYS)
    # What was closed at the first reading has no day of that: it had come by when it was expected.
    ended_on = sa.func.coalesce(Shipment.closed_on, Shipment.expected_on, Shipment.first_seen_on)
    picked_up_by = sa.func.coalesce(Shipment.pickup_at, Shipment.ready_to_ship_at)
    known: dict[str, list[Any]] = {
        "overdue": [
            Shipment.is_open,
            Shipment.units_outstanding > 0,
            Shipment.ignored_on.is_(None),
            today > EXPECTED_ON,
            StockOrder.status_type == StatusType.ACTIVE,
        ],
        "ignored": [Shipment.ignored_on.is_not(None)],
        "short": [SHORT, ended_on >= closed_since],
        "unpicked": [Shipment.status == "READY_TO_SHIP", picked_up_by < begun],
    }
    if name in known:
        return known[name]
    return [sa.or_(*(sa.and_(*one) for one in known.values()))]
