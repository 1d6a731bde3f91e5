"""What the syncs find out about sendings: cancelled in Seller Central, found late, doubled."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    InboundPlan,
    OrderShipment,
    Sending,
    SendingState,
    StatusType,
    StockOrder,
)
from inventory.rules.sending import LOOKS, marker_in
from inventory.services import order_linking, sending_ends, sending_links, sending_rows
from inventory.services.sending_rows import CREATE

GONE = ("CANCELLED", "DELETED", "ABANDONED")
AT_REST = (SendingState.WAITING, SendingState.DONE)
CANCELED = "The plan was canceled in Seller Central."
CANCELED_HERE = "The plan at Amazon is canceled."
VOIDED = "Amazon has voided the plan while it was still being made."


def hear(connection_id: int, run_id: int | None) -> None:
    """Let the sendings of a connection follow what was read of plans and shipments.

    Cheap where nothing was sent. Flushes; the caller commits.
    """
    sendings = _open(connection_id)
    if not sendings:
        return
    plans = _plans(connection_id, sendings)
    for sending in sendings:
        plan = plans.get(sending.plan_id)
        if plan and plan.status == "VOIDED" and not _is_looked_for(sending):
            _end_voided(sending, run_id)
        elif sending.state == SendingState.UNCLEAR:
            _find(sending, connection_id)
        elif sending.state in AT_REST and not sending.call:
            if _is_gone(sending):
                sending_ends.end(sending, SendingState.CANCELED, CANCELED, run_id=run_id)
            else:
                _undouble(sending)
    db.session.flush()


def awaited_since(connection_id: int) -> datetime | None:
    """Return when the oldest sending began of which no shipment is at Amazon yet.

    Nothing but its plan's status can tell that such a plan was cancelled in Seller Central.
    """
    waiting = [one.created_at for one in _open(connection_id) if not sending_links.of_sending(one)]
    return min(waiting, default=None)


def _open(connection_id: int) -> list[Sending]:
    """Those whose order still expects something."""
    found = (
        sa.select(Sending)
        .join(StockOrder, StockOrder.id == Sending.order_id)
        .where(
            Sending.connection_id == connection_id,
            Sending.state.not_in(sending_ends.UNLOCKED),
            StockOrder.locked_at.is_not(None),
            StockOrder.status_type != StatusType.CLOSED,
        )
    )
    return list(db.session.scalars(found.order_by(Sending.id)))


def _plans(connection_id: int, sendings: Sequence[Sending]) -> dict[str, InboundPlan]:
    ids = [one.plan_id for one in sendings if one.plan_id]
    found = sa.select(InboundPlan).where(
        InboundPlan.connection_id == connection_id, InboundPlan.plan_id.in_(ids)
    )
    return {plan.plan_id: plan for plan in db.session.scalars(found)}


def _is_looked_for(sending: Sending) -> bool:
    """Whether the plan was found by its marker just now, and the job watches whether it holds."""
    return sending.call == CREATE and sending.state == SendingState.UNCLEAR


def _end_voided(sending: Sending, run_id: int | None) -> None:
    """The plan is no more, whatever is under way: an operation that never ends is not waited for.

    The job of a sending and the syncs take turns, so no call is in the air meanwhile.
    """
    if sending.call == CREATE:
        sending_ends.end(sending, SendingState.VOIDED, VOIDED, run_id=run_id)
    else:
        told = CANCELED_HERE if sending.cancel_asked_at else CANCELED
        sending_ends.end(sending, SendingState.CANCELED, told, run_id=run_id)


def _is_gone(sending: Sending) -> bool:
    rows = sending_links.of_sending(sending)
    known = {row.amazon_shipment_id for row in rows}
    wanted = {one.amazon_shipment_id for one in sending_rows.shipments(sending)}
    is_whole = bool(rows) and wanted - {""} <= known
    return is_whole and all(row.amazon_status in GONE for row in rows)


def _find(sending: Sending, connection_id: int) -> None:
    """A plan that turns up after the last look is looked at once more."""
    if sending.plan_id or sending.looks < len(LOOKS):
        return
    found = sa.select(InboundPlan.name).where(
        InboundPlan.connection_id == connection_id, InboundPlan.name.contains(sending.marker)
    )
    if any(marker_in(name) == sending.marker for name in db.session.scalars(found)):
        sending.looks = len(LOOKS) - 1
        sending_rows.queue(sending)


def _undouble(sending: Sending) -> None:
    """A shipment finished in Seller Central can get an order before we know whose it is."""
    ids = [row.id for row in sending_links.of_sending(sending)]
    made = (
        sa.select(StockOrder)
        .join(OrderShipment, OrderShipment.order_id == StockOrder.id)
        .where(OrderShipment.shipment_id.in_(ids), StockOrder.origin == "amazon")
    )
    for double in db.session.scalars(made).all():
        order_linking.merge(sending.order, double, user_id=None)
