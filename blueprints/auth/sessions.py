"""The session of one browser: how it begins, goes on and ends."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g, session
from flask_login import login_user, logout_user
from sqlalchemy import bindparam, select

from extensions import db, login_manager, writing
from inventory.models import Account, DataMark, Role, User
from inventory.models.accounts import SignsIn
from inventory.services import accounts

#: Each page needs all: who asks, where the days begin, and which state the data is in.
VISITORS = (
    select(
        User.id,
        User.email,
        User.name,
        User.role,
        User.password_hash,
        User.nonce,
        User.theme,
        User.disabled_at,
        Account.timezone,
        DataMark.mark,
        DataMark.runs,
    )
    .join_from(User, Account, Account.id == 1, isouter=True)
    .outerjoin(DataMark, DataMark.id == 1)
    .where(User.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Visitor(SignsIn):
    """The user of a request that only reads: half the price of the row itself."""

    id: int
    email: str
    name: str
    role: Role
    password_hash: str | None
    nonce: str
    theme: str
    disabled_at: datetime | None


@login_manager.user_loader
def load_user(session_id: str) -> SignsIn | None:
    """Return the user of a session, unless its nonce is old or the user disabled."""
    user_id, _, nonce = session_id.partition(".")
    if not user_id.isdecimal():
        return None
    user = db.session.get(User, int(user_id)) if writing.get() else _visitor(int(user_id))
    return user if user and user.nonce == nonce and user.is_active else None


def _visitor(user_id: int) -> Visitor | None:
    # Past the session: a page from memory then needs none.
    with db.engine.connect() as connection:
        found = connection.execute(VISITORS, {"id": user_id}).all()
    for *person, timezone, mark, runs in found:
        g.marks = mark, runs  # read before all else: what a page shows is as new, or newer
        if timezone:
            g.zone = ZoneInfo(timezone)
        return Visitor(*person)
    return None


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
