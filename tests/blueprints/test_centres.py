"""/settings/connections/<id>/centres"""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import CentrePlace, Change, Connection, Role, Shipment, StockOrder
from inventory.services import destinations, orders
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_shipment,
    make_shipment_line,
    make_warehouse,
)

US, CA, DE = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1PA6795UKMFR9"


def at(connection: Connection) -> str:
    return f"/settings/connections/{connection.id}/centres"


@pytest.fixture
def connection(client: FlaskClient) -> Connection:
    """A connection with warehouses in the United States and Canada."""
    connection = make_connection()
    make_warehouse(connection_id=connection.id)
    make_warehouse(connection_id=connection.id, marketplace_id=CA, country="CA", currency="CAD")
    return connection


def guessed(connection: Connection, **fields: object) -> Shipment:
    places = destinations.warehouses(connection.id)
    values = {"marketplace_source": "primary", "destination_fc": "YVR3", "units_outstanding": 10}
    row = make_shipment(
        connection_id=connection.id,
        warehouse_id=places[US],
        lines_read_at=LONG_AGO,
        **{**values, **fields},
    )
    make_shipment_line(row)
    return row


def send(client: FlaskClient, connection: Connection, **fields: str) -> int:
    mine = select(Change.id).where(Change.subject_kind == "connection")
    newest = db.session.scalar(mine.order_by(Change.id.desc())) or 0
    data = {"version": str(newest), **fields}
    return client.post(at(connection), data=data).status_code


def test_lists_the_centres_seen_with_what_they_count_for(
    client: FlaskClient, connection: Connection
) -> None:
    guessed(connection)
    make_shipment(connection_id=connection.id, destination_fc="ONT8")

    page = client.get(at(connection)).text

    assert re.search(r"YVR3</th>\s*<td class=\"n p2\">1</td>", page)
    assert "guessed: the primary marketplace" in page
    assert "learned from plans" in page


def test_a_correction_moves_open_guesses_and_their_orders_at_once(
    client: FlaskClient, connection: Connection
) -> None:
    row = guessed(connection)
    orders.follow(connection.id, [row.id], None)
    over, planned = (
        guessed(connection, is_open=False),
        guessed(connection, marketplace_source="plan"),
    )
    db.session.commit()

    status = send(client, connection, centre_YVR3=CA)

    canada = destinations.warehouses(connection.id)[CA]
    order = db.session.scalars(select(StockOrder)).one()
    assert status == 303
    assert (row.marketplace_id, row.marketplace_source, row.flags) == (CA, "centre", "")
    assert (row.warehouse_id, order.destination_id, order.currency) == (canada, canada, "CAD")
    assert (over.marketplace_id, planned.marketplace_id) == (US, US)
    logged = db.session.scalars(select(Change).where(Change.subject_kind == "shipment")).all()
    assert [one.fields["marketplace"] for one in logged] == [[US, CA]]


def test_a_correction_wins_over_what_is_learned_and_the_plan_over_it(
    client: FlaskClient, connection: Connection
) -> None:
    make_shipment(connection_id=connection.id, destination_fc="YVR3", marketplace_id=US)
    send(client, connection, centre_YVR3=CA)
    known = destinations.known(connection)
    row = guessed(connection)

    ((_, marketplace_id, source),) = destinations.decide(known, connection.id, [row])

    assert (marketplace_id, source) == (CA, "centre")


def test_shows_how_many_would_move_and_which(client: FlaskClient, connection: Connection) -> None:
    row = guessed(connection)

    fragment = client.get(
        f"{at(connection)}/consequences?centre_YVR3={CA}", headers={"HX-Request": "true"}
    ).text
    listed = client.get(f"{at(connection)}/consequences/centres?centre_YVR3={CA}").text

    assert '<data value="1">1</data>' in fragment
    assert "would count for another marketplace" in fragment
    assert row.amazon_shipment_id in listed
    assert "<td>Canada</td>" in listed
    assert row.marketplace_id == US


def test_taking_a_correction_away_decides_again(
    client: FlaskClient, connection: Connection
) -> None:
    row = guessed(connection)
    send(client, connection, centre_YVR3=CA)

    send(client, connection, centre_YVR3="")

    assert (row.marketplace_id, row.marketplace_source) == (US, "primary")
    assert db.session.scalars(select(CentrePlace)).all() == []


def test_a_correction_can_be_put_back(client: FlaskClient, connection: Connection) -> None:
    row = guessed(connection)
    send(client, connection, centre_YVR3=CA)
    settings = f"/settings/connections/{connection.id}"
    link = re.search(rf'href="({settings}/history/\d+)"', client.get(settings).text)
    assert link is not None

    page = client.get(link.group(1)).text
    answer = client.post(link.group(1), data={"version": connection.version})

    assert "Fulfilment centre YVR3" in page
    assert "would count for another marketplace" in page
    assert (answer.status_code, row.marketplace_id) == (303, US)


def test_refuses_a_marketplace_of_another_region_and_a_stale_form(
    client: FlaskClient, connection: Connection
) -> None:
    guessed(connection)

    wrong = send(client, connection, centre_YVR3=DE)
    send(client, connection, centre_YVR3=CA)
    stale = client.post(at(connection), data={"version": "0", "centre_YVR3": US})

    assert (wrong, stale.status_code) == (422, 409)
    assert destinations.corrections(connection.id) == {"YVR3": CA}


def test_planners_correct_and_viewers_read(
    sign_in: Callable[..., FlaskClient], connection: Connection
) -> None:
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    assert viewer.get(at(connection)).status_code == 200
    assert viewer.post(at(connection)).status_code == 403
    assert planner.post(at(connection), data={}).status_code == 303
