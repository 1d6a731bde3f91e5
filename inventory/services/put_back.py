"""Putting settings back as they were before an entry of their log."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import Change

#: A correction of a fulfilment centre in the log: "centre ONT8 marketplace".
CENTRE = ("centre ", " marketplace")
#: Fields without which nothing exists: an entry that first set them is the beginning.
FIRST = ("primary_marketplace_id", "name", "seller_id")


@dataclass(frozen=True, slots=True)
class Before:
    """The state before ``entry``: values by field, and corrections by centre ("" is none)."""

    entry: Change
    values: dict[str, Any] = field(default_factory=dict)
    centres: dict[str, str] = field(default_factory=dict)


def before(
    subject_kind: str, subject_id: int, entry_id: int, names: Collection[str]
) -> Before | None:
    """Return how a connection or warehouse was before an entry; None: no such entry of a person.

    Every later change is taken back with it. ``names`` are the fields that can be put back.
    Two statements.
    """
    entry = db.session.get(Change, entry_id)
    is_its = entry is not None and (entry.subject_kind, entry.subject_id) == (
        subject_kind,
        subject_id,
    )
    if entry is None or not is_its:
        return None
    there = [name for name, (old, _new) in entry.fields.items() if was_there(name, old)]
    if not is_restorable(entry.cause, there, names):
        return None
    since = select(Change).where(
        Change.subject_kind == subject_kind,
        Change.subject_id == subject_id,
        Change.id >= entry_id,
    )
    found = Before(entry)
    for change in db.session.scalars(since.order_by(Change.id.desc())):
        for name, (old, _new) in change.fields.items():
            if name in names:
                found.values[name] = old
            elif code := centre_of(name):
                found.centres[code] = old or ""
    return found


def was_there(name: str, old: Any) -> bool:
    """Return whether a field had a value to go back to: None is one only where it inherits."""
    return old is not None or name not in FIRST


def is_restorable(cause: str, fields: Iterable[str], names: Collection[str]) -> bool:
    """Return whether an entry tells of something a person can put back."""
    return cause == "person" and any(name in names or centre_of(name) for name in fields)


def centre_of(name: str) -> str:
    """Return the fulfilment centre that a field of the log is about; "" for none."""
    start, end = CENTRE
    is_centre = name.startswith(start) and name.endswith(end)
    return name[len(start) : -len(end)] if is_centre else ""
