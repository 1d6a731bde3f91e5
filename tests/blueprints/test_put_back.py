"""Settings put back as they were, and reset to inherited."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import (
    Change,
    OrderType,
)
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_warehouse,
)
from tests.settings_forms import at, own, typed


def test_put_back_shows_what_it_does_and_restores_the_state_before(client: FlaskClient) -> None:
    connection = make_connection(pickup_delay_days=5)
    client.post(at(connection), data=typed(connection, pickup_delay_days="19"))
    client.post(at(connection), data=typed(connection, pickup_delay_days="7", sync_fees="y"))
    first = db.session.scalars(select(Change).order_by(Change.id)).first()
    assert first is not None
    address = f"{at(connection)}/history/{first.id}"

    page = client.get(address).text
    answer = client.post(address, data={"version": connection.version})

    assert re.search(r"Estimated pick-up delay</th>\s*<td>7</td>\s*<td>5</td>", page)
    assert "What saving will do" in page
    assert answer.status_code == 303
    assert (connection.pickup_delay_days, connection.sync_fees) == (5, None)
    newest = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert newest is not None
    assert (newest.summary, newest.undoes_id) == ("Put back as it was", first.id)
    assert newest.fields == {"pickup_delay_days": [7, 5], "sync_fees": [True, None]}


def test_put_back_of_a_connection_that_said_nothing(client: FlaskClient) -> None:
    connection, source = make_connection(), own()
    sent = typed(connection, order_type="transfer", default_source_id=source.id, import_early="y")
    client.post(at(connection), data=sent)
    entry = db.session.scalars(select(Change)).one()

    page = client.get(f"{at(connection)}/history/{entry.id}")
    client.post(f"{at(connection)}/history/{entry.id}", data={"version": connection.version})

    assert page.status_code == 200
    assert "would become a purchase order" not in page.text
    stored = (connection.order_type, connection.default_source_id, connection.import_early)
    assert stored == (None, None, None)


def test_put_back_inherits_again_what_was_inherited(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    client.post(at(warehouse), data=typed(warehouse, lead_time_days="9", order_type="purchase"))
    first = db.session.scalars(select(Change)).one()

    client.post(f"{at(warehouse)}/history/{first.id}", data={"version": warehouse.version})

    assert (warehouse.lead_time_days, warehouse.order_type) == (None, None)


def test_put_back_is_refused_where_it_can_no_longer_be_saved(client: FlaskClient) -> None:
    source = own(name="Prep Centre Reno")
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    client.post(at(connection), data=typed(connection))
    entry = db.session.scalars(select(Change)).one()
    source.disabled_at = LONG_AGO
    db.session.commit()

    page = client.get(f"{at(connection)}/history/{entry.id}")
    answer = client.post(
        f"{at(connection)}/history/{entry.id}", data={"version": connection.version}
    )

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "Prep Centre Reno is not offered because it is disabled." in page.text
    assert connection.order_type == "auto"


def test_put_back_of_a_stale_page_or_another_s_entry_is_refused(client: FlaskClient) -> None:
    connection, other = make_connection(), make_connection()
    client.post(at(connection), data=typed(connection, pickup_delay_days="19"))
    entry = db.session.scalars(select(Change)).one()

    stale = client.post(f"{at(connection)}/history/{entry.id}", data={"version": "1"})

    assert stale.status_code == 409
    assert connection.pickup_delay_days == 19
    assert client.get(f"{at(other)}/history/{entry.id}").status_code == 404


def test_reset_blanks_a_field_and_saves_nothing(client: FlaskClient) -> None:
    warehouse = make_warehouse(lead_time_days=9, days_of_stock=45)

    one = client.post(
        at(warehouse), data=typed(warehouse, days_of_stock="45", reset="lead_time_days")
    )
    both = client.post(at(warehouse), data=typed(warehouse, days_of_stock="45", reset="all"))

    assert 'value="45"' in one.text
    assert 'value="9"' not in one.text
    assert 'value="45"' not in both.text
    assert "Changed, not saved." in one.text
    assert (warehouse.lead_time_days, warehouse.days_of_stock) == (9, 45)
