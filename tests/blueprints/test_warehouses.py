"""/settings/warehouses/new"""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Change, Role, Warehouse, WarehouseKind
from tests.factories import make_warehouse

NEW = "/settings/warehouses/new"
FIELDS = {"name": "Rotterdam 3PL", "country": "nl", "enabled": "y", "city": "Rotterdam"}


def test_adds_one_of_ones_own(client: FlaskClient) -> None:
    answer = client.post(NEW, data=FIELDS)

    made = db.session.scalars(select(Warehouse)).one()
    assert (answer.status_code, answer.location) == (303, "/settings/connections")
    assert (made.kind, made.country, made.city) == (WarehouseKind.OWN, "NL", "Rotterdam")
    assert made.is_enabled
    assert db.session.scalars(select(Change.subject_name)).all() == ["Rotterdam 3PL"]
    assert "Settings of Rotterdam 3PL" in client.get("/settings/connections").text


def test_a_form_sent_twice_adds_one(client: FlaskClient) -> None:
    for _ in range(2):
        client.post(NEW, data={**FIELDS, "submission": "once"})

    assert db.session.scalar(select(func.count(Warehouse.id))) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give the warehouse a name."),
        ("country", "", "two letters"),
        ("country", "Netherlands", "two capital letters"),
        ("country", "uk", "The United Kingdom’s letters are GB."),
        ("country", "XX", "XX is no country’s two letters."),
        ("city", "x" * 31, "At most 30 characters."),
    ],
)
def test_refuses_with_a_sentence_and_keeps_the_rest(
    client: FlaskClient, field: str, value: str, sentence: str
) -> None:
    answer = client.post(NEW, data={**FIELDS, "line1": "Kade 1", field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Kade 1"' in answer.text
    assert db.session.scalar(select(func.count(Warehouse.id))) == 0


def test_refuses_a_taken_name(client: FlaskClient) -> None:
    make_warehouse(name="Rotterdam 3PL")

    answer = client.post(NEW, data=FIELDS)

    assert answer.status_code == 422
    assert "Another warehouse has this name" in answer.text


def test_planners_add_and_viewers_do_not(sign_in: Callable[..., FlaskClient]) -> None:
    assert sign_in(Role.VIEWER).post(NEW, data=FIELDS).status_code == 403
    assert sign_in(Role.PLANNER).post(NEW, data=FIELDS).status_code == 303
