"""/settings/applications and one application's page"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from extensions import db
from inventory.models import Application, Change, ConnectionHealth, Role, SyncRun
from inventory.services import accounts, applications, secrets
from tests.factories import make_application, make_connection

HTMX = {"HX-Request": "true"}
FIELDS = {
    "name": "Harbour planning",
    "client_id": "amzn1.application-oa2-client.harbour",
    "client_secret": "amzn1.oa2-cs.v1.canary",
    "application_id": "amzn1.sp.solution.harbour",
    "secret_expires_on": "2027-03-01",
}


def only() -> Application:
    return db.session.scalars(select(Application)).one()


def secret_of(application: Application) -> str:
    identity = f"application:{application.id}:client_secret"
    return secrets.decrypt(application.client_secret_encrypted, identity)


def test_adds_one_and_keeps_its_secret_encrypted(client: FlaskClient) -> None:
    answer = client.post("/settings/applications/new", data=FIELDS)

    assert (answer.status_code, answer.location) == (303, "/settings/applications")
    assert "canary" not in only().client_secret_encrypted
    assert secret_of(only()) == "amzn1.oa2-cs.v1.canary"
    assert str(only().secret_expires_on) == "2027-03-01"


@pytest.mark.parametrize(
    "label", ["Client ID", "Client secret", "Application ID", "Secret expires on"]
)
def test_labels_are_those_of_the_contract(client: FlaskClient, label: str) -> None:
    page = client.get("/settings/applications/new").text

    assert re.search(rf'<label class="form-label" for="\w+">{label}</label>', page)


def test_the_secret_is_never_shown(client: FlaskClient) -> None:
    client.post("/settings/applications/new", data=FIELDS)
    wrong = {**FIELDS, "name": ""}

    pages = [
        client.get("/settings/applications").text,
        client.get(f"/settings/applications/{only().id}").text,
        client.post(f"/settings/applications/{only().id}", data=wrong).text,
    ]

    assert not [page for page in pages if "canary" in page]
    assert "stored" in pages[0]


def test_an_empty_secret_keeps_the_stored_one(client: FlaskClient) -> None:
    client.post("/settings/applications/new", data=FIELDS)
    path = f"/settings/applications/{only().id}"

    client.post(path, data={**FIELDS, "client_secret": "", "name": "Harbour"})
    kept = secret_of(only())
    client.post(path, data={**FIELDS, "client_secret": "second-canary"})

    assert kept == "amzn1.oa2-cs.v1.canary"
    assert secret_of(only()) == "second-canary"
    last = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert last is not None
    assert last.fields["client_secret"] == ["stored", "replaced"]


def test_a_new_secret_tries_the_refused_connections_again(client: FlaskClient) -> None:
    application = make_application()
    refused = make_connection(
        application_id=application.id,
        health=ConnectionHealth.FAILING,
        trouble="Amazon refused the client secret.",
        trouble_reason="client_refused",
    )
    make_connection(application_id=application.id)

    client.post(
        f"/settings/applications/{application.id}",
        data={
            "name": application.name,
            "client_id": application.client_id,
            "client_secret": "a newer one",
            "version": application.version,
        },
    )

    runs = db.session.scalars(select(SyncRun)).all()
    assert {run.connection_id for run in runs} == {refused.id}
    assert (refused.health, refused.trouble) == (ConnectionHealth.TESTING, "")


def test_a_new_one_needs_name_id_and_secret(client: FlaskClient) -> None:
    answer = client.post("/settings/applications/new", data={"submission": "v"}, headers=HTMX)

    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<form class="panel"')
    for told in (
        "Give the application a name.",
        "Paste the client ID.",
        "Paste the client secret.",
    ):
        assert told in answer.text


def test_a_name_is_used_once(client: FlaskClient) -> None:
    taken = make_application(name="Harbour planning")

    answer = client.post("/settings/applications/new", data=FIELDS)

    assert answer.status_code == 422
    assert "Another application has this name." in answer.text
    assert only().id == taken.id


def test_the_same_form_sent_twice_adds_one(client: FlaskClient) -> None:
    sent = {**FIELDS, "submission": "one-form"}
    client.post("/settings/applications/new", data=sent)

    again = client.post("/settings/applications/new", data=sent)

    assert (again.status_code, again.location) == (303, "/settings/applications")
    assert db.session.scalar(select(func.count(Application.id))) == 1


def test_a_form_from_before_another_save_is_refused_and_shows_both(client: FlaskClient) -> None:
    application = make_application(client_id="first")
    old = application.version
    path = f"/settings/applications/{application.id}"
    client.post(path, data={**FIELDS, "client_id": "second", "version": old})

    answer = client.post(path, data={**FIELDS, "client_id": "third", "version": old})

    assert answer.status_code == 409
    assert re.search(r"<td>second</td>\s*<td>third</td>", answer.text)
    assert 'value="third"' in answer.text
    assert application.client_id == "second"


def test_deletes_what_no_connection_uses(client: FlaskClient) -> None:
    used, free = make_application(), make_application()
    make_connection(name="Harbour NA", application_id=used.id)

    refused = client.post(f"/settings/applications/{used.id}/delete")
    done = client.post(f"/settings/applications/{free.id}/delete")

    assert refused.status_code == 409
    assert "Used by Harbour NA." in refused.text
    assert done.status_code == 303
    assert only().id == used.id


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (31, None),
        (30, "expires in 30 days"),
        (1, "expires tomorrow"),
        (-3, "expired 3 days ago"),
    ],
)
def test_warns_from_30_days_before_the_secret_ends(
    client: FlaskClient, days: int, told: str | None
) -> None:
    make_application(secret_expires_on=accounts.today() + timedelta(days=days))

    page = client.get("/settings/applications").text

    loud = re.search(r'<small\s+class="(?:warn|bad) strong">(.*?)</small>', page, re.S)
    assert (loud is not None) == (told is not None)
    if told:
        assert told in " ".join(loud[1].split())  # type: ignore[index]


def test_the_environment_s_comes_first_and_is_read_only(
    make_app: Callable[..., Flask], app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    make_application(name="Aardvark")
    make_connection(name="Harbour NA")
    make_connection(name="Sandbox", is_sandbox=True)
    sign_in()
    with_env = make_app(LWA_CLIENT_ID="env-id", LWA_CLIENT_SECRET="env-canary", SPAPI_APP_ID="sol")

    with with_env.app_context():
        first, second = applications.listed()

        assert (first.id, first.client_id, first.has_secret) == (None, "env-id", True)
        assert first.connections == ("Harbour NA",)
        assert second.name == "Aardvark"
        assert applications.choices() == [
            ("", "From the environment"),
            (str(second.id), "Aardvark"),
        ]


def test_without_one_in_the_environment_none_is_offered(app: Flask) -> None:
    assert applications.choices() == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER])
def test_is_for_owners(sign_in: Callable[..., FlaskClient], role: Role) -> None:
    browser = sign_in(role)

    assert browser.get("/settings/applications").status_code == 403
    assert browser.post("/settings/applications/new", data=FIELDS).status_code == 403
