"""The page of one level's settings, for connections and warehouses alike.

A ``Subject`` says what the page is about; the routes of both levels are these functions. What
saving would do stands beside the form, and is asked for again while it is edited.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from blueprints import consequences as showing
from blueprints.conflicts import Conflict, conflict_status, conflicts, is_stale
from blueprints.connections.settings_forms import VersionedForm
from blueprints.inheritance import edited, moved_words
from blueprints.presentation import units
from blueprints.responses import wants_fragment
from extensions import db
from inventory.models import Change, Connection, Warehouse
from inventory.services import consequences, conversions, levels, put_back
from inventory.services.consequences_orders import told
from inventory.services.history import history
from inventory.services.settings_effects import follow

Sent = MultiDict[str, str]
STALE = "Somebody saved this meanwhile: the figures are for what is saved now. Reload to see it."


class Refused(Exception):
    """A value that only the database could refuse: the field's name, and a sentence."""


@dataclass(frozen=True)
class Subject:
    """Whose settings a page shows. ``saved`` is what its controls show, by field."""

    row: Connection | Warehouse
    kind: str
    address: str
    template: str
    saved: Mapping[str, Any]
    build: Callable[[Sent | None], VersionedForm]
    values: Callable[[VersionedForm], dict[str, Any]]
    store: Callable[[dict[str, Any], str], Change | None]
    context: Callable[[], dict[str, Any]]

    @property
    def connection(self) -> Connection | None:
        return self.row if isinstance(self.row, Connection) else self.row.connection


def show(subject: Subject) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    return page(subject, subject.build(None))


def save(subject: Subject) -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    if "reset" in request.form:
        return _reset(subject)
    form = subject.build(request.form)
    valid = form.validate()
    if is_stale(subject.row.version):
        found = conflicts(form, subject.saved)
        return page(subject, form, conflict_status(), sent=request.form, rows=found)
    if not valid:
        return page(subject, form, 422, sent=request.form)
    try:
        words = store(subject, subject.values(form), "Settings changed")
    except Refused as error:
        name, sentence = error.args
        form[name].errors = [sentence]
        return page(subject, form, 422, sent=request.form)
    flash(words)
    db.session.commit()
    return redirect(subject.address, 303)


def store(subject: Subject, values: dict[str, Any], summary: str) -> str:
    """Save and do what follows, conversions that were ticked too; return what was done.

    Raises ``Refused``. The caller commits.
    """
    steps = levels.step(subject.row, values)
    places = {one: step.origins_changed() for step in steps for one in [step.before.connection.id]}
    entry = subject.store(values, summary)
    if entry is None:
        return "Nothing was changed."
    words = f"Settings of {subject.row.name} are saved."
    if subject.connection is not None:
        words += moved_words(follow(subject.connection, entry.fields.keys(), current_user.id))
    if "convert" in request.form:
        words += converted_words(_convert(subject, places))
    return words


def consequences_of(subject: Subject) -> ResponseReturnValue:
    """Answer the form that is being edited; a browser without script gets the whole page."""
    form = subject.build(request.args)
    form.validate()
    if wants_fragment():
        return showing.fragment(preview(subject, form, request.args))
    return page(subject, form, sent=request.args)


def affected(subject: Subject, kind: str) -> ResponseReturnValue:
    """List the rows behind a figure; 404 for a kind that there is not."""
    form = subject.build(request.args)
    form.validate()
    values = typed(subject, form)
    try:
        title, rows = consequences.rows(subject.row, values, kind, showing.LIMIT)
    except KeyError:
        abort(404)
    shown = showing.preview(_ask(subject), [], request.args)
    return showing.listing(shown, title, subject.row.name, rows)


def page(
    subject: Subject,
    form: VersionedForm,
    status: int = 200,
    *,
    sent: Sent | None = None,
    rows: list[Conflict] | None = None,
) -> ResponseReturnValue:
    """Return the page of a form as it was typed, and what saving it would do."""
    changed = edited(form, subject.saved)
    entries = history(subject.kind, subject.row.id)
    names = subject.saved.keys()
    # Where both versions are shown, the figures are told for the form as it stands there.
    asked = MultiDict(sent or {})
    if rows is not None:
        asked.poplist("version")
    answer = render_template(
        subject.template,
        form=form,
        saved=subject.saved,
        edited=changed,
        entries=entries,
        rows=rows,
        preview=preview(subject, form, asked),
        pending=pending(subject),
        become=become(subject),
        restorable={
            one.id for one in entries if put_back.is_restorable(one.cause, one.names, names)
        },
        undone={one.undoes_id for one in entries},
        **subject.context(),
    )
    return answer, status


def preview(subject: Subject, form: VersionedForm, sent: Sent) -> showing.Preview:
    """Return what saving the valid fields of ``form`` would do."""
    values = typed(subject, form)
    is_edited = bool(edited(form, subject.saved))
    found = consequences.of(subject.row, values) if is_edited else []
    return showing.preview(
        _ask(subject), found, sent, trouble=_trouble(subject, form, sent), is_edited=is_edited
    )


def typed(subject: Subject, form: VersionedForm) -> dict[str, Any]:
    """Return what would be stored; a field with an error stays as it is."""
    values = subject.values(form)
    return {name: value for name, value in values.items() if not form[name].errors}


def pending(subject: Subject) -> list[conversions.Group]:
    """Return the open orders that are not what shipments become now, and can be converted."""
    if subject.connection is None:
        return []
    now = levels.of_connection(subject.connection)
    found = conversions.groups(now, conversions.places_of(subject.row, now))
    return [one for one in found if not one.refused]


def become(subject: Subject) -> str:
    """Return what shipments become now, in words; of several warehouses, each once."""
    if subject.connection is None:
        return ""
    now = levels.of_connection(subject.connection)
    places = conversions.places_of(subject.row, now)
    return " or ".join(sorted({told(now.origin(one), now, 2) for one in places}))


def converted_words(count: int) -> str:
    """Return what a conversion did, as a further sentence; empty for nothing."""
    return f" Converted: {units(count, 'open order')}." if count else ""


def _convert(subject: Subject, places: Mapping[int, list[int]]) -> int:
    count = 0
    for connection_id, ids in places.items():
        now = levels.of_connection(db.session.get_one(Connection, connection_id))
        count += conversions.convert(now, ids, on=subject.row, user_id=current_user.id)
    return count


def _reset(subject: Subject) -> ResponseReturnValue:
    """Blank what should be inherited, and show the form; nothing is saved yet."""
    sent = MultiDict(request.form)
    form = subject.build(request.form)
    wanted = request.form["reset"]
    for name in form.BLANKS if wanted == "all" else [wanted]:
        if name in form.BLANKS:
            sent.setlist(name, [""])
    form = subject.build(sent)
    form.validate()
    return page(subject, form, sent=sent)


def _ask(subject: Subject) -> str:
    return f"{subject.address}/consequences"


def _trouble(subject: Subject, form: VersionedForm, sent: Sent) -> str:
    version = sent.get("version")
    if version is not None and version != str(subject.row.version):
        return STALE
    wrong = [field.label.text for field in form if field.errors]
    return f"Not counted, because it cannot be saved so: {', '.join(wrong)}." if wrong else ""
