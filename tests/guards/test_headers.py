"""Headers and cookies that hold for every answer: pages, errors, files, redirects."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient

from blueprints.security import ABSOLUTE_S, IDLE_S, POLICY
from config import load
from extensions import db
from inventory.models import Role
from inventory.services import users
from tests.factories import make_user

PASSWORD = "harbour tidal prism 47"


def paths(app: Flask) -> list[str]:
    """Every address, its ids being 1; and what is no address of ours."""
    found = ["/nowhere", "/static/css/app.css", "/static/nowhere.css", "/purchase-orders.csv"]
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            with app.test_request_context():
                found.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)))
    return found


def faults(app: Flask, browser: FlaskClient) -> list[tuple[str, int, str]]:
    """What is wrong with the headers of any answer."""
    wanted = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    wrong = []
    for path in paths(app):
        for method in ("GET", "POST", "DELETE"):
            answer = browser.open(path, method=method)
            found = {name: answer.headers.get(name) for name in wanted}
            if found != wanted or "Referrer-Policy" not in answer.headers:
                wrong.append((path, answer.status_code, "headers"))
            is_ours = not path.startswith("/static/") or answer.status_code >= 400
            if is_ours and answer.headers.get("Cache-Control") != "no-store":
                wrong.append((path, answer.status_code, "may be kept"))
    return wrong


def test_every_answer_has_them(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    assert len(paths(app)) > 60
    assert faults(app, sign_in(Role.VIEWER)) == []
    assert faults(app, app.test_client()) == []


def test_a_fault_of_ours_has_them_and_tells_nothing(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise ZeroDivisionError("inner words")

    app.view_functions["home.index"] = broken

    with caplog.at_level(logging.CRITICAL):
        answer = client.get("/")

    assert answer.status_code == 500
    assert "inner words" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.fixture
def over_tls(
    make_app: Callable[..., Flask], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """A browser of the app behind a proxy that ends TLS; it can sign in as mara@example.com."""
    user = make_user(email="mara@example.com")
    users.set_password(user, PASSWORD, user.id)
    db.session.commit()
    monkeypatch.setenv("PUBLIC_URL", "https://stock.example.com")
    names = ("PUBLIC_URL", "OVER_TLS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE")
    told = load(INSTANCE=app.config["INSTANCE"])
    return make_app(TRUSTED_PROXIES=1, **{name: told[name] for name in names}).test_client()


PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "stock.example.com"}


def log_in(browser: FlaskClient, **headers: str) -> str:
    fields = {"email": "mara@example.com", "password": PASSWORD}
    with browser.application.app_context():
        answer = browser.post("/login", data=fields, headers={**PROXY, **headers})
    assert answer.status_code == 303
    return answer.headers["Set-Cookie"]


def test_over_tls_the_cookie_is_bound_to_the_host(over_tls: FlaskClient) -> None:
    name, *flags = log_in(over_tls).split("; ")

    assert name.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)


def test_over_tls_browsers_are_told_to_stay_there(over_tls: FlaskClient) -> None:
    with over_tls.application.app_context():
        answers = [over_tls.get(path, headers=PROXY) for path in ("/login", "/nowhere", "/")]

        answers.append(over_tls.get("/static/css/app.css"))  # a proxy that says nothing of TLS

    for answer in answers:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_tls_nothing_speaks_of_it(client: FlaskClient) -> None:
    answer = client.get("/settings/account", headers=PROXY)

    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("step_s", "steps", "is_in"),
    [
        (IDLE_S - 60, 1, True),
        (IDLE_S + 61, 1, False),
        (IDLE_S - 120, ABSOLUTE_S // (IDLE_S - 120), True),
        (IDLE_S - 120, ABSOLUTE_S // (IDLE_S - 120) + 1, False),
    ],
)
def test_a_session_ends_when_idle_and_in_any_case(
    app: Flask, step_s: int, steps: int, is_in: bool
) -> None:
    user = make_user(email="mara@example.com")
    users.set_password(user, PASSWORD, user.id)
    db.session.commit()
    browser = app.test_client()
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        log_in(browser)
        for _ in range(steps):
            clock.shift(timedelta(seconds=step_s))
            answer = browser.get("/settings/account")

    assert (answer.status_code == 200) is is_in


def test_a_new_password_and_disabling_end_every_other_session(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    user = make_user(email="mara@example.com", role=Role.PLANNER)
    users.set_password(user, PASSWORD, user.id)
    db.session.commit()
    first, second = app.test_client(), app.test_client()
    log_in(first)
    log_in(second)
    change = {"current": PASSWORD, "password": "another harbour 58"}

    first.post("/settings/account/password", data=change)
    after = [browser.get("/settings/account").status_code for browser in (first, second)]
    sign_in(Role.OWNER).post(f"/settings/users/{user.id}/disable")

    assert after == [200, 303]
    assert first.get("/settings/account").status_code == 303
