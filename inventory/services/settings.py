"""Settings of connections and warehouses: what is in force, and saving one level's own."""

from collections.abc import Mapping
from typing import Any

from extensions import db
from inventory.models import Account, Change, Connection, Warehouse
from inventory.rules.settings import DEFAULTS, Setting, resolve
from inventory.services import accounts, changes

#: Switches, and the choice that has no "inherit" on a connection.
NEVER_BLANK = ("sync_fees", "import_early", "sync_inbound", "order_type")


def at_connection(connection: Connection) -> dict[str, Setting]:
    """Return the settings in force for ``connection``, each with the level that set it."""
    return _all(connection=connection)


def above_warehouse(warehouse: Warehouse) -> dict[str, Setting]:
    """Return what ``warehouse`` inherits where it says nothing itself."""
    return _all(account=accounts.account(), connection=warehouse.connection)


def at_warehouse(warehouse: Warehouse, account: Account | None = None) -> dict[str, Setting]:
    """Return the settings in force at ``warehouse``: what orders and planning work with.

    ``account`` saves a query each where many are asked for.
    """
    return _all(
        account=account or accounts.account(),
        connection=warehouse.connection,
        warehouse=warehouse,
    )


def _all(**levels: Any) -> dict[str, Setting]:
    return {name: resolve(name, **levels) for name in DEFAULTS}


def store(
    row: Connection | Warehouse,
    values: Mapping[str, Any],
    *,
    also: Mapping[str, list[Any]] | None = None,
    user_id: int | None,
    summary: str = "Settings changed",
) -> Change | None:
    """Set the named fields of ``row`` and log old and new in one entry; None: nothing differs.

    None makes a setting inherit again. ``also`` are further fields for the log, already set by
    the caller. Flushes.
    """
    fields = {
        name: [getattr(row, name), value]
        for name, value in values.items()
        if getattr(row, name) != value
    } | dict(also or {})
    if not fields:
        return None
    for name in fields.keys() & values.keys():
        setattr(row, name, values[name])
    kind = "connection" if isinstance(row, Connection) else "warehouse"
    db.session.flush()
    return changes.record(kind, row.id, summary, name=row.name, fields=fields, user_id=user_id)


def unset_where_default(row: Connection | Warehouse, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` with None where ``row`` says nothing and a control shows the default.

    For controls that cannot be blank: saving a form untouched pins nothing.
    """
    return {
        name: None
        if name in NEVER_BLANK and getattr(row, name) is None and value == DEFAULTS[name]
        else value
        for name, value in values.items()
    }
