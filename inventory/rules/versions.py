"""Telling one version of some values from another. Pure."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def version_of(values: Mapping[str, Any]) -> str:
    """Return a short text that is another one when a value is: what a form was rendered from.

    For forms that share a row with others, whose version says nothing about their own fields.
    """
    text = repr(sorted(values.items()))
    return sha256(text.encode()).hexdigest()[:12]
