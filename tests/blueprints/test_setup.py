"""GET and POST /setup"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from inventory.models import Account, Role, User
from inventory.services import setup
from tests.factories import make_user

GOOD = "tidal-basin-47-orchid"


def filled(token: str, **fields: str) -> dict[str, str]:
    defaults = {
        "token": token,
        "name": "Mara Lindqvist",
        "email": "Mara@Example.com",
        "password": GOOD,
        "timezone": "Asia/Tokyo",
        "currency": "JPY",
    }
    return {**defaults, **fields}


@pytest.fixture
def token(app: Flask) -> Iterator[str]:
    yield setup.make_token()
    setup.forget_token()


@pytest.mark.parametrize("path", ["/", "/login", "/settings/users", "/no-such-page"])
def test_without_users_every_page_leads_to_it(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)

    assert answer.status_code == 303
    assert answer.location == "/setup"


def test_machines_are_answered_all_the_same(app: Flask) -> None:
    assert app.test_client().get("/healthz").status_code == 200
    with app.test_client().get("/static/css/app.css") as style:
        assert style.status_code == 200


def test_without_the_link_it_says_where_to_find_it(app: Flask, token: str) -> None:
    page = app.test_client().get("/setup?token=guess").text

    assert "terminal where the server was started" in page
    assert "Your name" not in page


def test_the_link_fills_in_the_token(app: Flask, token: str) -> None:
    page = app.test_client().get(f"/setup?token={token}").text

    assert f'name="token" type="hidden" value="{token}"' in page


def test_makes_the_owner_and_the_account_and_signs_in(app: Flask, token: str) -> None:
    browser = app.test_client()

    answer = browser.post("/setup", data=filled(token))

    assert (answer.status_code, answer.location) == (303, "/")
    owner = db.session.scalars(select(User)).one()
    account = db.session.get(Account, 1)
    assert (owner.email, owner.role) == ("mara@example.com", Role.OWNER)
    assert account is not None
    assert (account.timezone, account.currency) == ("Asia/Tokyo", "JPY")
    assert browser.get("/").status_code == 200


def test_makes_the_account_where_there_is_none(app: Flask, token: str) -> None:
    db.session.delete(db.session.get(Account, 1))
    db.session.commit()

    app.test_client().post("/setup", data=filled(token))

    account = db.session.get(Account, 1)
    assert account is not None
    assert account.currency == "JPY"


def test_the_token_works_once_and_the_page_is_gone(app: Flask, token: str) -> None:
    app.test_client().post("/setup", data=filled(token))

    assert not setup.token_matches(token)
    assert app.test_client().get(f"/setup?token={token}").status_code == 404
    assert app.test_client().post("/setup", data=filled(token)).status_code == 404


def test_refuses_a_wrong_token(app: Flask, token: str) -> None:
    answer = app.test_client().post("/setup", data=filled("x" * 43))

    assert answer.status_code == 403
    assert db.session.scalar(select(func.count(User.id))) == 0


def test_refuses_when_no_token_was_made(app: Flask) -> None:
    assert app.test_client().post("/setup", data=filled("")).status_code == 403


def test_keeps_what_was_typed_but_not_the_password(app: Flask, token: str) -> None:
    answer = app.test_client().post("/setup", data=filled(token, password="password1234"))

    assert answer.status_code == 422
    assert "Mara@Example.com" in answer.text
    assert "password1234" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_answers_htmx_with_the_form_alone(app: Flask, token: str) -> None:
    answer = app.test_client().post(
        "/setup", data=filled(token, email="nobody"), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<div id="setup"')


def test_of_two_at_once_one_becomes_the_owner(
    make_app: Callable[..., Flask], app: Flask, token: str
) -> None:
    other = make_app()  # a process of its own
    start = threading.Barrier(2, timeout=30)
    answers: list[Any] = []

    def send(process: Flask, email: str) -> None:
        with process.app_context():
            start.wait()
            answers.append(process.test_client().post("/setup", data=filled(token, email=email)))

    threads = [
        threading.Thread(target=send, args=(process, f"o{number}@example.com"))
        for number, process in enumerate((app, other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert db.session.scalar(select(func.count(User.id))) == 1
    assert sorted(answer.status_code for answer in answers) in ([303, 303], [303, 403], [303, 404])


def test_with_a_user_nothing_leads_there(app: Flask) -> None:
    make_user()

    assert app.test_client().get("/").location.startswith("/login")
