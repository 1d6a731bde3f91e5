"""A form that is sent twice acts once: the repeat is answered with the first result.

Each rendered form carries a ``submission`` value of its own (the ``form`` macro writes it). A view
that creates something wears ``@once`` and calls ``leads_to`` before it commits.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import flash, g, redirect, request
from flask_login import current_user
from htmx_flask import make_response
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from blueprints.responses import wants_fragment
from extensions import db
from inventory.models import Submission
from inventory.services import accounts

View = TypeVar("View", bound=Callable[..., Any])
KEEP_FOR = timedelta(days=7)


def once(view: View) -> View:
    """Let a POST with a ``submission`` value seen before (by this user) act no second time.

    The value is written in the view's own transaction: a view that does not commit, because the
    form was wrong, leaves none behind. Stands below the role decorator.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        value = request.form.get("submission", "")[:64]
        if request.method != "POST" or not value:
            return view(*args, **kwargs)
        user_id = current_user.id
        try:
            g.submission = _reserve(value, user_id)
        except IntegrityError:
            db.session.rollback()
            return _first_result(value, user_id)
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]


def leads_to(location: str) -> None:
    """Say, before the commit, where a repeat of this form is sent to."""
    if "submission" in g:
        g.submission.location = location


def _reserve(value: str, user_id: int) -> Submission:
    now = accounts.now()
    old = delete(Submission).where(Submission.user_id == user_id, Submission.at < now - KEEP_FOR)
    db.session.execute(old)
    row = Submission(value=value, user_id=user_id, at=now)
    with db.session.begin_nested():  # waits for a twin under way, on Postgres
        db.session.add(row)
    return row


def _first_result(value: str, user_id: int) -> Any:
    row = db.session.get(Submission, value)
    location = row.location if row and row.user_id == user_id else ""
    flash("This form was sent twice. It was done once.")
    if wants_fragment():
        return make_response("", 200, redirect=location or request.path)
    return redirect(location or request.path, 303)
