"""The menu beside a connection: test, rename, token, application, disable, delete"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Connection,
    Role,
    SyncKind,
    SyncRun,
)
from inventory.services import connections, syncs
from tests.blueprints.conftest import Shop
from tests.factories import (
    LONG_AGO,
    link,
    make_application,
    make_connection,
    make_order,
    make_run,
    make_shipment,
)

HTMX = {"HX-Request": "true"}
PAGE = "/settings/connections"


def test_the_test_shows_which_roles_work(client: FlaskClient) -> None:
    connection = make_connection(missing_roles="getShipments")
    syncs.mark(connection.id, SyncKind.PARTICIPATIONS, "", LONG_AGO)
    db.session.commit()

    answer = client.post(f"{PAGE}/{connection.id}/test", headers=HTMX)

    assert "Testing…" in answer.text
    assert "not granted" in answer.text
    assert "getShipments" in answer.text
    runs = db.session.scalars(sa.select(SyncRun)).all()
    assert [(run.kind, run.cause) for run in runs] == [(SyncKind.PARTICIPATIONS, "person")]


def test_a_replaced_token_is_tested_at_amazon(shop: Shop) -> None:
    connection = make_connection(is_sandbox=False)
    connections.note_trouble(connection.id, "Refused.", "token_revoked")
    db.session.commit()

    address = f"{PAGE}/{connection.id}/token"
    answer = shop.browser.post(address, data={"token": "Atzr|demo-\nharbour-kitchen"})
    shop.work()

    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{connection.id}/test")
    db.session.expire_all()
    assert connection.health == "healthy"


def test_a_token_that_is_none_is_refused_and_not_shown(client: FlaskClient) -> None:
    connection = make_connection()

    answer = client.post(f"{PAGE}/{connection.id}/token", data={"token": "canary"})

    assert answer.status_code == 422
    assert "starts with Atzr|" in answer.text
    assert "canary" not in answer.text


def test_renames(client: FlaskClient) -> None:
    connection = make_connection(name="Old")

    answer = client.post(f"{PAGE}/{connection.id}/name", data={"name": "New"})

    assert answer.status_code == 303
    assert connection.name == "New"


def test_refuses_a_taken_name_beside_the_field(client: FlaskClient) -> None:
    make_connection(name="Taken")
    connection = make_connection(name="Old")

    answer = client.post(f"{PAGE}/{connection.id}/name", data={"name": "Taken"})

    assert answer.status_code == 422
    assert "Another connection has this name" in answer.text
    assert 'value="Taken"' in answer.text
    assert connection.name == "Old"


def test_changes_the_application(client: FlaskClient) -> None:
    connection, other = make_connection(), make_application()

    client.post(f"{PAGE}/{connection.id}/application", data={"application_id": str(other.id)})

    assert connection.application_id == other.id


def test_an_application_that_is_not_offered_is_refused(client: FlaskClient) -> None:
    make_application()
    connection = make_connection()

    answer = client.post(f"{PAGE}/{connection.id}/application", data={"application_id": "999"})

    assert answer.status_code == 422
    assert connection.application_id is None


def test_disables_and_enables(client: FlaskClient) -> None:
    connection = make_connection()

    client.post(f"{PAGE}/{connection.id}/disabling")
    disabled = connection.disabled_at
    client.post(f"{PAGE}/{connection.id}/enabling")

    assert disabled is not None
    assert connection.disabled_at is None


def test_deletes_once_the_name_was_typed(client: FlaskClient) -> None:
    connection = make_connection(name="Gone")
    address = f"{PAGE}/{connection.id}/deletion"

    wrong = client.post(address, data={"confirmation": "gone"})
    still = db.session.scalar(sa.select(sa.func.count(Connection.id)))
    right = client.post(address, data={"confirmation": "Gone"})

    assert (wrong.status_code, still, right.status_code) == (422, 1, 303)
    assert "Type Gone exactly" in wrong.text
    assert db.session.scalar(sa.select(sa.func.count(Connection.id))) == 0


@pytest.mark.parametrize("act", ["name", "token", "application", "deletion"])
def test_only_owners_act_on_a_connection(sign_in: Callable[..., FlaskClient], act: str) -> None:
    connection = make_connection()

    answers = [
        sign_in(role).get(f"{PAGE}/{connection.id}/{act}").status_code
        for role in (Role.VIEWER, Role.PLANNER, Role.OWNER)
    ]

    assert answers == [403, 403, 200]


def test_a_disabled_connection_is_asked_nothing(client: FlaskClient) -> None:
    one = make_connection(name="Harbour", is_sandbox=False)
    shipment, order = make_shipment(connection_id=one.id), make_order()
    link(order, shipment)
    run = make_run(connection_id=one.id)
    client.post(f"{PAGE}/{one.id}/disabling")
    db.session.refresh(run)
    ended = (run.state, run.message)

    for asked, shown in (
        (f"/orders/{order.id}/syncs", f"/purchase-orders/{order.id}"),
        (f"/shipments/{shipment.id}/syncs", f"/shipments/{shipment.id}"),
        (f"/activity/runs/{run.id}/retry", f"/activity/runs/{run.id}"),
        (f"{PAGE}/{one.id}/test", f"{PAGE}/{one.id}/test"),
    ):
        assert client.post(asked).location == shown
        page = client.get(shown).text
        assert "Harbour is disabled: enable it first." in page, shown
        assert f'action="{asked}"' not in page, shown
    fragment = client.post(f"/orders/{order.id}/syncs", headers=HTMX).text
    token = client.post(f"{PAGE}/{one.id}/token", data={"token": "Atzr|demo-harbour-kitchen"})
    client.post(f"{PAGE}/{one.id}/application", data={"application_id": ""})

    assert ended == ("failed", "The connection was disabled.")
    assert "Harbour is disabled: enable it first." in fragment
    assert f"{PAGE}/{one.id}/test" not in client.get(PAGE).text
    assert token.status_code == 303
    assert db.session.scalars(sa.select(SyncRun.id)).all() == [run.id]
