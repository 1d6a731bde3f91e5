"""What follows when all lines of a shipment were read: gone lines, totals, dates."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from extensions import db
from inventory.models import Connection, Shipment, ShipmentLine
from inventory.rules import flags
from inventory.services import expectations
from inventory.services.line_changes import difference, figures, log
from inventory.services.shipment_lines import by_id, lines_of, total
from inventory.services.shipments import Seen

CUT_FLAG = ("lines_cut",)
#: Lines of a shipment that is over are read again so often, since Amazon corrects late.
REREAD_AFTER = timedelta(days=7)


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
            before = figures(line)
            line.units_shipped, line.is_gone = 0, True
            fields |= difference(before, line)
        log(row, fields, seen)
        total(row, known[id_].values())
        if row.lines_read_at is None or _is_stale(row, seen):
            row.lines_read_at = seen.at
    expectations.recompute(connection, rows.values(), run_id=seen.run_id, cause="amazon")
    db.session.flush()


def incomplete(skus: Mapping[int, Collection[str]]) -> set[int]:
    """Return the shipments that have lines which this reading lacks: to be looked at alone."""
    known = lines_of(skus)
    return {id_ for id_, read in skus.items() if _present(known[id_]) - set(read)}


def _present(lines: Mapping[str, ShipmentLine]) -> set[str]:
    return {sku for sku, line in lines.items() if not line.is_gone}


def _is_stale(row: Shipment, seen: Seen) -> bool:
    """An open one is read at each sync anyway: writing the time would be a write for nothing."""
    assert row.lines_read_at is not None
    return not row.is_open and seen.at - row.lines_read_at >= REREAD_AFTER
