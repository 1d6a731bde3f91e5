"""Putting the settings of a level back as they were before an entry of their history."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from blueprints.conflicts import conflicts, is_stale
from blueprints.connections.settings_forms import VersionedForm
from blueprints.settings_pages import Refused, Sent, Subject, preview
from extensions import db
from inventory.models import Change, Connection
from inventory.rules.settings import DEFAULTS
from inventory.services import centres, changes, put_back

SUMMARY = "Put back as it was"


def page(subject: Subject, entry_id: int) -> ResponseReturnValue:
    """Show what putting the settings back would change and do; POST does it."""
    state = put_back.before(subject.kind, subject.id, entry_id, subject.restorable)
    if state is None:
        abort(404)
    blanks = subject.build(None).BLANKS
    values = {name: shown(name, value, blanks) for name, value in state.values.items()}
    sent = as_sent({**subject.saved, **values})
    form = subject.build(sent)
    valid = form.validate()
    if request.method == "GET":
        return _confirm(subject, state, form, sent, 200 if valid else 422)
    if is_stale(subject.version):
        return _confirm(subject, state, form, sent, 409)
    if not valid:
        return _confirm(subject, state, form, sent, 422)
    try:
        told = _restore(subject, state, form)
    except Refused as error:
        form[error.args[0]].errors = [error.args[1]]
        return _confirm(subject, state, form, sent, 422)
    flash(told)
    db.session.commit()
    return redirect(subject.address, 303)


def shown(name: str, value: Any, blanks: Collection[str]) -> Any:
    """Return what a control shows for a stored value: where it has no blank, the default."""
    has_blank = value is not None or name in blanks
    return value if has_blank else DEFAULTS.get(name)


def as_sent(values: Mapping[str, Any]) -> Sent:
    """Return values as a browser would send them: a switch that is off is not there."""
    texts = {
        name: "y" if value is True else "" if value is None else str(value)
        for name, value in values.items()
        if value is not False
    }
    return MultiDict(texts)


def _restore(subject: Subject, state: put_back.Before, form: VersionedForm) -> str:
    # A switch has no blank: what was inherited then is inherited again, not pinned.
    blanks = {name: None for name, value in state.values.items() if value is None}
    told = subject.store({**subject.values(form), **blanks}, SUMMARY)
    newest = changes.history(subject.kind, subject.id, 1)
    if newest and newest[0].summary == SUMMARY:
        _mark(newest[0], state)
    if state.centres:
        connection = db.session.get_one(Connection, subject.id)
        act = centres.correct(connection, state.centres, user_id=current_user.id)
        _mark(act, state)
        told = told if act is None else f"Settings of {subject.name} are put back."
    return told.replace("are saved", "are put back")


def _mark(done: Change | None, state: put_back.Before) -> None:
    if done is not None and done.undoes_id is None:
        done.undoes_id = state.entry.id


def _confirm(
    subject: Subject, state: put_back.Before, form: VersionedForm, sent: Sent, status: int
) -> ResponseReturnValue:
    told = preview(subject, form, sent)
    if state.centres:
        connection = db.session.get_one(Connection, subject.id)
        more = centres.consequences(connection, state.centres)
        told = replace(told, consequences=[*told.consequences, *more])
    answer = render_template(
        "settings/put_back.html",
        subject=subject,
        entry=state.entry,
        rows=conflicts(form, subject.saved),
        corrections=centres.in_words(state.centres),
        errors=[(field.label.text, error) for field in form for error in field.errors],
        preview=told,
        is_stale=status == 409,
    )
    return answer, status
