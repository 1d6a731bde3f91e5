"""Exchange rates kept, and amounts converted with them."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import ExchangeRate
from inventory.rules.rates import DayRate
from inventory.services import rates
from inventory.services.rates import Converted, Stored
from tests.queries import counted

MONDAY = date(2026, 11, 2)


def give(code: str, day: date, rate: str, source: str = "ecb") -> Stored:
    stored = rates.store([DayRate(code, day, Decimal(rate), source)])
    db.session.commit()
    return stored


def kept() -> dict[tuple[str, str], tuple[str, str]]:
    rows = db.session.execute(sa.select(*ExchangeRate.__table__.c).order_by(ExchangeRate.day))
    return {
        (row.currency, row.day.isoformat()): (f"{row.per_euro:.4f}", row.source) for row in rows
    }


def test_an_amount_is_converted_with_the_rate_of_its_day(app: Flask) -> None:
    give("USD", MONDAY, "1.25")
    give("USD", date(2026, 11, 3), "1.50")

    found = rates.convert(Decimal("554.10"), "USD", "EUR", MONDAY)

    assert found == Converted(Decimal("443.28"), Decimal("0.8"), MONDAY, "ecb")
    assert rates.convert(Decimal(1), "USD", "EUR", date(2026, 11, 9)) is not None
    assert rates.convert(Decimal(1), "USD", "EUR", date(2026, 11, 11)) is None
    assert rates.convert(Decimal(1), "USD", "CAD", MONDAY) is None


def test_its_own_currency_needs_no_rate(app: Flask) -> None:
    found = rates.convert(Decimal("5.005"), "CAD", "CAD", MONDAY)

    assert found == Converted(Decimal("5.005"), Decimal(1), MONDAY, "")


def test_many_amounts_take_one_statement(app: Flask) -> None:
    give("USD", MONDAY, "1.25")
    give("JPY", MONDAY, "160")
    amounts = [
        (Decimal(n), "USD" if n % 2 else "JPY", date(2026, 11, 2 + n % 5)) for n in range(60)
    ]
    db.session.rollback()

    with counted() as statements:
        found = rates.convert_many(amounts, "EUR")

    assert len(statements) == 1
    assert [one.amount for one in found if one][:4] == [
        Decimal("0.00"),
        Decimal("0.80"),
        Decimal("0.01"),
        Decimal("2.40"),
    ]
    assert rates.convert_many([], "EUR") == []


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        ("ecb", "ecb", False),
        ("ecb", "user", False),
        ("ecb", "file", False),
        ("file", "ecb", True),
        ("user", "ecb", True),
        ("user", "file", True),
        ("user", "user", False),
    ],
)
def test_a_persons_rate_stays_when_the_banks_arrives(
    app: Flask, before: str, after: str, stays: bool
) -> None:
    give("USD", MONDAY, "1.25", before)

    stored = give("USD", MONDAY, "1.5", after)

    expected = ("1.2500", before) if stays else ("1.5000", after)
    assert kept() == {("USD", "2026-11-02"): expected}
    assert stored == (Stored(held=1) if stays else Stored(written=1))


def test_the_statement_itself_guards_a_persons_rate(app: Flask) -> None:
    give("USD", MONDAY, "1.25", "user")

    rates._write([DayRate("USD", MONDAY, Decimal(9), "ecb")], None)  # as if not looked before

    assert kept() == {("USD", "2026-11-02"): ("1.2500", "user")}


def test_what_is_the_same_is_not_written_again(app: Flask) -> None:
    days = [DayRate("USD", date(2026, 11, day), Decimal("1.0412")) for day in range(1, 29)]
    first = rates.store(days)

    again = rates.store([*days, DayRate("JPY", MONDAY, Decimal("161.17"))])

    assert (first, again) == (Stored(written=28), Stored(written=1, unchanged=28))


def test_a_rate_that_is_loaded_shows_what_was_stored(app: Flask) -> None:
    give("USD", MONDAY, "1.25")
    loaded = db.session.get_one(ExchangeRate, ("USD", MONDAY))

    rates.store([DayRate("USD", MONDAY, Decimal(2), "user")])

    assert (loaded.per_euro, loaded.source) == (Decimal(2), "user")
