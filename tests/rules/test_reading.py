import itertools
from datetime import UTC, datetime, timedelta

import pytest

from inventory.rules.reading import estimated_lines, fewer_calls, halves, windows

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shipments", "lines", "by_window"),
    [(500, 10_000, True), (100, 10_000, False), (1, 20, False), (2, 50, True), (0, 0, False),
     (50, 640, True), (3, 150, False)],
)  # fmt: skip
def test_the_window_wins_where_it_is_fewer_pages(
    shipments: int, lines: int, by_window: bool
) -> None:
    assert fewer_calls(shipments, lines) is by_window


@pytest.mark.parametrize(
    ("counts", "lines"), [([], 0), ([None, None], 40), ([10, None], 20), ([10, 30], 40)]
)
def test_unread_shipments_are_taken_as_usual_ones(counts: list[int | None], lines: int) -> None:
    assert estimated_lines(counts) == lines


def test_the_windows_join_newest_first_and_cover_the_history() -> None:
    found = windows(NOW)

    assert found[0] == (NOW - timedelta(days=30), NOW)
    assert all(newer[0] == older[1] for newer, older in itertools.pairwise(found))
    assert found[-1][0] == NOW - timedelta(days=540)


def test_each_half_is_half_of_the_one_before_and_not_less_than_a_day() -> None:
    lengths = [end - start for start, end in halves(NOW)]

    assert lengths[0] == timedelta(days=540)
    assert all(a == b * 2 for a, b in itertools.pairwise(lengths))
    assert timedelta(days=1) <= lengths[-1] < timedelta(days=2)
