"""Named statuses of orders: the built-in ones and the seller's own, each on one type."""

from sqlalchemy import select

from extensions import db
from inventory.models import OrderStatus, StatusType
from inventory.rules.statuses import BUILT_IN


def types() -> dict[str, StatusType]:
    """Return name -> type, built-in names first, then the seller's own by name. One statement."""
    own = db.session.scalars(select(OrderStatus).order_by(OrderStatus.name))
    built_in = {name: StatusType(kind) for name, kind in BUILT_IN.items()}
    return built_in | {status.name: status.type for status in own}
