"""Refresh tokens of forms that were refused for another field: kept, never sent back."""

import secrets as chance
from datetime import timedelta

from sqlalchemy import delete

from extensions import db
from inventory.models import ConnectionDraft
from inventory.services import accounts, secrets

LIFE = timedelta(hours=1)


def keep(token: str, user_id: int) -> str:
    """Keep ``token`` for an hour and return the key under which its user finds it. Flushes."""
    _forget_old()
    key = chance.token_urlsafe(24)
    db.session.add(
        ConnectionDraft(
            key=key,
            user_id=user_id,
            token_encrypted=secrets.encrypt(token, _identity(key)),
            created_at=accounts.now(),
        )
    )
    db.session.flush()
    return key


def find(key: str | None, user_id: int) -> str | None:
    """Return the token kept under ``key`` by this user; None when there is none any more."""
    draft = db.session.get(ConnectionDraft, key) if key else None
    if draft is None or draft.user_id != user_id or draft.created_at < accounts.now() - LIFE:
        return None
    return secrets.decrypt(draft.token_encrypted, _identity(draft.key))


def forget(key: str | None) -> None:
    """Delete the draft: its form was taken."""
    if key:
        db.session.execute(delete(ConnectionDraft).where(ConnectionDraft.key == key))


def _forget_old() -> None:
    old = accounts.now() - LIFE
    db.session.execute(delete(ConnectionDraft).where(ConnectionDraft.created_at < old))


def _identity(key: str) -> str:
    return f"connection_draft:{key}:refresh_token"
