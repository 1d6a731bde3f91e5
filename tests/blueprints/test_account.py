"""GET and POST /settings/account, …/theme, …/password"""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import Account, Change, Role, User
from inventory.services import account_settings, passwords

HTMX = {"HX-Request": "true"}
OLD, NEW = "tidal-basin-47-orchid", "walnut gondola 58 prism"
TOKYO = {"timezone": "Asia/Tokyo", "currency": "JPY"}


def account() -> Account:
    row = db.session.get(Account, 1)
    assert row is not None
    return row


def test_saves_time_zone_and_currency_and_writes_it_down(client: FlaskClient) -> None:
    answer = client.post("/settings/account", data=TOKYO)

    assert (answer.status_code, answer.location) == (303, "/settings/account")
    assert (account().timezone, account().currency) == ("Asia/Tokyo", "JPY")
    change = db.session.scalars(select(Change).where(Change.subject_kind == "account")).one()
    assert change.fields["timezone"] == ["Europe/Berlin", "Asia/Tokyo"]


def test_answers_htmx_with_the_panel_alone(client: FlaskClient) -> None:
    answer = client.post("/settings/account", data=TOKYO, headers=HTMX)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<form class="panel"')
    assert answer.headers["HX-Trigger"] == '{"toast": "Saved"}'


def test_makes_the_account_where_there_is_none(client: FlaskClient) -> None:
    db.session.delete(account())
    db.session.commit()

    assert client.get("/settings/account").status_code == 200
    client.post("/settings/account", data=TOKYO)

    assert account().currency == "JPY"


def test_refuses_a_time_zone_that_is_none(client: FlaskClient) -> None:
    answer = client.post("/settings/account", data={**TOKYO, "timezone": "Mars/Olympus"})

    assert answer.status_code == 422
    assert account().timezone == "Europe/Berlin"


def test_a_form_from_before_another_save_is_refused_and_shows_both(client: FlaskClient) -> None:
    old = account_settings.version(account())
    client.post("/settings/account", data={"timezone": "Europe/Paris", "currency": "EUR"})

    page = client.post("/settings/account", data={**TOKYO, "version": old})
    fragment = client.post("/settings/account", data={**TOKYO, "version": old}, headers=HTMX)

    assert (page.status_code, fragment.status_code) == (409, 422)
    assert account().timezone == "Europe/Paris"
    assert "<td>Europe/Paris</td>" in page.text
    assert '<option selected value="Asia/Tokyo">' in page.text
    again = client.post(
        "/settings/account", data={**TOKYO, "version": account_settings.version(account())}
    )
    assert again.status_code == 303


def test_others_read_it(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.VIEWER)

    page = browser.get("/settings/account").text

    assert "Europe/Berlin" in page
    assert "An owner can change this." in page
    assert browser.post("/settings/account", data=TOKYO).status_code == 403


def test_a_theme_is_each_user_s_own(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    viewer = sign_in(Role.VIEWER)

    viewer.post("/settings/account/theme", data={"theme": "dark"})

    assert 'data-theme="dark"' in viewer.get("/").text
    assert 'data-bs-theme="dark"' in viewer.get("/").text
    assert 'data-theme="auto"' in client.get("/").text
    assert viewer.post("/settings/account/theme", data={"theme": "pink"}).status_code == 422


def signed_in_twice(sign_in: Callable[..., FlaskClient], app: Flask) -> list[FlaskClient]:
    first = sign_in(Role.VIEWER, email="pia@example.com", password_hash=passwords.hashed(OLD))
    second = app.test_client()
    with first.session_transaction() as one, second.session_transaction() as other:
        other.update(one)
    return [first, second]


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    here, there = signed_in_twice(sign_in, app)

    answer = here.post("/settings/account/password", data={"current": OLD, "password": NEW})

    assert answer.status_code == 303
    assert here.get("/").status_code == 200
    assert there.get("/").location.startswith("/login")
    user = db.session.scalars(select(User)).one()
    assert passwords.matches(NEW, user.password_hash)


def test_the_current_password_is_needed(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    here, there = signed_in_twice(sign_in, app)

    answer = here.post("/settings/account/password", data={"current": "guess", "password": NEW})

    assert answer.status_code == 422
    assert "That is not your current password." in answer.text
    assert there.get("/").status_code == 200


def test_guessing_the_current_password_is_slowed_down(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    here, _ = signed_in_twice(sign_in, app)
    for _ in range(6):
        here.post("/settings/account/password", data={"current": "guess", "password": NEW})

    answer = here.post("/settings/account/password", data={"current": OLD, "password": NEW})

    assert answer.status_code == 422
    assert "Too many wrong passwords" in answer.text


def test_a_weak_new_password_is_refused_for_htmx_too(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    here, _ = signed_in_twice(sign_in, app)

    answer = here.post(
        "/settings/account/password", data={"current": OLD, "password": "short"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "7 more to go" in answer.text
    assert answer.text.lstrip().startswith('<form class="panel"')
    assert OLD not in answer.text
