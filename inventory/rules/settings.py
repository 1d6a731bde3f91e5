"""Settings of inbound shipments, and how the levels combine. Pure.

Built-in default, then the stock-order page, the connection, the warehouse: the narrowest
that says something wins. ``None`` inherits; ``0`` and ``False`` are values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Name -> value used when no level says otherwise. The only list of these settings.
DEFAULTS: Mapping[str, Any] = {
    "order_type": "auto",
    "default_source_id": None,
    "pickup_delay_days": 14,
    "lead_time_days": 14,
    "days_of_stock": 30,
    "sync_inbound": True,
    "stock_basis": "fc_transfer",
    "sync_fees": False,
    "import_early": False,
}
#: Name -> the levels that may say something, broadest first. "account" is the stock-order page.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "order_type": ("connection", "warehouse"),
    "default_source_id": ("connection", "warehouse"),
    "pickup_delay_days": ("connection", "warehouse"),
    "lead_time_days": ("account", "warehouse"),
    "days_of_stock": ("warehouse",),
    "sync_inbound": ("warehouse",),
    "stock_basis": ("warehouse",),
    "sync_fees": ("connection",),
    "import_early": ("connection",),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in force, and the level that set it ("default" when none did)."""

    value: Any
    source: str


def resolve(
    name: str, *, account: object = None, connection: object = None, warehouse: object = None
) -> Setting:
    """Return the setting ``name`` in force at the narrowest level given.

    A level is an object with one attribute per setting it may say, or None. "Auto" as order
    type is a purchase order. Raises ``KeyError`` for a name that is no setting.
    """
    owners = {"account": account, "connection": connection, "warehouse": warehouse}
    found = Setting(DEFAULTS[name], "default")
    for level in LEVELS[name]:
        value = getattr(owners[level], name, None)
        if value is not None:
            found = Setting(value, level)
    if name == "order_type" and found.value == "auto":
        return Setting("purchase", found.source)
    return found
