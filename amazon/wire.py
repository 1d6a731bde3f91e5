"""What every request shares: time-outs, a bound on the answer, waits between attempts."""

import platform
import random
import time

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

#: Connect, and the longest silence while reading.
TIMEOUT_S = (5.0, 60.0)
#: A server that sends a byte now and then must not hold a sync for ever.
BODY_TIMEOUT_S = 300.0
BODY_LIMIT_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


class BodyError(requests.RequestException):
    """The answer is too long, or was cut, or takes too long."""


def nothing() -> None:
    """The hook of those who want none."""


def user_agent(version: str) -> str:
    """Return the name that Amazon asks applications to give themselves."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Stockbridge/{version} (Language=Python/{python}; Platform={platform.system()})"[:500]


def backoff_s(failed: int) -> float:
    """Return the wait after the given number of failures: 1 s, doubling to 60 s, less jitter."""
    jitter = random.uniform(0.75, 1.0)  # noqa: S311  (spreads the retries, keeps no secret)
    return max(1.0, min(60.0, 2.0 ** (failed - 1)) * jitter)


def may_have_left(error: Exception) -> bool:
    """Return False only if it is certain that nothing was sent: there was no connection."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not (
        isinstance(error, requests.ConnectionError)
        and isinstance(cause, MaxRetryError)
        and isinstance(cause.reason, NewConnectionError)
    )


def body_of(response: requests.Response) -> bytes:
    """Read the whole body of a streamed answer. Raises ``requests.RequestException``."""
    started, parts, size = time.monotonic(), [], 0
    with response:
        for chunk in response.iter_content(CHUNK_BYTES):
            size += len(chunk)
            if size > BODY_LIMIT_BYTES or time.monotonic() - started > BODY_TIMEOUT_S:
                raise BodyError("too long")
            parts.append(chunk)
    check_complete(response, size)
    return b"".join(parts)


def check_complete(response: requests.Response, size: int) -> None:
    """Raise ``BodyError`` if fewer bytes came than were announced."""
    announced = response.headers.get("Content-Length", "")
    encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    if announced.isdigit() and not encoded and size < int(announced):
        raise BodyError("cut")
