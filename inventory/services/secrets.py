"""Secrets at rest: AES-256-GCM, bound to the row they belong to."""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE_BYTES = 12


class SecretUnreadable(Exception):
    """The secret was encrypted with a key that is not configured, or for another row."""


def encrypt(text: str, identity: str) -> str:
    """Return ``text`` encrypted for the row ``identity`` ("connection:3:refresh_token").

    Form: key id, nonce and ciphertext, joined by dots. The first configured key is used.
    """
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), identity.encode())
    return f"{key_id}.{_b64(nonce)}.{_b64(sealed)}"


def decrypt(text: str, identity: str) -> str:
    """Return what ``encrypt`` was given. Raises ``SecretUnreadable``."""
    try:
        key_id, nonce, sealed = text.split(".")
        opened = AESGCM(_keys()[key_id]).decrypt(_raw(nonce), _raw(sealed), identity.encode())
    except (KeyError, ValueError, InvalidTag):
        raise SecretUnreadable(identity) from None
    return opened.decode()


def _keys() -> dict[str, bytes]:
    """Return key id -> 32 bytes, newest first, from the comma-separated configuration."""
    words = [word.strip() for word in current_app.config["TOKEN_ENCRYPTION_KEY"].split(",")]
    digests = [hashlib.sha256(word.encode()).digest() for word in words if word]
    return {hashlib.sha256(digest).hexdigest()[:8]: digest for digest in digests}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
