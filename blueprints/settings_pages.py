"""The page of one level's settings: the installation's, a connection's, a warehouse's.

A ``Subject`` says what the page is about; the routes of all levels are these functions. What
saving would do stands beside the form, and is asked for again while it is edited.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from blueprints import consequences as showing
from blueprints.conflicts import Conflict, conflict_status, conflicts, is_stale
from blueprints.connections.settings_forms import VersionedForm
from blueprints.inheritance import edited
from blueprints.responses import wants_fragment
from extensions import db
from inventory.rules.consequences import Affected, Consequence
from inventory.services import put_back
from inventory.services.history import history

Sent = MultiDict[str, str]
STALE = "Somebody saved this meanwhile: the figures are for what is saved now. Reload to see it."


class Refused(Exception):
    """A value that only the database could refuse: the field's name, and a sentence."""


def _nothing(_values: dict[str, Any]) -> str:
    return ""


@dataclass(frozen=True)
class Subject:
    """Whose settings a page shows; ``kind`` and ``id`` are its words in the log.

    ``saved`` is what the controls show, by field; ``restorable`` are the fields that can be put
    back. ``store`` saves values under a summary and returns what was done, in sentences; it
    raises ``Refused`` and does not commit. ``foretell`` returns what storing values would do and
    ``rows`` the title and rows behind a kind of figure (``KeyError``: no such kind).
    ``hindrance`` returns why a valid form cannot be saved, "" for nothing.
    """

    kind: str
    id: int
    name: str
    version: int | str
    address: str
    template: str
    saved: Mapping[str, Any]
    restorable: Collection[str]
    build: Callable[[Sent | None], VersionedForm]
    values: Callable[[VersionedForm], dict[str, Any]]
    store: Callable[[dict[str, Any], str], str]
    foretell: Callable[[dict[str, Any]], list[Consequence]]
    rows: Callable[[dict[str, Any], str, int], tuple[str, Iterable[Affected]]]
    context: Callable[[], dict[str, Any]]
    hindrance: Callable[[dict[str, Any]], str] = _nothing


def show(subject: Subject) -> ResponseReturnValue:
    """Show the settings in force, each with the level that set it."""
    return page(subject, subject.build(None))


def save(subject: Subject) -> ResponseReturnValue:
    """Save what differs, as one entry of the log. A form from before somebody's save is shown."""
    if "reset" in request.form:
        return _reset(subject)
    form = subject.build(request.form)
    valid = form.validate()
    if is_stale(subject.version):
        found = conflicts(form, subject.saved)
        return page(subject, form, conflict_status(), sent=request.form, rows=found)
    if not valid:
        return page(subject, form, 422, sent=request.form)
    try:
        words = subject.store(subject.values(form), "Settings changed")
    except Refused as error:
        name, sentence = error.args
        form[name].errors = [sentence]
        return page(subject, form, 422, sent=request.form)
    flash(words)
    db.session.commit()
    return redirect(subject.address, 303)


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
        title, rows = subject.rows(values, kind, showing.LIMIT)
    except KeyError:
        abort(404)
    shown = showing.preview(_ask(subject), [], request.args)
    return showing.listing(shown, title, subject.name, rows)


def page(
    subject: Subject,
    form: VersionedForm,
    status: int = 200,
    *,
    sent: Sent | None = None,
    rows: list[Conflict] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Return the page of a form as it was typed, and what saving it would do."""
    entries = history(subject.kind, subject.id)
    # Where both versions are shown, the figures are told for the form as it stands there.
    asked = MultiDict(sent or {})
    if rows is not None:
        asked.poplist("version")
    answer = render_template(
        subject.template,
        address=subject.address,
        version=subject.version,
        form=form,
        saved=subject.saved,
        edited=edited(form, subject.saved),
        entries=entries,
        rows=rows,
        preview=preview(subject, form, asked),
        restorable={
            one.id
            for one in entries
            if put_back.is_restorable(one.cause, one.names, subject.restorable)
        },
        undone={one.undoes_id for one in entries},
        **{**subject.context(), **context},
    )
    return answer, status


def preview(subject: Subject, form: VersionedForm, sent: Sent) -> showing.Preview:
    """Return what saving the valid fields of ``form`` would do."""
    values = typed(subject, form)
    is_edited = bool(edited(form, subject.saved))
    found = subject.foretell(values) if is_edited else []
    trouble = _trouble(subject, form, sent) or (subject.hindrance(values) if is_edited else "")
    return showing.preview(_ask(subject), found, sent, trouble=trouble, is_edited=is_edited)


def typed(subject: Subject, form: VersionedForm) -> dict[str, Any]:
    """Return what would be stored; a field with an error stays as it is."""
    values = subject.values(form)
    return {name: value for name, value in values.items() if not form[name].errors}


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
    if version is not None and version != str(subject.version):
        return STALE
    wrong = [field.label.text for field in form if field.errors]
    return f"Not counted, because it cannot be saved so: {', '.join(wrong)}." if wrong else ""
