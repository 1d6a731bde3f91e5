"""The session of one browser: how it begins, goes on and ends."""

from flask import session
from flask_login import login_user, logout_user

from extensions import db, login_manager
from inventory.models import User
from inventory.services import accounts


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """Return the user of a session, unless its nonce is old or the user disabled."""
    user_id, _, nonce = session_id.partition(".")
    user = db.session.get(User, int(user_id)) if user_id.isdecimal() else None
    return user if user and user.nonce == nonce and user.is_active else None


def begin(user: User) -> None:
    """Sign ``user`` in with a new session: nothing of the one before is kept."""
    session.clear()
    login_user(user)
    now = accounts.now()
    session["login_at"] = session["seen_at"] = int(now.timestamp())
    user.signed_in_at = now


def go_on(user: User) -> None:
    """Keep this browser signed in after the user's nonce changed; other sessions end."""
    session["_user_id"] = user.get_id()


def end() -> None:
    """Sign out, leaving nothing behind."""
    logout_user()
    session.clear()
