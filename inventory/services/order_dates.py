"""When an order without shipments is expected: the day it was made plus a lead time."""

from dataclasses import dataclass
from datetime import date, timedelta

from inventory.models import StockOrder, Vendor, Warehouse
from inventory.rules.settings import resolve
from inventory.services import accounts

#: ``expected_source`` of such a date. "user" is one that somebody typed.
LEAD_TIME = "lead_time"


@dataclass(frozen=True, slots=True)
class Due:
    """An expected date: ``days`` after the order was made, as ``said_by`` has it."""

    on: date
    days: int
    said_by: str


def due(created_on: date, vendor: Vendor | None, destination: Warehouse) -> Due:
    """Return the date: the vendor's lead time, else the warehouse's, else the stock-order page's,
    else the default."""
    if vendor is not None and vendor.lead_time_days is not None:
        days, said_by = vendor.lead_time_days, f"lead time of {vendor.name}"
    else:
        found = resolve("lead_time_days", account=accounts.account(), warehouse=destination)
        days = int(found.value)
        said_by = {
            "warehouse": f"lead time of {destination.name}",
            "account": "lead time of the purchase order settings",
        }.get(found.source, "default lead time")
    return Due(created_on + timedelta(days=days), days, said_by)


def set_expected(order: StockOrder, on: date | None) -> None:
    """Give ``order`` the date somebody typed, or for ``None`` the one of its lead time.

    For orders whose shipments say when they come, ``None`` leaves it to them
    (``orders.follow``).
    """
    if on is not None:
        order.expected_on, order.expected_source = on, "user"
        return
    found = due(order.created_on, order.vendor, order.destination)
    order.expected_on, order.expected_source = found.on, LEAD_TIME
