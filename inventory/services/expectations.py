"""Expected dates of shipments, from what is known of them and the settings in force."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, Shipment, Warehouse
from inventory.rules import dates, wording
from inventory.rules.settings import resolve
from inventory.services import accounts, changes


def recompute(
    connection: Connection,
    shipments: Iterable[Shipment],
    *,
    even_over: bool = False,
    run_id: int | None = None,
    cause: str = "",
) -> list[Shipment]:
    """Set ``expected_on`` and its source; return the shipments whose date changed.

    Those that are over keep the date they have, unless ``even_over`` (more is known of them).
    With a ``cause`` ("amazon", "rule"), a changed date is logged. Flushes nothing.
    """
    account, zone = accounts.account(), accounts.timezone()
    warehouses: dict[int | None, Warehouse | None] = {None: None}
    changed = []
    for row in shipments:
        if not (row.is_open or even_over or row.expected_on is None):
            continue
        if row.warehouse_id not in warehouses:
            warehouses[row.warehouse_id] = db.session.get(Warehouse, row.warehouse_id)
        levels = {
            "account": account,
            "connection": connection,
            "warehouse": warehouses[row.warehouse_id],
        }
        on, source = dates.expected(
            facts(row),
            pickup_delay_days=resolve("pickup_delay_days", **levels).value,
            lead_time_days=resolve("lead_time_days", **levels).value,
            zone=zone,
        )
        if (on, source) == (row.expected_on, row.expected_source):
            continue
        if cause and row.expected_on not in (None, on):
            _log(row, on, cause, run_id)
        row.expected_on, row.expected_source = on, source
        changed.append(row)
    return changed


def refresh(connection_id: int) -> list[int]:
    """Recompute the open shipments after settings changed; return the ids that moved. Flushes.

    Their orders follow when the caller says so (``orders.follow``).
    """
    connection = db.session.get_one(Connection, connection_id)
    is_open = select(Shipment).where(
        Shipment.connection_id == connection_id, Shipment.is_open.is_(True)
    )
    changed = recompute(connection, db.session.scalars(is_open).all(), cause="rule")
    db.session.flush()
    return [row.id for row in changed]


def facts(row: Any) -> dates.Facts:
    """Return what is known of a shipment's way: of a ``Shipment``, or a row with its columns."""
    return dates.Facts(
        mode=row.mode,
        pickup_at=row.pickup_at,
        ready_to_ship_at=row.ready_to_ship_at,
        window_end=row.window_end,
        started_on=row.shipped_on or row.first_seen_on,
    )


def _log(row: Shipment, on: date, cause: str, run_id: int | None) -> None:
    old = row.expected_on.isoformat() if row.expected_on else None
    fields = {"expected": [old, on.isoformat()]}
    changes.record(
        "shipment",
        row.id,
        wording.sentence(fields, accounts.today()),
        name=row.amazon_shipment_id,
        fields=fields,
        cause=cause,
        run_id=run_id,
    )
