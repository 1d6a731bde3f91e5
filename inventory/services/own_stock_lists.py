"""What an own warehouse holds, as a list, and its ledger: each change, by whom and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    StockEntry,
    StockLevel,
    StockOrder,
    User,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts, departures, lists, stock_lists
from inventory.services.stock_lists import StockFilter

CAUSES = ("form", "file", "receipt", "shipment", "undo")
ROWS = sa.select(
    StockLevel.warehouse_id, StockLevel.listing_id, StockLevel.seller_sku, StockLevel.fulfillable
)
WHO = sa.func.coalesce(sa.func.nullif(User.name, ""), User.email)
_last = (
    sa.select(sa.func.max(StockEntry.id))
    .where(
        StockEntry.warehouse_id == StockLevel.warehouse_id,
        StockEntry.listing_id == StockLevel.listing_id,
    )
    .correlate(StockLevel)
    .scalar_subquery()
)
#: The newest entry of some listings in one warehouse.
LAST = (
    sa.select(
        StockEntry.listing_id,
        StockEntry.at,
        WHO.label("who"),
        StockEntry.cause,
        StockEntry.reason,
    )
    .select_from(StockLevel)
    .join(StockEntry, StockEntry.id == _last)
    .outerjoin(User, User.id == StockEntry.user_id)
    .where(
        StockLevel.warehouse_id == sa.bindparam("warehouse"),
        StockLevel.listing_id.in_(sa.bindparam("listings", expanding=True)),
    )
)
ENTRIES = (
    sa.select(
        StockEntry.id,
        StockEntry.at,
        StockEntry.listing_id,
        Listing.seller_sku,
        Listing.title,
        StockEntry.units_before,
        StockEntry.units_after,
        StockEntry.cause,
        StockEntry.reason,
        StockEntry.batch,
        WHO.label("who"),
        StockEntry.order_id,
        StockOrder.reference,
        StockOrder.kind,
    )
    .join(Listing, Listing.id == StockEntry.listing_id)
    .outerjoin(User, User.id == StockEntry.user_id)
    .outerjoin(StockOrder, StockOrder.id == StockEntry.order_id)
)
NEWEST = lists.Sort(StockEntry.id, (), descending=True)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries of a warehouse; blank and ``None`` mean any. Days in the account's zone."""

    warehouse_id: int
    q: str = ""
    cause: str = ""
    user_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all that is filtered: SKUs listed, and their units."""

    count: int
    units: int


def find(warehouse_id: int) -> Warehouse | None:
    """Return the own warehouse; ``None`` when there is none of this id."""
    found = db.session.get(Warehouse, warehouse_id)
    return found if found and found.kind == WarehouseKind.OWN else None


def page(warehouse_id: int, q: str, sort: str, cursor: str) -> lists.Page:
    """Return one page of what is held; ``sort`` is "sku" or "units", with "-" to turn it."""
    return lists.page(_rows(warehouse_id, q), sorting(sort), cursor)


def last_changes(warehouse_id: int, listing_ids: Sequence[int]) -> dict[int, Any]:
    """Return listing -> its newest entry (at, who, cause, reason). One statement."""
    found = lists.read(LAST, warehouse=warehouse_id, listings=listing_ids)
    return {row.listing_id: row for row in found}


def titles(listing_ids: Sequence[int]) -> dict[int, str]:
    """Return listing -> title."""
    return stock_lists.titles(listing_ids) if listing_ids else {}


def totals(warehouse_id: int, q: str) -> Totals:
    """Count and add up what is filtered. One statement."""
    counted = sa.select(
        sa.func.count(StockLevel.listing_id), sa.func.sum(StockLevel.fulfillable)
    ).where(*_conditions(warehouse_id, q))
    count, units = db.session.execute(counted).one()
    return Totals(count, int(units or 0))


def for_file(warehouse_id: int, q: str, sort: str) -> tuple[lists.Statement, lists.Sort]:
    """Return the statement of all that is filtered, with its last changes, and its order."""
    statement = (
        sa.select(
            *ROWS.selected_columns,
            Listing.title,
            Listing.channel,
            Connection.name.label("connection"),
            StockEntry.at,
            WHO.label("who"),
            StockEntry.reason,
            departures.CLAIMED_OF_ROW.label("claimed"),
        )
        .join(Listing, Listing.id == StockLevel.listing_id)
        .join(Connection, Connection.id == Listing.connection_id)
        .outerjoin(StockEntry, StockEntry.id == _last)
        .outerjoin(User, User.id == StockEntry.user_id)
        .where(*_conditions(warehouse_id, q))
    )
    return statement, sorting(sort)


@lru_cache(maxsize=8)
def sorting(name: str) -> lists.Sort:
    """Return the sort of an address; unknown names give the SKU."""
    by_units = name.lstrip("-") == "units"
    column = StockLevel.fulfillable if by_units else StockLevel.seller_sku
    return lists.Sort(column, (StockLevel.listing_id,), descending=name.startswith("-"))


def ledger(wanted: LedgerFilter, cursor: str) -> lists.Page:
    """Return one page of the ledger, newest first."""
    return lists.page(ENTRIES.where(*_of_ledger(wanted)), NEWEST, cursor)


def ledger_export(wanted: LedgerFilter) -> Iterator[tuple[Any, ...]]:
    """Yield at, SKU, title, before, after, change, who, cause, reason, order and batch."""
    for row in lists.everything(ENTRIES.where(*_of_ledger(wanted)), NEWEST):
        yield (
            row.at.isoformat(timespec="seconds"),
            row.seller_sku,
            row.title,
            row.units_before,
            row.units_after,
            row.units_after - row.units_before,
            row.who,
            row.cause,
            row.reason,
            row.reference,
            row.batch,
        )


def people() -> list[tuple[int, str]]:
    """Return the users who may stand in a ledger, by name."""
    return [(row[0], row[1]) for row in lists.read(sa.select(User.id, WHO).order_by(WHO))]


def last_batch(warehouse_id: int, batch: str) -> Any:
    """Return when, by whom, by what a batch came, and how many SKUs it changed."""
    return db.session.execute(
        sa.select(
            sa.func.max(StockEntry.at, type_=StockEntry.at.type).label("at"),
            sa.func.max(WHO).label("who"),
            sa.func.max(StockEntry.cause).label("cause"),
            sa.func.count().label("skus"),
        )
        .outerjoin(User, User.id == StockEntry.user_id)
        .where(StockEntry.warehouse_id == warehouse_id, StockEntry.batch == batch)
    ).one()


@lru_cache(maxsize=64)
def _rows(warehouse_id: int, q: str) -> lists.Statement:
    return ROWS.where(*_conditions(warehouse_id, q))


def _conditions(warehouse_id: int, q: str) -> list[Any]:
    return stock_lists.conditions(StockFilter(q=q, warehouse_id=warehouse_id))


def _of_ledger(wanted: LedgerFilter) -> list[Any]:
    found: list[Any] = [StockEntry.warehouse_id == wanted.warehouse_id]
    if wanted.q:
        codes = lists.begins(wanted.q, Listing.seller_sku, Listing.asin, Listing.fnsku)
        words = lists.matches(wanted.q, Listing.title, StockEntry.reason)
        found.append(sa.or_(codes, words))
    if wanted.cause in CAUSES:
        found.append(StockEntry.cause == wanted.cause)
    if wanted.user_id is not None:
        found.append(StockEntry.user_id == wanted.user_id)
    if wanted.since:
        found.append(StockEntry.at >= _midnight(wanted.since))
    if wanted.until:
        found.append(StockEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), accounts.timezone())
