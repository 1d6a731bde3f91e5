"""One-time links: an invitation, or a new password for somebody who lost theirs."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update

from extensions import db
from inventory.models import OneTimeLink, User
from inventory.services import accounts

VALID_FOR = timedelta(hours=72)


def make(user: User) -> str:
    """Return the token of a new link for ``user``. Only its hash is kept; older links end."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(
        user_id=user.id, token_hash=_hash(token), expires_at=accounts.now() + VALID_FOR
    )
    db.session.add(link)
    db.session.flush()
    return token


def find(token: str) -> OneTimeLink | None:
    """Return the link of ``token`` while it works: unused, in time, its user not disabled."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)))
    works = link and not link.used_at and link.expires_at > accounts.now() and link.user.is_active
    return link if works else None


def use_up(link: OneTimeLink) -> bool:
    """Mark ``link`` as used; False when somebody else was first."""
    first = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    result = db.session.execute(first.values(used_at=accounts.now()).returning(OneTimeLink.id))
    return result.first() is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
