from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from extensions import db
from inventory.models import (
    Connection,
    ConnectionHealth,
    SyncKind,
    SyncState,
)
from inventory.services import (
    connecting,
    connections,
    syncs,
)
from inventory.services.connection_roles import roles
from tests.connections import CA, DE, details, runs, token_of, told
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_run,
    make_warehouse,
)


def test_a_new_connection_is_new_and_its_participations_are_read_first(app: Flask) -> None:
    connection = connecting.create(details(), user_id=None)
    db.session.commit()

    assert (connection.region, connection.health) == ("NA", ConnectionHealth.NEW)
    assert token_of(connection) == "Atzr|canary"
    assert "canary" not in connection.refresh_token_encrypted
    assert runs() == [(SyncKind.PARTICIPATIONS, "first")]
    assert told(connection) == ["Connected"]


def test_the_sandbox_seller_needs_no_credentials(app: Flask) -> None:
    wanted = connecting.sandbox_details("Try", DE)

    connection = connecting.create(wanted, user_id=None)

    assert (connection.seller_id, connection.is_sandbox) == ("A1SANDBOXEU", True)
    assert token_of(connection) == "Atzr|sandbox"


def test_the_same_account_and_region_twice_is_refused_and_stores_nothing(app: Flask) -> None:
    connecting.create(details(), user_id=None)

    with pytest.raises(connections.AlreadyConnected) as refusal:
        connecting.create(details(name="Other", marketplace_id=CA), user_id=None)

    assert refusal.value.name == "Harbour NA"
    assert db.session.scalar(select(func.count(Connection.id))) == 1


def test_the_same_account_in_another_region_is_another_connection(app: Flask) -> None:
    connecting.create(details(), user_id=None)

    other = connecting.create(details(name="Harbour EU", marketplace_id=DE), user_id=None)

    assert other.region == "EU"


def test_a_name_is_taken_once(app: Flask) -> None:
    connecting.create(details(), user_id=None)

    with pytest.raises(connections.NameTaken):
        connecting.create(details(seller_id="A2OTHERSELLER1"), user_id=None)


def test_renaming_takes_the_warehouses_along_but_not_those_named_by_hand(app: Flask) -> None:
    connection = make_connection(name="Old")
    follows = make_warehouse(connection_id=connection.id, name="Old FBA US")
    own_name = make_warehouse(
        connection_id=connection.id, name="Ontario", marketplace_id=CA, country="CA"
    )

    connections.rename(connection, "New", user_id=None)

    assert (follows.name, own_name.name) == ("New FBA US", "Ontario")
    assert told(connection) == ["Renamed"]


def test_renaming_to_a_taken_name_changes_nothing(app: Flask) -> None:
    make_connection(name="Taken")
    connection = make_connection(name="Old")

    with pytest.raises(connections.NameTaken):
        connections.rename(connection, "Taken", user_id=None)

    db.session.commit()
    assert connection.name == "Old"


def test_a_new_token_ends_the_trouble_and_catches_up(app: Flask) -> None:
    connection = make_connection()
    syncs.mark(connection.id, SyncKind.PARTICIPATIONS, "", LONG_AGO)
    connections.note_trouble(connection.id, "Paste a new one.", "token_revoked")
    db.session.refresh(connection)

    connections.replace_token(connection, "Atzr|new", user_id=None)

    assert token_of(connection) == "Atzr|new"
    assert (connection.trouble, connection.trouble_reason) == ("", "")
    assert connection.health == ConnectionHealth.TESTING
    assert (SyncKind.PARTICIPATIONS, "person") in runs()
    assert (SyncKind.SHIPMENTS, "person") in runs()


def test_a_pasted_token_has_no_end_and_an_authorised_one_ends_in_a_year(app: Flask) -> None:
    connection = make_connection(authorised_until=date(2026, 1, 1))

    connections.replace_token(connection, "Atzr|a", user_id=None)
    pasted = connection.authorised_until
    connections.replace_token(connection, "Atzr|b", user_id=None, authorised_by="oauth")

    assert pasted is None
    assert connection.authorised_until is not None
    assert (connection.authorised_until - date.today()).days in (364, 365, 366)  # noqa: DTZ011


def test_trouble_is_noted_once_and_keeps_when_it_began(app: Flask) -> None:
    connection = make_connection()

    connections.note_trouble(connection.id, "Paste a new one.", "token_revoked")
    db.session.refresh(connection)
    since = connection.trouble_since
    connections.note_trouble(connection.id, "Still refused.", "token_revoked")
    db.session.refresh(connection)

    assert (connection.health, connection.trouble) == (ConnectionHealth.FAILING, "Still refused.")
    assert (connection.trouble_reason, connection.trouble_since) == ("token_revoked", since)
    assert told(connection) == ["Failing: Paste a new one."]


def test_health_is_noted_past_the_version_so_that_open_forms_stay_good(app: Flask) -> None:
    connection = make_connection()
    version = connection.version

    connections.note_trouble(connection.id, "Refused.", "client_refused")
    connections.note_health(connection.id)
    db.session.commit()
    db.session.expire_all()

    assert (connection.version, connection.health) == (version, ConnectionHealth.HEALTHY)
    assert (connection.trouble, connection.trouble_since) == ("", None)


def test_a_missing_role_is_shown_until_its_operation_works(app: Flask) -> None:
    connection = make_connection()
    make_run(
        connection_id=connection.id,
        state=SyncState.SUCCEEDED,
        finished_at=LONG_AGO,
        calls_by_operation={"getMarketplaceParticipations": 1, "getShipments": 1},
    )
    connections.note_missing_role(connection.id, "getShipments")
    db.session.refresh(connection)
    before = {one.name: one.state for one in roles(connection)}

    connections.note_health(connection.id, ["getShipments"])
    db.session.refresh(connection)
    after = {one.name: one.state for one in roles(connection)}

    assert before["Amazon Fulfillment"] == "missing"
    assert before["Selling Partner Insights"] == "works"
    assert after["Amazon Fulfillment"] == "works"


def test_a_role_works_only_if_its_operations_were_called(app: Flask) -> None:
    connection = make_connection()
    for state, calls in (
        (SyncState.SUCCEEDED, {"searchListingsItems": 3, "createReport": 0}),
        (SyncState.FAILED, {"getShipments": 1}),
    ):
        make_run(
            connection_id=connection.id,
            kind=SyncKind.LISTINGS,
            state=state,
            finished_at=LONG_AGO,
            calls_by_operation=calls,
        )

    told = {one.name: (one.state, one.checked_at) for one in roles(connection)}

    assert told["Product Listing"] == ("works", LONG_AGO)
    assert told["Inventory and Order Tracking"] == ("untried", None)
    assert told["Amazon Fulfillment"] == ("untried", None)


def test_disabling_and_enabling_keep_everything_and_are_logged(app: Flask) -> None:
    connection = make_connection()

    connections.disable(connection, user_id=None)
    disabled = connection.is_enabled
    connections.enable(connection, user_id=None)

    assert (disabled, connection.is_enabled) == (False, True)
    assert told(connection) == ["Disabled", "Enabled"]
