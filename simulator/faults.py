"""Everything Amazon or the network can do wrong, by name."""

import json
from typing import NamedTuple

#: Answered by the transport or the socket, not by HTTP.
NETWORK = ("timeout", "reset", "cut")
#: Acted on by the operation itself.
INSIDE = ("bad_gzip", "report_fatal", "report_cancelled")

DENIED = "Access to requested resource is denied."
_HTML = b"<html><head><title>Service Unavailable</title></head><body>Please retry.</body></html>"


class Canned(NamedTuple):
    """A whole answer: status, content type, body."""

    status: int
    content_type: str
    body: bytes


def errors(status: int, code: str, message: str, details: str = "") -> Canned:
    """Return Amazon's error envelope."""
    error = {"code": code, "message": message, "details": details}
    return Canned(status, "application/json", json.dumps({"errors": [error]}).encode())


def _lwa(status: int, error: str, description: str) -> Canned:
    body = json.dumps({"error": error, "error_description": description})
    return Canned(status, "application/json", body.encode())


EXPIRED_TOKEN = errors(403, "Unauthorized", DENIED, "The access token you provided has expired.")
REVOKED = errors(
    403, "Unauthorized", DENIED, "The access token you provided is revoked, malformed or invalid."
)
MISSING_TOKEN = errors(
    403, "MissingAuthenticationToken", DENIED, "The request is missing an access token."
)
#: Without details: that is how a missing role is told from a bad token.
MISSING_ROLE = errors(403, "Unauthorized", DENIED)
THROTTLED = errors(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
INVALID_GRANT = _lwa(400, "invalid_grant", "The request has an invalid grant parameter")
INVALID_CLIENT = _lwa(401, "invalid_client", "Client authentication failed")
UNSUPPORTED_GRANT = _lwa(400, "unsupported_grant_type", "The grant type is not supported")

CANNED = {
    "html": Canned(503, "text/html", _HTML),
    "html200": Canned(200, "text/html", _HTML),
    "empty200": Canned(200, "application/json", b""),
    "errors200": errors(200, "InternalFailure", "We encountered an internal error."),
    "expired_token": EXPIRED_TOKEN,
    "revoked": REVOKED,
    "missing_role": MISSING_ROLE,
    "throttled": THROTTLED,
    "invalid_grant": INVALID_GRANT,
    "invalid_client": INVALID_CLIENT,
}
_BY_STATUS = {
    400: ("InvalidInput", "Invalid request parameters."),
    401: ("Unauthorized", DENIED),
    404: ("NotFound", "The requested resource does not exist."),
    413: ("RequestTooLarge", "The request is too large."),
    415: ("UnsupportedMediaType", "The media type is not supported."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable."),
}
NAMES = ("ok", *CANNED, *NETWORK, *INSIDE)


def word(answer: str | int) -> str:
    """Return an answer as it is kept in the journal; raise ``ValueError`` for an unknown one."""
    text = str(answer)
    if text == "200":
        return "ok"
    if text in NAMES or (text.isdigit() and 400 <= int(text) <= 599):
        return text
    raise ValueError(f"unknown answer {text!r}; known: {', '.join(NAMES)} or a status")


def canned(text: str) -> Canned | None:
    """Return the whole answer a word stands for; ``None`` where it has no fixed one."""
    if text in CANNED:
        return CANNED[text]
    if not text.isdigit():
        return None
    if text in ("403", "429"):
        return MISSING_ROLE if text == "403" else THROTTLED
    code, message = _BY_STATUS.get(int(text), ("InternalFailure", "We encountered an error."))
    return errors(int(text), code, message)
