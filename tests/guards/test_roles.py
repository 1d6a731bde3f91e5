"""Each route lets in its least role and those above; nothing changes by GET or without a token."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from blueprints.access import RANK
from inventory.models import Role
from tests.factories import make_user

#: Changed without a sign-in, each guarded by a secret of its own.
WITHOUT_SIGN_IN = {"auth.login", "auth.setup", "auth.accept"}

#: What a viewer may change: nothing but their own.
OWN_TO_VIEWERS = {
    "auth.logout",
    "account.theme",
    "account.password",
    "saved_views.create",
    "saved_views.delete",
}
#: Nobody else may even look.
OWNERS_ONLY = {"users", "applications"}


def rules(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with each of its methods and a path; ids are 1, whether or not there is one."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        with app.test_request_context():
            path = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, path


@pytest.mark.parametrize("role", list(Role))
def test_every_route_keeps_to_its_least_role(
    app: Flask, sign_in: Callable[..., FlaskClient], role: Role
) -> None:
    wrong = []
    for rule, method, path in rules(app):
        least: Any = getattr(app.view_functions[rule.endpoint], "least_role", None)
        if least is None:
            continue
        # A browser of its own each time: some routes end the session.
        answer = sign_in(role).open(path, method=method)
        refused = answer.status_code == 403
        if refused != (RANK[role] < RANK[least]) or "/login" in (answer.location or ""):
            wrong.append((method, path, answer.status_code, least))

    # Signing out leads to the sign-in page, for everybody.
    assert wrong == [("POST", "/logout", 303, Role.VIEWER)]


def test_a_viewer_changes_nothing_but_their_own(app: Flask) -> None:
    changed_by_viewers = {
        rule.endpoint
        for rule, method, _ in rules(app)
        if method != "GET"
        and getattr(app.view_functions[rule.endpoint], "least_role", None) == Role.VIEWER
    }

    assert changed_by_viewers == OWN_TO_VIEWERS


def test_users_and_applications_are_the_owner_s(app: Flask) -> None:
    least = {
        rule.endpoint: app.view_functions[rule.endpoint].least_role  # type: ignore[attr-defined]
        for rule, _, _ in rules(app)
        if rule.endpoint.split(".")[0] in OWNERS_ONLY
    }

    assert least == dict.fromkeys(least, Role.OWNER)
    assert len(least) > len(OWNERS_ONLY)


def test_what_only_changes_refuses_to_be_read(app: Flask, client: FlaskClient) -> None:
    readable = {rule.endpoint for rule, method, _ in rules(app) if method == "GET"}
    paths = {path for rule, _, path in rules(app) if rule.endpoint in readable}
    changing = {path for rule, _, path in rules(app) if rule.endpoint not in readable} - paths

    assert {path: client.get(path).status_code for path in changing} == dict.fromkeys(changing, 405)


def test_nothing_changes_without_a_csrf_token(
    make_app: Callable[..., Flask], app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    strict = make_app(WTF_CSRF_ENABLED=True)
    session_id = make_user(role=Role.OWNER).get_id()
    browser = strict.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = session_id
    taken = []
    for rule, method, path in rules(strict):
        if method == "GET":
            continue
        answer = browser.open(path, method=method, data={"name": "X"})
        if answer.status_code != 400:
            taken.append((rule.endpoint, answer.status_code))

    assert taken == []


def test_what_needs_no_sign_in_is_known(app: Flask) -> None:
    open_to_all = {
        rule.endpoint
        for rule, method, _ in rules(app)
        if method != "GET" and not hasattr(app.view_functions[rule.endpoint], "least_role")
    }

    assert open_to_all == WITHOUT_SIGN_IN
