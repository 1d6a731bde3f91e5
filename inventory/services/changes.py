"""The audit log: what changed, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import Change
from inventory.services import accounts


def record(
    subject_kind: str,
    subject_id: int | None,
    summary: str,
    *,
    name: str = "",
    fields: Mapping[str, Sequence[Any]] | None = None,
    cause: str = "person",
    user_id: int | None = None,
    run_id: int | None = None,
) -> Change:
    """Add one act to the log: ``fields`` maps a field's name to ``[old, new]`` (JSON values).

    ``cause`` is "person", "amazon", "rule" or "system". Flushes nothing; the caller commits.
    """
    change = Change(
        at=accounts.now(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_name=name[:255],
        summary=summary[:500],
        fields={field: list(pair) for field, pair in (fields or {}).items()},
        cause=cause,
        user_id=user_id,
        run_id=run_id,
    )
    db.session.add(change)
    return change


def history(subject_kind: str, subject_id: int, limit: int = 50) -> Sequence[Change]:
    """Return the newest acts on one thing, newest first."""
    return db.session.scalars(
        select(Change)
        .where(Change.subject_kind == subject_kind, Change.subject_id == subject_id)
        .order_by(Change.id.desc())
        .limit(limit)
    ).all()
