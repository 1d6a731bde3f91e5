"""When an overdue shipment stops counting as on order."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from inventory.rules.stale import COUNTED, IGNORED, MOVING, Facts, Rule, days_left, verdict

NOW = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
MARCH_1, MARCH_31, APRIL_1 = date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)
ON, OFF = Rule(is_on=True, days=30), Rule(is_on=False, days=30)


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("facts", "rule", "today", "said"),
    [
        # Expected 1 March and 30 days: counted through 31 March, ignored from 1 April.
        (Facts(40, MARCH_1), ON, MARCH_31, COUNTED),
        (Facts(40, MARCH_1), ON, APRIL_1, IGNORED),
        (Facts(40, MARCH_1), ON, date(2027, 4, 1), IGNORED),
        (Facts(40, MARCH_1), Rule(is_on=True, days=31), APRIL_1, COUNTED),
        (Facts(40, MARCH_1), Rule(is_on=True, days=0), MARCH_1, COUNTED),
        (Facts(40, MARCH_1), Rule(is_on=True, days=0), date(2026, 3, 2), IGNORED),
        (Facts(40, MARCH_1), Rule(is_on=True, days=10**9), APRIL_1, COUNTED),
        (Facts(40, MARCH_1), OFF, APRIL_1, COUNTED),
        (Facts(40, None), ON, APRIL_1, COUNTED),
        (Facts(0, MARCH_1), ON, APRIL_1, COUNTED),
        # Amazon works on it.
        (Facts(40, MARCH_1, ago(days=2)), ON, APRIL_1, MOVING),
        (Facts(40, MARCH_1, ago(days=6, hours=23)), ON, APRIL_1, MOVING),
        (Facts(40, MARCH_1, ago(days=7)), ON, APRIL_1, IGNORED),
        (Facts(40, MARCH_1, ago(days=2)), ON, MARCH_31, COUNTED),
        (Facts(40, MARCH_1, ago(days=2)), OFF, APRIL_1, COUNTED),
        # A person's word wins.
        (Facts(40, MARCH_1, pin="count"), ON, APRIL_1, COUNTED),
        (Facts(40, MARCH_1, ago(days=2), "ignore"), ON, MARCH_1, IGNORED),
        (Facts(40, None, pin="ignore"), OFF, MARCH_1, IGNORED),
        (Facts(0, MARCH_1, pin="ignore"), ON, APRIL_1, COUNTED),
    ],
)
def test_verdict(facts: Facts, rule: Rule, today: date, said: str) -> None:
    assert verdict(facts, rule, today=today, now=NOW) == said


def test_a_day_later_nothing_ignored_counts_again_by_itself() -> None:
    chance = random.Random(20261124)
    for _ in range(2000):
        facts = Facts(
            chance.randrange(3),
            chance.choice([None, APRIL_1 - timedelta(days=chance.randrange(-5, 90))]),
            chance.choice([None, ago(hours=chance.randrange(400))]),
            chance.choice(["", "", "ignore", "count"]),
        )
        rule = Rule(is_on=chance.random() < 0.8, days=chance.randrange(60))

        said = verdict(facts, rule, today=APRIL_1, now=NOW)
        again = verdict(facts, rule, today=APRIL_1, now=NOW)
        later = verdict(facts, rule, today=APRIL_1 + timedelta(days=1), now=NOW + timedelta(days=1))

        assert again == said
        assert later == IGNORED or said != IGNORED
        assert facts.units_outstanding or said == COUNTED


@pytest.mark.parametrize(
    ("expected_on", "rule", "left"),
    [
        (date(2026, 3, 3), ON, 2),
        (MARCH_1, ON, 0),
        (date(2026, 1, 1), ON, 0),
        (None, ON, None),
        (MARCH_1, OFF, None),
    ],
)
def test_days_left_until_it_is_ignored(expected_on: date | None, rule: Rule, left: int) -> None:
    assert days_left(expected_on, rule, APRIL_1) == left
