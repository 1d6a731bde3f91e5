"""First run: the one-time token, and the first owner with the installation's account."""

import hmac
import os
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import exists, select

from extensions import db
from inventory.models import Role, User
from inventory.services import account_settings, users


class AlreadySetUp(Exception):
    """There is a user already."""


def is_needed() -> bool:
    """Return True while there is no user. Once false it stays false, and asks nothing."""
    if not current_app.extensions.get("set_up"):
        current_app.extensions["set_up"] = bool(db.session.scalar(select(exists(select(User.id)))))
    return not current_app.extensions["set_up"]


def make_token() -> str:
    """Return the token of the set-up link, made on first use (mode 0600). For the serve command."""
    path = _path()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def token_matches(given: str) -> bool:
    """Return whether ``given`` is the token; False when none was made."""
    try:
        kept = _path().read_text().strip()
    except FileNotFoundError:
        return False
    return bool(kept) and hmac.compare_digest(kept.encode(), given.encode())


def forget_token() -> None:
    """Delete the token: it has done its work."""
    _path().unlink(missing_ok=True)


def start(*, email: str, name: str, password: str, timezone: str, currency: str) -> User:
    """Make the first owner and the account; return the owner. Raises ``AlreadySetUp``."""
    users.one_at_a_time()
    if db.session.scalar(select(exists(select(User.id)))):
        raise AlreadySetUp
    account = account_settings.ensure()
    account.timezone, account.currency = timezone, currency
    return users.create(email=email, name=name, role=Role.OWNER, password=password)


def _path() -> Path:
    return Path(current_app.config["INSTANCE"]) / "setup-token"
