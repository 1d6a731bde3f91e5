"""Everything Amazon or the network can do wrong, by name."""

import json
from typing import NamedTuple

#: Answered by the transport or the socket, not by HTTP.
NETWORK = ("timeout", "reset", "cut")
#: The network fails before anything is sent: the operation does not act.
UNREACHED = ("no_connection",)
#: The operation acts, and then the answer is another (``acted_500``, ``acted_html`` …).
ACTED = "acted_"
#: Acted on by the operation itself. Of an asynchronous one: it fails, succeeds with a warning,
#: never ends. Of createInboundPlan: the plan is voided at once, listed late (5 minutes), its
#: address is refused. Of generating options: they are expired, 1,377, or cost ``$cost.amount``.
INSIDE = (
    "bad_gzip",
    "report_fatal",
    "report_cancelled",
    "failed",
    "warnings",
    "endless",
    "voided",
    "late",
    "address_refused",
    "expired",
    "many_options",
    "template_amount",
)

DENIED = "Access to requested resource is denied."
_HTML = b"<html><head><title>Service Unavailable</title></head><body>Please retry.</body></html>"


class Canned(NamedTuple):
    """A whole answer: status, content type, body."""

    status: int
    content_type: str
    body: bytes


def errors(status: int, code: str, *messages: str, details: str = "") -> Canned:
    """Return Amazon's error envelope, with an entry for each message."""
    found = [{"code": code, "message": message, "details": details} for message in messages]
    return Canned(status, "application/json", json.dumps({"errors": found}).encode())


def _lwa(status: int, error: str, description: str) -> Canned:
    body = json.dumps({"error": error, "error_description": description})
    return Canned(status, "application/json", body.encode())


EXPIRED_TOKEN = errors(
    403, "Unauthorized", DENIED, details="The access token you provided has expired."
)
REVOKED = errors(
    403,
    "Unauthorized",
    DENIED,
    details="The access token you provided is revoked, malformed or invalid.",
)
MISSING_TOKEN = errors(
    403,
    "MissingAuthenticationToken",
    DENIED,
    details="The request is missing an access token.",
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
NAMES = ("ok", *CANNED, *NETWORK, *UNREACHED, *INSIDE)


def word(answer: str | int) -> str:
    """Return an answer as it is kept in the journal; raise ``ValueError`` for an unknown one."""
    text = str(answer)
    if text == "200":
        return "ok"
    if text in NAMES or canned(text.removeprefix(ACTED)):
        return text
    raise ValueError(f"unknown answer {text!r}; known: {', '.join(NAMES)}, a status or {ACTED}…")


def canned(text: str) -> Canned | None:
    """Return the whole answer a word stands for; ``None`` where it has no fixed one."""
    if text in CANNED:
        return CANNED[text]
    if not (text.isdigit() and 400 <= int(text) <= 599):
        return None
    if text in ("403", "429"):
        return MISSING_ROLE if text == "403" else THROTTLED
    code, message = _BY_STATUS.get(int(text), ("InternalFailure", "We encountered an error."))
    return errors(int(text), code, message)
