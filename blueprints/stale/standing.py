"""What the pages of a shipment and of an order say of being overdue, and what to do about it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from blueprints import states
from blueprints.presentation import ago, day, today, units
from inventory.rules import stale
from inventory.rules.stale import Rule
from inventory.services import accounts, ignoring, stale_cases, staleness
from inventory.services.stale_cases import Case

OVERDUE, MOVING = "Overdue", "Overdue, still moving"


class Act(NamedTuple):
    """A button: the word it pins."""

    word: str
    label: str


class Standing(NamedTuple):
    """Where an open shipment stands: a badge, a sentence, and the acts of a planner."""

    shipment_id: int
    fba_id: str
    badge: Markup
    sentence: Markup
    acts: list[Act]


def standings(shipment_ids: Sequence[int]) -> list[Standing]:
    """Return those of the shipments that can be ignored at all: open, with units to come."""
    if not shipment_ids:
        return []
    rule, on, now = ignoring.rule_in_force(), today(), accounts.now()
    found = stale_cases.cases_of(shipment_ids, rule, today=on, now=now)
    return [
        Standing(case.id, case.amazon_shipment_id, badge(case), _sentence(case, rule), acts(case))
        for case in found
        if case.is_in_scope and case.facts.units_outstanding > 0
    ]


class Done(NamedTuple):
    """An act that can be taken back."""

    batch: str
    sentence: str


def done(batch: str | None) -> Done | None:
    """Return what the act of an address (``?undo=``) did, for the line that offers to undo it."""
    found = staleness.act(batch[:36]) if batch else None
    if batch is None or found is None:
        return None
    names = found.amazon_shipment_ids
    subject = names[0] if len(names) == 1 else units(len(names), "shipment")
    return Done(batch, f"{subject}: {found.summary}.")


def badge(case: Case) -> Markup:
    """Return "Ignored", "Overdue" or "Overdue, still moving"; blank where nothing is late."""
    if case.was_ignored:
        return states.badge("Ignored")
    if case.said == stale.MOVING:
        return states.badge(MOVING)
    return states.badge(OVERDUE) if _past(case, today()) else Markup()


def acts(case: Case) -> list[Act]:
    """Return what a planner may do."""
    found = [Act(*(("count", "Count again") if case.was_ignored else ("ignore", "Ignore now")))]
    if case.facts.pin:
        found.append(Act("", "Back to the rule"))
    return found


def _sentence(case: Case, rule: Rule) -> Markup:
    past = units(_past(case, today()), "day") + " past the expected date"
    coming = units(case.facts.units_outstanding)
    if case.was_ignored:
        why = "by hand" if case.facts.pin else past
        return Markup("since {}: {}; not counted as on order ({})").format(
            day(case.ignored_on), why, coming
        )
    if case.facts.pin == stale.COUNT:
        return Markup("Counted by hand since {}: the rule does not ignore it").format(
            day(accounts.today(case.pinned_at) if case.pinned_at else None)
        )
    if case.said == stale.MOVING:
        return Markup("{}, not ignored yet: Amazon worked on it {}").format(
            past, ago(case.facts.last_activity_at)
        )
    if not _past(case, today()):
        return Markup("{} count as on order").format(coming)
    return Markup("{}; {} still count as on order{}").format(past, coming, _next(case, rule))


def _next(case: Case, rule: Rule) -> str:
    left = stale.days_left(case.facts.expected_on, rule, today())
    return "" if left is None else f", ignored in {units(left, 'day')}"


def _past(case: Case, on: date) -> int:
    return stale.days_past(case.facts.expected_on, on)
