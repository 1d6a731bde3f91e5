"""Writes the orders of a checked file: many at once, each with its place in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from extensions import db
from inventory.models import Change, OrderKind, OrderLine, OrderReceipt, StatusType, StockOrder
from inventory.rules.order_lines import outstanding
from inventory.rules.order_sheets import SheetLine
from inventory.services import (
    accounts,
    inserts,
    lookalikes,
    order_dates,
    order_numbers,
    order_statuses,
    stock,
)
from inventory.services.listing_rows import chunks
from inventory.services.order_imports import Checked, Ready

#: How the log begins to tell of it.
BROUGHT = "Brought in from the file"


class ProblemsLeft(Exception):
    """The file has problems: nothing of it may be written."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file became: order id -> reference, in the order of the file."""

    references: dict[int, str]
    units: int
    #: By which it is undone.
    batch: str

    def __str__(self) -> str:
        count = len(self.references)
        orders = f"{count} order{'' if count == 1 else 's'}"
        return f"{orders} with {self.units:,} units brought in."


def bring(kind: OrderKind, checked: Checked, name: str, *, user_id: int) -> Brought:
    """Make the orders of the file called ``name``, and log each. Flushes; the caller commits.

    Units received before get a receipt of the day the order was created, and move no stock.
    Raises ``ProblemsLeft``.
    """
    if checked.problems:
        raise ProblemsLeft(name)
    rows = _orders(kind, checked.orders)
    inserts.insert(StockOrder, rows)
    _number(kind, rows)
    inserts.insert(OrderLine, _lines(zip(rows, checked.orders, strict=True)))
    batch = str(uuid4())
    common = {"user_id": user_id, "batch": batch, "summary": f"{BROUGHT} {name}"[:500]}
    inserts.insert(Change, [_change(row) | common for row in rows])
    _receive(rows, user_id, batch)
    stock.appear([row["id"] for row in rows])
    _look_around(rows)
    references = {row["id"]: row["reference"] for row in rows}
    return Brought(references, checked.units, batch)


def _number(kind: OrderKind, rows: Sequence[dict[str, Any]]) -> None:
    """Let the rows just stored know their ids."""
    ids: dict[tuple[str, int], int] = {}
    for some in chunks([row["reference"] for row in rows]):
        found = sa.select(StockOrder.reference, StockOrder.destination_id, StockOrder.id).where(
            StockOrder.kind == kind, StockOrder.reference.in_(some)
        )
        ids |= {(name, place): order_id for name, place, order_id in db.session.execute(found)}
    for row in rows:
        row["id"] = ids[row["reference"], row["destination_id"]]


def _receive(rows: Sequence[dict[str, Any]], user_id: int, batch: str) -> None:
    """Give units received before their receipts, so that these add up to what was received."""
    today = accounts.today()
    days = {row["id"]: min(row["created_on"], today) for row in rows}
    common = {"user_id": user_id, "seen_at": accounts.now(), "batch": batch, "is_opening": True}
    for some in chunks([row["id"] for row in rows if row["units_received"]]):
        received = sa.select(OrderLine.id, OrderLine.order_id, OrderLine.units_received).where(
            OrderLine.order_id.in_(some), OrderLine.units_received > 0
        )
        found = db.session.execute(received).all()
        inserts.insert(
            OrderReceipt,
            [
                common | {"line_id": line_id, "received_on": days[order_id], "units": units}
                for line_id, order_id, units in found
            ],
        )


def _look_around(rows: Sequence[dict[str, Any]]) -> None:
    """Offer the new orders to those that were made for the same goods' shipments."""
    made_for = sa.select(StockOrder).where(
        StockOrder.origin == "amazon",
        StockOrder.status_type == StatusType.ACTIVE,
        StockOrder.destination_id.in_({row["destination_id"] for row in rows}),
        StockOrder.line_count.in_({row["line_count"] for row in rows}),
    )
    lookalikes.look(db.session.scalars(made_for).all())
    db.session.flush()


def _orders(kind: OrderKind, found: Sequence[Ready]) -> list[dict[str, Any]]:
    types, account, today = order_statuses.types(), accounts.account(), accounts.today()
    given = {one.order.reference for one in found}
    rows = []
    for one in found:
        status = one.order.said.get("status") or account.default_status
        status_type = types.get(status, StatusType.ACTIVE)
        row = _order(one, status_type, today, account.currency) | {"kind": kind, "status": status}
        while row["reference"] == "":
            next_one = order_numbers.next_reference(kind)
            row["reference"] = "" if next_one in given else next_one
        rows.append(row)
    return rows


def _order(ready: Ready, status_type: StatusType, today: date, currency: str) -> dict[str, Any]:
    said, place, vendor = ready.order.said, ready.destination, ready.vendor
    assert place is not None
    of_vendor = vendor.currency if vendor else ""
    created_on, on, lines = said.get("created") or today, said.get("expected"), ready.order.lines
    return {
        "reference": ready.order.reference,
        "origin": "local",
        "status_type": status_type,
        "destination_id": place.id,
        "vendor_id": vendor.id if vendor else None,
        "source_id": ready.source.id if ready.source else None,
        "currency": said.get("currency") or of_vendor or place.currency or currency,
        "notes": said.get("notes", ""),
        "payment_terms": vendor.payment_terms if vendor else "",
        "created_on": created_on,
        "created_at": accounts.now(),
        "closed_on": today if status_type == StatusType.CLOSED else None,
        "expected_on": on or order_dates.due(created_on, vendor, place).on,
        "expected_source": "user" if on else order_dates.LEAD_TIME,
        "line_count": len(lines),
        "units_ordered": ready.order.units,
        "units_received": sum(line.received for line in lines),
        "units_outstanding": sum(_outstanding(line, status_type) for line in lines),
    }


def _lines(pairs: Iterable[tuple[dict[str, Any], Ready]]) -> Iterable[dict[str, Any]]:
    for row, ready in pairs:
        is_same_currency = ready.vendor and ready.vendor.currency == row["currency"]
        for line in ready.order.lines:
            found = (ready.found or {})[line.sku]
            known = found.unit_cost if is_same_currency else None
            yield {
                "order_id": row["id"],
                "listing_id": found.listing_id,
                "seller_sku": line.sku,
                "units_ordered": line.units,
                "units_received": line.received,
                "units_outstanding": _outstanding(line, row["status_type"]),
                "unit_cost": known if line.unit_cost is None else line.unit_cost,
                "tax_rate": line.tax_rate,
                "units_per_case": line.units_per_case or found.units_per_case,
            }


def _outstanding(line: SheetLine, status_type: StatusType) -> int:
    is_active = status_type == StatusType.ACTIVE
    return outstanding(line.units, line.received, is_active=is_active)


def _change(row: dict[str, Any]) -> dict[str, Any]:
    units = {name: row[f"units_{name}"] for name in ("ordered", "received")}
    return {
        "at": row["created_at"],
        "cause": "person",
        "subject_kind": "order",
        "subject_id": row["id"],
        "subject_name": row["reference"],
        "fields": {name: [None, count] for name, count in units.items() if count},
    }
