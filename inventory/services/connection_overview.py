"""The Connections & warehouses page: everything on it, in a handful of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import (
    Connection,
    OrderType,
    StockLevel,
    Warehouse,
    WarehouseKind,
)
from inventory.rules.settings import Setting
from inventory.services import accounts, settings, stock
from inventory.services.sync_status import SyncStatus, statuses


@dataclass(frozen=True, slots=True)
class WarehouseRow:
    """A warehouse with its settings in force; ``skus`` is how many it holds units of."""

    warehouse: Warehouse
    settings: dict[str, Setting]
    source: Warehouse | None
    skus: int
    is_pooled: bool
    counted_at: datetime | None

    @property
    def is_transfer(self) -> bool:
        return bool(self.settings["order_type"].value == OrderType.TRANSFER)

    @property
    def is_source_missing(self) -> bool:
        """Return whether transfers are wanted but have no usable warehouse to come from."""
        return self.is_transfer and not (self.source and self.source.is_enabled)


@dataclass(frozen=True, slots=True)
class ConnectionPanel:
    """A connection, its warehouses in use, those it takes no part in, and what it is doing."""

    connection: Connection
    warehouses: list[WarehouseRow]
    apart: list[WarehouseRow]
    status: SyncStatus


@dataclass(frozen=True, slots=True)
class Overview:
    connections: list[ConnectionPanel]
    own: list[WarehouseRow]


def overview() -> Overview:
    """Return the whole page. The number of queries does not depend on the number of rows."""
    connections = _connections()
    rows = _rows()
    by_owner: dict[int | None, list[WarehouseRow]] = defaultdict(list)
    for row in rows:
        by_owner[row.warehouse.connection_id].append(row)
    doing = statuses(connections)
    panels = [
        ConnectionPanel(
            connection=one,
            warehouses=[row for row in by_owner[one.id] if row.warehouse.taking_part],
            apart=[row for row in by_owner[one.id] if not row.warehouse.taking_part],
            status=doing[one.id],
        )
        for one in connections
    ]
    return Overview(panels, by_owner[None])


def _connections() -> Sequence[Connection]:
    with_application = select(Connection).options(joinedload(Connection.application))
    return db.session.scalars(with_application.order_by(Connection.name)).all()


def _rows() -> list[WarehouseRow]:
    known = {one.id: one for one in db.session.scalars(select(Warehouse).order_by(Warehouse.id))}
    held, account = _stock(), accounts.account()
    rows = []
    for one in known.values():
        in_force = settings.at_warehouse(one, account)
        skus, pools, counted_at = held.get(one.id, (0, 0, None))
        rows.append(
            WarehouseRow(
                warehouse=one,
                settings=in_force,
                source=known.get(in_force["default_source_id"].value),
                skus=skus,
                is_pooled=pools > 0,
                counted_at=counted_at,
            )
        )
    return sorted(rows, key=_place)


def _place(row: WarehouseRow) -> tuple[bool, bool]:
    """The primary marketplace first, the others as Amazon lists them (so made), FBM last."""
    one = row.warehouse
    primary = one.connection and one.connection.primary_marketplace_id
    return one.kind != WarehouseKind.FBA, one.marketplace_id != primary


def _stock() -> dict[int, tuple[int, int, datetime | None]]:
    """Return, per warehouse: SKUs with units, rows that show a pool's, when last changed."""
    grouped = select(
        StockLevel.warehouse_id,
        func.count(func.nullif(stock.STOCK > 0, False)),
        func.count(func.nullif(stock.SHARED, "")),
        func.max(StockLevel.changed_at),
    ).group_by(StockLevel.warehouse_id)
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(grouped)}
