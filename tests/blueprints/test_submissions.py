"""A form sent twice acts once, even when both arrive at the same time."""

import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from blueprints.submissions import KEEP_FOR
from extensions import db
from inventory.models import Application, Submission, User
from inventory.services import accounts
from tests.factories import make_user

FIELDS = {"name": "Planning", "client_id": "id", "client_secret": "secret", "submission": "form-1"}
PATH = "/settings/applications/new"


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_at_once_act_once_and_lead_to_the_same_place(
    make_app: Callable[..., Flask], app: Flask
) -> None:
    session_id = make_user().get_id()
    start = threading.Barrier(2, timeout=30)
    answers: list[tuple[int, str | None]] = []

    def send(process: Flask) -> None:
        with process.app_context():
            browser = process.test_client()
            with browser.session_transaction() as session:
                session["_user_id"] = session_id
            start.wait()
            answer = browser.post(PATH, data=FIELDS)
            answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send, args=(one,)) for one in (app, make_app())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(Application) == 1
    assert answers == [(303, "/settings/applications")] * 2


def test_htmx_is_led_to_the_first_result(client: FlaskClient) -> None:
    client.post(PATH, data=FIELDS)

    again = client.post(PATH, data=FIELDS, headers={"HX-Request": "true"})

    assert again.headers["HX-Redirect"] == "/settings/applications"


def test_two_forms_act_twice(client: FlaskClient) -> None:
    client.post(PATH, data=FIELDS)
    client.post(PATH, data={**FIELDS, "name": "Other", "submission": "form-2"})

    assert count(Application) == 2


def test_another_user_s_value_leads_nowhere_of_theirs(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    sign_in().post(PATH, data=FIELDS)

    answer = sign_in().post(PATH, data={**FIELDS, "name": "Other"})

    assert (answer.status_code, answer.location) == (303, PATH)
    assert count(Application) == 1


def test_old_values_are_forgotten(client: FlaskClient) -> None:
    user = db.session.scalars(select(User)).one()
    long_ago = accounts.now() - KEEP_FOR - timedelta(minutes=1)
    db.session.add(Submission(value="old", user_id=user.id, at=long_ago))
    db.session.commit()

    client.post(PATH, data=FIELDS)

    assert db.session.scalars(select(Submission.value)).all() == ["form-1"]
