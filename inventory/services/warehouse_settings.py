"""Warehouses as people change them: one's own made, and any one's settings saved."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Change, Warehouse
from inventory.services import accounts, settings, warehouses
from inventory.services.warehouses import WarehouseNameTaken


def create_own(
    name: str, country: str, *, address: Mapping[str, Any], user_id: int | None
) -> Warehouse:
    """Add an own warehouse; as ``warehouses.create_own``, and sure in a race for the name."""
    try:
        with db.session.begin_nested():
            return warehouses.create_own(name, country, address=address, user_id=user_id)
    except IntegrityError:
        raise WarehouseNameTaken(name) from None


def save(
    warehouse: Warehouse,
    values: Mapping[str, Any],
    *,
    user_id: int | None,
    summary: str = "Settings changed",
) -> Change | None:
    """Save the named columns, and ``enabled``; return the log's entry, None: nothing differs.

    Flushes. Raises ``WarehouseNameTaken``; nothing is stored then.
    """
    fields = settings.unset_where_default(warehouse, values)
    was_enabled = warehouse.disabled_at is None
    enabled = fields.pop("enabled", was_enabled)
    switched = {"enabled": [was_enabled, enabled]} if enabled != was_enabled else {}
    try:
        with db.session.begin_nested():
            if switched:
                warehouse.disabled_at = None if enabled else accounts.now()
            return settings.store(
                warehouse, fields, also=switched, user_id=user_id, summary=summary
            )
    except IntegrityError:
        raise WarehouseNameTaken(values["name"]) from None
