"""Open orders converted with a save, and that undone."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import (
    Change,
    OrderKind,
    OrderType,
)
from tests.factories import (
    make_connection,
    make_order,
    make_warehouse,
)
from tests.settings_forms import at, ordered, own, told, typed


def test_converting_with_the_save_is_one_act_and_can_be_undone(client: FlaskClient) -> None:
    warehouse, source = make_warehouse(), own()
    orders = [ordered(warehouse), ordered(warehouse)]
    connection = warehouse.connection
    assert connection is not None
    sent = typed(connection, order_type="transfer", default_source_id=source.id, convert="y")

    client.post(at(connection), data=sent)
    kinds = [(one.kind, one.source_id) for one in orders]
    batches = set(db.session.scalars(select(Change.batch).where(Change.batch.is_not(None))))
    page = client.get(at(connection)).text
    undo = re.search(r'action="([^"]*/conversion/\d+/undo)"', page)
    assert undo is not None
    client.post(undo.group(1))

    assert kinds == [(OrderKind.TRANSFER, source.id)] * 2
    assert len(batches) == 1
    assert [(one.kind, one.source_id) for one in orders] == [(OrderKind.PURCHASE, None)] * 2
    assert "Undone" in client.get(at(connection)).text


def test_undoing_is_refused_when_an_order_changed_since(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    order = ordered(make_warehouse(connection_id=connection.id))

    client.post(f"{at(connection)}/conversion")
    order.source_id = own().id
    db.session.commit()
    undo = re.search(r'action="([^"]*/undo)"', client.get(at(connection)).text)
    assert undo is not None
    page = client.post(undo.group(1), follow_redirects=True).text

    assert f"Changed since: {order.reference}." in page
    assert order.kind == OrderKind.TRANSFER


def test_orders_with_terms_or_a_twin_are_not_converted(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    warehouse = make_warehouse(connection_id=connection.id)
    terms = ordered(warehouse, order={"payment_terms": "30 days"})
    twin = ordered(warehouse)
    make_order(
        destination_id=warehouse.id,
        reference=twin.reference,
        kind=OrderKind.TRANSFER,
        source_id=source.id,
        origin="local",
    )
    free = ordered(warehouse)

    text = told(client, warehouse, order_type="purchase")
    client.post(f"{at(connection)}/conversion")

    assert (terms.kind, twin.kind, free.kind) == ("purchase", "purchase", "transfer")
    warehouse.order_type = OrderType.PURCHASE
    db.session.commit()
    back = told(client, warehouse, order_type="")
    assert "1 open order" not in text
    assert "1 order cannot be converted: it has a vendor or terms of payment." in back
    assert "1 order cannot be converted: another order of that kind has its reference." in back
