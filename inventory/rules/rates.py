"""Converting money with exchange rates. Pure.

Rates are units of a currency for one euro, as the European Central Bank gives them; a rate
between two others is the cross rate through the euro. Converted amounts are rounded to the
decimals of their currency, half away from zero: what a person with a calculator gets, and what
the union's rules on the euro ask for (Regulation 1103/97, article 5).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

BASE = "EUR"
#: An earlier day's rate serves for so long; after that there is none.
KEEPS_DAYS = 7
#: Who said a rate. The later ones win over those before them, and stay when those arrive.
SOURCES = ("ecb", "file", "user")
#: The bank gives its rates around 16:00 Frankfurt time, on days its payment system works.
GIVEN_AT_MINUTE = 16 * 60 + 30
FRANKFURT = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class DayRate:
    """Units of ``currency`` for one euro on ``day``."""

    currency: str
    day: date
    per_euro: Decimal
    source: str = "ecb"


@dataclass(frozen=True, slots=True)
class Cross:
    """Units for one euro of the currency one has and of the one wanted.

    ``day`` is the older of the two rates' days, ``source`` the less official of their sources.
    """

    given: Decimal
    wanted: Decimal
    day: date
    source: str

    @property
    def rate(self) -> Decimal:
        """Return the units wanted for one of those given."""
        return self.wanted / self.given

    def of(self, amount: Decimal) -> Decimal:
        """Return ``amount`` converted, not yet rounded."""
        return amount * self.wanted / self.given


def convert(
    amount: Decimal, currency: str, to: str, rates: Mapping[str, Decimal]
) -> Decimal | None:
    """Return ``amount`` of ``currency`` in ``to``; ``None`` when a rate is not known.

    ``rates`` are units for one euro by currency; the euro needs none.
    """
    if currency == to:
        return amount
    known = {**rates, BASE: Decimal(1)}
    if currency not in known or to not in known:
        return None
    return rounded(amount * known[to] / known[currency], to)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return ``amount`` with the decimals of ``currency``: 2 for USD, none for JPY."""
    step = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(step, ROUND_HALF_UP)


def on_day(known: Sequence[DayRate], on: date) -> DayRate | None:
    """Return the rate of ``on``, else the last earlier one, at most ``KEEPS_DAYS`` old.

    ``known`` are of one currency, by day.
    """
    place = bisect_right(known, on, key=lambda rate: rate.day)
    if not place or on - known[place - 1].day > timedelta(days=KEEPS_DAYS):
        return None
    return known[place - 1]


def cross(known: Mapping[str, Sequence[DayRate]], currency: str, to: str, on: date) -> Cross | None:
    """Return the rate from ``currency`` to ``to`` on a day; ``None`` when it is not known.

    ``known`` are rates by currency, each by day.
    """
    given, wanted = (_or_euro(known, one, on) for one in (currency, to))
    if given is None or wanted is None:
        return None
    told = [one for one in (given, wanted) if one.currency != BASE]
    return Cross(
        given.per_euro,
        wanted.per_euro,
        min((one.day for one in told), default=on),
        max((one.source for one in told), key=SOURCES.index, default="ecb"),
    )


def _or_euro(known: Mapping[str, Sequence[DayRate]], currency: str, on: date) -> DayRate | None:
    if currency == BASE:
        return DayRate(BASE, on, Decimal(1))
    return on_day(known.get(currency, ()), on)


def outranks(source: str, known: str) -> bool:
    """Return whether a rate of ``source`` may take the place of one of ``known``."""
    return SOURCES.index(source) >= SOURCES.index(known)


def last_given(now: datetime) -> datetime:
    """Return when the bank last gave rates: 16:30 in Frankfurt on a working day, not after now."""
    here = now.astimezone(FRANKFURT)
    day = here.date()
    if here.hour * 60 + here.minute < GIVEN_AT_MINUTE:
        day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    hour, minute = divmod(GIVEN_AT_MINUTE, 60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=FRANKFURT)


def is_working_day(day: date) -> bool:
    """Return whether the payment system of the euro (TARGET) works on ``day``."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    sunday = easter(day.year)
    return day not in (sunday - timedelta(days=2), sunday + timedelta(days=1))


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian rule (Meeus, Astronomical Algorithms)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    leap_moon = (century + 8) // 25
    moon = (19 * golden + century - century // 4 - (century - leap_moon + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
