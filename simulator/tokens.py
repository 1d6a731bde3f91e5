"""Tokens that carry what they mean, so that no table of them is needed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Any

_KEY = b"not a secret: it only tells our own tokens from nonsense"
_AWKWARD, _PLAIN = str.maketrans("-_", "+/"), str.maketrans("+/", "-_")


def seal(prefix: str, **meaning: Any) -> str:
    """Return an opaque text holding ``meaning``, fit for paths and queries as it is."""
    body = json.dumps(meaning, separators=(",", ":")).encode()
    return prefix + urlsafe_b64encode(_mark(prefix, body) + body).decode()


def seal_awkwardly(prefix: str, **meaning: Any) -> str:
    """Return the same with ``+`` and ``/`` in it: a caller must encode it, as Amazon's."""
    return f"+/{seal(prefix, **meaning)}".translate(_AWKWARD)


def unseal(prefix: str, token: str) -> dict[str, Any] | None:
    """Return what a token means; ``None`` if it is not one of ours with this prefix."""
    token = token.removeprefix("+/").translate(_PLAIN)
    if not token.startswith(prefix):
        return None
    try:
        raw = urlsafe_b64decode(token[len(prefix) :].encode())
    except ValueError:
        return None
    mark, body = raw[:8], raw[8:]
    return json.loads(body) if mark == _mark(prefix, body) else None


def _mark(prefix: str, body: bytes) -> bytes:
    return blake2b(prefix.encode() + body, digest_size=8, key=_KEY[:32]).digest()
