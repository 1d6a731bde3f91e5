"""The rows behind figures of what saving would do."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from extensions import db
from inventory.models import OrderShipment, Shipment
from inventory.rules.consequences import Affected
from inventory.rules.shipments import display_name
from inventory.services.levels import Levels

UNLINKED = ~exists().where(OrderShipment.shipment_id == Shipment.id)


def shipments(where: tuple[ColumnElement[bool], ...]) -> Sequence[Shipment]:
    """Return shipments in the order in which they are expected."""
    found = select(Shipment).where(*where).order_by(Shipment.expected_on, Shipment.id)
    return db.session.scalars(found).all()


def shipment(row: Shipment, levels: Levels, was: str, would: str, units: int) -> Affected:
    """Return a shipment with what it was and would be, in words."""
    name = f"{row.amazon_shipment_id}, {display_name(row.status)}"
    place = levels.name(row.warehouse_id)
    return Affected("shipment", row.id, name, place, was, would, units)
