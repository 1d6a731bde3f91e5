"""The installation: its time zone and currency, and what day it is there."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from extensions import db
from inventory.models import Account


def now() -> datetime:
    """Return the time, aware and in UTC. The one clock of the services."""
    return datetime.now(UTC)


def account() -> Account:
    """Return the one account row; a new, unsaved one before the first user made it."""
    return db.session.get(Account, 1) or Account(
        id=1, timezone=current_app.config["TIMEZONE"], currency="USD"
    )


def timezone() -> ZoneInfo:
    """Return the account's time zone: days begin and end in it."""
    return ZoneInfo(account().timezone)


def today(at: datetime | None = None) -> date:
    """Return the account's date at ``at`` (default: now)."""
    return (at or now()).astimezone(timezone()).date()
