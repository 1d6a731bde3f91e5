"""When missing units can be claimed."""

from datetime import date

import pytest

from inventory.rules.claims import DEFAULT, Window, claim


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
    found = claim(date(2026, 3, 1), DEFAULT)

    assert found is not None
    assert (found.state(today), found.is_urgent(today)) == (state, is_urgent)


def test_there_is_none_before_the_delivery() -> None:
    assert claim(None, Window(0, 10)) is None
