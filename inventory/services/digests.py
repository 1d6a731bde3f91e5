"""The daily mail about newly ignored shipments: what is due, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from babel.numbers import get_currency_precision
from flask import current_app

from extensions import db
from inventory.models import Account, Change, Role, Shipment, User
from inventory.rules import wording
from inventory.services import accounts, lists, stale_details, stale_lists
from inventory.services.stale_details import Stale

#: In the morning, so that it is read the same day.
NOT_BEFORE = time(6, 0)
FIRST = timedelta(days=1)
LISTED = 50


@dataclass(frozen=True, slots=True)
class Digest:
    """A mail ready to be sent; nothing of it hangs on a transaction."""

    recipients: tuple[str, ...]
    subject: str
    text: str


def is_due(now: datetime) -> bool:
    """Return whether this day of the account no digest was sent yet, and it is morning."""
    account = db.session.get(Account, 1)
    if account is None:
        return False
    local = now.astimezone(accounts.timezone())
    sent_at = account.digest_sent_at
    is_new = sent_at is None or accounts.today(sent_at) < local.date()
    return is_new and local.time() >= NOT_BEFORE


def compose(now: datetime) -> Digest | None:
    """Return the mail about what was ignored since the last one and still is; ``None``: nothing."""
    account = db.session.get_one(Account, 1)
    since = account.digest_sent_at or now - FIRST
    told = (
        sa.select(Change.id)
        .where(
            Change.subject_kind == "shipment",
            Change.subject_id == Shipment.id,
            Change.at > since,
            Change.summary.startswith("Ignored"),
        )
        .exists()
    )
    newly = stale_lists.ROWS.where(Shipment.ignored_on.is_not(None), told).order_by(Shipment.id)
    found = stale_details.describe(lists.read(newly), accounts.today(now), now)
    recipients = _recipients()
    if not found or not recipients:
        return None
    units = sum(one.row.at_stake for one in found)
    subject = f"{_count(len(found), 'shipment')} ignored, {_count(units, 'unit')}"
    return Digest(recipients, subject, _text(found, units, now))


def mark_sent(at: datetime) -> None:
    """Note that the digest of the day is done."""
    table = Account.__table__  # past the version of the settings, which nobody changed
    assert isinstance(table, sa.Table)
    db.session.execute(sa.update(table).values(digest_sent_at=at))


def _recipients() -> tuple[str, ...]:
    readers = sa.select(User.email).where(
        User.role.in_((Role.OWNER, Role.PLANNER)), User.disabled_at.is_(None)
    )
    return tuple(db.session.scalars(readers.order_by(User.id)))


def _text(found: Sequence[Stale], units: int, now: datetime) -> str:
    heading = f"{_count(units, 'unit')} no longer count as on order, so they are recommended again."
    lines = [heading, ""]
    lines += [_line(one, now) for one in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"and {len(found) - LISTED} more")
    lines += ["", "They count again as soon as Amazon works on them, or when somebody says so."]
    if address := current_app.config["PUBLIC_URL"]:
        lines.append(f"{address.rstrip('/')}/shipments/stale?view=ignored")
    return "\n".join(lines)


def _line(one: Stale, now: datetime) -> str:
    row, today = one.row, accounts.today(now)
    parts = [row.amazon_shipment_id, _count(row.at_stake, "unit")]
    if one.value:
        decimals = get_currency_precision(one.value.currency)
        known = " (some costs unknown)" if one.value.is_partial else ""
        parts.append(f"{one.value.amount:.{decimals}f} {one.value.currency}{known}")
    else:
        parts.append("cost unknown")
    parts.append("by hand" if row.ignore_pin else f"{one.days_past} days past its date")
    if one.claim:
        parts.append(f"claim until {wording.day(one.claim.closes_on, today)}")
    else:
        parts.append("not delivered: no claim yet")
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
