"""How one operation is described, called, and refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from simulator.pretend import Simulator
from simulator.story import Moment

#: Kinds of query parameters; a tuple of words is an enumeration, ``[…]`` a list of it.
Kind = str | tuple[str, ...] | list[Any] | range


class Refused(Exception):
    """Amazon says no: HTTP status and the message (or several) of its error envelope."""

    def __init__(self, status: int, message: str, code: str | None = None, *more: str) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.more = status, message, code, more


@dataclass
class Call:
    """One request to one operation, its query checked and parsed."""

    simulator: Simulator
    region: str
    base_url: str
    now: float
    word: str = "ok"
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def moment(self) -> Moment:
        """The region's world as it is now."""
        return self.simulator.moment(self.region)

    @property
    def stamp(self) -> dict[str, Any]:
        """This moment by the clock (seconds since 1970) and in the story (whole hours)."""
        return {"at": self.now, "hour": self.simulator.calendar().hour(self.now)}


@dataclass(frozen=True)
class Operation:
    """One of Amazon's operations: address, what it accepts, and the function that answers.

    ``parameters`` maps each known query parameter to its kind: ``"text"``, ``"time"``,
    ``"flag"``, ``"integer"``, a ``range`` for whole numbers, a tuple of allowed words, or a
    list holding one of these for comma-separated values; ``["sku"]`` is a list of repeated
    parameters, which Amazon decodes twice. Others are refused.
    """

    name: str
    verb: str
    path: str
    answer: Callable[..., Any]
    parameters: Mapping[str, Kind] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    status: int = 200
    refusal_code: str = "InvalidInput"


def parse_query(operation: Operation, raw: str) -> dict[str, Any]:
    """Return the query's values by name; raise ``Refused`` (400) as Amazon does."""
    values: dict[str, Any] = {}
    for name, text in parse_qsl(raw, keep_blank_values=True):
        if name not in operation.parameters:
            raise Refused(400, f"Unknown query parameter: {name}")
        kind = operation.parameters[name]
        if kind == ["sku"]:
            values.setdefault(name, []).append(unquote(text))
        elif isinstance(kind, list):
            parts = [_parse(name, kind[0], part) for part in text.split(",")]
            values.setdefault(name, []).extend(parts)
        elif name in values:
            raise Refused(400, f"Query parameter {name} must not be repeated")
        else:
            values[name] = _parse(name, kind, text)
    missing = [name for name in operation.required if not values.get(name)]
    if missing:
        raise Refused(400, f"Missing required query parameter: {missing[0]}")
    return values


def _parse(name: str, kind: Kind, text: str) -> Any:
    if kind == "time":
        return _parse_time(name, text)
    if kind == "flag":
        if text.lower() not in ("true", "false"):
            raise Refused(400, f"{name} must be true or false")
        return text.lower() == "true"
    if kind == "integer":
        if not text.isdigit():
            raise Refused(400, f"{name} must be a whole number")
        return int(text)
    if isinstance(kind, range):
        if not text.isdigit() or int(text) not in kind:
            raise Refused(400, f"{name} must be a number from {kind[0]} to {kind[-1]}")
        return int(text)
    if isinstance(kind, tuple) and text not in kind:
        raise Refused(400, f"{name} has the invalid value {text!r}")
    return text


def _parse_time(name: str, text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, f"{name} is not a date and time: {text!r}") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
