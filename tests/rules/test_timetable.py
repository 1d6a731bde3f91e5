from datetime import UTC, datetime, timedelta

import pytest

from inventory.rules.timetable import EVERY, next_due

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "ago_min", "in_min"),
    [("shipments", 10, 20), ("stock", 0, 30), ("listings", 45, 15), ("plans", 300, 0)],
)
def test_what_was_read_is_due_again_after_its_time(kind: str, ago_min: int, in_min: int) -> None:
    last_at = NOW - timedelta(minutes=ago_min)

    assert next_due(kind, last_at, NOW) == NOW + timedelta(minutes=in_min)


def test_what_was_never_read_is_due_now() -> None:
    assert {next_due(kind, None, NOW) for kind in EVERY} == {NOW}
