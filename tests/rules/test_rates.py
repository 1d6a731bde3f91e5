"""Converting money."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inventory.rules import rates
from inventory.rules.rates import Cross, DayRate

MONDAY = date(2026, 11, 2)
RATES = {"USD": Decimal("1.0412"), "JPY": Decimal("161.17"), "GBP": Decimal("0.832")}


@pytest.mark.parametrize(
    ("amount", "currency", "to", "expected"),
    [
        ("554.10", "EUR", "USD", "576.93"),
        ("554.10", "USD", "EUR", "532.17"),
        ("100", "USD", "GBP", "79.91"),
        ("100", "USD", "JPY", "15479"),
        ("15479", "JPY", "USD", "100.00"),
        ("1.005", "USD", "USD", "1.005"),  # its own currency: not touched
        ("0", "USD", "EUR", "0.00"),
        ("-554.10", "USD", "EUR", "-532.17"),
        ("1", "USD", "PLN", None),
        ("1", "PLN", "USD", None),
        ("1", "PLN", "PLN", "1"),
    ],
)
def test_converts_through_the_euro_to_the_currencys_own_decimals(
    amount: str, currency: str, to: str, expected: str | None
) -> None:
    converted = rates.convert(Decimal(amount), currency, to, RATES)

    assert converted == (None if expected is None else Decimal(expected))
    assert expected is None or str(converted) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("2.345", "USD", "2.35"),
        ("2.355", "USD", "2.36"),
        ("-2.345", "USD", "-2.35"),
        ("2.5", "JPY", "3"),
        ("1.2345", "JOD", "1.235"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount: str, currency: str, expected: str) -> None:
    assert str(rates.rounded(Decimal(amount), currency)) == expected


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 10, 29), None),  # before the first
        (date(2026, 10, 30), date(2026, 10, 30)),
        (date(2026, 11, 1), date(2026, 10, 30)),  # a Sunday
        (date(2026, 11, 2), date(2026, 11, 2)),
        (date(2026, 11, 9), date(2026, 11, 2)),  # seven days
        (date(2026, 11, 10), None),  # eight
    ],
)
def test_the_rate_of_the_day_else_the_last_one_of_a_week(on: date, found: date | None) -> None:
    known = [DayRate("USD", day, Decimal(1)) for day in (date(2026, 10, 30), date(2026, 11, 2))]

    rate = rates.on_day(known, on)

    assert (rate.day if rate else None) == found


def test_a_cross_rate_tells_the_older_day_and_the_less_official_source() -> None:
    known = {
        "USD": [DayRate("USD", MONDAY, Decimal("1.25"), "ecb")],
        "SAR": [DayRate("SAR", date(2026, 10, 30), Decimal("4"), "user")],
    }

    cross = rates.cross(known, "SAR", "USD", MONDAY)

    assert cross == Cross(Decimal(4), Decimal("1.25"), date(2026, 10, 30), "user")
    assert cross.rate == Decimal("0.3125")
    assert rates.cross(known, "SAR", "EUR", MONDAY) == Cross(
        Decimal(4), Decimal(1), date(2026, 10, 30), "user"
    )
    assert rates.cross(known, "AED", "USD", MONDAY) is None
    assert rates.cross(known, "USD", "AED", MONDAY) is None


@pytest.mark.parametrize(
    ("source", "known", "wins"),
    [
        ("ecb", "ecb", True),
        ("ecb", "file", False),
        ("ecb", "user", False),
        ("file", "ecb", True),
        ("file", "file", True),
        ("file", "user", False),
        ("user", "ecb", True),
        ("user", "file", True),
        ("user", "user", True),
    ],
)
def test_a_persons_rate_wins_over_files_and_files_over_the_bank(
    source: str, known: str, wins: bool
) -> None:
    assert rates.outranks(source, known) is wins


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Winter: 16:30 in Frankfurt is 15:30 UTC.
        ("2026-11-23T15:29", "2026-11-20"),  # Monday, too early: Friday's
        ("2026-11-23T15:30", "2026-11-23"),
        ("2026-11-22T12:00", "2026-11-20"),  # Sunday
        # Summer: 14:30 UTC.
        ("2026-07-01T14:29", "2026-06-30"),
        ("2026-07-01T14:30", "2026-07-01"),
        # Easter 2026 is 5 April: Friday to Monday are off.
        ("2026-04-06T20:00", "2026-04-02"),
        ("2026-04-07T20:00", "2026-04-07"),
        ("2026-05-01T20:00", "2026-04-30"),
        ("2026-12-26T20:00", "2026-12-24"),
        ("2027-01-01T20:00", "2026-12-31"),
    ],
)
def test_the_bank_gives_rates_on_working_days_of_the_euro(now: str, expected: str) -> None:
    given = rates.last_given(datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert given.date().isoformat() == expected
    assert given.utcoffset() is not None
    assert (given.hour, given.minute) == (16, 30)


@pytest.mark.parametrize(
    "sunday", ["1999-04-04", "2008-03-23", "2025-04-20", "2026-04-05", "2038-04-25", "2049-04-18"]
)
def test_easter(sunday: str) -> None:
    assert rates.easter(int(sunday[:4])) == date.fromisoformat(sunday)
