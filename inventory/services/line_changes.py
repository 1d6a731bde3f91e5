"""What a reading changed about a shipment's lines, and the log entry that says so."""

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.models import Shipment, ShipmentLine
from inventory.rules import wording
from inventory.services import changes
from inventory.services.shipments import Seen

LOGGED_LINES = 20


def figures(line: ShipmentLine) -> tuple[Any, ...]:
    """Return what Amazon says of a line, to be compared."""
    return (
        line.units_shipped,
        line.units_received,
        line.fnsku,
        line.units_in_case,
        line.is_gone,
    )


def difference(before: tuple[Any, ...] | None, line: ShipmentLine) -> dict[str, Any]:
    """Return what changed since ``figures`` gave ``before``: field -> [old, new], in units."""
    shipped, received = before[:2] if before else (0, 0)
    pairs = {
        f"{line.seller_sku} shipped": [shipped, line.units_shipped],
        f"{line.seller_sku} received": [received, line.units_received],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def log(row: Shipment, fields: Mapping[str, Sequence[int]], seen: Seen) -> None:
    """Write one entry about the lines of a shipment; none without ``fields``."""
    if not fields:
        return
    received = sum(new - old for name, (old, new) in fields.items() if name.endswith(" received"))
    shipped = sum(new - old for name, (old, new) in fields.items() if name.endswith(" shipped"))
    parts = [
        wording.counted(word, units)
        for word, units in (("Received", received), ("Shipped", shipped))
        if units
    ]
    changes.record(
        "shipment",
        row.id,
        "; ".join(parts) or "Lines changed",
        name=row.amazon_shipment_id,
        fields=dict(list(fields.items())[:LOGGED_LINES]),
        cause="amazon",
        run_id=seen.run_id,
    )
