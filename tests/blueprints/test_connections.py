"""/settings/connections and the menu beside a connection"""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    OrderType,
    Role,
    SyncKind,
    SyncRun,
    SyncState,
    WarehouseKind,
)
from inventory.services import accounts, connections, secrets, syncs
from tests.connections import CA, make_panel
from tests.factories import (
    LONG_AGO,
    make_application,
    make_connection,
    make_run,
    make_warehouse,
)
from tests.queries import counted

HTMX = {"HX-Request": "true"}
PAGE = "/settings/connections"


def test_shows_connections_warehouses_and_the_way_to_more(client: FlaskClient) -> None:
    connection = make_panel(1)
    make_warehouse(kind=WarehouseKind.OWN, name="Rotterdam 3PL", country="NL")

    page = client.get(PAGE).text

    assert connection.seller_id in page
    assert "United States, USD" in page
    assert 'aria-label="Settings of Panel 1 FBA US"' in page
    assert 'aria-label="Settings of Rotterdam 3PL"' in page
    assert "Not taking part in 1 more marketplace" in page
    assert page.rindex("+ New connection") > page.rindex("Rotterdam 3PL")
    assert '<td class="n p3">1</td>' in page


def test_the_number_of_queries_does_not_grow(client: FlaskClient) -> None:
    make_panel(1)
    with counted() as few:
        client.get(PAGE)
    for number in range(2, 12):
        make_panel(number)
    with counted() as many:
        client.get(PAGE)

    assert len(many) == len(few)
    assert len(many) <= 10


def test_says_what_shipments_become_and_who_says_so(client: FlaskClient) -> None:
    source = make_warehouse(kind=WarehouseKind.OWN, name="Rotterdam 3PL")
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    make_warehouse(connection_id=connection.id)
    make_warehouse(connection_id=connection.id, marketplace_id=CA, sync_inbound=False)

    page = client.get(PAGE).text

    assert "Transfer order<small>from the connection, Rotterdam 3PL</small>" in page
    assert "Not synced<small>switched off here</small>" in page


def test_a_transfer_without_a_usable_source_says_so(client: FlaskClient) -> None:
    source = make_warehouse(kind=WarehouseKind.OWN, name="Reno", disabled_at=LONG_AGO)
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    make_warehouse(connection_id=connection.id)

    assert "Source missing" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"health": "healthy"}, "Healthy"),
        ({"health": "failing", "trouble": "Refused."}, "Failing"),
        ({"health": "healthy", "disabled_at": LONG_AGO}, "Disabled"),
        ({}, "Not read yet"),
    ],
)
def test_health_is_a_word(client: FlaskClient, fields: dict[str, object], word: str) -> None:
    make_connection(**fields)

    assert f"</svg>{word}</span>" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"state": SyncState.RUNNING}, "Syncing"),
        ({"message": "Amazon asks us to wait until 09:20."}, "Waiting for Amazon"),
    ],
)
def test_what_it_does_now_is_a_word(
    client: FlaskClient, fields: dict[str, object], word: str
) -> None:
    make_run(connection_id=make_connection(health="healthy").id, **fields)

    assert f"</svg>{word}</span>" in client.get(PAGE).text


def test_a_simulated_connection_is_marked(client: FlaskClient) -> None:
    make_connection(is_sandbox=True)

    assert "Simulated</span>" in client.get(PAGE).text


def test_trouble_comes_with_the_act_that_cures_it(client: FlaskClient) -> None:
    connection = make_connection()
    connections.note_trouble(connection.id, "Paste a new token.", "token_revoked")
    db.session.commit()

    page = client.get(PAGE).text

    assert "Paste a new token." in page
    assert f"/settings/connections/{connection.id}/token" in page
    assert "refused <small>since" in page


def test_a_client_secret_about_to_end_says_when(client: FlaskClient) -> None:
    soon = accounts.today() + timedelta(days=9)
    make_connection(application_id=make_application(secret_expires_on=soon).id)

    assert "expires in 9 days" in client.get(PAGE).text


def test_old_data_is_red(client: FlaskClient) -> None:
    connection = make_connection()
    for kind in (SyncKind.SHIPMENTS, SyncKind.STOCK):
        syncs.mark(connection.id, kind, "", accounts.now() - timedelta(hours=3))
    db.session.commit()

    assert '<span class="bad">\n      Synced' in client.get(PAGE).text


def test_it_says_when_it_is_read_next(client: FlaskClient) -> None:
    connection, now = make_connection(), accounts.now()
    for kind, minutes in ((SyncKind.SHIPMENTS, 10), (SyncKind.STOCK, 25)):
        at = now - timedelta(minutes=minutes)
        syncs.mark(connection.id, kind, "", at)
        make_run(connection_id=connection.id, kind=kind, queued_at=at, state=SyncState.SUCCEEDED)
    db.session.commit()

    due = (now + timedelta(minutes=5)).astimezone(accounts.timezone())
    assert f'next <time datetime="{due.isoformat("T", "seconds")}">' in client.get(PAGE).text


def test_sync_now_queues_for_a_person_and_answers_with_the_status(client: FlaskClient) -> None:
    connection = make_connection()
    syncs.mark(connection.id, SyncKind.PARTICIPATIONS, "", LONG_AGO)
    db.session.commit()

    answer = client.post(f"{PAGE}/{connection.id}/syncs", headers=HTMX)

    run = db.session.scalars(sa.select(SyncRun).order_by(SyncRun.id)).first()
    assert run is not None
    assert (run.kind, run.cause, run.priority) == (SyncKind.SHIPMENTS, "person", 0)
    assert answer.text.lstrip().startswith(f'<span id="sync-{connection.id}"')
    assert "load delay:2s" in answer.text
    assert 'hx-swap-oob="true"' in answer.text


def test_sync_now_works_without_script(client: FlaskClient) -> None:
    connection = make_connection()

    answer = client.post(f"{PAGE}/{connection.id}/syncs")

    assert (answer.status_code, answer.location) == (303, PAGE)


def test_a_disabled_connection_is_not_synced(client: FlaskClient) -> None:
    connection = make_connection(disabled_at=LONG_AGO)

    client.post(f"{PAGE}/{connection.id}/syncs")

    assert db.session.scalars(sa.select(SyncRun)).all() == []
    assert "enable it first" in client.get(PAGE).text


def test_the_status_shows_how_far_it_is(client: FlaskClient) -> None:
    run = make_run(state=SyncState.RUNNING, stage="Inbound shipments", done=40, expected=120)

    page = client.get(f"{PAGE}/{run.connection_id}/status").text

    assert "40 of about 120" in page
    assert '<progress max="120"' in page


def test_the_status_stops_asking_when_nothing_runs(client: FlaskClient) -> None:
    connection = make_connection()

    answer = client.get(f"{PAGE}/{connection.id}/status").text

    assert "delay:" not in answer
    assert f'hx-get="{PAGE}/{connection.id}/panel"' in answer


def test_the_panel_shows_what_the_sync_brought_and_asks_no_more(client: FlaskClient) -> None:
    warehouse = make_warehouse()

    panel = client.get(f"{PAGE}/{warehouse.connection_id}/panel").text

    assert warehouse.name in panel
    assert "hx-trigger" not in panel
    assert client.get(f"{PAGE}/{warehouse.connection_id + 1}/panel").status_code == 404


def test_planners_sync_and_viewers_read(sign_in: Callable[..., FlaskClient]) -> None:
    connection = make_connection()
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    page = viewer.get(PAGE).text

    assert "Sync now" not in page
    assert "+ New connection" not in page
    assert f'href="{PAGE}/{connection.id}">Connection settings</a>' in page
    assert viewer.post(f"{PAGE}/{connection.id}/syncs").status_code == 403
    assert planner.post(f"{PAGE}/{connection.id}/syncs").status_code == 303


def test_no_page_shows_a_token(app: Flask, client: FlaskClient) -> None:
    connection = make_connection()
    identity = f"connection:{connection.id}:refresh_token"
    connection.refresh_token_encrypted = secrets.encrypt("Atzr|canary", identity)
    db.session.commit()

    for path in ("", f"/{connection.id}", f"/{connection.id}/token", f"/{connection.id}/test"):
        assert "canary" not in client.get(PAGE + path).text
