"""What a person should look at, and how things stand: the figures of the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Application,
    Connection,
    Leader,
    OrderKind,
    Receipt,
    Shipment,
    StatusType,
    StockOrder,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
    Warehouse,
)
from inventory.rules import flags
from inventory.services import accounts

#: A failed run older than this is history, not news.
NEWS = timedelta(days=7)
#: The leader writes each few seconds; after this it is not there.
LEADER_GONE_AFTER = timedelta(seconds=60)
#: How early an expiry is told.
SOON = timedelta(days=30)
ARRIVALS = 10
GUESS = "marketplace_guess"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the home page; ``*_since`` are of yesterday and today."""

    leader_seen_at: datetime | None
    overdue_purchases: int
    overdue_purchase_units: int
    overdue_transfers: int
    overdue_transfer_units: int
    source_missing: int
    received_since: int
    orders_since: int
    amazon_orders_since: int
    short_since: int
    short_units_since: int
    ignored_since: int
    ignored_units_since: int
    shipments: int


@dataclass(frozen=True, slots=True)
class Flagged:
    """Shipments that carry a flag: how many, and one of them to name."""

    flag: str
    count: int
    example_id: int
    example: str


def connections() -> Sequence[Connection]:
    """Return all connections by name."""
    return db.session.scalars(sa.select(Connection).order_by(Connection.name)).all()


def runs(now: datetime) -> list[SyncRun]:
    """Return runs under way, and failed ones of the last week that no success has followed."""
    failed = sa.and_(SyncRun.state == SyncState.FAILED, SyncRun.finished_at > now - NEWS)
    succeeded = (
        sa.select(SyncMark.connection_id)
        .where(
            SyncMark.connection_id == SyncRun.connection_id,
            SyncMark.kind == SyncRun.kind,
            SyncMark.read_at >= SyncRun.queued_at,
            SyncMark.scope != "full",
        )
        .exists()
    )
    under_way = SyncRun.state.in_((SyncState.QUEUED, SyncState.RUNNING))
    return list(
        db.session.scalars(
            sa.select(SyncRun)
            .where(sa.or_(under_way, sa.and_(failed, ~succeeded)))
            .order_by(SyncRun.id.desc())
            .limit(200)
        )
    )


def latest_failures(found: Sequence[SyncRun]) -> list[SyncRun]:
    """Return of the failed runs the newest of each connection and kind.

    Without sendings: each order says what became of its own.
    """
    latest: dict[tuple[int, SyncKind], SyncRun] = {}
    for run in found:
        if run.kind == SyncKind.SENDING:
            continue
        if run.state == SyncState.FAILED and run.id > getattr(latest.get(_key(run)), "id", 0):
            latest[_key(run)] = run
    return list(latest.values())


def expiring(today: date) -> Sequence[Application]:
    """Return applications whose client secret ends within 30 days, or has ended."""
    return db.session.scalars(
        sa.select(Application)
        .where(Application.secret_expires_on <= today + SOON)
        .order_by(Application.secret_expires_on)
    ).all()


def flagged() -> list[Flagged]:
    """Return each flag that shipments carry, with their number. One statement.

    Before a connection's plans were read once, its marketplaces are no guesses but not known.
    """
    plans_read = (
        sa.select(SyncMark.connection_id)
        .where(SyncMark.connection_id == Shipment.connection_id, SyncMark.kind == SyncKind.PLANS)
        .exists()
    )
    rows = db.session.execute(
        sa.select(
            Shipment.flags,
            plans_read,
            sa.func.count(),
            sa.func.max(Shipment.id),
            sa.func.max(Shipment.amazon_shipment_id),
        )
        .where(sa.text("shipment.flags != ''"), Shipment.is_open)
        .group_by(Shipment.flags, Shipment.connection_id)
    )
    found: dict[str, Flagged] = {}
    for text, is_settled, count, row_id, fba_id in rows:
        for name in {word.partition(":")[0] for word in flags.words(text)}:
            if name == GUESS and not is_settled:
                continue
            before = found.get(name)
            found[name] = Flagged(name, count + (before.count if before else 0), row_id, fba_id)
    return list(found.values())


def figures(today: date) -> Figures:
    """Return the counts of the home page. One statement."""
    any_kind = StockOrder.kind.in_(list(OrderKind))  # what the indexes begin with
    late = [
        StockOrder.status_type == StatusType.ACTIVE,
        StockOrder.expected_on < today,
        StockOrder.units_outstanding > StockOrder.units_ignored,
    ]
    bought, moved = ([StockOrder.kind == kind, *late] for kind in OrderKind)
    outstanding = sa.func.sum(StockOrder.units_outstanding - StockOrder.units_ignored)
    sourceless = [
        StockOrder.kind == OrderKind.PURCHASE,
        StockOrder.status_type == StatusType.ACTIVE,
        StockOrder.source_missing,
    ]
    since = today - timedelta(days=1)
    new = [any_kind, StockOrder.created_on >= since, StockOrder.status_type != StatusType.DRAFT]
    received = [Receipt.received_on >= since, Receipt.is_opening.is_(False)]
    row = db.session.execute(
        sa.select(
            sa.select(Leader.seen_at).where(Leader.id == 1).scalar_subquery(),
            _one(sa.func.count(), StockOrder, bought),
            _one(outstanding, StockOrder, bought),
            _one(sa.func.count(), StockOrder, moved),
            _one(outstanding, StockOrder, moved),
            _one(sa.func.count(), StockOrder, sourceless),
            _one(sa.func.sum(Receipt.units), Receipt, received),
            _one(sa.func.count(), StockOrder, new),
            _one(sa.func.count(), StockOrder, [*new, StockOrder.origin == "amazon"]),
            *_shipments_since(since),
            sa.select(sa.exists().where(Shipment.id > 0)).scalar_subquery(),
        )
    ).one()
    return Figures(row[0], *(int(one or 0) for one in row[1:]))


def leader_seen_at() -> datetime | None:
    """Return when the process that runs the timetable was last seen."""
    return db.session.scalar(sa.select(Leader.seen_at).where(Leader.id == 1))


def is_led(seen_at: datetime | None) -> bool:
    """Return whether some process runs the timetable."""
    return seen_at is not None and accounts.now() - seen_at <= LEADER_GONE_AFTER


def arriving(today: date, days: int = 7) -> Sequence[Any]:
    """Return active orders expected within ``days``, soonest first, with their destination."""
    return db.session.execute(
        sa.select(StockOrder, Warehouse.name)
        .join(Warehouse, Warehouse.id == StockOrder.destination_id)
        .where(
            StockOrder.kind.in_(list(OrderKind)),
            StockOrder.status_type == StatusType.ACTIVE,
            StockOrder.expected_on >= today,
            StockOrder.expected_on < today + timedelta(days=days),
            StockOrder.units_outstanding > StockOrder.units_ignored,
        )
        .order_by(StockOrder.expected_on, StockOrder.id)
        .limit(ARRIVALS + 1)
    ).all()


def _key(run: SyncRun) -> tuple[int, SyncKind]:
    return run.connection_id, run.kind


def _shipments_since(since: date) -> list[Any]:
    """Closed short and ignored since: number and units of each."""
    short = [
        Shipment.closed_on >= since,
        sa.text("shipment.status = 'CLOSED' AND shipment.units_received < shipment.units_shipped"),
    ]
    ignored = [Shipment.ignored_on >= since, Shipment.ignored_on.is_not(None)]
    missing = sa.func.sum(Shipment.units_shipped - Shipment.units_received)
    return [
        _one(sa.func.count(), Shipment, short),
        _one(missing, Shipment, short),
        _one(sa.func.count(), Shipment, ignored),
        _one(sa.func.sum(Shipment.units_outstanding), Shipment, ignored),
    ]


def _one(figure: Any, table: Any, where: list[Any]) -> Any:
    return sa.select(figure).select_from(table).where(*where).scalar_subquery()
