"""Consent at Amazon: the way there, and the refresh token it brings back.

Operations: the consent page and the token endpoint of Login with Amazon (website workflow).
"""

import hashlib
import secrets as chance
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import current_app
from sqlalchemy import delete, update

from amazon.errors import AmazonError, AuthorizationError
from extensions import db
from inventory.models import Connection, OAuthRequest
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import accounts, applications, clients, connecting, connections

LIFE = timedelta(minutes=30)
EXPIRED = "Amazon no longer accepts this authorisation: its code lives 5 minutes and works once."
UNANSWERED = "Amazon did not answer properly when asked for the refresh token."


class StateRefused(Exception):
    """The state is unknown, used, older than half an hour, or another user's."""


class WrongSeller(Exception):
    """Consent came from another seller account than the connection's; ``seller_id`` is its."""

    def __init__(self, seller_id: str) -> None:
        super().__init__(seller_id)
        self.seller_id = seller_id


class NoApplicationId(Exception):
    """The chosen application has no Application ID: the consent page cannot be asked for it."""


class ExchangeFailed(Exception):
    """Amazon did not exchange the code; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants authorised: a new connection, or (``connection_id``) one again."""

    marketplace_id: str
    name: str
    application_id: int | None
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A state that was checked and used up, with what the exchange of the code needs."""

    wish: Wish
    client_id: str
    client_secret: str = field(repr=False)


def begin(wish: Wish, *, user_id: int) -> tuple[str, str]:
    """Return a new state for ``wish`` and the Application ID to ask consent for. Flushes.

    The state works once, for half an hour, for this user. Raises ``NoApplicationId``.
    """
    application_id = _application_id(wish)
    old = accounts.now() - LIFE
    db.session.execute(delete(OAuthRequest).where(OAuthRequest.created_at < old))
    state = chance.token_urlsafe(32)
    db.session.add(
        OAuthRequest(
            state_hash=_hash(state),
            user_id=user_id,
            connection_id=wish.connection_id,
            application_id=wish.application_id,
            marketplace_id=wish.marketplace_id,
            name=wish.name,
            created_at=accounts.now(),
        )
    )
    db.session.flush()
    return state, application_id


def consent_url(marketplace_id: str, application_id: str, state: str, redirect_uri: str) -> str:
    """Return the address of the marketplace's consent page."""
    query = {"application_id": application_id, "state": state, "redirect_uri": redirect_uri}
    return f"{seller_central(marketplace_id)}/apps/authorize/consent?{urlencode(query)}"


def callback_url(callback: str, amazon_state: str, state: str, redirect_uri: str) -> str:
    """Return where to go on when the seller started at Amazon's Appstore (login URI)."""
    query = {"amazon_state": amazon_state, "state": state, "redirect_uri": redirect_uri}
    mark = "&" if urlsplit(callback).query else "?"
    return callback + mark + urlencode(query)


def is_amazons(callback: str) -> bool:
    """Return whether ``callback`` is at one of the Seller Central hosts: no other is gone to."""
    try:
        parts = urlsplit(callback)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    return origin in {seller_central(one) for one in MARKETPLACES}


def seller_central(marketplace_id: str) -> str:
    """Return the base of the marketplace's Seller Central, as configured."""
    marketplace = MARKETPLACES[marketplace_id]
    configured = current_app.config["SELLER_CENTRAL_URLS"].get(marketplace.country, "")
    return configured.rstrip("/") or marketplace.seller_central


def use_state(state: str, *, user_id: int) -> Consent:
    """Check a state and use it up; of two that come together one wins. The caller commits.

    Raises ``StateRefused``.
    """
    request = db.session.scalar(
        update(OAuthRequest)
        .where(
            OAuthRequest.state_hash == _hash(state),
            OAuthRequest.user_id == user_id,
            OAuthRequest.used_at.is_(None),
            OAuthRequest.created_at >= accounts.now() - LIFE,
        )
        .values(used_at=accounts.now())
        .returning(OAuthRequest)
    )
    if request is None:
        raise StateRefused
    wish = Wish(request.marketplace_id, request.name, request.application_id, request.connection_id)
    client_id, client_secret = clients.application_secrets(wish.application_id)
    return Consent(wish, client_id, client_secret)


def exchange(consent: Consent, code: str, redirect_uri: str) -> str:
    """Return the refresh token for ``code``, which works once within 5 minutes.

    Calls Amazon: no transaction may be open. Raises ``ExchangeFailed``.
    """
    login = clients.open_application(consent.client_id, consent.client_secret)
    try:
        return login.exchange_code(code, redirect_uri).refresh_token
    except AuthorizationError as error:
        # The code is what was refused here, unless it was the application.
        told = error.user_message if error.reason == "client_refused" else EXPIRED
        raise ExchangeFailed(told) from error
    except AmazonError as error:
        raise ExchangeFailed(UNANSWERED) from error


def authorise(consent: Consent, seller_id: str, token: str, *, user_id: int) -> Connection:
    """Make the connection of a consent, or give an existing one its new token. Flushes.

    Raises ``WrongSeller``, ``connections.AlreadyConnected`` or ``connections.NameTaken``.
    """
    wish = consent.wish
    if wish.connection_id is None:
        details = connecting.Details(
            name=wish.name,
            marketplace_id=wish.marketplace_id,
            seller_id=seller_id,
            token=token,
            application_id=wish.application_id,
            authorised_by="oauth",
        )
        return connecting.create(details, user_id=user_id)
    connection = db.session.get_one(Connection, wish.connection_id)
    if connection.seller_id != seller_id:
        raise WrongSeller(seller_id)
    connections.replace_token(connection, token, user_id=user_id, authorised_by="oauth")
    return connection


def _application_id(wish: Wish) -> str:
    for one in applications.listed():
        if one.id == wish.application_id and one.application_id:
            return one.application_id
    raise NoApplicationId


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
