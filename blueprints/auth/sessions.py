"""The session of one browser: how it begins, goes on and ends."""

from flask import g, session
from flask_login import login_user, logout_user
from sqlalchemy import bindparam, select

from extensions import db, login_manager
from inventory.models import Account, User
from inventory.services import accounts

#: Each page needs both: who asks, and where the days begin.
USER_AND_ACCOUNT = (
    select(User, Account)
    .join_from(User, Account, Account.id == 1, isouter=True)
    .where(User.id == bindparam("id"))
)


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """Return the user of a session, unless its nonce is old or the user disabled."""
    user_id, _, nonce = session_id.partition(".")
    if not user_id.isdecimal():
        return None
    found = db.session.execute(USER_AND_ACCOUNT, {"id": int(user_id)}).first()
    # The session alone forgets what nobody holds, and would ask for the account again.
    user, g.account = found or (None, None)
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
