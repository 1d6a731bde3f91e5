"""Exchange rates as people keep them: by hand, from a file; and what the page shows of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from extensions import db
from inventory.models import ExchangeRate
from inventory.rules.rate_files import BadRow, read_upload
from inventory.rules.rates import DayRate
from inventory.services import accounts, changes, money, rates
from inventory.services.rates import Stored

#: The bank's history reaches back to 1999; no amount here is as old.
HISTORY = timedelta(days=3 * 366)
RECENT = 50
#: All rates together are one thing of the log.
SUBJECT_ID = 1


def in_force() -> list[ExchangeRate]:
    """Return the newest rate of each currency, by code. One statement."""
    newest = (
        sa.select(ExchangeRate.currency, sa.func.max(ExchangeRate.day).label("day"))
        .group_by(ExchangeRate.currency)
        .subquery()
    )
    found = (
        sa.select(ExchangeRate)
        .join(
            newest,
            (newest.c.currency == ExchangeRate.currency) & (newest.c.day == ExchangeRate.day),
        )
        .order_by(ExchangeRate.currency)
    )
    return list(db.session.scalars(found))


def by_hand() -> Sequence[ExchangeRate]:
    """Return the rates that people entered, newest days first, at most ``RECENT``."""
    return db.session.scalars(
        sa.select(ExchangeRate)
        .where(ExchangeRate.source == "user")
        .order_by(ExchangeRate.day.desc(), ExchangeRate.currency)
        .limit(RECENT)
    ).all()


def enter(currency: str, day: date, per_euro: Decimal, *, user_id: int | None) -> int:
    """Keep a person's rate, which nothing but a person's replaces; log it. Flushes.

    Return how many orders got the quote converted that waited for it.
    """
    before = db.session.get(ExchangeRate, (currency, day))
    old = f"{before.per_euro.normalize():f}" if before else None
    rates.store([DayRate(currency, day, per_euro, "user")], user_id)
    _log(currency, day, old, f"{per_euro.normalize():f}", user_id)
    return money.follow_rates()


def remove(rate: ExchangeRate, *, user_id: int | None) -> None:
    """Take back a person's rate: the day is without one until a file or the bank gives it."""
    db.session.delete(rate)
    _log(rate.currency, rate.day, f"{rate.per_euro.normalize():f}", None, user_id)
    db.session.flush()


def take_file(
    content: bytes, name: str, *, user_id: int | None
) -> tuple[Stored, int] | list[BadRow]:
    """Keep the rates of a file, all of them or none: return the bad rows if there are any.

    Else what became of them, and how many were left out as too old (of the bank's history
    alone). Raises ``NotRates``. Flushes.
    """
    today = accounts.today()
    reading = read_upload(content, today + timedelta(days=1))
    if reading.bad:
        return reading.bad
    oldest = today - HISTORY if reading.is_history else date.min
    recent = [one for one in reading.rates if one.day >= oldest]
    stored = rates.store(recent, user_id)
    changes.record(
        "rates",
        SUBJECT_ID,
        f"{stored.written:,} exchange rates taken from a file",
        name=name,
        user_id=user_id,
    )
    money.follow_rates()
    return stored, len(reading.rates) - len(recent)


def _log(currency: str, day: date, old: str | None, new: str | None, user_id: int | None) -> None:
    changes.record(
        "rates",
        SUBJECT_ID,
        f"Rate of {currency} for {day.isoformat()} {'entered' if new else 'taken back'}",
        name=currency,
        fields={"per_euro": [old, new]},
        user_id=user_id,
    )
