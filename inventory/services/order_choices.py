"""What an order's form offers: where goods can go, come from, and in which state."""

from collections.abc import Sequence

import sqlalchemy as sa

from extensions import db
from inventory.models import StatusType, StockOrder, Warehouse, WarehouseKind
from inventory.services import order_saving, order_statuses


def destinations(order: StockOrder | None = None) -> Sequence[Warehouse]:
    """Return the warehouses goods can be ordered to, by name: enabled, and none that is combined.

    The order's own is there even when it was disabled since.
    """
    is_usable = sa.and_(
        Warehouse.kind != WarehouseKind.COMBINED,
        Warehouse.disabled_at.is_(None),
        Warehouse.taking_part.is_(True),
    )
    wanted = sa.or_(is_usable, Warehouse.id == (order.destination_id if order else None))
    return db.session.scalars(sa.select(Warehouse).where(wanted).order_by(Warehouse.name)).all()


def sources(order: StockOrder | None = None) -> Sequence[Warehouse]:
    """Return the warehouses transfers can come from, by name: enabled own and FBM ones.

    An FBM warehouse serves its own connection alone, which the choice of both shows.
    """
    is_usable = sa.and_(
        Warehouse.kind.in_((WarehouseKind.OWN, WarehouseKind.FBM)),
        Warehouse.disabled_at.is_(None),
        Warehouse.taking_part.is_(True),
    )
    wanted = sa.or_(is_usable, Warehouse.id == (order.source_id if order else None))
    return db.session.scalars(sa.select(Warehouse).where(wanted).order_by(Warehouse.name)).all()


def statuses(order: StockOrder | None) -> list[str]:
    """Return the named statuses ``order`` can be given; of a new one draft and active ones."""
    types = order_statuses.types()
    if order is None:
        return [name for name, kind in types.items() if kind in (StatusType.DRAFT, "active")]
    if order_saving.owned_by_amazon(order):
        return [name for name, kind in types.items() if kind == order.status_type]
    return list(types)
