"""What a settings form sends, what the fragment answers, and rows for it to count."""

import re
from typing import Any

from flask.testing import FlaskClient

from inventory.models import (
    Connection,
    Shipment,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from tests.factories import (
    link,
    make_order,
    make_shipment,
    make_shipment_line,
    make_warehouse,
)

HTMX = {"HX-Request": "true"}
CA = "A2EUQ1WTGCTBG2"


def at(row: Connection | Warehouse) -> str:
    kind = "connections" if isinstance(row, Connection) else "warehouses"
    return f"/settings/{kind}/{row.id}"


def typed(row: Connection | Warehouse, **changed: Any) -> dict[str, Any]:
    """What the form sends untouched, but for what was ``changed``."""
    fields = {"version": row.version, "pickup_delay_days": "", "default_source_id": ""}
    if isinstance(row, Connection):
        home = row.primary_marketplace_id
        return {**fields, "order_type": "auto", "primary_marketplace_id": home, **changed}
    fields |= {"name": row.name, "enabled": "y", "sync_inbound": "y", "lead_time_days": ""}
    sent = {**fields, "order_type": "", **changed}
    return {name: value for name, value in sent.items() if value is not None}


def told(client: FlaskClient, row: Connection | Warehouse, **changed: Any) -> str:
    """The fragment's text, in one line."""
    sent = typed(row, **changed)
    answer = client.get(f"{at(row)}/consequences", query_string=sent, headers=HTMX)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace(" .", ".")


def own(**fields: Any) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, **fields)


def shipment(warehouse: Warehouse, **fields: Any) -> Shipment:
    row = make_shipment(
        connection_id=warehouse.connection_id,
        warehouse_id=warehouse.id,
        **{"units_shipped": 10, "units_outstanding": 10, **fields},
    )
    make_shipment_line(row, units_shipped=row.units_shipped)
    return row


def ordered(warehouse: Warehouse, order: dict[str, Any] | None = None, **fields: Any) -> StockOrder:
    """An open order of Amazon's, linked to its shipment."""
    row = shipment(warehouse, **fields)
    made = make_order(
        destination_id=warehouse.id,
        reference=row.amazon_shipment_id,
        units_outstanding=10,
        **{"expected_on": row.expected_on, **(order or {})},
    )
    link(made, row)
    return made
