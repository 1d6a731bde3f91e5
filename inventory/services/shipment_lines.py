"""Lines of shipments: what was shipped, and what Amazon has received and when we saw it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from amazon.types import PlanItem, ShipmentItem
from extensions import db
from inventory.models import Receipt, Shipment, ShipmentLine
from inventory.rules import receipts
from inventory.rules.shipments import outstanding
from inventory.services import accounts, listings
from inventory.services.line_changes import difference, figures, log
from inventory.services.shipments import Seen, by_amazon_id


@dataclass(slots=True)
class LinesImported:
    """Lines by what happened to them; ``skus``: shipment (our id) -> the SKUs read."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skus: dict[int, set[str]] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


def import_lines(connection_id: int, items: Iterable[ShipmentItem], seen: Seen) -> LinesImported:
    """Store lines as Amazon gives them; lines of shipments we do not know are passed over.

    A changed received figure becomes a receipt of the difference, dated today, up or down;
    what a shipment's first reading finds already received, an opening receipt.
    Two rows of one SKU in an answer are added up. A SKU without a listing gets one. Totals of
    the shipments follow. Nothing is taken as gone: see ``finish``. Flushes.
    """
    said = _by_shipment(items)
    rows = {row.id: row for row in by_amazon_id(connection_id, said).values()}
    known = lines_of(rows)
    found = _listings(connection_id, rows, known, said)
    work = _Work(found, seen)
    for id_, row in rows.items():
        _import(row, said[row.amazon_shipment_id], known[id_], work)
    db.session.flush()
    db.session.bulk_save_objects(work.new)
    _receive(work.receipts, seen)
    return work.result


def import_planned(shipment_id: int, items: Iterable[PlanItem], seen: Seen) -> None:
    """Store what a plan says was shipped; it knows nothing of what was received. Flushes.

    For shipments with more lines than Amazon's version v0 shows. A SKU may come several
    times, once per expiry date.
    """
    row = db.session.get_one(Shipment, shipment_id)
    known = lines_of([shipment_id])[shipment_id]
    units: dict[str, int] = defaultdict(int)
    fnskus: dict[str, str] = {}
    for item in items:
        units[item.seller_sku] += item.quantity
        fnskus[item.seller_sku] = item.fnsku
    said = [
        ShipmentItem(
            shipment_id=row.amazon_shipment_id,
            seller_sku=sku,
            fnsku=fnskus[sku],
            units_shipped=shipped,
            units_received=known[sku].units_received if sku in known else 0,
            units_in_case=known[sku].units_in_case if sku in known else None,
        )
        for sku, shipped in units.items()
    ]
    import_lines(row.connection_id, said, seen)


def by_id(ids: Iterable[int]) -> Sequence[Shipment]:
    """Return shipments by our ids, in one select."""
    return db.session.scalars(select(Shipment).where(Shipment.id.in_(list(ids)))).all()


def lines_of(ids: Iterable[int]) -> dict[int, dict[str, ShipmentLine]]:
    """Return shipment -> SKU -> line, in one select; a shipment without lines is there too."""
    wanted = list(ids)
    found: dict[int, dict[str, ShipmentLine]] = {id_: {} for id_ in wanted}
    rows = select(ShipmentLine).where(ShipmentLine.shipment_id.in_(wanted))
    for line in db.session.scalars(rows.order_by(ShipmentLine.id)):
        found[line.shipment_id][line.seller_sku] = line
    return found


def total(row: Shipment, lines: Iterable[ShipmentLine]) -> None:
    """Set the sums kept on the shipment."""
    known = list(lines)
    row.line_count = sum(not line.is_gone for line in known)
    row.units_shipped = sum(line.units_shipped for line in known)
    row.units_received = sum(line.units_received for line in known)
    row.units_outstanding = sum(
        outstanding(row.status, line.units_shipped, line.units_received) for line in known
    )


@dataclass(slots=True)
class _Work:
    """A page on its way: ``listings`` by SKU, ``receipts`` (units, is opening) by (shipment,
    SKU)."""

    listings: Mapping[str, int]
    seen: Seen
    result: LinesImported = field(default_factory=LinesImported)
    new: list[ShipmentLine] = field(default_factory=list)
    receipts: dict[tuple[int, str], tuple[int, bool]] = field(default_factory=dict)


def _import(
    row: Shipment,
    said: Mapping[str, ShipmentItem],
    known: dict[str, ShipmentLine],
    work: _Work,
) -> None:
    fields: dict[str, Any] = {}
    for sku, item in said.items():
        line = known.get(sku)
        before = figures(line) if line else None
        if line is None:
            line = known[sku] = _new_line(row, item, work.listings[sku])
            work.new.append(line)
        units = receipts.delta(line.units_received, item.units_received)
        _set(line, item)
        _count(work.result, before, line)
        # A first reading, of several pages perhaps, is no change and no activity.
        is_change = before is not None or row.lines_read_at is not None
        fields |= difference(before, line) if is_change else {}
        if units:
            work.receipts[row.id, sku] = units, not is_change
            row.last_activity_at = work.seen.at if is_change else row.last_activity_at
    work.result.skus[row.id] = set(said)
    log(row, fields, work.seen)
    total(row, known.values())


def _by_shipment(items: Iterable[ShipmentItem]) -> dict[str, dict[str, ShipmentItem]]:
    said: dict[str, dict[str, ShipmentItem]] = defaultdict(dict)
    for item in items:
        lines = said[item.shipment_id]
        before = lines.get(item.seller_sku)
        lines[item.seller_sku] = _added(before, item) if before else item
    return said


def _added(one: ShipmentItem, other: ShipmentItem) -> ShipmentItem:
    return ShipmentItem(
        shipment_id=one.shipment_id,
        seller_sku=one.seller_sku,
        fnsku=one.fnsku or other.fnsku,
        units_shipped=one.units_shipped + other.units_shipped,
        units_received=one.units_received + other.units_received,
        units_in_case=one.units_in_case,
    )


def _listings(
    connection_id: int,
    rows: Mapping[int, Shipment],
    known: Mapping[int, Mapping[str, ShipmentLine]],
    said: Mapping[str, Mapping[str, ShipmentItem]],
) -> dict[str, int]:
    new = {
        sku: item.fnsku
        for id_, row in rows.items()
        for sku, item in said[row.amazon_shipment_id].items()
        if sku not in known[id_]
    }
    return listings.ensure(connection_id, new) if new else {}


def _new_line(row: Shipment, item: ShipmentItem, listing_id: int) -> ShipmentLine:
    return ShipmentLine(
        shipment_id=row.id,
        listing_id=listing_id,
        seller_sku=item.seller_sku,
        units_shipped=0,
        units_received=0,
        is_gone=False,
    )


def _set(line: ShipmentLine, item: ShipmentItem) -> None:
    line.fnsku = item.fnsku[:20]
    line.units_shipped = max(0, item.units_shipped)
    line.units_received = receipts.total(item.units_received)
    line.units_in_case = item.units_in_case
    line.is_gone = False


def _count(result: LinesImported, before: tuple[Any, ...] | None, line: ShipmentLine) -> None:
    if before is None:
        result.created += 1
    elif before == figures(line):
        result.unchanged += 1
    else:
        result.changed += 1


def _receive(pending: Mapping[tuple[int, str], tuple[int, bool]], seen: Seen) -> None:
    if not pending:
        return
    today = accounts.today(seen.at)
    lines = lines_of({shipment_id for shipment_id, _sku in pending})
    db.session.bulk_save_objects(
        Receipt(
            line_id=lines[shipment_id][sku].id,
            received_on=today,
            units=units,
            is_opening=is_opening,
            seen_at=seen.at,
            run_id=seen.run_id,
        )
        for (shipment_id, sku), (units, is_opening) in pending.items()
    )
