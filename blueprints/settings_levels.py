"""Settings of a connection and of a warehouse: what a save does, and open orders from before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from blueprints.inheritance import moved_words
from blueprints.presentation import units
from blueprints.settings_pages import Subject
from extensions import db
from inventory.models import Change, Connection, Warehouse
from inventory.rules.settings import Setting
from inventory.services import consequences, conversion_undo, conversions, levels
from inventory.services.consequences_orders import told
from inventory.services.settings_effects import follow


@dataclass(frozen=True)
class Level:
    """A connection or a warehouse, and how its columns are stored (as one entry of the log)."""

    row: Connection | Warehouse
    write: Callable[[dict[str, Any], str], Change | None]

    @property
    def connection(self) -> Connection | None:
        return self.row if isinstance(self.row, Connection) else self.row.connection


def subject(level: Level, *, context: Callable[[], dict[str, Any]], **page: Any) -> Subject:
    """Return what the page of a level is about; ``page`` are further fields of ``Subject``."""
    return Subject(
        id=level.row.id,
        name=level.row.name,
        version=level.row.version,
        restorable=page["saved"].keys(),
        store=lambda values, summary: store(level, values, summary),
        foretell=lambda values: consequences.of(level.row, values),
        rows=lambda values, kind, limit: consequences.rows(level.row, values, kind, limit),
        context=lambda: {
            "pending": pending(level),
            "become": become(level),
            "conversion": f"{page['address']}/conversion",
            **context(),
        },
        **page,
    )


def store(level: Level, values: dict[str, Any], summary: str) -> str:
    """Save and do what follows, conversions that were ticked too; return what was done.

    Raises ``Refused``. The caller commits.
    """
    steps = levels.step(level.row, values)
    places = {one: step.origins_changed() for step in steps for one in [step.before.connection.id]}
    entry = level.write(values, summary)
    if entry is None:
        return "Nothing was changed."
    words = f"Settings of {level.row.name} are saved."
    if level.connection is not None:
        words += moved_words(follow(level.connection, entry.fields.keys(), current_user.id))
    if "convert" in request.form:
        words += converted_words(_convert(level, places))
    return words


def pending(level: Level) -> list[conversions.Group]:
    """Return the open orders that are not what shipments become now, and can be converted."""
    if level.connection is None:
        return []
    now = levels.of_connection(level.connection)
    found = conversions.groups(now, conversions.places_of(level.row, now))
    return [one for one in found if not one.refused]


def become(level: Level) -> str:
    """Return what shipments become now, in words; of several warehouses, each once."""
    if level.connection is None:
        return ""
    now = levels.of_connection(level.connection)
    places = conversions.places_of(level.row, now)
    return " or ".join(sorted({told(now.origin(one), now, 2) for one in places}))


def convert(level: Level, address: str) -> ResponseReturnValue:
    """Make open orders what the settings in force say; one act that can be undone."""
    count = 0
    if level.connection is not None:
        now = levels.of_connection(level.connection)
        places = conversions.places_of(level.row, now)
        count = conversions.convert(now, places, on=level.row, user_id=current_user.id)
    flash(converted_words(count).strip() or "No open order had to be converted.")
    db.session.commit()
    return redirect(address, 303)


def undo(subject: Subject, act_id: int) -> ResponseReturnValue:
    """Put converted orders back; refused when one of them changed since."""
    act = conversion_undo.of_subject(subject.kind, subject.id, act_id)
    if act is None:
        abort(404)
    try:
        count = conversion_undo.undo(act, user_id=current_user.id)
    except conversion_undo.NotConverted as error:
        since = f" Changed since: {error}." if str(error) else " It was undone already."
        flash(f"The conversion was not undone.{since}", "error")
    else:
        flash(f"Undone.{converted_words(count).replace('Converted', 'Put back')}")
    db.session.commit()
    return redirect(subject.address, 303)


def source_names(*found: Mapping[str, Setting]) -> dict[int, str]:
    """Return the names of the source warehouses that settings lead to, by id."""
    ids = {one["default_source_id"].value for one in found}
    rows = db.session.scalars(select(Warehouse).where(Warehouse.id.in_(ids - {None})))
    return {one.id: one.name if one.is_enabled else f"{one.name} (disabled)" for one in rows}


def lost_source(found: Mapping[str, Setting]) -> str:
    """Return the name of a source that is set but cannot be used any more; "" for none."""
    wanted = found["default_source_id"].value
    source = db.session.get(Warehouse, wanted) if wanted else None
    return source.name if source and not source.is_enabled else ""


def converted_words(count: int) -> str:
    """Return what a conversion did, as a further sentence; empty for nothing."""
    return f" Converted: {units(count, 'open order')}." if count else ""


def _convert(level: Level, places: Mapping[int, list[int]]) -> int:
    count = 0
    for connection_id, ids in places.items():
        now = levels.of_connection(db.session.get_one(Connection, connection_id))
        count += conversions.convert(now, ids, on=level.row, user_id=current_user.id)
    return count
