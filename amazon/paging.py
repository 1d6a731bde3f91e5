"""Follows Amazon's pages to their end, and notices when they never end."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from amazon import fields
from amazon.errors import RejectedError, UnavailableError
from amazon.fields import Json

#: An inventory page token dies 30 s after it was made.
HOLD_S = 20.0
RESTARTS = 3
#: Amazon may filter a page empty; a long row of empty ones is a loop.
EMPTY_PAGES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, and the token of the next; None at the end. ``total``: what Amazon counts."""

    items: list[T]
    token: str | None
    total: int = 0


#: Fetches the page of a token, the first one for None.
Fetch = Callable[[str | None], Page[T]]


def next_token(data: Json, name: str = "nextToken") -> str | None:
    """Return the token of the next page; an empty one means the end."""
    return fields.maybe_text(data, name)


def chain(operation: str, fetch: Fetch[T], key: Callable[[T], Hashable]) -> Iterator[Page[T]]:
    """Yield all pages, each fetched when it is asked for.

    Raises ``UnavailableError`` if a page names a token for the second time, or promises more
    but brings no key that is new: Amazon is known to repeat page 1 for ever, and stopping
    in silence would pass for the end.
    """
    guard = _Guard(operation)
    token: str | None = None
    while True:
        page = fetch(token)
        guard.check([key(item) for item in page.items], page.token)
        yield page
        if page.token is None:
            return
        token = page.token


def hasty_chain(
    operation: str,
    fetch: Fetch[T],
    key: Callable[[T], Hashable],
    clock: Callable[[], float],
) -> Iterator[Page[T]]:
    """Yield all pages of a chain whose tokens die within seconds.

    When the consumer held one page for more than 20 s, the rest is fetched at full speed
    before it is handed on. When a token died nevertheless (Amazon refuses a page after the
    first), the chain starts again, 3 times at most, so pages can come twice.
    """
    hurry = _Hurry(clock)
    for restart in range(RESTARTS + 1):
        progress = _Progress(fetch)
        try:
            yield from hurry.pages(chain(operation, progress, key))
            return
        except RejectedError as error:
            if error.status != 400 or not progress.began or restart == RESTARTS:
                raise


class _Guard:
    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._tokens: set[str] = set()
        self._keys: set[Hashable] = set()
        self._empty = 0

    def check(self, keys: list[Hashable], token: str | None) -> None:
        if token is None:
            return
        if token in self._tokens:
            raise UnavailableError(self._operation, 200, "", "page token repeated")
        new = set(keys) - self._keys
        self._empty = self._empty + 1 if not keys else 0
        if (keys and not new) or self._empty > EMPTY_PAGES:
            raise UnavailableError(self._operation, 200, "", "page without anything new")
        self._tokens.add(token)
        self._keys |= new


class _Progress(Generic[T]):
    """Remembers whether a chain got beyond its first page."""

    def __init__(self, fetch: Fetch[T]) -> None:
        self._fetch = fetch
        self.began = False

    def __call__(self, token: str | None) -> Page[T]:
        self.began = token is not None
        return self._fetch(token)


class _Hurry:
    """Watches how long the consumer keeps a page; stays in a hurry over restarts."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._needed = False

    def pages(self, found: Iterator[Page[T]]) -> Iterator[Page[T]]:
        while not self._needed:
            page = next(found, None)
            if page is None:
                return
            handed_at = self._clock()
            yield page
            self._needed = self._clock() - handed_at > HOLD_S
        yield from list(found)
