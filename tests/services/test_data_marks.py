"""When the data gets a new mark, and when it keeps the one it has"""

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import DataMark, Listing
from tests.factories import make_listing, make_user, make_warehouse


def mark() -> str | None:
    found = db.session.scalar(sa.select(DataMark.mark))
    db.session.rollback()
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE warehouse SET name = 'B'",
        "UPDATE \"warehouse\" SET name = 'B'",
        "insert into order_status (name, type) values ('B', 'draft')",
        "WITH old AS (SELECT 1 AS id) DELETE FROM warehouse WHERE id IN (SELECT id FROM old)",
    ],
)
def test_any_write_of_data_renews_it(app: Flask, statement: str) -> None:
    make_warehouse(name="A")
    before = mark()

    db.session.execute(sa.text(statement))
    db.session.commit()

    assert before
    assert mark() != before


def test_a_flush_renews_it_with_the_commit_alone(app: Flask) -> None:
    warehouse = make_warehouse(name="A")
    before = mark()

    warehouse.name = "B"
    db.session.flush()
    db.session.rollback()
    assert mark() == before

    warehouse.name = "B"
    db.session.commit()
    assert mark() != before


def test_a_write_that_changes_no_row_keeps_it(app: Flask) -> None:
    make_warehouse(name="A")
    before = mark()

    db.session.execute(sa.text("UPDATE warehouse SET name = 'B' WHERE name = 'C'"))
    db.session.commit()

    assert mark() == before


def test_reading_and_quiet_tables_keep_it(app: Flask) -> None:
    make_listing()
    before = mark()

    db.session.execute(sa.select(Listing)).all()
    db.session.execute(sa.text("DELETE FROM submission"))
    db.session.execute(sa.text("UPDATE sync_run SET done = 1"))
    db.session.commit()

    assert mark() == before


def test_two_writes_have_two_marks(app: Flask) -> None:
    make_user(email="a@example.com")
    first = mark()

    make_user(email="b@example.com")

    assert mark() != first


def test_a_commit_behind_one_that_renewed_it_keeps_it(app: Flask) -> None:
    make_warehouse(name="A").name = "B"
    db.session.commit()
    before = db.session.scalar(sa.select(DataMark.mark))

    put = "INSERT INTO leader (id, owner, fence, seen_at) VALUES (1, 'me', 1, '2026-01-01') "
    db.session.execute(sa.text(put + "ON CONFLICT (id) DO UPDATE SET owner = 'you'"))
    db.session.commit()

    assert db.session.scalar(sa.select(DataMark.mark)) == before
