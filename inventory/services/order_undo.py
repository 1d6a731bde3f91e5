"""Undoes acts on orders: a new act with the old value, refused where the field moved on since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from extensions import db
from inventory.models import Change, StatusType, StockOrder, Variant, Vendor, Warehouse
from inventory.services import (
    accounts,
    changes,
    lookalikes,
    order_edits,
    order_facts,
    order_saving,
    vendors,
)

#: What a change must tell of, and nothing else, to be undone here.
UNDOABLE: Mapping[str, frozenset[str]] = {
    "order": frozenset({"vendor", "status", "type"}),
    "variant": frozenset({"unit cost", "cost currency"}),
}
#: Columns of an order that name a row which may be gone.
NAMED = {"vendor_id": Vendor, "source_id": Warehouse, "destination_id": Warehouse}
GONE, MOVED = "The order is gone.", "It was changed since."


@dataclass(frozen=True, slots=True)
class Undone:
    """How many rows are as before, and sentences on those that are not."""

    count: int
    refused: Sequence[str] = ()


def is_undoable(change: Any) -> bool:
    """Return whether an act of a person's on an order or a variant has an inverse here.

    ``change`` has ``subject_kind``, ``cause``, ``fields`` (by name), ``inverse``, ``undoes_id``.
    """
    allowed = UNDOABLE.get(change.subject_kind, frozenset())
    names = set(change.fields)
    is_known = bool(names) and names <= allowed
    return change.cause == "person" and (bool(change.inverse) or is_known)


def undo(change_ids: Sequence[int], *, user_id: int | None) -> Undone:
    """Undo these acts, each as an act of its own in one batch. Flushes; the caller commits.

    One whose field was changed since, or that was undone before, is refused with a sentence.
    """
    found = sa.select(Change).where(Change.id.in_(list(change_ids))).order_by(Change.id.desc())
    done, refused, batch = 0, [], str(uuid4())
    for change in db.session.scalars(found).all():
        why = _undo(change, user_id, batch)
        done += not why
        refused += [f"{change.subject_name}: {why}"] if why else []
    db.session.flush()
    return Undone(done, refused)


def of_batch(batch: str) -> list[int]:
    """Return the ids of a bulk act's changes that are undone here."""
    found = sa.select(Change).where(Change.batch == batch, Change.undoes_id.is_(None))
    return [change.id for change in db.session.scalars(found) if is_undoable(change)]


def undone_ids(change_ids: Sequence[int]) -> set[int]:
    """Return those of ``change_ids`` that were undone. One statement."""
    found = sa.select(Change.undoes_id).where(Change.undoes_id.in_(list(change_ids)))
    return {one for one in db.session.scalars(found) if one is not None}


def _undo(change: Change, user_id: int | None, batch: str) -> str:
    """Undo one act; return why not, "" when it is done."""
    if not is_undoable(change):
        return "This cannot be undone."
    if undone_ids([change.id]):
        return "It was undone already."
    if "lines" in change.inverse:
        return _undo_edit(change, user_id)
    act = _undo_order if change.subject_kind == "order" else _undo_variant
    if "not alike" in change.inverse:
        act = _undo_dismissal
    if why := act(change):
        return why
    record = changes.record(
        change.subject_kind,
        change.subject_id,
        f"Undone: {change.summary}",
        name=change.subject_name,
        fields={name: [new, old] for name, (old, new) in change.fields.items()},
        user_id=user_id,
    )
    record.undoes_id, record.batch = change.id, batch
    return ""


def _undo_edit(change: Change, user_id: int | None) -> str:
    """Write header and lines back as they were, as one edit of its own."""
    order = _order(change)
    if order is None:
        return GONE
    known = order_facts.lines_of(order.id)
    header, lines = change.inverse["header"], change.inverse["lines"]
    if order_edits.has_moved(header, order_edits.header_of(order)):
        return MOVED
    if order_edits.has_moved(lines, order_edits.lines_of(known)):
        return MOVED
    if order_saving.owned_by_amazon(order) and not order_edits.is_peoples(change.inverse):
        return "Its shipments decide about that now."
    old = {"expected_on": order_edits.typed_date(order)}
    old |= {name: order_edits.read(name, pair[0]) for name, pair in header.items()}
    for name, kind in NAMED.items():
        if old.get(name) is not None and db.session.get(kind, old[name]) is None:
            return f"Its {kind.__name__.lower()} of then is gone."
    wanted = order_edits.lines_of(known) | {sku: pair[0] for sku, pair in lines.items()}
    back = [_line(sku, *one) for sku, one in wanted.items() if one is not None]
    try:
        with db.session.begin_nested():
            order_saving.save(order, old, back, version=None, user_id=user_id, undoes=change)
    except order_saving.LinesReceived:
        return "Units of its lines were received since."
    except order_saving.ReferenceTaken:
        return "Another order has its reference of then."
    return ""


def _undo_dismissal(change: Change) -> str:
    order = _order(change)
    if order is None:
        return GONE
    lookalikes.offer_again(order, *change.inverse["not alike"])
    return ""


def _line(
    sku: str, listing_id: int, units: int, cost: str | None, tax: str | None, case: int | None
) -> order_saving.Line:
    cost_of_then = None if cost is None else order_facts.number(cost)
    tax_of_then = None if tax is None else order_facts.number(tax)
    return order_saving.Line(sku, listing_id, units, cost_of_then, tax_of_then, case)


def _order(change: Change) -> StockOrder | None:
    return db.session.get(StockOrder, change.subject_id) if change.subject_id else None


def _undo_order(change: Change) -> str:
    order = _order(change)
    if order is None:
        return GONE
    now = order_facts.facts(order) | {"type": order.status_type.value}
    if any(now[name] != new for name, (_, new) in change.fields.items()):
        return MOVED
    if "vendor" in change.fields:
        name = change.fields["vendor"][0]
        vendor = vendors.named(name) if name else None
        if name and vendor is None:
            return f"There is no vendor {name} any more."
        order.vendor = vendor
    order_saving.claim(order, None)
    if "status" in change.fields:
        _back_to_status(order, change)
    return ""


def _back_to_status(order: StockOrder, change: Change) -> None:
    order.status = change.fields["status"][0]
    order.status_type = StatusType(change.fields["type"][0])
    if not order_saving.owned_by_amazon(order):
        is_over = order.status_type in (StatusType.CLOSED, StatusType.CANCELED)
        order.closed_on = (order.closed_on or accounts.today()) if is_over else None
        order_saving.recount(order, list(order_facts.lines_of(order.id).values()))
    lookalikes.look_around(order)


def _undo_variant(change: Change) -> str:
    variant = db.session.get(Variant, change.subject_id) if change.subject_id else None
    if variant is None:
        return "The variant is gone."
    old, new = change.fields["unit cost"]
    if order_facts.plain(variant.unit_cost) != new:
        return "Its cost was changed since."
    variant.unit_cost = None if old is None else order_facts.number(old)
    variant.cost_currency = change.fields.get("cost currency", [variant.cost_currency])[0] or ""
    return ""
