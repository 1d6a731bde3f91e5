"""Reading the bank's exchange rates: when it is due, and what became of it."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from extensions import db
from inventory.models import Account
from inventory.rules.rate_files import NotRates, read_xml
from inventory.rules.rates import last_given
from inventory.services import accounts, money, rates
from inventory.services.rates import Stored

#: After a failure, and while the bank is late.
AGAIN_AFTER = timedelta(hours=1)
#: A clock that was set back must not stop us.
CLOCK_SLACK = timedelta(minutes=5)


def url() -> str:
    """Return where rates are read; "" when that is switched off."""
    return str(current_app.config["RATES_URL"])


def is_due() -> bool:
    """Return whether the file should be asked for now: the bank has given rates since it was
    read, and the last attempt is an hour ago."""
    account = db.session.get(Account, 1)
    if not url() or account is None:
        return False
    now = accounts.now()
    if account.rates_read_at and last_given(now) <= account.rates_read_at <= now + CLOCK_SLACK:
        return False
    asked_at = account.rates_asked_at
    return not asked_at or not now - AGAIN_AFTER < asked_at <= now + CLOCK_SLACK


def take(content: bytes) -> Stored:
    """Keep what the bank's file holds and say how it went; quotes that waited are converted.

    A file older than the bank's last working day is kept too, and asked for again. Flushes.
    """
    now = accounts.now()
    try:
        found = read_xml(content)
    except NotRates as problem:
        fail(f"What came is not the bank’s file. {problem}")
        return Stored()
    stored = rates.store(found)
    newest, expected = max(one.day for one in found), last_given(now).date()
    if newest < expected:
        fail(f"The bank’s file is still of {_day(newest)}; that of {_day(expected)} is due.")
    else:
        _note(read_at=now, problem="")
    money.follow_rates()
    return stored


def fail(problem: str) -> None:
    """Say on the page why there are no new rates. It is tried again in an hour."""
    _note(read_at=None, problem=problem)


def _note(*, read_at: datetime | None, problem: str) -> None:
    """Core and not the ORM: the settings' version stays, and open forms with it."""
    values: dict[str, object] = {"rates_asked_at": accounts.now(), "rates_problem": problem[:300]}
    if read_at is not None:
        values["rates_read_at"] = read_at
    db.session.execute(
        sa.update(Account).where(Account.id == 1).values(values),
        execution_options={"synchronize_session": "evaluate"},
    )


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
