"""Which of Amazon's roles work for a connection, and when that was last seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from amazon.operations import OPERATIONS
from extensions import db
from inventory.models import Connection, SyncRun, SyncState
from inventory.services.connections import missing_operations

#: Role as Seller Central names it -> what we use it for.
ROLES = {
    "Selling Partner Insights": "marketplaces",
    "Amazon Fulfillment": "inbound shipments",
    "Product Listing": "stock and listings",
    "Inventory and Order Tracking": "reports",
}


@dataclass(frozen=True, slots=True)
class RoleState:
    """``state`` is "works", "missing" or "untried"; ``checked_at`` the last success."""

    name: str
    purpose: str
    state: str
    checked_at: datetime | None


def roles(connection: Connection) -> list[RoleState]:
    """Return the roles the connector needs, in the order they are first used.

    A role works if an operation of it was called in a run that succeeded.
    """
    refused = missing_operations(connection)
    missing = [OPERATIONS[one].role for one in refused if one in OPERATIONS]
    called = _called_at(connection.id, set(OPERATIONS) - set(refused))
    return [_state(name, missing, called) for name in ROLES]


def _called_at(connection_id: int, operations: set[str]) -> dict[str, datetime]:
    """Return when a role, as ``amazon.operations`` names it, last worked."""
    runs = (
        select(SyncRun.calls_by_operation, SyncRun.finished_at)
        .where(SyncRun.connection_id == connection_id, SyncRun.state == SyncState.SUCCEEDED)
        .order_by(SyncRun.finished_at)
    )
    return {
        OPERATIONS[name].role: at
        for calls, at in db.session.execute(runs)
        for name, count in calls.items()
        if at and count and name in operations
    }


def _state(name: str, missing: list[str], called: dict[str, datetime]) -> RoleState:
    checked_at = max((at for role, at in called.items() if name in role), default=None)
    state = "works" if checked_at else "untried"
    if any(name in role for role in missing):
        state = "missing"
    return RoleState(name, ROLES[name], state, checked_at)
