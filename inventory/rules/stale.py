"""When an overdue shipment stops counting as on order. Pure.

Days are days of the account's time zone. Only what is outstanding is ever ignored: what was
received is stock already.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

COUNTED, IGNORED, MOVING = "counted", "ignored", "moving"
#: A person's word against the rule.
IGNORE, COUNT, BY_RULE = "ignore", "count", ""
PINS = (IGNORE, COUNT, BY_RULE)
#: A receipt or a step forward means that Amazon is working on it: it counts for so long.
HOLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rule:
    """The setting: off, or ignored from the day after ``days`` days past the expected date."""

    is_on: bool
    days: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an open shipment on an active order to an FBA warehouse.

    ``last_activity_at`` (aware) is its last receipt or step forward; ``pin`` is one of ``PINS``.
    """

    units_outstanding: int
    expected_on: date | None
    last_activity_at: datetime | None = None
    pin: str = BY_RULE


def verdict(facts: Facts, rule: Rule, *, today: date, now: datetime) -> str:
    """Return whether the outstanding units count: "counted", "ignored" or "moving".

    With 30 days and expected on 1 March they count through 31 March and are ignored from
    1 April. "moving" counts too: it would be ignored, but for activity in the last 7 days.
    """
    if facts.units_outstanding <= 0 or facts.pin == COUNT:
        return COUNTED
    if facts.pin == IGNORE:
        return IGNORED
    if not rule.is_on or days_past(facts.expected_on, today) <= rule.days:
        return COUNTED
    return MOVING if is_moving(facts.last_activity_at, now) else IGNORED


def days_past(expected_on: date | None, today: date) -> int:
    """Return the days since the expected date: 0 on the day, before it, and without a date."""
    return max(0, (today - expected_on).days) if expected_on else 0


def days_left(expected_on: date | None, rule: Rule, today: date) -> int | None:
    """Return in how many days it is ignored if nothing moves; None: never by this rule."""
    if not rule.is_on or expected_on is None:
        return None
    return max(0, rule.days + 1 - (today - expected_on).days)


def is_moving(last_activity_at: datetime | None, now: datetime) -> bool:
    """Return whether there was activity in the last 7 days."""
    return last_activity_at is not None and now - last_activity_at < HOLD


def why_ignored(facts: Facts, today: date) -> str:
    """Return why it is ignored, without full stop."""
    if facts.pin == IGNORE:
        return "Ignored by hand"
    return f"Ignored: {_days(days_past(facts.expected_on, today))} past the expected date"


def why_counted(facts: Facts, rule: Rule, said: str, today: date) -> str:
    """Return why an ignored shipment, still in the rule's scope, is ignored no more."""
    if facts.units_outstanding <= 0:
        return "No longer ignored: nothing is outstanding"
    if facts.pin == COUNT:
        return "Counted again by hand"
    if said == MOVING:
        return "Counted again: Amazon is working on it"
    if not rule.is_on:
        return "Counted again: ignoring is switched off"
    past = days_past(facts.expected_on, today)
    return f"Counted again: {_days(past)} past the expected date, {_days(rule.days)} allowed"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
