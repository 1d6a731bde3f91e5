"""How a sending ends, and what that means for its order."""

import sqlalchemy as sa

from extensions import db
from inventory.models import OrderShipment, Sending, SendingState
from inventory.services import accounts, changes, order_linking

#: There is nothing of the order at Amazon: it is the seller's again.
UNLOCKED = (SendingState.FAILED, SendingState.VOIDED, SendingState.CANCELED)


def end(sending: Sending, state: SendingState, message: str, *, run_id: int | None = None) -> None:
    """End a sending with a sentence. One that came to nothing unlocks its order. Flushes."""
    sending.state, sending.message = state, message[:500]
    sending.call, sending.operation_id, sending.called_at = "", "", None
    sending.ended_at = accounts.now()
    order = sending.order
    if state in UNLOCKED:
        order.locked_at = None
        linked = sa.select(OrderShipment).where(OrderShipment.order_id == order.id)
        rows = db.session.scalars(linked).all()
        for row in rows:
            db.session.delete(row)
        if rows:
            db.session.flush()
            order_linking.back_to_its_lines(order)
    changes.record(
        "order",
        order.id,
        f"Sending to Amazon: {message}"[:500],
        name=order.reference,
        cause="amazon" if run_id else "person",
        run_id=run_id,
    )
    db.session.flush()
