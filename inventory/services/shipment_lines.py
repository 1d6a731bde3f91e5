"""Lines of shipments: what was shipped, and what Amazon has received and when we saw it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from amazon.types import PlanItem, ShipmentItem
from extensions import db
from inventory.models import Connection, Receipt, Shipment, ShipmentLine
from inventory.rules import flags, receipts
from inventory.rules.shipments import outstanding
from inventory.services import accounts, changes, expectations, listings
from inventory.services.shipments import Seen, by_amazon_id

CUT_FLAG = ("lines_cut",)
LOGGED_LINES = 20
#: Lines of a shipment that is over are read again so often, since Amazon corrects late.
REREAD_AFTER = timedelta(days=7)


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

    A changed received figure becomes a receipt of the difference, dated today, up or down.
    Two rows of one SKU in an answer are added up. A SKU without a listing gets one. Totals of
    the shipments follow. Nothing is taken as gone: see ``finish``. Flushes.
    """
    said = _by_shipment(items)
    rows = {row.id: row for row in by_amazon_id(connection_id, said).values()}
    known = lines_of(rows)
    found = _listings(connection_id, rows, known, said)
    result = LinesImported()
    pending: list[tuple[ShipmentLine, int]] = []
    for id_, row in rows.items():
        is_known = bool(known[id_])
        fields: dict[str, Any] = {}
        for item in said[row.amazon_shipment_id].values():
            line = known[id_].get(item.seller_sku)
            before = _figures(line) if line else None
            line = line or _new_line(row, item, found[item.seller_sku])
            units = receipts.delta(line.units_received, item.units_received)
            _set(line, item)
            known[id_][item.seller_sku] = line
            _count(result, before, line)
            fields |= _difference(before, line)
            if units:
                pending.append((line, units))
                row.last_activity_at = seen.at if is_known else row.last_activity_at
        result.skus[id_] = set(said[row.amazon_shipment_id])
        db.session.add_all(known[id_].values())
        _log(row, fields if is_known else {}, seen)
        total(row, known[id_].values())
    db.session.flush()
    _receive(pending, seen)
    return result


def finish(
    connection: Connection,
    skus: Mapping[int, Collection[str]],
    seen: Seen,
    *,
    cut: Collection[int] = (),
    refused: Collection[int] = (),
) -> None:
    """Note that these shipments were read whole: ``skus`` has all the lines Amazon shows.

    A line that is not among them is gone: nothing shipped, what was received stays. Shipments
    in ``cut`` were not shown whole, and are flagged; those in ``refused`` not at all: nothing
    of theirs is gone. Expected dates of open ones follow. Flushes.
    """
    rows = {row.id: row for row in by_id(skus)}
    known = lines_of(rows)
    for id_, row in rows.items():
        is_known = id_ in cut or id_ in refused
        row.flags = flags.replaced(row.flags, CUT_FLAG, CUT_FLAG if id_ in cut else ())
        missing = set() if is_known else _present(known[id_]) - set(skus[id_])
        fields: dict[str, Any] = {}
        for sku in missing:
            line = known[id_][sku]
            before = _figures(line)
            line.units_shipped, line.is_gone = 0, True
            fields |= _difference(before, line)
        _log(row, fields, seen)
        total(row, known[id_].values())
        if row.lines_read_at is None or _is_stale(row, seen):
            row.lines_read_at = seen.at
    expectations.recompute(connection, rows.values(), run_id=seen.run_id, cause="amazon")
    db.session.flush()


def incomplete(skus: Mapping[int, Collection[str]]) -> set[int]:
    """Return the shipments that have lines which this reading lacks: to be looked at alone."""
    known = lines_of(skus)
    return {id_ for id_, read in skus.items() if _present(known[id_]) - set(read)}


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


def _present(lines: Mapping[str, ShipmentLine]) -> set[str]:
    return {sku for sku, line in lines.items() if not line.is_gone}


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


def _is_stale(row: Shipment, seen: Seen) -> bool:
    """An open one is read at each sync anyway: writing the time would be a write for nothing."""
    assert row.lines_read_at is not None
    return not row.is_open and seen.at - row.lines_read_at >= REREAD_AFTER


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


def _figures(line: ShipmentLine) -> tuple[Any, ...]:
    return (
        line.units_shipped,
        line.units_received,
        line.fnsku,
        line.units_in_case,
        line.is_gone,
    )


def _count(result: LinesImported, before: tuple[Any, ...] | None, line: ShipmentLine) -> None:
    if before is None:
        result.created += 1
    elif before == _figures(line):
        result.unchanged += 1
    else:
        result.changed += 1


def _difference(before: tuple[Any, ...] | None, line: ShipmentLine) -> dict[str, Any]:
    shipped, received = before[:2] if before else (0, 0)
    pairs = {
        f"{line.seller_sku} shipped": [shipped, line.units_shipped],
        f"{line.seller_sku} received": [received, line.units_received],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _receive(pending: Sequence[tuple[ShipmentLine, int]], seen: Seen) -> None:
    today = accounts.today(seen.at)
    db.session.add_all(
        Receipt(
            line_id=line.id, received_on=today, units=units, seen_at=seen.at, run_id=seen.run_id
        )
        for line, units in pending
    )


def _log(row: Shipment, fields: Mapping[str, Sequence[int]], seen: Seen) -> None:
    if not fields:
        return
    received = sum(new - old for name, (old, new) in fields.items() if name.endswith(" received"))
    shipped = sum(new - old for name, (old, new) in fields.items() if name.endswith(" shipped"))
    parts = [
        f"{word} {units:+d} units"
        for word, units in (("Received", received), ("Shipped", shipped))
        if units
    ]
    changes.record(
        "shipment",
        row.id,
        ", ".join(parts) or "Lines changed",
        name=row.amazon_shipment_id,
        fields=dict(list(fields.items())[:LOGGED_LINES]),
        cause="amazon",
        run_id=seen.run_id,
    )
