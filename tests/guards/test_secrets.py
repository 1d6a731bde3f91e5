"""Canaries: secrets given to the pages, or by Amazon, are found nowhere in the clear."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Application, Connection, SyncRun, SyncState, User
from inventory.services import setup, syncs
from jobs.heart import Heart
from jobs.worker import work_one
from simulator import IN_MEMORY, Simulator
from simulator.server import create_simulator
from simulator.serving import SimulatorServer
from tests.conftest import empty_tables
from tests.factories import make_account

OWNER = "canary-owner-tidal-47"
JONAS = "canary-jonas-walnut-58"
CHANGED = "canary-changed-prism-61"
WRONG = "canary-wrong-guess-99"
CLIENT_SECRET = "amzn1.oa2-cs.v1.canary-client-secret"
#: The simulator takes any token that begins like this.
REFRESH_TOKEN = "Atzr|sandbox-canary-refresh-token"
#: What Amazon hands out: access tokens, signatures of files, page tokens.
AMAZONS = ("Atza|", "X-Amz-Signature", "NextToken=", "nextToken=", "pageToken=", "paginationToken=")


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
    connect = {
        "platform": "amazon",
        "marketplace_id": "A1PA6795UKMFR9",
        "name": "Harbour EU",
        "seller_id": "A2HARBOURKTCHN",
        "token": REFRESH_TOKEN,
        "application_id": db.session.scalar(sa.select(Application.id)),
    }
    db.session.rollback()
    new = "/settings/connections/new"
    seen += [browser.post(new, data={**connect, "name": ""}), browser.post(new, data=connect)]
    return [token, link[1]], [answer.text for answer in seen]


@pytest.fixture
def amazon() -> Iterator[Simulator]:
    simulator = Simulator(IN_MEMORY, limits=False)
    yield simulator
    simulator.close()


@pytest.fixture
def app(make_app: Callable[..., Flask], amazon: Simulator) -> Iterator[Flask]:
    """Its Amazon is on a real socket: there the HTTP library would log addresses, if let."""
    server = SimulatorServer(create_simulator(amazon, "EU"))
    server.start()
    made = make_app(
        SPAPI_ENDPOINTS=dict.fromkeys(("NA", "EU", "FE"), server.url),
        LWA_TOKEN_URL=f"{server.url}/auth/o2/token",
    )
    with made.app_context():
        empty_tables()
        make_account()
        yield made
        db.session.remove()
    server.stop()


def work_off(app: Flask, clock: time_machine.Traveller) -> None:
    db.session.rollback()
    heart = Heart(app, "process", wait=lambda _event, seconds: clock.shift(seconds))
    worked = True
    while worked:
        with app.app_context():
            worked = work_one(heart)


def sync(app: Flask, amazon: Simulator) -> list[tuple[str, str]]:
    """Read everything, then meet what fails or postpones runs; return states and sentences."""
    with time_machine.travel(datetime.now(UTC)) as clock:
        work_off(app, clock)
        for operation, word in (
            ("getInventorySummaries", "html"),
            ("getShipments", "reset"),
            ("searchListingsItems", "missing_role"),
            ("token", "invalid_grant"),
        ):
            clock.shift(2 * 60 * 60)  # the access token is over
            amazon.will_answer(operation, *[word] * 12)
            syncs.request_data(1, cause="person", full=True)
            db.session.commit()
            work_off(app, clock)
            amazon.will_answer(operation)
    runs = db.session.execute(sa.select(SyncRun.state, SyncRun.message).order_by(SyncRun.id))
    return [(state, message) for state, message in runs]


def every_page(app: Flask, browser: FlaskClient) -> list[str]:
    paths = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            with app.test_request_context():
                paths.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)))
    return [browser.get(path).text for path in paths]


def leaks(places: dict[str, str], secrets: list[str]) -> list[tuple[str, str]]:
    return [(place, one) for place, text in places.items() for one in secrets if one in text]


def test_no_secret_is_kept_logged_or_shown(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")  # every statement with its values
    browser = app.test_client()

    made, pages = plant(browser, app)
    pages += every_page(app, browser)

    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 2
    assert db.session.scalar(sa.select(sa.func.count(Application.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Connection.id))) == 1
    db.session.rollback()
    places = {"logs": caplog.text, "pages": "\n".join(pages), "database": database_text()}
    assert "INSERT INTO" in places["logs"]
    secrets_given = [OWNER, JONAS, CHANGED, WRONG, CLIENT_SECRET, REFRESH_TOKEN, *made]
    assert leaks(places, secrets_given) == []


def test_syncs_leave_no_secret_either(
    app: Flask, amazon: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = app.test_client()
    plant(browser, app)

    runs = sync(app, amazon)
    db.session.rollback()
    pages = every_page(app, browser)

    assert runs[:5] == [(SyncState.SUCCEEDED, "")] * 5
    assert [state for state, message in runs if "refresh token" in message]
    assert amazon.calls["download"] > 0
    places = {"logs": caplog.text, "pages": "\n".join(pages), "database": database_text()}
    assert "getReportDocument 200" in places["logs"]
    assert leaks(places, [CLIENT_SECRET, REFRESH_TOKEN, *AMAZONS]) == []


def test_the_server_writes_no_access_log() -> None:
    """Its lines would hold the set-up link, one-time links and OAuth codes."""
    settings: dict[str, object] = {}
    exec(Path("gunicorn.conf.py").read_text(), settings)  # noqa: S102 - as gunicorn reads it

    assert settings["accesslog"] is None
