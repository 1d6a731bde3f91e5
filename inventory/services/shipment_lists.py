"""Inbound shipments as lists: narrowed, sorted, counted, and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Listing,
    OrderShipment,
    Shipment,
    ShipmentLine,
    StockOrder,
    Warehouse,
)
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.shipments import ORDER, PREPARING
from inventory.services import accounts, lists

VIEWS = ("open", "preparing", "receiving", "overdue", "ignored", "attention", "short", "all")
#: Literal, as in the partial indexes: a bound value would hide the match from the planner.
FLAGGED = sa.text("shipment.flags != ''")
SHORT = sa.text("shipment.status = 'CLOSED' AND shipment.units_received < shipment.units_shipped")

#: Stands in an address for shipments to which Amazon gave no status.
NO_STATUS = "none"
#: What can be narrowed by: the known course, Amazon's rarer words, and no word. A list of our own:
#: asking which occur would look at every shipment.
STATUSES = (*ORDER, "CREATING", "ERROR", "MIXED", NO_STATUS)

COLUMNS = (
    Shipment.id,
    Shipment.amazon_shipment_id,
    Shipment.name,
    Shipment.amazon_status,
    Shipment.status,
    Shipment.is_open,
    Shipment.flags,
    Shipment.destination_fc,
    Shipment.warehouse_id,
    Shipment.marketplace_source,
    Shipment.mode,
    Shipment.solution,
    Shipment.pickup_at,
    Shipment.ready_to_ship_at,
    Shipment.shipped_on,
    Shipment.first_seen_on,
    Shipment.expected_on,
    Shipment.expected_source,
    Shipment.units_shipped,
    Shipment.units_received,
    Shipment.units_outstanding,
    Shipment.ignored_on,
)
ROWS = sa.select(*COLUMNS)
ORDERS = (
    sa.select(
        OrderShipment.shipment_id,
        OrderShipment.linked_at,
        StockOrder.id,
        StockOrder.kind,
        StockOrder.reference,
    )
    .join(StockOrder, StockOrder.id == OrderShipment.order_id)
    .where(OrderShipment.shipment_id.in_(sa.bindparam("shipments", expanding=True)))
)
#: Name in the address -> (column, may be NULL).
SORTS: dict[str, tuple[Any, bool]] = {
    "expected": (Shipment.expected_on, True),
    "shipment": (Shipment.amazon_shipment_id, False),
    "outstanding": (Shipment.units_outstanding, False),
}


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    """Which shipments. ``today`` is the account's date; blank and ``None`` mean any."""

    today: date
    view: str = "open"
    q: str = ""
    status: str = ""
    warehouse_id: int | None = None
    connection_id: int | None = None
    expected_from: date | None = None
    expected_to: date | None = None
    flag: str = ""
    sku: str = ""  # exactly


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all shipments that a filter lets through, in units."""

    count: int
    shipped: int
    received: int
    outstanding: int
    #: Of the outstanding.
    ignored: int


def page(wanted: ShipmentFilter, sort: str, cursor: str) -> lists.Page:
    """Return one page; ``sort`` is a name of ``SORTS``, with "-" to turn it."""
    return lists.page(_rows(wanted), sorting(sort), cursor)


def totals(wanted: ShipmentFilter) -> Totals:
    """Count and add up what the filter lets through. One statement, over all of it."""
    total = sa.func.sum
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            total(Shipment.units_shipped),
            total(Shipment.units_received),
            total(Shipment.units_outstanding),
            total(sa.case((Shipment.ignored_on.is_not(None), Shipment.units_outstanding), else_=0)),
        )
        .select_from(Shipment)
        .where(*conditions(wanted))
    ).one()
    return Totals(*(int(figure or 0) for figure in row))


def view_counts(today: date) -> dict[str, int]:
    """Return view -> number of its shipments. One statement, over all shipments."""
    columns = lists.counts(_view(name, today) for name in VIEWS)
    row = db.session.execute(sa.select(*columns).select_from(Shipment)).one()
    return dict(zip(VIEWS, row, strict=True))


def orders_of(shipment_ids: Sequence[int]) -> dict[int, Any]:
    """Return shipment id -> its order (id, kind, reference, linked_at). One statement."""
    return {row.shipment_id: row for row in lists.read(ORDERS, shipments=shipment_ids)}


def export(wanted: ShipmentFilter, sort: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file, in its order, for all that the filter lets through."""
    zone = accounts.timezone()
    statement = (
        sa.select(
            Shipment,
            Warehouse.name.label("warehouse"),
            StockOrder.reference.label("order"),
        )
        .outerjoin(Warehouse, Warehouse.id == Shipment.warehouse_id)
        .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .outerjoin(StockOrder, StockOrder.id == OrderShipment.order_id)
        .where(*conditions(wanted))
    )
    for shipment, warehouse, order in lists.everything(statement, sorting(sort)):
        yield (
            shipment.amazon_shipment_id,
            shipment.name,
            shipment.amazon_status,
            shipment.destination_fc,
            shipment.destination_country or _country(shipment.marketplace_id),
            warehouse,
            shipment.mode,
            shipment.solution,
            _day(shipment.pickup_at, zone),
            shipment.expected_on,
            shipment.units_shipped,
            shipment.units_received,
            shipment.fee,
            shipment.fee_currency if shipment.fee is not None else None,
            order,
            shipment.units_outstanding,
            shipment.expected_source,
            shipment.units_outstanding if shipment.ignored_on else 0,
        )


@lru_cache(maxsize=32)
def sorting(name: str) -> lists.Sort:
    """Return the sort of an address ("expected", "-expected"); unknown names give the first."""
    column, nullable = SORTS.get(name.lstrip("-"), SORTS["expected"])
    return lists.Sort(column, (Shipment.id,), nullable, name.startswith("-"))


def conditions(wanted: ShipmentFilter) -> list[Any]:
    """Return what a row must fulfil, for the ``where`` of a statement over shipment."""
    found: list[Any] = _view(wanted.view, wanted.today)
    if wanted.status:
        status = "" if wanted.status == NO_STATUS else wanted.status
        found.append(Shipment.amazon_status == status)
    if wanted.warehouse_id is not None:
        found.append(Shipment.warehouse_id == wanted.warehouse_id)
    if wanted.connection_id is not None:
        found.append(Shipment.connection_id == wanted.connection_id)
    found += lists.between(Shipment.expected_on, wanted.expected_from, wanted.expected_to)
    if wanted.flag:
        found += [FLAGGED, lists.matches(wanted.flag, Shipment.flags)]
    if wanted.sku:
        found.append(_has(Listing.seller_sku == wanted.sku))
    if wanted.q:
        found.append(_search(wanted.q))
    return found


@lru_cache(maxsize=256)
def _rows(wanted: ShipmentFilter) -> lists.Statement:
    return ROWS.where(*conditions(wanted))


def _view(name: str, today: date) -> list[Any]:
    late = Shipment.expected_on < today
    known: dict[str, list[Any]] = {
        "open": [Shipment.is_open],
        "preparing": [Shipment.is_open, Shipment.status.in_(PREPARING)],
        "receiving": [Shipment.status == "RECEIVING"],
        "overdue": [
            Shipment.is_open,
            late,
            Shipment.units_outstanding > 0,
            Shipment.ignored_on.is_(None),
        ],
        "ignored": [Shipment.ignored_on.is_not(None)],
        "attention": [FLAGGED],
        "short": [SHORT],
    }
    return known.get(name, [])


def _has(listing: Any) -> Any:
    """Return the condition that a line is of such a listing."""
    listings = sa.select(Listing.id).where(listing)
    lines = sa.select(ShipmentLine.shipment_id).where(ShipmentLine.listing_id.in_(listings))
    return Shipment.id.in_(lines)


def _search(text: str) -> Any:
    return sa.or_(
        lists.begins(text, Shipment.amazon_shipment_id, Shipment.destination_fc),
        lists.matches(text, Shipment.name),
        _has(lists.begins(text, Listing.seller_sku, Listing.asin, Listing.fnsku)),
    )


def _country(marketplace_id: str) -> str:
    found = MARKETPLACES.get(marketplace_id)
    return found.country if found else ""


def _day(at: datetime | None, zone: Any) -> date | None:
    return at.astimezone(zone).date() if at else None
