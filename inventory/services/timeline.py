"""What happened to an order or a shipment, in the words of the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import Change

SHORT = 20
LONG = 500


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest acts, newest first; ``has_more``: older ones were left out."""

    changes: Sequence[Change]
    has_more: bool


def of(order_ids: Sequence[int], shipment_ids: Sequence[int], *, limit: int = SHORT) -> Timeline:
    """Return the acts on orders and shipments together. One statement, users included."""
    subjects: list[Any] = [
        sa.and_(Change.subject_kind == kind, Change.subject_id.in_(ids))
        for kind, ids in (("order", order_ids), ("shipment", shipment_ids))
        if ids
    ]
    if not subjects:
        return Timeline([], False)
    found = db.session.scalars(
        sa.select(Change)
        .where(sa.or_(*subjects))
        .options(joinedload(Change.user))
        .order_by(Change.id.desc())
        .limit(limit + 1)
    ).all()
    return Timeline(found[:limit], len(found) > limit)
