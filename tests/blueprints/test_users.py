"""/settings/users and one user's page"""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Change, OneTimeLink, Role, User
from inventory.services import links, users
from tests.factories import LONG_AGO, make_user

HTMX = {"HX-Request": "true"}
JONAS = {"name": "Jonas Ebner", "email": "Jonas@example.com", "role": "planner"}


def owner(**fields: Any) -> User:
    return make_user(role=Role.OWNER, password_hash="argon2", **fields)


def welcome(page: str) -> str:
    """The path of the one-time link on a page."""
    return re.search(r"/welcome/[\w-]+", page)[0]  # type: ignore[index]


def by_email(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def test_lists_name_role_state_and_last_sign_in(client: FlaskClient) -> None:
    make_user(name="Planning Pia", role=Role.PLANNER)
    make_user(name="Gone Gus", disabled_at=LONG_AGO, signed_in_at=LONG_AGO, password_hash="x")

    page = client.get("/settings/users").text

    assert re.search(r"Planning Pia.*?Planner.*?Invited.*?never", page, re.S)
    assert re.search(r"Gone Gus.*?Disabled.*?5 Jan.*?days ago", page, re.S)


def test_adding_shows_a_one_time_link_once(client: FlaskClient) -> None:
    answer = client.post("/settings/users", data=JONAS)

    assert answer.status_code == 200
    assert by_email("jonas@example.com").role == Role.PLANNER
    token = welcome(answer.text).removeprefix("/welcome/")
    assert links.find(token) is not None
    assert token not in client.get("/settings/users").text
    assert db.session.scalar(select(func.count(OneTimeLink.id))) == 1


def test_the_link_has_the_address_people_use(make_app: Callable[..., Flask], app: Flask) -> None:
    public = make_app(PUBLIC_URL="https://stock.example.com")
    boss = owner()
    browser = public.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = boss.get_id()

    page = browser.post("/settings/users", data=JONAS).text

    assert 'value="https://stock.example.com/welcome/' in page


def test_an_address_can_be_used_once_only(client: FlaskClient) -> None:
    client.post("/settings/users", data=JONAS)

    answer = client.post("/settings/users", data=JONAS, headers=HTMX)

    assert answer.status_code == 422
    assert "is a user already" in answer.text
    assert answer.text.lstrip().startswith('<div class="stack" id="users"')


def test_the_same_form_sent_twice_adds_one_user(client: FlaskClient) -> None:
    page = client.get("/settings/users").text
    value = re.search(r'name="submission" value="([\w-]+)"', page)[1]  # type: ignore[index]
    client.post("/settings/users", data={**JONAS, "submission": value})

    again = client.post("/settings/users", data={**JONAS, "submission": value})

    user = by_email("jonas@example.com")
    assert (again.status_code, again.location) == (303, f"/settings/users/{user.id}")
    assert "sent twice" in client.get(again.location).text


def test_a_form_that_was_wrong_may_be_sent_again(client: FlaskClient) -> None:
    client.post("/settings/users", data={**JONAS, "email": "", "submission": "same-value"})

    answer = client.post("/settings/users", data={**JONAS, "submission": "same-value"})

    assert answer.status_code == 200
    assert by_email("jonas@example.com")


def test_changes_name_and_role_and_writes_it_down(client: FlaskClient) -> None:
    user = make_user(name="Pia", role=Role.VIEWER)

    answer = client.post(f"/settings/users/{user.id}", data={"name": "Pia K.", "role": "planner"})

    assert (answer.status_code, answer.location) == (303, "/settings/users")
    assert (user.name, user.role) == ("Pia K.", Role.PLANNER)
    change = db.session.scalars(select(Change).where(Change.subject_id == user.id)).one()
    assert change.fields == {"name": ["Pia", "Pia K."], "role": ["viewer", "planner"]}
    assert change.user_id is not None


def test_a_form_from_before_another_save_is_refused_and_shows_both(client: FlaskClient) -> None:
    user = make_user(name="Pia", role=Role.VIEWER)
    old = users.version(user)
    client.post(f"/settings/users/{user.id}", data={"name": "Pia K.", "role": "viewer"})
    mine = {"name": "Pia Kern", "role": "planner", "version": old}

    page = client.post(f"/settings/users/{user.id}", data=mine)
    fragment = client.post(f"/settings/users/{user.id}", data=mine, headers=HTMX)

    assert (page.status_code, fragment.status_code) == (409, 422)
    assert user.name == "Pia K."
    for text in (page.text, fragment.text):
        assert "saved this" in text
        assert re.search(r"<td>Pia K\.</td>\s*<td>Pia Kern</td>", text)
        assert 'value="Pia Kern"' in text
        assert f'name="version" value="{users.version(user)}"' in text


def test_a_sign_in_makes_no_form_stale(client: FlaskClient) -> None:
    user = make_user(name="Pia", role=Role.VIEWER)
    seen = users.version(user)
    user.signed_in_at = LONG_AGO
    db.session.commit()

    data = {"name": "Pia K.", "role": "viewer", "version": seen}
    assert client.post(f"/settings/users/{user.id}", data=data).status_code == 303


def test_disables_and_enables(client: FlaskClient, sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.VIEWER, email="pia@example.com")
    user = by_email("pia@example.com")

    client.post(f"/settings/users/{user.id}/disable")
    assert browser.get("/").location.startswith("/login")
    client.post(f"/settings/users/{user.id}/enable")

    assert user.disabled_at is None
    assert browser.get("/").location.startswith("/login")  # ended is ended


def test_the_last_owner_who_can_sign_in_stays(sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in(Role.OWNER, email="boss@example.com", password_hash="x")
    make_user(role=Role.OWNER)  # invited only
    owner(disabled_at=LONG_AGO)
    boss = by_email("boss@example.com")
    path = f"/settings/users/{boss.id}"

    demoted = client.post(path, data={"name": "Boss", "role": "viewer"})
    disabled = client.post(f"{path}/disable")
    removed = client.post(f"{path}/remove")

    assert (demoted.status_code, disabled.status_code, removed.status_code) == (422, 409, 409)
    for answer in (demoted, disabled, removed):
        assert "This is the last owner who can sign in." in answer.text
    assert (boss.role, boss.disabled_at) == (Role.OWNER, None)


def test_two_owners_who_demote_each_other_at_once_leave_one(
    make_app: Callable[..., Flask], app: Flask
) -> None:
    pair = [owner(), owner()]
    processes = [app, make_app()]
    ids = [(one.get_id(), other.id) for one, other in zip(pair, reversed(pair), strict=True)]
    start = threading.Barrier(2, timeout=30)

    def demote(process: Flask, session_id: str, other: int) -> None:
        with process.app_context():
            browser = process.test_client()
            with browser.session_transaction() as session:
                session["_user_id"] = session_id
            start.wait()
            browser.post(f"/settings/users/{other}", data={"name": "X", "role": "viewer"})

    threads = [
        threading.Thread(target=demote, args=(process, *who))
        for process, who in zip(processes, ids, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert db.session.scalar(select(func.count()).where(User.role == Role.OWNER)) == 1


def test_removes_who_never_signed_in_and_keeps_the_others(client: FlaskClient) -> None:
    typo = make_user(email="typo@example.com", role=Role.VIEWER)
    known = make_user(role=Role.VIEWER, signed_in_at=LONG_AGO)

    removed = client.post(f"/settings/users/{typo.id}/remove")
    kept = client.post(f"/settings/users/{known.id}/remove")

    assert removed.status_code == 303
    assert kept.status_code == 409
    assert "Disable them instead" in kept.text
    assert db.session.scalar(select(func.count()).where(User.email == "typo@example.com")) == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER])
def test_is_for_owners(sign_in: Callable[..., FlaskClient], role: Role) -> None:
    browser = sign_in(role)

    assert browser.get("/settings/users").status_code == 403
    assert browser.post("/settings/users", data=JONAS).status_code == 403
