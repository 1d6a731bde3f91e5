"""Canaries: secrets given to the pages are found nowhere in the clear."""

import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Application, User
from inventory.services import secrets, setup
from tests.factories import make_connection

OWNER = "canary-owner-tidal-47"
JONAS = "canary-jonas-walnut-58"
CHANGED = "canary-changed-prism-61"
WRONG = "canary-wrong-guess-99"
CLIENT_SECRET = "amzn1.oa2-cs.v1.canary-client-secret"
REFRESH_TOKEN = "Atzr|canary-refresh-token"


def database_text() -> str:
    """Everything that is stored: each column of each table, and SQLite's files byte by byte."""
    with db.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in db.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    database = db.engine.url.database or ""
    files = Path(database).parent.glob(Path(database).name + "*")
    raw = [path.read_bytes().decode("latin-1") for path in files if path.is_file()]
    return "\n".join(rows + raw)


def plant(browser: FlaskClient, app: Flask) -> tuple[list[str], list[str]]:
    """Drive the pages that take secrets; return the secrets made and the pages seen.

    The one answer that shows a one-time link is left out: it is meant to.
    """
    token = setup.make_token()
    person = {"name": "Mara", "email": "mara@example.com"}
    place = {"timezone": "UTC", "currency": "USD"}
    seen = [browser.post("/setup", data={"token": token, "password": OWNER, **person, **place})]
    made = browser.post("/settings/users", data={"name": "J", "email": "j@x.org", "role": "viewer"})
    link = re.search(r"/welcome/([\w-]+)", made.text)
    assert link is not None
    other = app.test_client()
    application = {"name": "Planning", "client_id": "id", "client_secret": CLIENT_SECRET}
    change = {"current": OWNER, "password": CHANGED}
    seen += [
        other.post(link[0], data={"name": "J", "password": JONAS}),
        other.post("/login", data={"email": "mara@example.com", "password": WRONG}),
        browser.post("/settings/applications/new", data={**application, "name": ""}),
        browser.post("/settings/applications/new", data=application),
        browser.post("/settings/account/password", data={**change, "current": WRONG}),
        browser.post("/settings/account/password", data=change),
    ]
    connection = make_connection()
    identity = f"connection:{connection.id}:refresh_token"
    connection.refresh_token_encrypted = secrets.encrypt(REFRESH_TOKEN, identity)
    db.session.commit()
    return [token, link[1]], [answer.text for answer in seen]


def every_page(app: Flask, browser: FlaskClient) -> list[str]:
    paths = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            with app.test_request_context():
                paths.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)))
    return [browser.get(path).text for path in paths]


def test_no_secret_is_kept_logged_or_shown(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")  # every statement with its values
    browser = app.test_client()

    made, pages = plant(browser, app)
    pages += every_page(app, browser)

    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 2
    assert db.session.scalar(sa.select(sa.func.count(Application.id))) == 1
    db.session.rollback()
    places = {"logs": caplog.text, "pages": "\n".join(pages), "database": database_text()}
    assert "INSERT INTO" in places["logs"]
    secrets_given = [OWNER, JONAS, CHANGED, WRONG, CLIENT_SECRET, REFRESH_TOKEN, *made]
    found = [
        (place, secret)
        for place, text in places.items()
        for secret in secrets_given
        if secret in text
    ]

    assert found == []
