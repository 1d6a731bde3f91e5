"""Acts beside a settings form: converting open orders, and putting settings back."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from blueprints.conflicts import conflicts, is_stale
from blueprints.connections.settings_forms import VersionedForm
from blueprints.settings_pages import Refused, Sent, Subject, converted_words, preview, store
from extensions import db
from inventory.models import Change, Connection
from inventory.rules.settings import DEFAULTS
from inventory.services import centres, changes, conversion_undo, conversions, levels, put_back


def convert(subject: Subject) -> ResponseReturnValue:
    """Make open orders what the settings in force say; one act that can be undone."""
    count = 0
    if subject.connection is not None:
        now = levels.of_connection(subject.connection)
        places = conversions.places_of(subject.row, now)
        count = conversions.convert(now, places, on=subject.row, user_id=current_user.id)
    flash(converted_words(count).strip() or "No open order had to be converted.")
    db.session.commit()
    return redirect(subject.address, 303)


def undo(subject: Subject, act_id: int) -> ResponseReturnValue:
    """Put converted orders back; refused when one of them changed since."""
    act = conversion_undo.of_subject(subject.kind, subject.row.id, act_id)
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


def put_back_page(subject: Subject, entry_id: int) -> ResponseReturnValue:
    """Show what putting the settings back would change and do; POST does it."""
    state = _state(subject, entry_id)
    blanks = subject.build(None).BLANKS
    values = {name: shown(name, value, blanks) for name, value in state.values.items()}
    sent = as_sent({**subject.saved, **values})
    form = subject.build(sent)
    valid = form.validate()
    if request.method == "GET":
        return _confirm(subject, state, form, sent, 200 if valid else 422)
    if is_stale(subject.row.version):
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


def _state(subject: Subject, entry_id: int) -> put_back.Before:
    state = put_back.before(subject.kind, subject.row.id, entry_id, subject.saved.keys())
    if state is None:
        abort(404)
    return state


def _restore(subject: Subject, state: put_back.Before, form: VersionedForm) -> str:
    # A switch has no blank: what was inherited then is inherited again, not pinned.
    blanks = {name: None for name, value in state.values.items() if value is None}
    told = store(subject, {**subject.values(form), **blanks}, "Put back as it was")
    newest = changes.history(subject.kind, subject.row.id, 1)
    if isinstance(subject.row, Connection) and state.centres:
        act = centres.correct(subject.row, state.centres, user_id=current_user.id)
        _mark(act, state)
        told = told if act is None else f"Settings of {subject.row.name} are put back."
    if newest and newest[0].summary == "Put back as it was":
        _mark(newest[0], state)
    return told.replace("are saved", "are put back")


def _mark(done: Change | None, state: put_back.Before) -> None:
    if done is not None and done.undoes_id is None:
        done.undoes_id = state.entry.id


def _confirm(
    subject: Subject, state: put_back.Before, form: VersionedForm, sent: Sent, status: int
) -> ResponseReturnValue:
    told = preview(subject, form, sent)
    if isinstance(subject.row, Connection) and state.centres:
        more = centres.consequences(subject.row, state.centres)
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
