"""What can be done to many orders at once: offered below a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.models import OrderKind
from inventory.services import order_statuses, vendors


@dataclass(frozen=True, slots=True)
class Bulk:
    """Vendors are (id, name), none for transfers; statuses are names."""

    vendors: Sequence[tuple[int, str]]
    statuses: Sequence[str]


def offered(kind: OrderKind) -> Bulk:
    """Return what a list of ``kind`` offers."""
    named = vendors.usable() if kind == OrderKind.PURCHASE else ()
    return Bulk(tuple((one.id, one.name) for one in named), tuple(order_statuses.types()))
