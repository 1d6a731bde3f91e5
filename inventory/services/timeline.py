"""What happened to an order or a shipment, in the words of the audit log."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import Change, Shipment, ShipmentStatus
from inventory.rules import wording
from inventory.services import accounts, history, order_undo
from inventory.services.history import Entry

SHORT = 20
LONG = 500


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest acts, newest first; ``has_more``: older ones were left out.

    ``undoable`` are the ids of those that a person may take back.
    """

    entries: Sequence[Entry]
    has_more: bool
    undoable: Set[int] = frozenset()


def of_order(order_id: int, shipment_ids: Sequence[int], *, limit: int = SHORT) -> Timeline:
    """Return the acts on an order and its shipments together. One statement, users included.

    What a run found about a shipment is left out where the order says the same.
    """
    found = _acts({"order": [order_id], "shipment": shipment_ids}, limit + 1)
    undoable = {one.id for one in found if order_undo.is_undoable(one) and not one.undoes_id}
    if undoable:
        undoable -= order_undo.undone_ids(list(undoable))
    return Timeline(_once(history.entries(found[:limit])), len(found) > limit, undoable)


def of_shipment(
    shipment: Shipment, first: ShipmentStatus | None, order: Any, *, limit: int = SHORT
) -> Timeline:
    """Return the acts on a shipment, the first how it became known. One statement.

    ``first`` is the first word of Amazon's, ``order`` a row of ``shipment_lists.orders_of``.
    """
    found = _acts({"shipment": [shipment.id]}, limit + 1)
    acts = history.entries(found[:limit])
    has_more = len(found) > limit
    begun = [] if order is None else [_became(shipment, order)]
    begun += [] if first is None else [_first_seen(shipment, first)]
    shown = [one for one in begun if not has_more or one.at >= acts[-1].at]
    return Timeline(sorted([*acts, *shown], key=lambda one: one.at, reverse=True), has_more)


def _acts(subjects: dict[str, Sequence[int]], limit: int) -> Sequence[Change]:
    wanted: list[Any] = [
        sa.and_(Change.subject_kind == kind, Change.subject_id.in_(ids))
        for kind, ids in subjects.items()
        if ids
    ]
    return db.session.scalars(
        sa.select(Change)
        .where(sa.or_(*wanted))
        .options(joinedload(Change.user))
        .order_by(Change.id.desc())
        .limit(limit)
    ).all()


def _once(entries: Sequence[Entry]) -> list[Entry]:
    said: dict[int | None, set[str]] = defaultdict(set)
    for one in entries:
        if one.subject_kind == "order":
            said[one.run_id].update(one.summary.split("; "))
    return [
        one
        for one in entries
        if one.subject_kind == "order"
        or one.run_id is None
        or not said[one.run_id].issuperset(one.summary.split("; "))
    ]


def _became(shipment: Shipment, order: Any) -> Entry:
    return _entry(shipment, order.linked_at, f"Became {order.reference} ({order.kind} order)")


def _first_seen(shipment: Shipment, first: ShipmentStatus) -> Entry:
    today, seen_on = accounts.today(), accounts.today(first.seen_at)
    text = f"First seen {wording.day(seen_on, today)} as {wording.status(first.amazon_status)}"
    if shipment.first_seen_on != seen_on:
        text += f", made about {wording.day(shipment.first_seen_on, today)}"
    return _entry(shipment, first.seen_at, text, first.run_id)


def _entry(shipment: Shipment, at: datetime, text: str, run_id: int | None = None) -> Entry:
    return Entry(
        id=0,
        at=at,
        who="Amazon",
        cause="amazon",
        subject_kind="shipment",
        subject_id=shipment.id,
        subject_name=shipment.amazon_shipment_id,
        summary=text,
        fields=(),
        run_id=run_id,
    )
