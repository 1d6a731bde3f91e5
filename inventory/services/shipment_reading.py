"""Which shipments, and whose lines, a sync still has to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from extensions import db
from inventory.models import Listing, Shipment, ShipmentLine, SyncKind
from inventory.rules import flags, reading
from inventory.services import accounts, syncs
from inventory.services.line_readings import REREAD_AFTER

#: How long after its end a shipment may still be corrected.
LATE = timedelta(days=60)
UNKNOWN_FLAG = ("unknown_sku",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shipment whose lines are to be read. ``line_count`` None: never read."""

    id: int
    amazon_id: str
    line_count: int | None
    plan_id: str
    plan_shipment_id: str


@dataclass(frozen=True, slots=True)
class ToRead:
    """The shipments whose lines are wanted, and the lines of all shipments there are."""

    wanted: dict[str, Wanted]
    every_count: list[int | None]


def lines_to_read(connection_id: int, at: datetime, *, full: bool) -> ToRead:
    """Return what is wanted: all open ones, since receiving units is no change to Amazon; what
    was never read or has changed; and once a week what was over lately (``full``: whatever is
    in Amazon's history).
    """
    found = select(
        Shipment.id,
        Shipment.amazon_shipment_id,
        Shipment.line_count,
        Shipment.lines_read_at,
        Shipment.plan_id,
        Shipment.plan_shipment_id,
        _is_wanted(at, full=full).label("wanted"),
    ).where(Shipment.connection_id == connection_id)
    rows = db.session.execute(found.order_by(Shipment.id)).all()
    wanted = {
        row.amazon_shipment_id: Wanted(
            row.id,
            row.amazon_shipment_id,
            _count(row.line_count, row.lines_read_at),
            row.plan_id,
            row.plan_shipment_id,
        )
        for row in rows
        if row.wanted
    }
    return ToRead(wanted, [_count(row.line_count, row.lines_read_at) for row in rows])


def one_to_read(connection_id: int, amazon_id: str) -> ToRead:
    """Return one shipment as all that is wanted; nothing when it is not known."""
    row = db.session.scalar(
        select(Shipment).where(
            Shipment.connection_id == connection_id, Shipment.amazon_shipment_id == amazon_id
        )
    )
    if row is None:
        return ToRead({}, [])
    one = Wanted(row.id, amazon_id, row.line_count, row.plan_id, row.plan_shipment_id)
    return ToRead({amazon_id: one}, [row.line_count])


def open_but_unseen(connection_id: int, seen: Collection[str]) -> list[str]:
    """Return the FBA ids of open shipments that Amazon's lists did not bring."""
    is_open = select(Shipment.amazon_shipment_id).where(
        Shipment.connection_id == connection_id, Shipment.is_open.is_(True)
    )
    return sorted(set(db.session.scalars(is_open)) - set(seen))


def count(connection_id: int, *, is_open: bool) -> int:
    """Return how many shipments are stored that are open, or over."""
    found = select(Shipment.id).where(
        Shipment.connection_id == connection_id, Shipment.is_open.is_(is_open)
    )
    return len(db.session.scalars(found).all())


def mark_unknown_skus(connection_id: int) -> list[int]:
    """Flag the shipments with a SKU the catalogue lacks; return the ids that changed. Flushes.

    Says nothing before the catalogue was read for the first time.
    """
    if syncs.read_at(connection_id, SyncKind.LISTINGS) is None:
        return []
    unknown = (
        select(ShipmentLine.shipment_id)
        .join(Listing, Listing.id == ShipmentLine.listing_id)
        .where(Listing.connection_id == connection_id, Listing.status == "unknown")
    )
    with_unknown = set(db.session.scalars(unknown))
    flagged = Shipment.flags.contains("unknown_sku")
    rows = db.session.scalars(
        select(Shipment).where(
            Shipment.connection_id == connection_id, or_(Shipment.id.in_(with_unknown), flagged)
        )
    ).all()
    changed = []
    for row in rows:
        words = UNKNOWN_FLAG if row.id in with_unknown else ()
        after = flags.replaced(row.flags, UNKNOWN_FLAG, words)
        if after != row.flags:
            row.flags = after
            changed.append(row.id)
    db.session.flush()
    return changed


def _count(line_count: int, read_at: datetime | None) -> int | None:
    return line_count if read_at or line_count else None


def _is_wanted(at: datetime, *, full: bool) -> ColumnElement[bool]:
    today = accounts.today(at)
    ended = Shipment.closed_on
    if full:
        again = or_(ended.is_(None), ended >= today - reading.HISTORY)
    else:
        again = and_(ended >= today - LATE, Shipment.lines_read_at <= at - REREAD_AFTER)
    return or_(Shipment.is_open.is_(True), Shipment.lines_read_at.is_(None), again)
