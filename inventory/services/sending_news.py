"""What the syncs find out about sendings: cancelled in Seller Central, found late, doubled."""

from collections.abc import Sequence

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

GONE = ("CANCELLED", "DELETED", "ABANDONED")
AT_REST = (SendingState.WAITING, SendingState.DONE)
CANCELED = "The plan was canceled in Seller Central."


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
        if sending.state == SendingState.UNCLEAR:
            _find(sending, connection_id)
        elif sending.state in AT_REST and not sending.call:
            if (plan and plan.status == "VOIDED") or _is_gone(sending):
                sending_ends.end(sending, SendingState.CANCELED, CANCELED, run_id=run_id)
            else:
                _undouble(sending)
    db.session.flush()


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
