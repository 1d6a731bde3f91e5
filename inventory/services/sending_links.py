"""Shipments of what was sent from here hang on its order, and never get one of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    OrderShipment,
    Sending,
    SendingShipment,
    SendingState,
    Shipment,
    ShipmentStatus,
    SyncKind,
)
from inventory.rules.sending import Route
from inventory.services import accounts, changes, syncs

#: Of these there is nothing at Amazon.
NOTHING = (SendingState.FAILED, SendingState.VOIDED, SendingState.CANCELED)
PLACING = "confirmPlacementOption"


@dataclass(slots=True)
class Linked:
    """Shipment -> order, of those linked now; ``held`` wait and get no order meanwhile."""

    orders: dict[int, int] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)


def live(connection_id: int) -> Sequence[Sending]:
    """Return the sendings of which there is, or may be, something at Amazon."""
    found = sa.select(Sending).where(
        Sending.connection_id == connection_id, Sending.state.not_in(NOTHING)
    )
    return db.session.scalars(found.order_by(Sending.id)).all()


def link(connection_id: int, rows: Sequence[Shipment]) -> Linked:
    """Link those of ``rows``, which have no order, that were sent from here. Flushes.

    All shipments of a placement at once, when the last of them is known with its lines: until
    then the order's own lines count.
    """
    linked = Linked()
    sendings = live(connection_id) if rows else ()
    if not sendings:
        return linked
    placed = _placed(connection_id)
    for sending in sendings:
        known = placed.get(sending.id, set())
        mine = [
            row
            for row in rows
            if row.amazon_shipment_id in known or (row.plan_id and row.plan_id == sending.plan_id)
        ]
        if mine:
            _link(sending, mine, known, linked)
    left = [row for row in rows if row.id not in linked.orders and row.id not in linked.held]
    linked.held |= _doubtful(connection_id, sendings, left)
    return linked


def of_sending(sending: Sending) -> list[Shipment]:
    """Return the shipments we know that came of a sending."""
    ids = sa.select(SendingShipment.amazon_shipment_id).where(
        SendingShipment.sending_id == sending.id, SendingShipment.amazon_shipment_id != ""
    )
    wanted: list[sa.ColumnElement[bool]] = [Shipment.amazon_shipment_id.in_(ids)]
    if sending.plan_id:
        wanted.append(Shipment.plan_id == sending.plan_id)
    found = sa.select(Shipment).where(
        Shipment.connection_id == sending.connection_id, sa.or_(*wanted)
    )
    return list(db.session.scalars(found.order_by(Shipment.id)))


def _link(sending: Sending, mine: Sequence[Shipment], known: set[str], linked: Linked) -> None:
    rows = of_sending(sending)
    is_whole = known <= {row.amazon_shipment_id for row in rows}
    if not is_whole or not all(row.lines_read_at for row in rows):
        linked.held |= {row.id for row in mine}
        return
    now = accounts.now()
    has_order = set(
        db.session.scalars(
            sa.select(OrderShipment.shipment_id).where(
                OrderShipment.shipment_id.in_([row.id for row in rows])
            )
        )
    )
    new = [row for row in rows if row.id not in has_order]
    db.session.add_all(
        OrderShipment(order_id=sending.order_id, shipment_id=row.id, linked_at=now) for row in new
    )
    linked.orders |= {row.id: sending.order_id for row in new}
    names = ", ".join(row.amazon_shipment_id for row in new)
    changes.record(
        "order",
        sending.order_id,
        f"Shipments of the plan linked: {names}",
        name=sending.order.reference,
        cause="amazon",
    )
    db.session.flush()


def _doubtful(
    connection_id: int, sendings: Sequence[Sending], rows: Sequence[Shipment]
) -> set[int]:
    """New shipments that may be those of a sending whose FBA ids we do not know yet."""
    waiting = [one for one in sendings if _may_bring_more(one)]
    if not waiting:
        return set()
    since = min(accounts.today(one.created_at) for one in waiting)
    new = [
        row
        for row in rows
        if not row.plan_id and row.first_seen_source == "sync" and row.first_seen_on >= since
    ]
    if not new:
        return set()
    if any(one.route != Route.PLAN_ONLY for one in waiting):
        return {row.id for row in new}
    return _unwalked(connection_id, new)


def _may_bring_more(sending: Sending) -> bool:
    if not sending.plan_id:
        return False
    if sending.route == Route.PLAN_ONLY:
        return True
    return sending.call == PLACING


def _unwalked(connection_id: int, rows: Sequence[Shipment]) -> set[int]:
    """The plans were not read since these were first seen: reading them tells whose they are."""
    read_at = syncs.read_at(connection_id, SyncKind.PLANS)
    found = (
        sa.select(ShipmentStatus.shipment_id)
        .where(ShipmentStatus.shipment_id.in_([row.id for row in rows]))
        .group_by(ShipmentStatus.shipment_id)
    )
    if read_at is not None:
        found = found.having(sa.func.min(ShipmentStatus.seen_at) > read_at)
    unwalked = set(db.session.scalars(found))
    if unwalked:
        syncs.request(connection_id, SyncKind.PLANS)
    return unwalked


def _placed(connection_id: int) -> dict[int, set[str]]:
    """Sending -> the FBA ids of its shipments. One statement."""
    found = (
        sa.select(SendingShipment.sending_id, SendingShipment.amazon_shipment_id)
        .join(Sending, Sending.id == SendingShipment.sending_id)
        .where(Sending.connection_id == connection_id, SendingShipment.amazon_shipment_id != "")
    )
    placed: dict[int, set[str]] = defaultdict(set)
    for sending_id, name in db.session.execute(found):
        placed[sending_id].add(name)
    return placed
