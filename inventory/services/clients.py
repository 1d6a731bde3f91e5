"""The one place that builds a client for a connection, with its secrets and its endpoint."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from flask import current_app

from amazon.auth import AccessToken, LoginWithAmazon
from amazon.client import SellingPartnerClient
from amazon.throttle import Throttle
from extensions import db
from inventory.models import Application, Connection
from inventory.services import secrets

#: The built-in simulator answers here, inside the process (``app.py`` mounts it).
SIMULATOR_URL = "https://{region}.simulator.invalid"
#: It takes any application; only the refresh token names the seller.
SANDBOX_WORD = "sandbox"


class OpenTransaction(RuntimeError):
    """A call to Amazon was about to be made while a database transaction was open."""


@dataclass(frozen=True, slots=True)
class _Login:
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        words = (self.token_url, self.client_id, self.client_secret, self.refresh_token)
        return hashlib.sha256("\0".join(words).encode()).hexdigest()


def open_client(
    connection: Connection,
    *,
    throttle: Throttle | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_wait: Callable[[str, float], None] | None = None,
) -> SellingPartnerClient:
    """Return a client for ``connection``; it makes no call yet.

    ``throttle`` has the rate buckets; without one they start full, so give the lease's. Each
    call raises ``OpenTransaction`` if the session is in a transaction: commit first.
    Raises ``SecretUnreadable`` when the encryption key has changed.
    """
    http: requests.Session = current_app.extensions["amazon_http"]()
    return SellingPartnerClient(
        endpoint=_endpoint(connection),
        token=_token(connection.id, _login(connection), http),
        http=http,
        throttle=throttle or Throttle(),
        sleep=sleep,
        before_call=refuse_in_transaction,
        on_wait=on_wait,
        version=current_app.config["VERSION"],
    )


def open_application(client_id: str, client_secret: str) -> LoginWithAmazon:
    """Return the token endpoint for an application, to exchange the code of a consent."""
    login = _Login(current_app.config["LWA_TOKEN_URL"], client_id, client_secret, "")
    return _login_with_amazon(login, current_app.extensions["amazon_http"]())


def application_secrets(application_id: int | None) -> tuple[str, str]:
    """Return client id and client secret of an application; None is the environment's."""
    config = current_app.config
    if application_id is None:
        return config["LWA_CLIENT_ID"], config["LWA_CLIENT_SECRET"]
    application = db.session.get_one(Application, application_id)
    identity = f"application:{application.id}:client_secret"
    return application.client_id, secrets.decrypt(application.client_secret_encrypted, identity)


def refuse_in_transaction() -> None:
    """Raise ``OpenTransaction`` if one is open: a call may take minutes, a lock may not."""
    if db.session().in_transaction():
        raise OpenTransaction("commit before calling Amazon")


def _endpoint(connection: Connection) -> str:
    if connection.is_sandbox:
        return SIMULATOR_URL.format(region=connection.region.lower())
    url: str = current_app.config["SPAPI_ENDPOINTS"][connection.region]
    return url


def _login(connection: Connection) -> _Login:
    refresh_token = secrets.decrypt(
        connection.refresh_token_encrypted, f"connection:{connection.id}:refresh_token"
    )
    if connection.is_sandbox:
        return _Login(f"{_endpoint(connection)}/auth/o2/token", SANDBOX_WORD, "-", refresh_token)
    client_id, client_secret = application_secrets(connection.application_id)
    token_url = current_app.config["LWA_TOKEN_URL"]
    return _Login(token_url, client_id, client_secret, refresh_token)


def _login_with_amazon(login: _Login, http: requests.Session) -> LoginWithAmazon:
    return LoginWithAmazon(
        token_url=login.token_url,
        client_id=login.client_id,
        client_secret=login.client_secret,
        http=http,
        before_call=refuse_in_transaction,
    )


def _token(connection_id: int, login: _Login, http: requests.Session) -> AccessToken:
    """The process keeps one token per connection: it lives an hour, a run some minutes."""
    kept: dict[int, tuple[str, AccessToken]] = current_app.extensions.setdefault(
        "amazon_tokens", {}
    )
    fingerprint, token = kept.get(connection_id, ("", None))
    if token is None or fingerprint != login.fingerprint:
        token = AccessToken(_login_with_amazon(login, http), login.refresh_token)
        kept[connection_id] = (login.fingerprint, token)
    return token
