"""What can be done to many orders at once: offered below a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.models import OrderKind
from inventory.services.choices import OfOrders


@dataclass(frozen=True, slots=True)
class Bulk:
    """Vendors are (id, name), none for transfers; statuses are names."""

    vendors: Sequence[tuple[int, str]]
    statuses: Sequence[str]


def offered(kind: OrderKind, named: OfOrders) -> Bulk:
    """Return what a list of ``kind`` offers."""
    return Bulk(named.usable if kind == OrderKind.PURCHASE else (), named.statuses)
