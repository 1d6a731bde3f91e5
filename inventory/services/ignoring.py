"""The ignore rule at work: verdicts become rows, orders and log entries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Account, Change
from inventory.rules import stale
from inventory.rules.stale import Rule
from inventory.services import accounts, ignored_units, stale_cases
from inventory.services.stale_cases import Case


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Shipments newly ignored, and counted again."""

    ignored: int = 0
    counted: int = 0


def rule_in_force() -> Rule:
    """Return the rule in force."""
    return rule_of(accounts.account())


def rule_of(account: Account) -> Rule:
    """Return the rule that the account's settings make."""
    return Rule(bool(account.ignore_stale), account.ignore_after_days or 0)


def apply(
    connection_id: int | None,
    now: datetime,
    *,
    run_id: int | None = None,
    user_id: int | None = None,
    told: Collection[int] = (),
) -> Evaluated:
    """Ignore what the rule in force says, count again what it no longer does; orders follow.

    Shipments in ``told`` are left out of the log: a person's act on them is there already.
    Flushes.
    """
    in_force, today = rule_in_force(), accounts.today(now)
    db.session.flush()
    found = stale_cases.cases(in_force, connection_id=connection_id, today=today, now=now)
    changed = [case for case in found if case.is_ignored != case.was_ignored]
    if not changed:
        return Evaluated()
    ignored = [case.id for case in changed if case.is_ignored]
    counted = [case.id for case in changed if not case.is_ignored]
    ignored_units.mark(ignored, today)
    ignored_units.mark(counted, None)
    ignored_units.follow(case.order_id for case in changed if case.order_id is not None)
    log = [_told(case, in_force, today) for case in changed if case.id not in told]
    if log:
        common = {"at": now, "cause": "rule", "run_id": run_id, "user_id": user_id}
        # Past the session, which would ask for the new ids and know nothing to do with them.
        rows = [{**common, **row} for row in log]
        db.session.connection().execute(sa.insert(Change.__table__), rows)  # type: ignore[arg-type]
    return Evaluated(len(ignored), len(counted))


def _told(case: Case, in_force: Rule, today: date) -> dict[str, Any]:
    if case.is_ignored:
        summary = stale.why_ignored(case.facts, today)
    elif case.is_in_scope:
        summary = stale.why_counted(case.facts, in_force, case.said, today)
    else:
        summary = "No longer ignored: it is over, or its order is not active"
    words = {True: stale.IGNORED, False: stale.COUNTED}
    units = case.facts.units_outstanding
    return {
        "subject_kind": "shipment",
        "subject_id": case.id,
        "subject_name": case.amazon_shipment_id,
        "summary": summary,
        "fields": {f"{units:,} units": [words[case.was_ignored], words[case.is_ignored]]},
    }
