"""flask create-user, flask reset-password"""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import Account, Change, Role, User
from inventory.services import passwords, setup
from tests.factories import LONG_AGO, make_user

GOOD = "tidal-basin-47-orchid"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    def invoke(*words: str, typed: str = GOOD) -> Result:
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=list(words), input=typed + "\n")
        db.session.expire_all()
        return result

    return invoke


def only() -> User:
    return db.session.scalars(select(User)).one()


def test_adds_an_owner_unless_told_otherwise(run: Callable[..., Result]) -> None:
    setup.make_token()

    result = run("create-user", "Mara@Example.com", "--password-stdin")

    assert result.exit_code == 0, result.output
    assert result.output == "Added Mara@Example.com as owner.\n"
    assert (only().email, only().role) == ("mara@example.com", Role.OWNER)
    assert passwords.matches(GOOD, only().password_hash)
    assert not setup.token_matches(setup.make_token() + "x")


def test_the_user_can_sign_in(app: Flask, run: Callable[..., Result]) -> None:
    run("create-user", "pia@example.com", "--role", "viewer", "--password-stdin")

    data = {"email": "pia@example.com", "password": GOOD}
    assert app.test_client().post("/login", data=data).status_code == 303
    assert only().role == Role.VIEWER


def test_makes_the_account_where_there_is_none(run: Callable[..., Result]) -> None:
    db.session.delete(db.session.get(Account, 1))
    db.session.commit()

    run("create-user", "mara@example.com", "--password-stdin")

    assert db.session.get(Account, 1) is not None


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (["create-user", "pia@example.com", "--password-stdin"], GOOD, "is a user already"),
        (["create-user", "new@example.com", "--password-stdin"], "short", "7 more to go"),
        (["create-user", "new@example.com", "--password-stdin"], "", "12 more to go"),
        (["create-user", "new@example.com"], GOOD, "--password-stdin"),
        (["create-user", "no-address", "--password-stdin"], GOOD, "is no e-mail address"),
        (["create-user", "a@b", "--role", "king", "--password-stdin"], GOOD, "king"),
        (["reset-password", "new@example.com", "--password-stdin"], GOOD, "No user has"),
        (["reset-password", "pia@example.com", "--password-stdin"], "password1234", "lists"),
    ],
)
def test_refuses_in_a_sentence(
    run: Callable[..., Result], words: list[str], typed: str, told: str
) -> None:
    make_user(email="pia@example.com")

    result = run(*words, typed=typed)

    assert result.exit_code != 0
    assert told in result.output
    assert only().password_hash is None


def test_a_reset_ends_the_sessions_and_is_written_down(
    run: Callable[..., Result], sign_in: Callable[..., FlaskClient]
) -> None:
    browser = sign_in(email="mara@example.com")

    result = run("reset-password", "MARA@example.com", "--password-stdin")

    assert result.exit_code == 0, result.output
    assert passwords.matches(GOOD, only().password_hash)
    assert browser.get("/").location.startswith("/login")
    change = db.session.scalars(select(Change)).one()
    assert change.cause == "system"
    assert GOOD not in change.summary


def test_a_reset_says_when_the_user_is_disabled(run: Callable[..., Result]) -> None:
    make_user(email="mara@example.com", disabled_at=LONG_AGO)

    result = run("reset-password", "mara@example.com", "--password-stdin")

    assert "disabled" in result.output


def test_a_database_without_tables_is_made(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'own.db'}")
    runner = app.test_cli_runner()

    with app.app_context():
        reset = runner.invoke(args=["reset-password", "m@x.org", "--password-stdin"], input=GOOD)
        db.session.rollback()
        create = runner.invoke(args=["create-user", "m@x.org", "--password-stdin"], input=GOOD)

        assert only().email == "m@x.org"
    assert "Error: No user has the e-mail address m@x.org." in reset.output
    assert create.output == "Added m@x.org as owner.\n"
