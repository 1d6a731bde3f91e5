"""Purchase and transfer orders as lists: narrowed, sorted, counted, and as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Listing,
    OrderKind,
    OrderLine,
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
    Warehouse,
)
from inventory.services import lists

VIEWS = ("open", "overdue", "ignored", "attention", "drafts", "closed", "canceled", "all")
#: Literal, as in the partial index: a bound value would hide the match from the planner.
FLAGGED = sa.text("stock_order.flags != ''")
IGNORED = sa.text("stock_order.units_ignored > 0")

COLUMNS = (
    StockOrder.id,
    StockOrder.reference,
    StockOrder.extra_reference,
    StockOrder.status,
    StockOrder.status_type,
    StockOrder.flags,
    StockOrder.source_missing,
    StockOrder.destination_id,
    StockOrder.source_id,
    StockOrder.vendor_id,
    StockOrder.created_on,
    StockOrder.expected_on,
    StockOrder.expected_source,
    StockOrder.units_ordered,
    StockOrder.units_received,
    StockOrder.units_outstanding,
    StockOrder.units_ignored,
    StockOrder.ignored_on,
    StockOrder.shipping_handling,
    StockOrder.shipping_handling_source,
    StockOrder.currency,
)
ROWS = sa.select(*COLUMNS)
SHIPMENTS = (
    sa.select(
        OrderShipment.order_id,
        Shipment.amazon_shipment_id,
        Shipment.status,
        Shipment.pickup_at,
        Shipment.ready_to_ship_at,
        Shipment.shipped_on,
        Shipment.first_seen_on,
        Shipment.expected_on,
    )
    .join(Shipment, Shipment.id == OrderShipment.shipment_id)
    .where(OrderShipment.order_id.in_(sa.bindparam("orders", expanding=True)))
    .order_by(Shipment.id)
)
#: Name in the address -> (column, may be NULL).
SORTS: dict[str, tuple[Any, bool]] = {
    "expected": (StockOrder.expected_on, True),
    "reference": (StockOrder.reference, False),
    "outstanding": (StockOrder.units_outstanding, False),
}


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders. ``today`` is the account's date; blank and ``None`` mean any."""

    kind: OrderKind
    today: date
    view: str = "open"
    q: str = ""
    status_type: str = ""
    destination_id: int | None = None
    source_id: int | None = None
    vendor_id: int | None = None
    connection_id: int | None = None
    expected_from: date | None = None
    expected_to: date | None = None
    flag: str = ""
    sku: str = ""  # exactly


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all orders that a filter lets through. ``fees`` is (currency, amount), by currency."""

    count: int
    ordered: int
    received: int
    outstanding: int
    #: Of the outstanding.
    ignored: int
    fees: tuple[tuple[str, Any], ...]


def page(wanted: OrderFilter, sort: str, cursor: str) -> lists.Page:
    """Return one page of the orders; ``sort`` is a name of ``SORTS``, with "-" to turn it."""
    return lists.page(_rows(wanted), sorting(sort), cursor)


def totals(wanted: OrderFilter) -> Totals:
    """Count and add up what the filter lets through. One statement, over all of it."""
    total = sa.func.sum
    rows = db.session.execute(
        sa.select(
            StockOrder.currency,
            sa.func.count(),
            total(StockOrder.units_ordered),
            total(StockOrder.units_received),
            total(StockOrder.units_outstanding),
            total(StockOrder.units_ignored),
            sa.type_coerce(
                total(sa.type_coerce(StockOrder.shipping_handling, sa.BigInteger)),
                StockOrder.shipping_handling.type,
            ),
        )
        .where(*conditions(wanted))
        .group_by(StockOrder.currency)
        .order_by(StockOrder.currency)
    ).all()
    sums = [sum(int(row[at]) for row in rows) for at in range(1, 6)]
    fees = tuple((row[0], row[6]) for row in rows if row[6] is not None)
    return Totals(sums[0], sums[1], sums[2], sums[3], sums[4], fees)


def view_counts(kind: OrderKind, today: date) -> dict[str, int]:
    """Return view -> number of its orders. One statement, over all orders."""
    columns = lists.counts(_view(name, today) for name in VIEWS)
    row = db.session.execute(sa.select(*columns).where(StockOrder.kind == kind)).one()
    return dict(zip(VIEWS, row, strict=True))


def shipments_of(order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return order id -> its shipments' facts that a list shows. One statement."""
    rows = lists.read(SHIPMENTS, orders=order_ids)
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


@lru_cache(maxsize=32)
def sorting(name: str) -> lists.Sort:
    """Return the sort of an address ("expected", "-expected"); unknown names give the first."""
    column, nullable = SORTS.get(name.lstrip("-"), SORTS["expected"])
    return lists.Sort(column, (StockOrder.id,), nullable, name.startswith("-"))


def conditions(wanted: OrderFilter) -> list[Any]:
    """Return what a row must fulfil, for the ``where`` of a statement over stock_order."""
    found: list[Any] = [StockOrder.kind == wanted.kind, *_view(wanted.view, wanted.today)]
    if wanted.status_type in set(StatusType):
        found.append(StockOrder.status_type == StatusType(wanted.status_type))
    if wanted.destination_id is not None:
        found.append(StockOrder.destination_id == wanted.destination_id)
    if wanted.source_id is not None:
        found.append(StockOrder.source_id == wanted.source_id)
    if wanted.vendor_id is not None:
        found.append(StockOrder.vendor_id == wanted.vendor_id)
    if wanted.connection_id is not None:
        mine = sa.select(Warehouse.id).where(Warehouse.connection_id == wanted.connection_id)
        found.append(StockOrder.destination_id.in_(mine))
    found += lists.between(StockOrder.expected_on, wanted.expected_from, wanted.expected_to)
    if wanted.flag == "source_missing":
        found.append(StockOrder.source_missing)
    elif wanted.flag:
        found += [FLAGGED, lists.matches(wanted.flag, StockOrder.flags)]
    if wanted.sku:
        found.append(_has(Listing.seller_sku == wanted.sku))
    if wanted.q:
        found.append(_search(wanted.q))
    return found


@lru_cache(maxsize=256)
def _rows(wanted: OrderFilter) -> lists.Statement:
    return ROWS.where(*conditions(wanted))


def _view(name: str, today: date) -> list[Any]:
    active = StockOrder.status_type == StatusType.ACTIVE
    known: dict[str, list[Any]] = {
        "open": [active],
        "overdue": [
            active,
            StockOrder.expected_on < today,
            StockOrder.units_outstanding > StockOrder.units_ignored,
        ],
        "ignored": [active, IGNORED],
        "attention": [FLAGGED],
        "drafts": [StockOrder.status_type == StatusType.DRAFT],
        "closed": [StockOrder.status_type == StatusType.CLOSED],
        "canceled": [StockOrder.status_type == StatusType.CANCELED],
    }
    return known.get(name, [])


def _has(listing: Any) -> Any:
    """Return the condition that a line is of such a listing."""
    listings = sa.select(Listing.id).where(listing)
    lines = sa.select(OrderLine.order_id).where(OrderLine.listing_id.in_(listings))
    return StockOrder.id.in_(lines)


def _search(text: str) -> Any:
    links = (
        sa.select(OrderShipment.order_id)
        .join(Shipment, Shipment.id == OrderShipment.shipment_id)
        .where(lists.begins(text, Shipment.amazon_shipment_id))
    )
    return sa.or_(
        lists.begins(text, StockOrder.reference),
        lists.matches(text, StockOrder.extra_reference),
        _has(lists.begins(text, Listing.seller_sku, Listing.asin, Listing.fnsku)),
        StockOrder.id.in_(links),
    )
