"""Quotes in the currency of their order."""

from datetime import date
from decimal import Decimal

import pytest

from inventory.rules import fees
from inventory.rules.rates import Cross

DAY = date(2026, 11, 3)
TO_USD = Cross(Decimal("1.5"), Decimal("1.05"), DAY, "ecb")
CROSSES = {("CAD", "USD", DAY): TO_USD}


def quoted(*amounts: str) -> list[tuple[Decimal, str, date]]:
    pairs = [one.split() for one in amounts]
    return [(Decimal(amount), currency, DAY) for amount, currency in pairs]


@pytest.mark.parametrize(
    ("quotes", "amount", "lacks_rate"),
    [
        ([], None, False),
        (["12.50 USD", "7.25 USD"], "19.75", False),
        (["10.01 CAD"], "7.01", False),  # 7.007
        (["12.50 USD", "10.01 CAD", "10.01 CAD"], "26.52", False),  # each rounded by itself
        (["12.50 USD", "7.25 MXN"], None, True),
        (["10.00 CAD", "7.25 MXN"], None, True),
        (["0 USD"], "0", False),
    ],
)
def test_the_fee_is_the_sum_of_the_quotes_or_nothing(
    quotes: list[str], amount: str | None, lacks_rate: bool
) -> None:
    fee = fees.fee(quoted(*quotes), "USD", CROSSES)

    assert fee.amount == (None if amount is None else Decimal(amount))
    assert fee.lacks_rate is lacks_rate


def test_a_rate_of_another_day_does_not_serve() -> None:
    quote = (Decimal(10), "CAD", date(2026, 11, 4))

    assert fees.fee([quote], "USD", CROSSES).lacks_rate


def test_the_original_is_kept_with_the_rate() -> None:
    (quote,) = fees.fee(quoted("5.00 USD", "554.10 CAD"), "USD", CROSSES).quotes

    assert quote.kept == ["554.10", "CAD", "387.87", "0.70000000", "2026-11-03", "ecb"]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], "2026-11-24"),
        ([None, None], "2026-11-24"),
        (["2026-11-03", None], "2026-11-03"),
        (["2026-12-03", "2026-11-20"], "2026-11-20"),
        (["2026-12-03"], "2026-11-24"),
    ],
)
def test_a_quote_is_of_the_day_it_was_seen_and_not_after_the_goods_left(
    others: list[str | None], expected: str
) -> None:
    days = [date.fromisoformat(day) if day else None for day in others]

    assert fees.quoted_on(date(2026, 11, 24), *days) == date.fromisoformat(expected)
