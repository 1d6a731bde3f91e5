"""Turns arguments into the path and query that Amazon reads back unchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class RepeatedSkus:
    """SKUs in a query, each a parameter of its own (Swagger's ``multi``).

    The operations that take them so decode ``%``, ``+`` and ``,`` twice, says Amazon.
    """

    skus: tuple[str, ...]


Value = str | int | bool | datetime | Sequence[str] | RepeatedSkus | None
_TWICE = str.maketrans({"%": "%25", "+": "%2B", ",": "%2C"})


def address(endpoint: str, path: str, names: Mapping[str, str], query: Mapping[str, Value]) -> str:
    """Return the full address; query values that are None are left out.

    Everything but letters, digits and ``-._~`` is percent-encoded, so a SKU may hold
    ``/ % + # , &`` or any script. Lists are joined with commas (Swagger's ``csv``); a comma
    inside an element is encoded, the one between elements is not. Raises ``ValueError`` for
    a path name that would change which operation is called (empty or dots only), and for a
    time without a zone.
    """
    filled = path.format_map({name: _segment(name, value) for name, value in names.items()})
    pairs = [
        f"{name}={text}"
        for name, value in query.items()
        if value is not None
        for text in _texts(value)
    ]
    return endpoint.rstrip("/") + filled + ("?" + "&".join(pairs) if pairs else "")


def timestamp(value: datetime) -> str:
    """Return ISO 8601 in UTC with full seconds, as every version of the API accepts it."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _segment(name: str, value: str) -> str:
    if not value.strip("."):
        raise ValueError(f"{name} cannot be {value!r}")
    return quote(value, safe="")


def _texts(value: Value) -> list[str]:
    if isinstance(value, RepeatedSkus):
        return [quote(sku.translate(_TWICE), safe="") for sku in value.skus]
    return [_encoded(value)]


def _encoded(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return quote(timestamp(value), safe="")
    if isinstance(value, str | int):
        return quote(str(value), safe="")
    assert not isinstance(value, RepeatedSkus)
    return ",".join(quote(element, safe="") for element in value or ())
