"""Every route asks for a sign-in and names the least role it takes."""

from flask import Flask, url_for

from tests.factories import make_user

#: Reached without signing in, each for its reason.
PUBLIC = {
    "static",
    "status.healthz",  # machines ask
    "auth.login",
    "auth.setup",  # needs the one-time token the server printed
    "auth.accept",  # needs the one-time link
    "calendar.feed",  # calendar programs cannot sign in; the address is a secret
}


def test_every_route_names_its_least_role(app: Flask) -> None:
    bare = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and not hasattr(app.view_functions[rule.endpoint], "least_role")
    }

    assert bare == set()


def test_every_route_asks_for_a_sign_in(app: Flask) -> None:
    make_user()  # without a user every page leads to the set-up
    browser = app.test_client()
    open_to_all = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        with app.test_request_context():
            path = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = browser.open(path, method=method)
        if answer.status_code not in (302, 303) or "/login" not in (answer.location or ""):
            open_to_all.append((rule.endpoint, answer.status_code))

    assert open_to_all == []
