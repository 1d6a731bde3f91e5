import base64
import json
import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import StockOrder
from inventory.services import lists
from tests.factories import make_order, make_warehouse

COLUMNS = (StockOrder.id, StockOrder.reference, StockOrder.expected_on, StockOrder.units_ordered)


def by(column: object, **options: bool) -> lists.Sort:
    return lists.Sort(column, (StockOrder.id,), **options)


def orders(count: int, seed: int) -> list[int]:
    chance, warehouse = random.Random(seed), make_warehouse()
    days = [None, *(date(2026, 12, 1) + timedelta(days=n) for n in range(3))]
    return [
        make_order(
            destination_id=warehouse.id,
            reference=f"FBA{n}",
            expected_on=chance.choice(days),
            units_ordered=chance.randrange(3),
        ).id
        for n in range(count)
    ]


def walk(sort: lists.Sort, rows: int) -> tuple[list[int], list[int]]:
    """Return the ids seen on the way to the end, and those on the way back."""
    there: list[int] = []
    cursor = ""
    while True:
        page = lists.page(sa.select(*COLUMNS), sort, cursor, rows)
        there += [row.id for row in page.rows]
        if page.next is None:
            break
        cursor = page.next
    back = [row.id for row in page.rows]
    while page.previous is not None:
        page = lists.page(sa.select(*COLUMNS), sort, page.previous, rows)
        back = [row.id for row in page.rows] + back
    return there, back


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", ["expected_on", "units_ordered", "reference"])
@pytest.mark.parametrize(("count", "rows", "seed"), [(0, 5, 1), (5, 5, 2), (23, 5, 3), (40, 7, 4)])
def test_a_walk_there_and_back_sees_each_row_once(
    app: Flask, column: str, descending: bool, count: int, rows: int, seed: int
) -> None:
    made = orders(count, seed)
    nullable = column == "expected_on"
    sort = by(getattr(StockOrder, column), nullable=nullable, descending=descending)

    there, back = walk(sort, rows)

    assert sorted(there) == made
    assert back == there
    everything = [row.id for row in lists.everything(sa.select(*COLUMNS), sort)]
    assert everything == there


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_unknown_comes_last_in_both_directions(app: Flask, descending: bool) -> None:
    orders(30, 5)
    sort = by(StockOrder.expected_on, nullable=True, descending=descending)

    page = lists.page(sa.select(*COLUMNS), sort)

    days = [row.expected_on for row in page.rows]
    known = [day for day in days if day]
    assert known == sorted(known, reverse=descending)
    assert days == known + [None] * (30 - len(known))


def test_a_row_that_comes_in_between_is_neither_lost_nor_shown_twice(app: Flask) -> None:
    orders(10, 6)
    sort = by(StockOrder.reference)
    first = lists.page(sa.select(*COLUMNS), sort, "", 5)
    make_order(reference="FBA00")

    second = lists.page(sa.select(*COLUMNS), sort, first.next or "", 5)

    seen = [row.reference for row in (*first.rows, *second.rows)]
    assert seen == [f"FBA{n}" for n in range(10)]


def test_going_back_from_a_page_that_is_gone_shows_the_first(app: Flask) -> None:
    made = orders(6, 7)
    sort = by(StockOrder.id)
    last = lists.page(sa.select(*COLUMNS), sort, "", 3).next or ""
    page = lists.page(sa.select(*COLUMNS), sort, last, 3)
    db.session.execute(sa.delete(StockOrder).where(StockOrder.id.in_(made[:3])))
    db.session.commit()

    page = lists.page(sa.select(*COLUMNS), sort, page.previous or "", 3)

    assert [row.id for row in page.rows] == made[3:]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "é",
        "=" * 9000,
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        encoded({}),
        encoded(7),
        encoded([0]),
        encoded([0, None, 1]),
        encoded([2, "FBA1", 1]),
        encoded([0, "FBA1", 2**70]),
        encoded([0, "FBA1", True]),
        encoded([0, "FBA1", "1"]),
        encoded([0, 5, 1]),
        encoded([0, "\x00", 1]),
        encoded([0, "\ud800", 1]),
        encoded([0, "FBA1", 1, 1]),
        encoded([0, ["FBA1"], 1]),
    ],
)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(app: Flask, cursor: str) -> None:
    orders(4, 8)

    page = lists.page(sa.select(*COLUMNS), by(StockOrder.reference), cursor, 2)

    assert [row.reference for row in page.rows] == ["FBA0", "FBA1"]
    assert page.previous is None


def test_a_wrong_date_in_a_cursor_gives_the_first_page(app: Flask) -> None:
    orders(4, 9)
    sort = by(StockOrder.expected_on, nullable=True)

    page = lists.page(sa.select(*COLUMNS), sort, encoded([0, "2026-13-99", 1]), 2)

    assert page.previous is None
    assert len(page.rows) == 2


@pytest.mark.parametrize("text", ["100%", "a_b", "a\\b", "50% off_\\"])
def test_search_takes_wild_cards_for_letters(app: Flask, text: str) -> None:
    make_order(reference="hit", extra_reference=f"x {text} y")
    make_order(reference="miss", extra_reference="x 100 aXb ab y")

    found = db.session.scalars(
        sa.select(StockOrder.reference).where(lists.matches(text, StockOrder.extra_reference))
    ).all()

    assert found == ["hit"]
