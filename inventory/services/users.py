"""The people who may use the installation."""

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import func, select, text

from extensions import db
from inventory.models import Role, User
from inventory.services import accounts, changes, passwords


class EmailTaken(Exception):
    """Another user has this e-mail address."""


class LastOwner(Exception):
    """Without this user nobody could manage the installation."""


class HasSignedIn(Exception):
    """The log tells of this user: they can be disabled, not removed."""


def listed() -> Sequence[User]:
    """Return all users by name."""
    return db.session.scalars(select(User).order_by(func.lower(User.name), User.email)).all()


def by_email(email: str) -> User | None:
    """Return the user of an address, in whatever case it was typed."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def one_at_a_time() -> None:
    """Let no other transaction change users until this one ends: "the last owner" stays true.

    On SQLite a writing transaction is alone anyway. Call it before reading what decides.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text('lock table "user" in share row exclusive mode'))


def create(
    *, email: str, name: str, role: Role, password: str | None = None, by: int | None = None
) -> User:
    """Return a new user; without ``password`` they need a one-time link to get in.

    ``by`` is the id of who did it. Flushes. Raises ``EmailTaken``.
    """
    one_at_a_time()
    if by_email(email):
        raise EmailTaken(email)
    user = User(
        email=email.strip().lower(),
        name=name,
        role=role,
        password_hash=passwords.hashed(password) if password else None,
        nonce=_nonce(),
        created_at=accounts.now(),
    )
    db.session.add(user)
    db.session.flush()
    _record(user, f"Added as {role}", by)
    return user


def change(user: User, *, name: str, role: Role, by: int | None) -> None:
    """Give ``user`` a name and a role. Flushes. Raises ``LastOwner``."""
    _lock(user)
    fields = {"name": [user.name, name], "role": [user.role.value, role.value]}
    fields = {field: pair for field, pair in fields.items() if pair[0] != pair[1]}
    if user.role == Role.OWNER and role != Role.OWNER:
        _needs_another_owner(user)
    user.name, user.role = name, role
    db.session.flush()
    if fields:
        told = "; ".join(
            f"{field} {old or '–'} → {new or '–'}" for field, (old, new) in fields.items()
        )
        _record(user, told[:1].upper() + told[1:], by, fields)


def version(user: User) -> str:
    """Return a mark of what the user's form edits: another one means somebody saved meanwhile.

    Not a counter in the row, which each sign-in would move.
    """
    return hashlib.sha256(f"{user.name}\n{user.role}".encode()).hexdigest()[:16]


def disable(user: User, by: int | None) -> None:
    """Lock ``user`` out and end their sessions. Flushes. Raises ``LastOwner``."""
    _lock(user)
    if user.disabled_at:
        return
    _needs_another_owner(user)
    user.disabled_at, user.nonce = accounts.now(), _nonce()
    db.session.flush()
    _record(user, "Disabled; sessions ended", by)


def enable(user: User, by: int | None) -> None:
    """Let ``user`` sign in again. Flushes."""
    _lock(user)
    if not user.disabled_at:
        return
    user.disabled_at = None
    db.session.flush()
    _record(user, "Enabled", by)


def remove(user: User, by: int | None) -> None:
    """Delete a user who never signed in. Flushes. Raises ``HasSignedIn``, ``LastOwner``."""
    _lock(user)
    if user.signed_in_at:
        raise HasSignedIn(user.email)
    _needs_another_owner(user)
    _record(user, "Removed before the first sign-in", by)
    db.session.delete(user)
    db.session.flush()


def set_password(user: User, password: str, by: int | None, told: str = "Password changed") -> None:
    """Give ``user`` a new password; all their sessions end. Flushes."""
    user.password_hash, user.nonce = passwords.hashed(password), _nonce()
    db.session.flush()
    _record(user, f"{told}; other sessions ended", by)


def record_link(user: User, by: int | None) -> None:
    """Write to the log that a one-time link was made for ``user``; never the link."""
    _record(user, "One-time link made", by)


def _lock(user: User) -> None:
    one_at_a_time()
    db.session.refresh(user)


def _needs_another_owner(user: User) -> None:
    """An owner who may come in and has a password: an invitation alone manages nothing."""
    if user.role != Role.OWNER or user.disabled_at or not user.password_hash:
        return
    others = select(func.count()).where(
        User.role == Role.OWNER,
        User.disabled_at.is_(None),
        User.password_hash.is_not(None),
        User.id != user.id,
    )
    if not db.session.scalar(others):
        raise LastOwner(user.email)


def _nonce() -> str:
    return secrets.token_hex(16)


def _record(
    user: User, summary: str, by: int | None, fields: dict[str, list[str]] | None = None
) -> None:
    cause = "person" if by else "system"
    changes.record(
        "user", user.id, summary, name=user.shown_name, fields=fields, cause=cause, user_id=by
    )
