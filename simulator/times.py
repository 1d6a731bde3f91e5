"""The ways Amazon writes a time. All take seconds since 1970."""

from datetime import UTC, datetime


def iso(at: float) -> str:
    """Return ``2026-11-23T10:15:00Z``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minutes_iso(at: float) -> str:
    """Return ``2026-11-23T10:15Z``: the form without seconds of the 2024 API's windows."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%MZ")


def milliseconds_iso(at: float) -> str:
    """Return ``2026-11-23T10:15:00.000Z``: most of the 2024 API's other times."""
    return iso(at)[:-1] + ".000Z"
