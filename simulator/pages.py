"""Pages of version 2024-03-20: how many rows are asked for, and from where."""

from collections.abc import Callable, Sequence
from typing import Any

from simulator import tokens
from simulator.operations import Call, Kind, Refused

_PREFIX = "pg"


def paging(largest: int) -> dict[str, Kind]:
    """Return the parameters of a list whose pages have up to ``largest`` rows."""
    return {"pageSize": range(1, largest + 1), "paginationToken": "text"}


def page(
    call: Call, name: str, rows: Sequence[Any], show: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return the page that was asked for, with the token of the next one."""
    size = call.query.get("pageSize", 10)
    first = 0
    if call.query.get("paginationToken"):
        position = tokens.unseal(_PREFIX, call.query["paginationToken"])
        if position is None:
            raise Refused(400, "paginationToken is invalid")
        first = position["first"]
    answer: dict[str, Any] = {name: [show(row) for row in rows[first : first + size]]}
    if first + size < len(rows):
        answer["pagination"] = {"nextToken": tokens.seal(_PREFIX, first=first + size)}
    return answer
