"""Sends one call to Amazon: waits its turn, sends, judges, and repeats what may be repeated."""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import requests

from amazon import answers
from amazon.answers import TokenExpiredError
from amazon.encoding import Value, address
from amazon.errors import AmazonError, ThrottledError, UnavailableError, UnclearError
from amazon.fields import Json
from amazon.operations import OPERATIONS, Operation
from amazon.throttle import Throttle
from amazon.wire import TIMEOUT_S, backoff_s, body_of, may_have_left, nothing, user_agent

logger = logging.getLogger(__name__)

RETRIES = 5
#: How long all 429 together may hold one client before the caller should come back later.
PATIENCE_S = 600.0

T = TypeVar("T")


class TokenSource(Protocol):
    """Where access tokens come from (``amazon.auth.AccessToken``)."""

    def get(self) -> str: ...

    def invalidate(self, refused: str | None = None) -> None: ...


@dataclass(slots=True)
class _Tries:
    """What was already tried for one call."""

    failed: int = 0
    throttled: int = 0
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    operation: Operation
    url: str
    body: str | None


class _Sent(NamedTuple):
    """What came of sending: the answer if one began, its body, and what went wrong."""

    response: requests.Response | None
    body: bytes
    problem: str = ""
    has_left: bool = True


class Transport:
    """Talks to one endpoint for one connection. Holds no database and reads no settings.

    ``throttle`` has the buckets of this seller and application. ``sleep`` takes seconds.
    ``before_call`` is called before each request and its waiting, and may raise: the app
    refuses calls while a database transaction is open. ``on_wait(operation, seconds)`` is
    called before each sleep. ``document_hosts`` are ``host[:port]`` that may serve report
    files besides Amazon's storage; by default the endpoint's own.

    For the caller to read: ``calls`` (requests sent, by operation), ``throttled`` (answers
    429), ``waited_s`` (seconds slept).
    """

    def __init__(
        self,
        *,
        endpoint: str,
        token: TokenSource,
        http: requests.Session,
        throttle: Throttle,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        before_call: Callable[[], None] | None = None,
        on_wait: Callable[[str, float], None] | None = None,
        version: str = "0",
        document_hosts: tuple[str, ...] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._token = token
        self._http = http
        self._throttle = throttle
        self._sleep = sleep
        self._clock = clock
        self._before_call = before_call or nothing
        self._on_wait = on_wait
        self._user_agent = user_agent(version)
        self._document_hosts = document_hosts
        self._patience_s = PATIENCE_S
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        self.throttled = 0
        self.waited_s = 0.0

    def call(
        self,
        operation: str,
        reader: Callable[[Json], T],
        *,
        names: Mapping[str, str] | None = None,
        query: Mapping[str, Value] | None = None,
        body: Json | None = None,
    ) -> T:
        """Return what ``reader`` makes of the answer; ``names`` fill the path.

        A GET is repeated up to 5 times when Amazon fails or answers nonsense; anything else
        never, since it may have been done: ``UnclearError``. A 429 was not done, so it waits,
        at most 10 minutes in all per client. An access token that is refused is renewed once.
        Raises ``AmazonError``.
        """
        known = OPERATIONS[operation]
        url = address(self._endpoint, known.path, names or {}, query or {})
        request = _Request(known, url, None if body is None else json.dumps(body))
        tries = _Tries()
        while True:
            self._before_call()
            token, waited_s = self._take_turn(operation)
            try:
                return self._once(request, token, waited_s, reader)
            except TokenExpiredError as error:
                self._renew(error, tries, token)
            except ThrottledError as error:
                self._wait_out(error, tries)
            except UnavailableError as error:
                self._try_again(request, error, tries)

    def pause(self, operation: str, seconds: float) -> None:
        """Sleep, having told so."""
        if self._on_wait:
            self._on_wait(operation, seconds)
        self._sleep(seconds)
        with self._lock:
            self.waited_s += seconds

    def _take_turn(self, operation: str) -> tuple[str, float]:
        """The access token comes first: between the turn and the call there may be no delay,
        or Amazon's bucket starts to refill later than ours."""
        waited_s = 0.0
        token = self._token.get()
        while not self._throttle.take(operation):
            wait_s = self._throttle.wait_s(operation)
            self.pause(operation, wait_s)
            waited_s += wait_s
            token = self._token.get()
        return token, waited_s

    def _once(
        self, request: _Request, token: str, waited_s: float, reader: Callable[[Json], T]
    ) -> T:
        name = request.operation.name
        started = self._clock()
        sent = self._send(request, token)
        self._throttle.answered(name)
        response = sent.response
        logger.info(
            "%s %s request=%s wait=%.1fs %d bytes %d ms",
            name,
            sent.problem or (response.status_code if response is not None else ""),
            "-" if response is None else answers.request_id(response) or "-",
            waited_s,
            len(sent.body),
            (self._clock() - started) * 1000,
        )
        if response is None:
            is_unclear = sent.has_left and request.operation.is_only_once
            kind = UnclearError if is_unclear else UnavailableError
            raise kind(name, None, "", sent.problem)
        self._learn_rate(name, response)
        return answers.read(request.operation, response, sent.body, reader)

    def _send(self, request: _Request, token: str) -> _Sent:
        """Send once; a body that was cut counts as empty.

        Network errors quote addresses with page tokens in them, so only the name of an error
        leaves this function.
        """
        with self._lock:
            self.calls[request.operation.name] += 1
        response = None
        try:
            response = self._http.request(
                request.operation.verb,
                request.url,
                data=request.body,
                headers=self._headers(request, token),
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            )
            return _Sent(response, body_of(response))
        except OSError as error:
            return _Sent(response, b"", type(error).__name__, may_have_left(error))

    def _headers(self, request: _Request, token: str) -> dict[str, str]:
        headers = {"x-amz-access-token": token, "user-agent": self._user_agent}
        if request.body is not None:
            headers["content-type"] = "application/json"
        return headers

    def _learn_rate(self, operation: str, response: requests.Response) -> None:
        """The header is often missing, and never tells the burst."""
        try:
            rate = float(response.headers.get("x-amzn-RateLimit-Limit", ""))
        except ValueError:
            return
        self._throttle.adjust(operation, rate)

    def _renew(self, error: AmazonError, tries: _Tries, token: str) -> None:
        if tries.renewed:
            raise error
        tries.renewed = True
        self._token.invalidate(token)

    def _wait_out(self, error: ThrottledError, tries: _Tries) -> None:
        """A 429 was not done, whatever the verb, so it may always be repeated."""
        tries.throttled += 1
        self._throttle.empty(error.operation)
        wait_s = max(self._throttle.wait_s(error.operation), backoff_s(tries.throttled))
        with self._lock:
            self.throttled += 1
            if wait_s > self._patience_s:
                error.retry_after_s = wait_s
                raise error
            self._patience_s -= wait_s
        self.pause(error.operation, wait_s)

    def _try_again(self, request: _Request, error: AmazonError, tries: _Tries) -> None:
        if request.operation.is_only_once and error.status is not None:
            raise UnclearError(error.operation, error.status, error.request_id, error.detail)
        if request.operation.verb != "GET" or tries.failed >= RETRIES:
            raise error
        tries.failed += 1
        self.pause(request.operation.name, backoff_s(tries.failed))
