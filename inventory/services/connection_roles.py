"""Which of Amazon's roles work for a connection, and when that was last seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from amazon.operations import OPERATIONS
from extensions import db
from inventory.models import Connection, SyncKind, SyncMark
from inventory.services.connections import missing_operations

#: Role as Seller Central names it -> (what we use it for, whose success shows that it works).
ROLES: dict[str, tuple[str, tuple[SyncKind, ...]]] = {
    "Selling Partner Insights": ("marketplaces", (SyncKind.PARTICIPATIONS,)),
    "Amazon Fulfillment": ("inbound shipments", (SyncKind.SHIPMENTS, SyncKind.PLANS)),
    "Product Listing": ("stock and listings", (SyncKind.STOCK, SyncKind.LISTINGS)),
    "Inventory and Order Tracking": ("reports", (SyncKind.LISTINGS,)),
}


@dataclass(frozen=True, slots=True)
class RoleState:
    """``state`` is "works", "missing" or "untried"; ``checked_at`` the last success."""

    name: str
    purpose: str
    state: str
    checked_at: datetime | None


def roles(connection: Connection) -> list[RoleState]:
    """Return the roles the connector needs, in the order they are first used."""
    newest = select(SyncMark.kind, func.max(SyncMark.read_at)).group_by(SyncMark.kind)
    rows = db.session.execute(newest.where(SyncMark.connection_id == connection.id))
    marks = {kind: at for kind, at in rows}  # noqa: C416 - a dict() of rows has no types
    missing = [OPERATIONS[one].role for one in missing_operations(connection) if one in OPERATIONS]
    return [_state(name, missing, marks) for name in ROLES]


def _state(name: str, missing: list[str], marks: dict[SyncKind, datetime]) -> RoleState:
    purpose, kinds = ROLES[name]
    checked_at = max((marks[kind] for kind in kinds if kind in marks), default=None)
    if any(name in role for role in missing):
        return RoleState(name, purpose, "missing", checked_at)
    return RoleState(name, purpose, "works" if checked_at else "untried", checked_at)
