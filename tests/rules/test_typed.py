from datetime import date
from decimal import Decimal

import pytest

from inventory.rules import typed


@pytest.mark.parametrize(
    ("text", "units"),
    [("12", 12), ("0", 0), ("007", 7), ("12.0", 12), ("12,00", 12), ("10000000", 10_000_000)],
)
def test_units_are_read(text: str, units: int) -> None:
    assert typed.whole(text) == units


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no number"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("1.5", "no whole number"),
        ("1,200", "no whole number"),
        ("٣", "no number"),
        ("½", "no number"),
        ("²", "no number"),
        ("１２", "no number"),
        ("1e3", "no number"),
        ("0x10", "no number"),
        ("five", "no number"),
        ("10000001", "more than"),
        ("9" * 5000, "more than"),
        ("NaN", "no number"),
    ],
)
def test_what_is_no_quantity_is_told(text: str, said: str) -> None:
    found = typed.whole(text)

    assert isinstance(found, str)
    assert said in found
    assert len(found) < 120


def test_a_quantity_has_a_least() -> None:
    assert typed.whole("0", least=1) == "“0” is less than 1."


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("4", ".", "4"),
        ("4.25", ".", "4.25"),
        ("4.2500", ".", "4.25"),
        ("4,25", ".", "4.25"),
        ("4.25", ",", "4.25"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ".", "1234.50"),
        ("1.234.567", ".", "1234567"),
        ("1,234,567.8", ",", "1234567.8"),
        ("1 234,50", ",", "1234.50"),
        ("1\u202f234,50", ",", "1234.50"),
        ("1’234.50", ".", "1234.50"),
        ("0.0001", ".", "0.0001"),
    ],
)
def test_amounts_are_read(text: str, decimal: str, value: str) -> None:
    assert typed.amount(text, decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "decimal", "said"),
    [
        ("", ".", "no amount"),
        ("1,234", ".", "may mean 1234"),
        ("1.234", ",", "may mean 1234"),
        ("-1", ".", "negative"),
        ("1.23456", ".", "decimal places"),
        ("€5", ".", "no amount"),
        ("1,23,456", ".", "no amount"),
        ("1..5", ".", "no amount"),
        ("5.", ".", "no amount"),
        ("NaN", ".", "no amount"),
        ("1e5", ".", "no amount"),
        ("٣", ".", "no amount"),
        ("1000000000", ".", "too large"),
        ("1.000.000.000", ".", "too large"),
    ],
)
def test_what_is_no_amount_is_told(text: str, decimal: str, said: str) -> None:
    found = typed.amount(text, decimal)

    assert isinstance(found, str)
    assert said in found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/1/2", date(2026, 1, 2)),
        ("31.12.2026", date(2026, 12, 31)),
        ("05.06.2026", date(2026, 6, 5)),
        ("31/12/2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("5/5/2026", date(2026, 5, 5)),
        ("2026-12-31T00:00:00", date(2026, 12, 31)),
        ("2026-12-31 00:00", date(2026, 12, 31)),
    ],
)
def test_days_are_read(text: str, value: date) -> None:
    assert typed.day(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("05/06/2026", "may be two dates"),
        ("2026-02-30", "no day of the calendar"),
        ("2026-W01-1", "no date"),
        ("46000", "no date"),
        ("soon", "no date"),
        ("31.12.26", "no date"),
        ("1899-12-31", "not between"),
        ("٢٠٢٦-12-31", "no date"),
    ],
)
def test_what_is_no_day_is_told(text: str, said: str) -> None:
    found = typed.day(text)

    assert isinstance(found, str)
    assert said in found
