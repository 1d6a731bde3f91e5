"""Reads single fields of Amazon's JSON: lenient about what may be absent, strict about types.

A field that is missing or null gives None or the empty value of its kind. One that has an
impossible type raises ``UnreadableError``: guessing 0 for a quantity would empty a warehouse.
Times, dates and amounts that cannot be read are None, because Amazon does send such texts.
"""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]


class UnreadableError(ValueError):
    """The answer is not of the shape that Amazon documents."""


class NamelessError(UnreadableError):
    """A row of a page lacks the field that says what it is about."""


def mapping(data: Json, name: str) -> Json:
    """Return an object; empty when absent."""
    value = data.get(name)
    if value is None:
        return {}
    return as_mapping(value, name)


def as_mapping(value: object, name: str) -> Json:
    """Return the value itself, which must be an object."""
    if not isinstance(value, dict):
        raise UnreadableError(f"{name} is not an object")
    return value


def rows(data: Json, name: str) -> list[Json]:
    """Return a list of objects; empty when absent."""
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableError(f"{name} is not a list")
    return [as_mapping(row, name) for row in value]


def texts(data: Json, name: str) -> tuple[str, ...]:
    """Return a list of texts; empty when absent."""
    value = data.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UnreadableError(f"{name} is not a list of texts")
    return tuple(value)


def text(data: Json, name: str) -> str:
    """Return a text; empty when absent."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableError(f"{name} is not a text")
    return value


def maybe_text(data: Json, name: str) -> str | None:
    """Return a text; None when absent or empty."""
    return text(data, name) or None


def needed(data: Json, name: str) -> str:
    """Return a text that Amazon promises; raises ``UnreadableError`` without it."""
    value = text(data, name)
    if not value:
        raise UnreadableError(f"{name} is missing")
    return value


def identity(data: Json, name: str) -> str:
    """Return the text without which a row means nothing; raises ``NamelessError``."""
    value = text(data, name)
    if not value:
        raise NamelessError(f"{name} is missing")
    return value


def maybe_integer(data: Json, name: str) -> int | None:
    """Return a whole number, also from ``4.0`` or ``"4"``; None when absent."""
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = money(value)
    if number is None or number != number.to_integral_value():
        raise UnreadableError(f"{name} is not a whole number")
    return int(number)


def integer(data: Json, name: str) -> int:
    """Return a whole number; 0 when absent."""
    return maybe_integer(data, name) or 0


def maybe_flag(data: Json, name: str) -> bool | None:
    """Return yes or no; None when absent."""
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise UnreadableError(f"{name} is not true or false")
    return value


def moment(data: Json, name: str) -> datetime | None:
    """Return an aware UTC time, also from a text without seconds; None if unreadable."""
    value = text(data, name).strip()
    try:
        time = datetime.fromisoformat(value.upper())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(data: Json, name: str) -> date | None:
    """Return a date, also from a date with a time; None if unreadable."""
    try:
        return date.fromisoformat(text(data, name).strip()[:10])
    except ValueError:
        return None


def money(value: object) -> Decimal | None:
    """Return an exact amount; None for what is none, such as ``$cost.amount``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
