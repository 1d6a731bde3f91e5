"""What is expected when: open shipments, and the seller's own orders that no shipment carries."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderShipment, Shipment, StatusType, StockOrder, Warehouse
from inventory.services import account_settings, accounts, changes

#: Of one answer: a calendar with more helps nobody.
MOST = 5000

_IS_ACTIVE = StockOrder.status_type == StatusType.ACTIVE


class Arrival(NamedTuple):
    """Units still to come on a day. ``kind`` is "shipment", "purchase" or "transfer".

    ``is_ordered`` says whether an open order brings them: until a shipment of Seller Central's
    leaves, none does. Only what is ordered and not ignored is on order.
    """

    on: date
    kind: str
    id: int
    name: str
    place: str
    units: int
    is_ignored: bool
    is_ordered: bool = True

    @property
    def counts(self) -> bool:
        return self.is_ordered and not self.is_ignored


def between(start: date, end: date) -> Sequence[Arrival]:
    """Return what is expected from ``start`` to ``end``, both included, by day. Two statements."""
    found = [*_shipments(start, end), *_orders(start, end)]
    return sorted(found, key=lambda one: (one.on, one.kind, one.name))[:MOST]


def undated() -> int:
    """Return how many open shipments and own orders with units to come have no expected date."""
    shipments = (
        sa.select(sa.func.count())
        .select_from(Shipment)
        .where(Shipment.is_open, Shipment.units_outstanding > 0, Shipment.expected_on.is_(None))
    )
    orders = (
        sa.select(sa.func.count())
        .select_from(StockOrder)
        .where(*_own(), StockOrder.expected_on.is_(None))
    )
    return (db.session.scalar(shipments) or 0) + (db.session.scalar(orders) or 0)


def make_feed(*, user_id: int | None) -> str:
    """Return a new secret for the calendar's address; one made before no longer opens it.

    Only its hash is kept. Logged; flushes.
    """
    account = account_settings.ensure()
    text = "Calendar feed renewed" if account.feed_hash else "Calendar feed made"
    secret = secrets.token_urlsafe(32)
    account.feed_hash = _hash(secret)
    changes.record("account", 1, text, user_id=user_id)
    db.session.flush()
    return secret


def end_feed(*, user_id: int | None) -> bool:
    """Let no address open the calendar any more; False when none did. Logged; flushes."""
    account = account_settings.ensure()
    if account.feed_hash is None:
        return False
    account.feed_hash = None
    changes.record("account", 1, "Calendar feed ended", user_id=user_id)
    db.session.flush()
    return True


def opens_feed(secret: str) -> bool:
    """Return whether ``secret`` is the one of the calendar's address."""
    kept = accounts.account().feed_hash
    return kept is not None and hmac.compare_digest(kept, _hash(secret))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _shipments(start: date, end: date) -> Sequence[Arrival]:
    rows: Iterable[Any] = db.session.execute(
        sa.select(
            Shipment.expected_on,
            sa.literal("shipment"),
            Shipment.id,
            Shipment.amazon_shipment_id,
            sa.func.coalesce(Warehouse.name, Shipment.destination_fc),
            Shipment.units_outstanding,
            Shipment.ignored_on.is_not(None),
            StockOrder.id.is_not(None),
        )
        .outerjoin(Warehouse, Warehouse.id == Shipment.warehouse_id)
        .outerjoin(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .outerjoin(StockOrder, sa.and_(StockOrder.id == OrderShipment.order_id, _IS_ACTIVE))
        .where(
            Shipment.is_open,
            Shipment.units_outstanding > 0,
            Shipment.expected_on.between(start, end),
        )
        .order_by(Shipment.expected_on, Shipment.id)
        .limit(MOST)
    )
    return [Arrival(*row) for row in rows]


def _orders(start: date, end: date) -> Sequence[Arrival]:
    rows: Iterable[Any] = db.session.execute(
        sa.select(
            StockOrder.expected_on,
            StockOrder.kind,
            StockOrder.id,
            StockOrder.reference,
            Warehouse.name,
            StockOrder.units_outstanding,
            sa.false(),
        )
        .join(Warehouse, Warehouse.id == StockOrder.destination_id)
        .where(*_own(), StockOrder.expected_on.between(start, end))
        .order_by(StockOrder.expected_on, StockOrder.id)
        .limit(MOST)
    )
    return [
        Arrival(on, str(kind), order_id, name, place, units, is_ignored=False)
        for on, kind, order_id, name, place, units, _ in rows
    ]


def _own() -> list[Any]:
    carried = sa.exists().where(OrderShipment.order_id == StockOrder.id)
    return [
        _IS_ACTIVE,
        StockOrder.units_outstanding > 0,
        sa.not_(carried),
    ]
