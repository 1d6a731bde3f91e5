"""What people and programs type reaches the routes as text that every database takes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict


class Typed(ImmutableMultiDict[str, Any]):
    """The values of a form or an address, without what Postgres refuses: NUL, half characters."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(_clean(mapping))


def init_app(app: Flask) -> None:
    """Let ``app`` read forms and addresses so, whatever class its requests have by now."""
    app.request_class = type(
        "TypedRequest", (app.request_class,), {"parameter_storage_class": Typed}
    )


def _clean(given: Any) -> Iterable[tuple[str, Any]]:
    if given is None:
        return ()
    if isinstance(given, ImmutableMultiDict):
        given = given.items(multi=True)
    elif isinstance(given, Mapping):
        given = given.items()
    return _cleaned(given)


def _cleaned(pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in pairs:  # files come the same way
        is_text = isinstance(value, str)
        yield (
            name,
            value.replace("\0", "").encode("utf-8", "replace").decode() if is_text else value,
        )
