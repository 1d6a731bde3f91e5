"""The account page's settings: saved for the installation, or for one user."""

from extensions import db
from inventory.models import Account, User
from inventory.rules.versions import version_of
from inventory.services import accounts, changes

THEMES = ("auto", "light", "dark")


def ensure() -> Account:
    """Return the account row, saved with the environment's time zone if there was none."""
    account = accounts.account()
    db.session.add(account)
    db.session.flush()
    return account


def version(account: Account) -> str:
    """Return the version of what the account page saves; the row has the order settings too."""
    return version_of({"timezone": account.timezone, "currency": account.currency})


def change(account: Account, *, timezone: str, currency: str, by: int | None) -> None:
    """Save where days begin and what money is. ``timezone`` is an IANA name, ``currency`` ISO 4217.

    Flushes. Raises ``StaleDataError`` when somebody else saved first.
    """
    new = {"timezone": timezone, "currency": currency}
    fields = {
        name: [getattr(account, name), value]
        for name, value in new.items()
        if getattr(account, name) != value
    }
    account.timezone, account.currency = timezone, currency
    db.session.add(account)
    db.session.flush()
    if fields:
        told = "; ".join(f"{name} {old} → {value}" for name, (old, value) in fields.items())
        changes.record("account", 1, told[:1].upper() + told[1:], fields=fields, user_id=by)


def choose_theme(user: User, theme: str) -> None:
    """Give ``user`` a theme of ``THEMES``. Flushes; not logged: it changes nothing for others."""
    if theme not in THEMES:
        raise ValueError(theme)
    user.theme = theme
    db.session.flush()
