"""Requests that carry files: only the views that say so take more than a form."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request, session

View = TypeVar("View", bound=Callable[..., Any])
MB = 1024 * 1024
#: Room for the parts of a form around its file.
AROUND = 64 * 1024
#: What is read and thrown away of a request that is too large, so that its sender hears why.
MOST_DRAINED, CHUNK = 64 * MB, 64 * 1024


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Let a view receive a file of ``most_bytes``; stands anywhere among its decorators."""

    def decorate(view: View) -> View:
        view.most_bytes = most_bytes + AROUND  # type: ignore[attr-defined]
        return view

    return decorate


def say_how_much_may_come() -> None:
    """Before anything reads the form: let those who are signed in send a file where one belongs."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", None)
    if most is not None and request.method == "POST" and "_user_id" in session:
        request.max_content_length = most


def limit_mb() -> int:
    """Return what this request may have, in whole MB."""
    return (request.max_content_length or 0) // MB


def drain() -> None:
    """Read what is left of a request that is refused: an answer sent before is often not seen."""
    left = min(request.content_length or 0, MOST_DRAINED)
    stream = request.environ["wsgi.input"]
    while left > 0 and (chunk := stream.read(min(left, CHUNK))):
        left -= len(chunk)
