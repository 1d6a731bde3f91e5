"""When missing units can be claimed."""

from datetime import date

import pytest

from inventory.rules.claims import DEFAULT, Claim, Delivery, Window, claim


@pytest.mark.parametrize(
    ("today", "state", "is_urgent"),
    [
        (date(2026, 3, 15), "waiting", False),
        (date(2026, 3, 16), "open", False),
        (date(2026, 4, 19), "open", False),
        (date(2026, 4, 20), "open", True),
        (date(2026, 4, 30), "open", True),
        (date(2026, 5, 1), "closed", False),
    ],
)
def test_a_claim_is_open_from_day_15_to_day_60(today: date, state: str, is_urgent: bool) -> None:
    found = claim(Delivery(date(2026, 3, 1)), DEFAULT)

    assert found is not None
    assert (found.state(today), found.is_urgent(today)) == (state, is_urgent)


def test_there_is_none_before_the_delivery() -> None:
    assert claim(None, Window(0, 10)) is None


@pytest.mark.parametrize(
    ("expected_on", "opens_on"),
    [
        (date(2026, 9, 26), date(2026, 10, 6)),
        (date(2026, 12, 20), date(2026, 12, 11)),
        (None, date(2026, 12, 11)),
    ],
)
def test_what_was_there_at_the_first_look_had_come_by_its_expected_date(
    expected_on: date | None, opens_on: date
) -> None:
    there = Delivery(date(2026, 12, 1), was_there=True, expected_on=expected_on)
    seen = Delivery(date(2026, 12, 1), expected_on=expected_on)

    found = claim(there, Window(10, 20))

    assert found is not None
    assert (found.opens_on, found.is_estimate) == (opens_on, True)
    assert claim(seen, Window(10, 20)) == Claim(date(2026, 12, 11), date(2026, 12, 21))
