"""Sendings to Amazon that a person should look at: the home page names them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from extensions import db
from inventory.models import Sending, SendingState, StockOrder


def waiting() -> Sequence[Sending]:
    """Return those that wait for a person or are unclear, oldest first, with their orders.

    One statement.
    """
    return db.session.scalars(
        sa.select(Sending)
        .join(Sending.order)
        .options(contains_eager(Sending.order))
        .where(
            Sending.ended_at.is_(None),
            Sending.state.in_((SendingState.WAITING, SendingState.UNCLEAR)),
            StockOrder.locked_at.is_not(None),
        )
        .order_by(Sending.id)
    ).all()
