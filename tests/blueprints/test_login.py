"""GET and POST /login, POST /logout, and how a session ends"""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from blueprints.redirects import local_path
from extensions import db
from inventory.models import LoginThrottle, User
from inventory.services import passwords, throttles
from tests.factories import LONG_AGO, make_user

GOOD = "tidal-basin-47-orchid"


@pytest.fixture
def mara(app: Flask) -> User:
    return make_user(email="mara@example.com", password_hash=passwords.hashed(GOOD))


def log_in(browser: FlaskClient, password: str = GOOD, **fields: str) -> TestResponse:
    data = {"email": "mara@example.com", "password": password, **fields}
    return browser.post("/login", data=data)


def time_passes(hours: float) -> None:
    """Move what was blocked into the past: the clock of the tests stands still."""
    for row in db.session.query(LoginThrottle):
        row.blocked_until = row.blocked_until and row.blocked_until - timedelta(hours=hours)
        row.last_at -= timedelta(hours=hours)
    db.session.commit()


def test_signs_in_in_whatever_case_the_address_is_typed(app: Flask, mara: User) -> None:
    browser = app.test_client()

    answer = log_in(browser, email=" MARA@example.com ")

    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/").status_code == 200
    assert mara.signed_in_at is not None
    assert mara.signed_in_at > LONG_AGO


def test_the_session_is_a_new_one(app: Flask, mara: User) -> None:
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["planted"] = "before"

    log_in(browser)

    with browser.session_transaction() as session:
        assert "planted" not in session
        assert session["login_at"] == session["seen_at"] > 0


def test_leads_back_to_where_one_was_going(app: Flask, mara: User) -> None:
    browser = app.test_client()
    asked = browser.get("/settings/users?sort=name")

    page = browser.get(asked.location)
    answer = log_in(browser, next="/settings/users?sort=name")

    assert 'value="/settings/users?sort=name"' in page.text
    assert answer.location == "/settings/users?sort=name"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "http:evil.example",
        "//[evil",
    ],
)
def test_never_leads_to_another_site(app: Flask, mara: User, elsewhere: str) -> None:
    assert local_path(elsewhere) is None
    assert log_in(app.test_client(), next=elsewhere).location == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(app: Flask, mara: User) -> None:
    wrong = log_in(app.test_client(), "wrong-wrong-wrong")
    unknown = log_in(app.test_client(), email="nobody@example.com")

    assert wrong.status_code == unknown.status_code == 422
    assert "E-mail and password do not match." in wrong.text
    assert "E-mail and password do not match." in unknown.text
    assert "wrong-wrong-wrong" not in wrong.text


def test_an_unknown_address_takes_as_long(app: Flask, mara: User) -> None:
    def seconds(**fields: str) -> float:
        started = perf_counter()
        log_in(app.test_client(), "wrong-wrong-wrong", **fields)
        return perf_counter() - started

    seconds(email="warm@example.com")
    known = min(seconds() for _ in range(3))
    unknown = min(seconds(email=f"nobody{number}@example.com") for number in range(3))

    assert unknown > known / 2


def test_the_disabled_stay_out(app: Flask, mara: User) -> None:
    mara.disabled_at = LONG_AGO
    db.session.commit()

    assert log_in(app.test_client()).status_code == 422


def test_the_invited_have_no_password_yet(app: Flask) -> None:
    make_user(email="mara@example.com")

    assert log_in(app.test_client(), "").status_code == 422
    assert log_in(app.test_client(), "the password of nobody").status_code == 422


def test_after_five_failures_it_asks_to_wait_longer_each_time(app: Flask, mara: User) -> None:
    browser = app.test_client()
    for _ in range(6):
        assert log_in(browser, "wrong-wrong-wrong").status_code == 422
    first = log_in(browser)
    time_passes(hours=1)
    log_in(browser, "wrong-wrong-wrong")
    second = log_in(browser)

    assert first.status_code == second.status_code == 429
    assert "Try again in 30 seconds." in first.text
    assert "Try again in 1 minute." in second.text
    assert 0 < int(first.headers["Retry-After"]) <= 30


def test_one_account_s_failures_do_not_hold_up_another(app: Flask, mara: User) -> None:
    make_user(email="jonas@example.com", password_hash=passwords.hashed(GOOD))
    for _ in range(6):
        log_in(app.test_client(), "wrong-wrong-wrong")

    assert log_in(app.test_client(), email="jonas@example.com").status_code == 303


def test_an_address_that_tries_many_accounts_waits_too(app: Flask, mara: User) -> None:
    for number in range(21):
        throttles.count_attempt(f"account:{number}", "address:192.0.2.7")
    db.session.commit()

    answer = app.test_client().post(
        "/login",
        data={"email": "mara@example.com", "password": GOOD},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert answer.status_code == 429


def test_a_sign_in_forgets_the_failures_before_it(app: Flask, mara: User) -> None:
    for _ in range(5):
        log_in(app.test_client(), "wrong-wrong-wrong")
    log_in(app.test_client())

    assert log_in(app.test_client(), "wrong-wrong-wrong").status_code == 422
    assert log_in(app.test_client()).status_code == 303


def test_a_password_kept_with_older_parameters_is_kept_anew(app: Flask, mara: User) -> None:
    mara.password_hash = old = PasswordHasher(time_cost=1, memory_cost=1024).hash(GOOD)
    db.session.commit()

    log_in(app.test_client())

    assert mara.password_hash != old
    assert passwords.matches(GOOD, mara.password_hash)


def test_htmx_is_led_away_as_a_whole_page(app: Flask, mara: User) -> None:
    data = {"email": "mara@example.com", "password": GOOD}

    answer = app.test_client().post("/login", data=data, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/"


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    answer = client.post("/logout")

    assert answer.location == "/login"
    assert client.get("/").location.startswith("/login")


@pytest.mark.parametrize(("login_at", "seen_at"), [(-13, 0), (-2, -1.1)])
def test_a_session_ends_after_an_idle_hour_or_half_a_day(
    app: Flask, mara: User, login_at: float, seen_at: float
) -> None:
    browser = app.test_client()
    log_in(browser)
    with browser.session_transaction() as session:
        session["login_at"] += int(login_at * 3600)
        session["seen_at"] += int(seen_at * 3600)

    assert browser.get("/").location.startswith("/login")


def test_disabling_a_user_ends_their_sessions(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    browser = sign_in(email="leaver@example.com")
    db.session.execute(update(User).values(disabled_at=LONG_AGO))
    db.session.commit()

    assert browser.get("/").location.startswith("/login")


def test_requests_of_the_same_cookie_share_nothing(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Saved just so.")]
    cookie = client.get_cookie("session")
    assert cookie is not None

    for name in ("First", "Second"):  # as from two tabs at once
        client.set_cookie("session", cookie.value)
        client.post("/vendors/new", data={"name": name})

    shown = client.get("/vendors").text
    assert "Saved just so." in shown
    assert "Second is added." in shown
    assert "First is added." not in shown


def test_a_cookie_of_another_key_says_nothing(app: Flask, client: FlaskClient) -> None:
    cookie = client.get_cookie("session")
    assert cookie is not None
    forged = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "E")

    for value in (forged, cookie.value, forged):
        browser = app.test_client()
        browser.set_cookie("session", value)
        assert (browser.get("/").status_code == 200) is (value == cookie.value)
