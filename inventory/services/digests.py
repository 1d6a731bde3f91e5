"""The daily mail about newly ignored shipments: what is due, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from babel.numbers import get_currency_precision
from flask import current_app

from extensions import db
from inventory.models import Account, Change, Role, Shipment, User
from inventory.rules import wording
from inventory.rules.claims import Claim
from inventory.services import accounts, choices, lists, stale_details, stale_lists
from inventory.services.choices import Choice
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
    subject = f"Stockbridge: {_count(len(found), 'shipment')} ignored, {_count(units, 'unit')}"
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
    are = "shipment is" if len(found) == 1 else "shipments are"
    heading = (
        f"{len(found):,} {are} newly ignored: {_count(units, 'unit')} on the way to Amazon no "
        "longer count as on order."
    )
    places = choices.warehouses()
    told = [_told(one, places, now) for one in found[:LISTED]]
    if len(found) > LISTED:
        told.append(f"And {len(found) - LISTED} more.")
    back = (
        "What was not ignored by hand counts as on order again as soon as Amazon works on it; all "
        "of it does when somebody presses “Count again”."
    )
    why = "Owners and planners get this mail, at most once a day and only when there is news."
    links = [
        _link("All ignored shipments", "/shipments/stale?view=ignored"),
        _link("When shipments are ignored", "/settings/purchase-orders"),
    ]
    parts = [heading, *told, back, "\n".join(filter(None, links)), why]
    return "\n\n".join(filter(None, parts)) + "\n"


def _told(one: Stale, places: Mapping[int, Choice], now: datetime) -> str:
    row, today = one.row, accounts.today(now)
    place = places.get(row.warehouse_id)
    head = row.amazon_shipment_id + (f" to {place.name}" if place else "")
    past = f"{one.days_past} day{'' if one.days_past == 1 else 's'} past its expected date"
    facts = [_count(row.at_stake, "unit"), _value(one)]
    facts.append("ignored by hand" if row.ignore_pin else past)
    lines = [
        head,
        f"{', '.join(facts)}. {_claim(one.claim, today)}",
        _link("", f"/shipments/{row.id}"),
    ]
    return "\n  ".join(filter(None, lines))


def _value(one: Stale) -> str:
    if one.value is None:
        return "cost unknown"
    decimals = get_currency_precision(one.value.currency)
    known = " (some costs unknown)" if one.value.is_partial else ""
    return f"{one.value.amount:,.{decimals}f} {one.value.currency}{known}"


def _claim(claim: Claim | None, today: date) -> str:
    if claim is None:
        return "Not delivered yet, so there is nothing to claim."
    about = "about " if claim.is_estimate else ""
    opens, closes = (about + wording.day(on, today) for on in (claim.opens_on, claim.closes_on))
    return {
        "waiting": f"It can be claimed from {opens} until {closes}.",
        "open": f"It can be claimed until {closes}.",
    }.get(claim.state(today), f"It could be claimed until {closes}.")


def _link(words: str, path: str) -> str:
    """Return nothing where nobody said under which address people use the app."""
    address = current_app.config["PUBLIC_URL"].rstrip("/")
    if not address:
        return ""
    return f"{words}: {address}{path}" if words else f"{address}{path}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
