"""Login with Amazon: turns the three secrets of a connection into access tokens.

Nothing here logs or names a secret: not in messages, not in ``repr``.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from amazon import answers, fields
from amazon.errors import (
    AmazonError,
    AuthorizationError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)
from amazon.fields import Json, UnreadableError
from amazon.wire import TIMEOUT_S, backoff_s, body_of, nothing

OPERATION = "token"
RETRIES = 5
#: A token that ends while a call is under way would be refused at its arrival.
EARLY_S = 60.0

#: Login with Amazon's error words that a wait cannot cure, by what has to be done.
REASONS: Mapping[str, str] = {
    "invalid_grant": "token_revoked",
    "access_denied": "token_revoked",
    "invalid_client": "client_refused",
    "unauthorized_client": "client_refused",
    "invalid_scope": "client_refused",
    "invalid_request": "token_malformed",
}
_PASSING = ("server_error", "temporarily_unavailable")


@dataclass(frozen=True, slots=True)
class Grant:
    """What Login with Amazon gave: tokens, and the seconds the access token lives."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in_s: int


class LoginWithAmazon:
    """The token endpoint, for one application (client id and secret).

    ``before_call`` is called before each request and may raise; ``sleep`` takes seconds.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        http: requests.Session,
        sleep: Callable[[float], None] = time.sleep,
        before_call: Callable[[], None] = nothing,
    ) -> None:
        self._url = token_url
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._http = http
        self._sleep = sleep
        self._before_call = before_call

    def refresh(self, refresh_token: str) -> Grant:
        """Return a new access token; what a wait can cure is tried six times in all.

        Raises ``AuthorizationError`` (with its ``reason``), ``ThrottledError``,
        ``UnavailableError`` or ``RejectedError``.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        for failed in range(1, RETRIES + 1):
            try:
                return self._ask(form)
            except (ThrottledError, UnavailableError):
                self._sleep(backoff_s(failed))
        return self._ask(form)

    def exchange_code(self, code: str, redirect_uri: str) -> Grant:
        """Return the tokens for the code of the consent page, which lives 5 minutes.

        Asked once only, because a code works once. Errors as for ``refresh``.
        """
        grant = self._ask(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        )
        if not grant.refresh_token:
            raise UnavailableError(OPERATION, 200, "", "no refresh token")
        return grant

    def _ask(self, form: Mapping[str, str]) -> Grant:
        self._before_call()
        response, body = self._post({**form, **self._client})
        if response.status_code != 200:
            raise _refusal(response, body)
        try:
            return _grant(fields.as_mapping(answers.decoded(body), "body"))
        except UnreadableError as error:
            detail = str(error)
        raise UnavailableError(OPERATION, 200, answers.request_id(response), detail)

    def _post(self, form: Mapping[str, str]) -> tuple[requests.Response, bytes]:
        """Network errors quote what was sent, so only their name leaves this function."""
        try:
            # Streaming, so that the size and the time of the answer have bounds too.
            response = self._http.post(
                self._url, data=form, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            )
            return response, body_of(response)
        except OSError as error:
            detail = type(error).__name__
        raise UnavailableError(OPERATION, None, "", detail)


class AccessToken:
    """The access token of one connection: cached, renewed in time, by one thread at a time."""

    def __init__(
        self,
        login: LoginWithAmazon,
        refresh_token: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._login = login
        self._refresh_token = refresh_token
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._until = 0.0

    def get(self) -> str:
        """Return a token that lives for another minute at least. Raises ``AmazonError``."""
        with self._lock:
            if not self._value or self._clock() >= self._until:
                asked_at = self._clock()
                grant = self._login.refresh(self._refresh_token)
                self._value = grant.access_token
                self._until = asked_at + grant.expires_in_s - EARLY_S
            return self._value

    def invalidate(self, refused: str | None = None) -> None:
        """Forget the token that Amazon ``refused``, unless another thread renewed it already."""
        with self._lock:
            if refused is None or refused == self._value:
                self._value = ""


def _grant(data: Json) -> Grant:
    return Grant(
        access_token=fields.identity(data, "access_token"),
        refresh_token=fields.text(data, "refresh_token"),
        expires_in_s=fields.integer(data, "expires_in") or 3600,
    )


def _refusal(response: requests.Response, body: bytes) -> AmazonError:
    status = response.status_code
    word = _error_word(body)
    where = (OPERATION, status, answers.request_id(response), word)
    if status == 429:
        return ThrottledError(*where)
    if status >= 500 or status < 400 or not word or word in _PASSING:
        return UnavailableError(*where)
    if word in REASONS:
        return AuthorizationError(*where, reason=REASONS[word])
    return RejectedError(*where)


def _error_word(body: bytes) -> str:
    """Return the error's word; empty for a body that Login with Amazon did not write."""
    try:
        return fields.text(fields.as_mapping(answers.decoded(body), "body"), "error")
    except UnreadableError:
        return ""
