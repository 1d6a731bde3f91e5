"""The claim window of each marketplace: our default until somebody enters what Amazon says."""

from collections.abc import Mapping

import sqlalchemy as sa

from extensions import db
from inventory.models import ClaimWindow, Warehouse
from inventory.rules.claims import DEFAULT, Window
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import changes


def windows() -> dict[str, Window]:
    """Return the windows that differ from the default, by marketplace. One statement."""
    rows = db.session.scalars(sa.select(ClaimWindow))
    return {row.marketplace_id: Window(row.opens_after_days, row.closes_after_days) for row in rows}


def marketplaces() -> list[str]:
    """Return the marketplaces that have a warehouse, by the name of their country."""
    used = db.session.scalars(sa.select(Warehouse.marketplace_id).distinct())
    found = [one for one in used if one is not None and one in MARKETPLACES]
    return sorted(found, key=lambda one: MARKETPLACES[one].name)


def save(wanted: Mapping[str, Window], *, user_id: int) -> int:
    """Store windows by marketplace; return how many changed. Logged one by one. Flushes."""
    known = windows()
    changed = 0
    for marketplace_id, window in wanted.items():
        before = known.get(marketplace_id, DEFAULT)
        if window == before:
            continue
        row = db.session.get(ClaimWindow, marketplace_id) or ClaimWindow(
            marketplace_id=marketplace_id
        )
        row.opens_after_days = window.opens_after_days
        row.closes_after_days = window.closes_after_days
        db.session.add(row)
        changes.record(
            "claim_window",
            None,
            "Claim window changed",
            name=MARKETPLACES[marketplace_id].name,
            fields={
                "opens after days": [before.opens_after_days, window.opens_after_days],
                "closes after days": [before.closes_after_days, window.closes_after_days],
            },
            user_id=user_id,
        )
        changed += 1
    db.session.flush()
    return changed
