from collections.abc import Iterator

import pytest

from amazon.errors import RejectedError, UnavailableError
from amazon.paging import EMPTY_PAGES, Page, chain, hasty_chain
from tests.amazon.fake import Clock


class Book:
    """Pages by token; the first is under None. Tokens die ``lives_s`` after their page."""

    def __init__(self, clock: Clock, pages: dict[str | None, Page[int]], lives_s: float) -> None:
        self.clock, self.pages, self.lives_s = clock, pages, lives_s
        self.asked: list[str | None] = []
        self.made_at = clock.now

    def __call__(self, token: str | None) -> Page[int]:
        self.asked.append(token)
        self.clock.now += 0.5
        if token is not None and self.clock.now - self.made_at > self.lives_s:
            raise RejectedError("getX", 400, "", "InvalidInput")
        self.made_at = self.clock.now
        return self.pages[token]


def numbered(count: int) -> dict[str | None, Page[int]]:
    tokens: list[str | None] = [None, *(f"t{number}" for number in range(1, count)), None]
    return {tokens[number]: Page([number], tokens[number + 1]) for number in range(count)}


def book(count: int = 5, lives_s: float = 30.0) -> Book:
    return Book(Clock(), numbered(count), lives_s)


def items(pages: Iterator[Page[int]]) -> list[int]:
    return [item for page in pages for item in page.items]


def hasty(found: Book) -> Iterator[Page[int]]:
    return hasty_chain("getX", found, lambda item: item, found.clock)


def test_all_pages_are_read_in_order_and_only_when_asked_for() -> None:
    found = book()
    pages = chain("getX", found, lambda item: item)

    next(pages)
    assert found.asked == [None]

    assert items(pages) == [1, 2, 3, 4]
    assert found.asked == [None, "t1", "t2", "t3", "t4"]


def test_an_empty_last_page_is_the_end() -> None:
    pages = {None: Page([1], "t"), "t": Page([], None)}

    assert items(chain("getX", pages.__getitem__, lambda item: item)) == [1]


def test_a_last_page_may_repeat_what_moved_while_reading() -> None:
    pages = {None: Page([1, 2], "t"), "t": Page([2], None)}

    assert items(chain("getX", pages.__getitem__, lambda item: item)) == [1, 2, 2]


def test_page_one_for_ever_is_a_failure() -> None:
    pages = chain("getX", lambda token: Page([1, 2], f"{token}x"), lambda item: item)

    assert next(pages).items == [1, 2]
    with pytest.raises(UnavailableError, match="anything new"):
        next(pages)


def test_a_token_that_comes_back_is_a_failure() -> None:
    numbers = iter(range(100))
    pages = chain("getX", lambda token: Page([next(numbers)], "same"), lambda item: item)

    next(pages)
    with pytest.raises(UnavailableError, match="token repeated"):
        next(pages)


def test_some_empty_pages_are_filtered_ones_but_no_endless_row() -> None:
    numbers = iter(range(100))
    pages = chain("getX", lambda token: Page([], f"t{next(numbers)}"), lambda item: item)

    with pytest.raises(UnavailableError, match="anything new"):
        list(pages)

    assert next(numbers) == EMPTY_PAGES + 1


def test_a_quick_consumer_gets_pages_one_by_one() -> None:
    found = book()
    pages = hasty(found)

    for count in range(1, 6):
        next(pages)
        assert len(found.asked) == count
        found.clock.now += 19


def test_after_a_long_hold_the_rest_is_fetched_at_once() -> None:
    found = book()
    pages = hasty(found)
    next(pages)
    found.clock.now += 25

    assert next(pages).items == [1]

    assert found.asked == [None, "t1", "t2", "t3", "t4"]
    found.clock.now += 500
    assert items(pages) == [2, 3, 4]
    assert len(found.asked) == 5


def test_a_token_that_died_restarts_the_chain_in_a_hurry() -> None:
    found = book()
    pages = hasty(found)
    next(pages)
    found.clock.now += 60

    assert items(pages) == [0, 1, 2, 3, 4]
    assert found.asked == [None, "t1", None, "t1", "t2", "t3", "t4"]


def test_tokens_that_always_die_end_after_three_restarts() -> None:
    found = book(lives_s=0.1)

    with pytest.raises(RejectedError):
        list(hasty(found))

    assert found.asked == [None, "t1"] * 4


def test_a_refused_first_page_is_not_repeated() -> None:
    asked: list[str | None] = []

    def refuse(token: str | None) -> Page[int]:
        asked.append(token)
        raise RejectedError("getX", 400)

    with pytest.raises(RejectedError):
        list(hasty_chain("getX", refuse, lambda item: item, Clock()))

    assert asked == [None]


def test_another_refusal_of_a_later_page_restarts_nothing() -> None:
    asked: list[str | None] = []

    def pages(token: str | None) -> Page[int]:
        asked.append(token)
        if token is None:
            return Page([1], "t")
        raise RejectedError("getX", 413)

    with pytest.raises(RejectedError):
        list(hasty_chain("getX", pages, lambda item: item, Clock()))

    assert asked == [None, "t"]
