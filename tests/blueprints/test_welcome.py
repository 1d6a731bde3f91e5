"""GET and POST /welcome/<token>"""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import OneTimeLink, Role, User
from inventory.services import passwords

GOOD = "tidal-basin-47-orchid"
JONAS = {"name": "Jonas Ebner", "email": "Jonas@example.com", "role": "planner"}


def welcome(page: str) -> str:
    """The path of the one-time link on a page."""
    return re.search(r"/welcome/[\w-]+", page)[0]  # type: ignore[index]


def by_email(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def test_the_invited_choose_a_password_and_are_in(app: Flask, client: FlaskClient) -> None:
    path = welcome(client.post("/settings/users", data=JONAS).text)
    browser = app.test_client()

    form = browser.get(path).text
    answer = browser.post(path, data={"name": "Jonas E.", "password": GOOD})

    assert "jonas@example.com" in form
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/").status_code == 200
    assert by_email("jonas@example.com").name == "Jonas E."
    assert passwords.matches(GOOD, by_email("jonas@example.com").password_hash)


def test_a_link_works_once(app: Flask, client: FlaskClient) -> None:
    path = welcome(client.post("/settings/users", data=JONAS).text)
    app.test_client().post(path, data={"name": "Jonas", "password": GOOD})

    assert app.test_client().get(path).status_code == 404
    again = app.test_client().post(path, data={"name": "X", "password": "walnut gondola 58 prism"})
    assert again.status_code == 404
    assert "This link has ended" in again.text
    assert passwords.matches(GOOD, by_email("jonas@example.com").password_hash)


def test_a_link_used_twice_at_once_lets_one_in(
    make_app: Callable[..., Flask], app: Flask, client: FlaskClient
) -> None:
    path = welcome(client.post("/settings/users", data=JONAS).text)
    start = threading.Barrier(2, timeout=30)
    statuses: list[int] = []

    def use(process: Flask, word: str) -> None:
        with process.app_context():
            start.wait()
            data = {"name": word, "password": f"walnut gondola 58 {word}"}
            statuses.append(process.test_client().post(path, data=data).status_code)

    threads = [
        threading.Thread(target=use, args=args) for args in ((app, "one"), (make_app(), "two"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [303, 404]


def test_a_link_ends_after_72_hours(app: Flask, client: FlaskClient) -> None:
    path = welcome(client.post("/settings/users", data=JONAS).text)
    link = db.session.scalars(select(OneTimeLink)).one()
    link.expires_at -= timedelta(hours=72, seconds=1)
    db.session.commit()

    assert app.test_client().get(path).status_code == 404


def test_a_new_link_ends_the_old_one_and_the_sessions(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    loser = sign_in(Role.VIEWER, email="lost@example.com", password_hash="x")
    user = by_email("lost@example.com")
    first = welcome(client.post(f"/settings/users/{user.id}/link").text)
    second = welcome(client.post(f"/settings/users/{user.id}/link").text)

    assert app.test_client().get(first).status_code == 404
    app.test_client().post(second, data={"name": "Lost", "password": GOOD})
    assert loser.get("/").location.startswith("/login")


def test_a_weak_password_is_refused_with_its_reason(app: Flask, client: FlaskClient) -> None:
    path = welcome(client.post("/settings/users", data=JONAS).text)

    answer = app.test_client().post(path, data={"name": "Jonas", "password": "jonas-9481-xyz"})

    assert answer.status_code == 422
    assert "Leave your own name" in answer.text
    assert "jonas-9481-xyz" not in answer.text
