"""Exchange rates: kept by day, and used to convert amounts of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from extensions import db
from inventory.models import ExchangeRate
from inventory.rules import rates
from inventory.rules.fees import Wanted
from inventory.rules.rates import BASE, KEEPS_DAYS, Cross, DayRate
from inventory.services import accounts

#: An amount, its currency, its day.
Amount = tuple[Decimal, str, date]
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, and how: units for one of its own, the day, who said so.

    ``source`` is empty where nothing had to be converted.
    """

    amount: Decimal
    rate: Decimal
    day: date
    source: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Rates of a file by what became of them. ``held``: a person's word stayed."""

    written: int = 0
    unchanged: int = 0
    held: int = 0


def convert(amount: Decimal, currency: str, to: str, on: date) -> Converted | None:
    """Return ``amount`` of the day ``on`` in the currency ``to``, rounded to its decimals.

    With the rate of that day, else the last earlier one, at most 7 days; ``None`` when there
    is none. One statement.
    """
    return convert_many([(amount, currency, on)], to)[0]


def convert_many(amounts: Sequence[Amount], to: str) -> list[Converted | None]:
    """Return each of ``amounts`` in ``to``, as ``convert``. One statement for all, or none."""
    found = crosses((currency, to, on) for _, currency, on in amounts)
    return [_converted(one, to, found) for one in amounts]


def _converted(one: Amount, to: str, found: Mapping[Wanted, Cross]) -> Converted | None:
    amount, currency, on = one
    if currency == to:
        return Converted(amount, Decimal(1), on, "")
    cross = found.get((currency, to, on))
    if cross is None:
        return None
    return Converted(rates.rounded(cross.of(amount), to), cross.rate, cross.day, cross.source)


def crosses(wanted: Iterable[Wanted]) -> dict[Wanted, Cross]:
    """Return the rate for each (currency, currency wanted, day) that is known.

    One statement, none when every currency is the one wanted.
    """
    asked = {one for one in wanted if one[0] and one[1] and one[0] != one[1]}
    if not asked:
        return {}
    days = [on for _, _, on in asked]
    codes = {code for currency, to, _ in asked for code in (currency, to)} - {BASE}
    known = _between(codes, min(days), max(days))
    found = {one: rates.cross(known, *one) for one in asked}
    return {one: cross for one, cross in found.items() if cross is not None}


def _between(codes: Collection[str], first: date, last: date) -> dict[str, list[DayRate]]:
    found = (
        sa.select(
            ExchangeRate.currency, ExchangeRate.day, ExchangeRate.per_euro, ExchangeRate.source
        )
        .where(
            ExchangeRate.currency.in_(codes),
            ExchangeRate.day.between(first - timedelta(days=KEEPS_DAYS), last),
        )
        .order_by(ExchangeRate.day)
    )
    known: dict[str, list[DayRate]] = defaultdict(list)
    for row in db.session.execute(found):
        known[row.currency].append(DayRate(*row))
    return known


def store(given: Iterable[DayRate], user_id: int | None = None) -> Stored:
    """Keep rates that came from one place, by currency and day; the last of a pair wins.

    A person's is never overwritten by the bank's or a file's, nor a file's by the bank's: the
    statement itself guards that. Executes in the session's transaction.
    """
    wanted = {(one.currency, one.day): one for one in given}
    if not wanted:
        return Stored()
    before = _known(wanted)
    held = {key for key in wanted.keys() & before.keys() if not _may(wanted[key], before[key])}
    fresh = [
        one
        for key, one in wanted.items()
        if key not in held and (one.per_euro, one.source) != before.get(key)
    ]
    _write(fresh, user_id)
    return Stored(len(fresh), len(wanted) - len(held) - len(fresh), len(held))


def _known(wanted: Mapping[tuple[str, date], DayRate]) -> dict[tuple[str, date], Any]:
    days = [day for _, day in wanted]
    codes = {currency for currency, _ in wanted}
    found = sa.select(ExchangeRate).where(
        ExchangeRate.day.between(min(days), max(days)), ExchangeRate.currency.in_(codes)
    )
    rows = db.session.execute(found.with_only_columns(*ExchangeRate.__table__.c))
    return {(row.currency, row.day): (row.per_euro, row.source) for row in rows}


def _may(one: DayRate, before: tuple[Decimal, str]) -> bool:
    return rates.outranks(one.source, before[1])


def _write(fresh: Sequence[DayRate], user_id: int | None) -> None:
    now = accounts.now()
    rows = [
        {
            "currency": one.currency,
            "day": one.day,
            "per_euro": one.per_euro,
            "source": one.source,
            "user_id": user_id,
            "stored_at": now,
        }
        for one in fresh
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        page = rows[start : start + ROWS_AT_ONCE]
        db.session.execute(_guarded(fresh[0].source), page)
    for loaded in [row for row in db.session if isinstance(row, ExchangeRate)]:
        db.session.expire(loaded)


def _guarded(source: str) -> Any:
    is_sqlite = db.engine.dialect.name == "sqlite"
    table = ExchangeRate.__table__
    assert isinstance(table, sa.Table)
    insert: Any = (sqlite.insert if is_sqlite else postgresql.insert)(table)
    yielding = [table.c.source == one for one in rates.SOURCES if rates.outranks(source, one)]
    return insert.on_conflict_do_update(
        index_elements=[table.c.currency, table.c.day],
        set_={
            name: insert.excluded[name] for name in ("per_euro", "source", "user_id", "stored_at")
        },
        where=sa.or_(*yielding),
    )
