"""How a setting in force is told: its value in words, and which level said so."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form

from blueprints.presentation import units
from inventory.models import Connection, OrderType, Warehouse
from inventory.rules.settings import Setting

SOURCES = {
    "default": "built-in default",
    "account": "from the stock-order settings",
    "connection": "from the connection",
    "warehouse": "set here",
}
DAYS = ("pickup_delay_days", "lead_time_days", "days_of_stock")
BASES = {
    "fulfillable": "fulfillable",
    "fc_transfer": "fulfillable + FC transfer",
    "fc_processing": "fulfillable + FC transfer + FC processing",
}
ORDER_TYPES = {"purchase": "purchase order", "transfer": "transfer order"}


def in_words(name: str, value: Any, names: Mapping[int, str]) -> str:
    """Return a setting's value as people read it; ``names`` are warehouses' by id."""
    if name in DAYS:
        return f"{value} days"
    if name == "order_type":
        return ORDER_TYPES[value]
    if name == "stock_basis":
        return BASES[value]
    if name == "default_source_id":
        return names.get(value, "none")
    return "on" if value else "off"


def told(
    row: Connection | Warehouse, settings: Mapping[str, Setting], names: Mapping[int, str]
) -> dict[str, tuple[str, str]]:
    """Return, per setting, its value in force and its source, in words."""
    here = "connection" if isinstance(row, Connection) else "warehouse"
    words = {**SOURCES, here: "set here"}
    shown = {
        name: (in_words(name, setting.value, names), words[setting.source])
        for name, setting in settings.items()
    }
    if isinstance(row, Connection) and row.order_type in (None, OrderType.AUTO):
        shown["order_type"] = ("Auto = purchase order", shown["order_type"][1])
    return shown


def edited(form: Form, saved: Mapping[str, Any]) -> set[str]:
    """Return the fields whose value in the form is not the saved one."""
    return {
        field.name
        for field in form
        if field.name in saved and differs(field.data, saved[field.name])
    }


def differs(one: Any, other: Any) -> bool:
    """Return whether two values of a control differ: blank and empty are one, zero is another."""
    return (None if one == "" else one) != (None if other == "" else other)


def moved_words(count: int) -> str:
    """Return what a save did to expected dates, as a further sentence; empty for nothing."""
    return f" Expected dates moved: {units(count, 'open shipment')}." if count else ""
