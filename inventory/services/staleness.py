"""Ignoring shipments that stay unreceived: the rule applied, previewed, and overruled by hand."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Account, Change, Shipment
from inventory.rules import stale
from inventory.rules.stale import Rule
from inventory.services import accounts, changes, ignoring, stale_cases
from inventory.services.ignoring import Evaluated
from inventory.services.stale_cases import Case

WORDS = {
    stale.IGNORE: "Ignored by hand",
    stale.COUNT: "Counted again by hand",
    stale.BY_RULE: "Back to the rule",
}


class ChangedSince(Exception):
    """What is to be undone was changed again since; ``args`` are the FBA ids."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A shipment that a rule would treat otherwise; ``expected_on`` is the date it would have."""

    id: int
    amazon_shipment_id: str
    units_outstanding: int
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change: ignored, counted again; and of what counts, what would be overdue."""

    ignored: tuple[Affected, ...] = ()
    counted: tuple[Affected, ...] = ()
    overdue_ended: tuple[Affected, ...] = ()
    overdue_begun: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did to shipments in one go."""

    summary: str
    amazon_shipment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an act by hand did: the FBA ids it changed, and the batch by which it is undone."""

    batch: str
    amazon_shipment_ids: tuple[str, ...]


def evaluate(
    connection_id: int | None = None,
    *,
    run_id: int | None = None,
    user_id: int | None = None,
    at: datetime | None = None,
) -> Evaluated:
    """Ignore what the rule in force says, count again what it no longer does; orders follow.

    Of one connection, or of all. ``at`` is now unless a test says otherwise. A handful of
    statements however many shipments change, and none that writes where nothing does. Each
    change is logged. Flushes; the caller commits.
    """
    now = at or accounts.now()
    done = ignoring.apply(connection_id, now, run_id=run_id, user_id=user_id)
    if connection_id is None:
        _note_day(accounts.today(now))
    return done


def preview(
    rule: Rule,
    *,
    connection_id: int | None = None,
    expected: Mapping[int, date] | None = None,
    at: datetime | None = None,
) -> Preview:
    """Return what ``rule`` would change, without writing: the same statement, the same verdicts.

    ``expected`` maps a shipment's id to the date it would have; where a person dated the order,
    that date stands.
    """
    now = at or accounts.now()
    today = accounts.today(now)
    found = stale_cases.cases(
        rule, connection_id=connection_id, today=today, now=now, expected=expected
    )
    before = {case.id: not case.was_ignored and _is_late(case, today, was=True) for case in found}
    after = {case.id: not case.is_ignored and _is_late(case, today, was=False) for case in found}
    return Preview(
        ignored=_affected(case for case in found if case.is_ignored and not case.was_ignored),
        counted=_affected(case for case in found if case.was_ignored and not case.is_ignored),
        overdue_ended=_affected(case for case in found if before[case.id] and not after[case.id]),
        overdue_begun=_affected(case for case in found if after[case.id] and not before[case.id]),
    )


def pin(shipment_ids: Iterable[int], word: str, *, user_id: int, note: str = "") -> Pinned:
    """Overrule the rule for open shipments: "ignore", "count", or "" for back to the rule.

    A ``note`` is kept with the shipments. Those that are pinned so already stay untouched.
    Logged as one batch; orders follow at once. Flushes.
    """
    if word not in stale.PINS:
        raise ValueError(word)
    wanted = sa.select(Shipment).where(Shipment.id.in_(set(shipment_ids)), Shipment.is_open)
    values: dict[str, Any] = {"ignore_pin": word} | ({"note": note} if note else {})
    return _set(db.session.scalars(wanted).all(), values, WORDS[word], user_id)


def write_note(shipment_ids: Iterable[int], note: str, *, user_id: int) -> Pinned:
    """Keep a note with shipments, open or over; logged as one batch. Flushes."""
    rows = db.session.scalars(sa.select(Shipment).where(Shipment.id.in_(set(shipment_ids)))).all()
    return _set(rows, {"note": note[:1000]}, "Note written", user_id)


def act(batch: str) -> Act | None:
    """Return what a person did in one batch, ``None`` when it is unknown."""
    found = _acts(batch)
    names = tuple(act.subject_name for act in found)
    return Act(found[0].summary, names) if found else None


def undo(batch: str, *, user_id: int) -> Pinned:
    """Take an act by hand back, all of it. Raises ``ChangedSince``; then nothing is. Flushes."""
    acts = _acts(batch)
    ids = [act.subject_id for act in acts]
    rows = {
        row.id: row for row in db.session.scalars(sa.select(Shipment).where(Shipment.id.in_(ids)))
    }
    pairs = [(rows[act.subject_id], act) for act in acts if act.subject_id in rows]
    changed = [row.amazon_shipment_id for row, act in pairs if not _stands(row, act)]
    if changed or not pairs:
        raise ChangedSince(*changed)
    undone = str(uuid.uuid4())
    for row, act in pairs:
        values = {name: pair[0] for name, pair in act.fields.items()}
        _change(row, values, f"Undone: {act.summary}", user_id, undone, act.id)
    _settle([row.id for row, _ in pairs], user_id)
    return Pinned(undone, tuple(row.amazon_shipment_id for row, _ in pairs))


def is_due() -> bool:
    """Return whether this day of the account no one has looked at all shipments yet."""
    looked_on = db.session.scalar(sa.select(sa.func.coalesce(Account.ignore_looked_on, date.min)))
    return looked_on is not None and looked_on < accounts.today()


def _note_day(today: date) -> None:
    table = Account.__table__  # past the version of the settings, which nobody changed
    assert isinstance(table, sa.Table)
    stale_day = sa.or_(table.c.ignore_looked_on.is_(None), table.c.ignore_looked_on != today)
    db.session.execute(sa.update(table).where(stale_day).values(ignore_looked_on=today))


def _is_late(case: Case, today: date, *, was: bool) -> bool:
    expected_on = case.expected_was if was else case.facts.expected_on
    return case.facts.units_outstanding > 0 and stale.days_past(expected_on, today) > 0


def _affected(cases: Iterable[Case]) -> tuple[Affected, ...]:
    return tuple(
        Affected(
            case.id,
            case.amazon_shipment_id,
            case.facts.units_outstanding,
            case.facts.expected_on,
        )
        for case in cases
    )


def _set(rows: Sequence[Shipment], values: Mapping[str, Any], summary: str, user_id: int) -> Pinned:
    batch = str(uuid.uuid4())
    differing = [row for row in rows if any(getattr(row, name) != values[name] for name in values)]
    for row in differing:
        _change(row, values, summary, user_id, batch)
    _settle([row.id for row in differing], user_id)
    return Pinned(batch, tuple(row.amazon_shipment_id for row in differing))


def _acts(batch: str) -> Sequence[Change]:
    mine = sa.select(Change).where(Change.batch == batch, Change.subject_kind == "shipment")
    return db.session.scalars(mine.order_by(Change.id)).all()


def _change(
    row: Shipment,
    values: Mapping[str, Any],
    summary: str,
    user_id: int,
    batch: str,
    undoes_id: int | None = None,
) -> None:
    old = {name: getattr(row, name) for name in values}
    fields = {name: [old[name], new] for name, new in values.items() if old[name] != new}
    for name, new in values.items():
        setattr(row, name, new)
    if "ignore_pin" in fields:
        row.ignore_pinned_by = user_id if row.ignore_pin else None
        row.ignore_pinned_at = accounts.now() if row.ignore_pin else None
    act = changes.record(
        "shipment",
        row.id,
        summary,
        name=row.amazon_shipment_id,
        fields=fields,
        user_id=user_id,
    )
    act.batch, act.undoes_id = batch, undoes_id


def _settle(shipment_ids: Sequence[int], user_id: int) -> None:
    """What a person did may change what counts: at once, and without a second log entry."""
    if shipment_ids:
        ignoring.apply(None, accounts.now(), user_id=user_id, told=set(shipment_ids))


def _stands(row: Shipment, act: Change) -> bool:
    return all(getattr(row, name) == pair[1] for name, pair in act.fields.items())
