import pytest

from inventory.rules.receipts import Line, delta, gone, total


@pytest.mark.parametrize(
    ("known", "said", "units"),
    [(0, 0, 0), (0, 7, 7), (7, 12, 5), (12, 9, -3), (9, 9, 0), (4, -2, -4), (10, 14, 4)],
)
def test_a_receipt_is_what_changed_up_or_down(known: int, said: int, units: int) -> None:
    assert delta(known, said) == units
    assert known + delta(known, said) == total(said) >= 0


def test_a_line_is_gone_when_a_whole_reading_lacks_it() -> None:
    line = Line(10, 0)

    assert gone({"A": line, "B": line}, {"B": line, "C": line}) == {"A"}
