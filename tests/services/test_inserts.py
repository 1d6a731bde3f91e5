"""Rows that are new, many at once."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Change, OrderKind, StatusType, StockOrder
from inventory.services.inserts import insert
from tests.factories import make_order, make_warehouse
from tests.queries import counted

NOW = datetime(2026, 11, 1, 12, 30, 15, 123456, tzinfo=UTC)


def row(place_id: int, number: int) -> dict[str, object]:
    return {
        "kind": OrderKind.PURCHASE,
        "reference": f"日本-PO-{number}",
        "status": "Open",
        "status_type": StatusType.ACTIVE,
        "destination_id": place_id,
        "created_on": date(2026, 11, 1),
        "expected_on": None,
        "created_at": NOW,
    }


def test_columns_not_named_get_their_default(app: Flask) -> None:
    place = make_warehouse()

    insert(StockOrder, [row(place.id, 1)])

    made = db.session.scalars(select(StockOrder)).one()
    assert (made.reference, made.created_at, made.expected_on) == ("日本-PO-1", NOW, None)
    assert (made.version, made.units_ordered, made.converted_from) == (1, 0, [])


def test_a_page_takes_one_statement(app: Flask) -> None:
    place = make_warehouse()

    with counted() as statements:
        insert(StockOrder, (row(place.id, number) for number in range(1500)))

    assert len(statements) == 2


def test_json_comes_back_as_it_went_in(app: Flask) -> None:
    told = {"subject_kind": "order", "summary": "Made", "cause": "person", "at": NOW}

    insert(Change, [told | {"fields": {"notes": [None, "“a” 'b' %s"]}, "inverse": {}}])

    assert db.session.scalars(select(Change.fields)).one() == {"notes": [None, "“a” 'b' %s"]}


def test_a_row_that_is_there_is_refused(app: Flask) -> None:
    order = make_order(reference="日本-PO-1")

    with pytest.raises(IntegrityError):
        insert(StockOrder, [row(order.destination_id, 1)])
    db.session.rollback()


def test_a_row_refused_among_pages_is_told_by_its_kind(app: Flask) -> None:
    order = make_order(reference="日本-PO-700")
    db.session.commit()
    made = (row(order.destination_id, number) for number in range(2500))

    with pytest.raises(IntegrityError):
        insert(StockOrder, made)
    db.session.rollback()

    assert db.session.scalars(select(StockOrder.reference)).all() == ["日本-PO-700"]
