"""The day an order was created: typed, by it the shipment that has the same goods is found."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import StockOrder, Warehouse
from inventory.services import accounts
from tests.blueprints.test_order_acts import undo_address
from tests.blueprints.test_order_edit import fields
from tests.factories import link, make_listing, make_order, make_order_line, make_warehouse
from tests.factories import make_shipment as make_shipment_of

NEW = "/purchase-orders/new"


@pytest.fixture
def home(client: FlaskClient) -> Warehouse:
    home = make_warehouse(lead_time_days=10)
    make_listing(connection_id=home.connection_id, seller_sku="HK-1")
    return home


def the_order() -> StockOrder:
    return db.session.scalars(sa.select(StockOrder).where(StockOrder.origin == "local")).one()


def test_left_blank_it_is_today(client: FlaskClient, home: Warehouse) -> None:
    client.post(NEW, data=fields(home, "HK-1 10"))

    assert the_order().created_on == accounts.today()


def test_the_lead_time_is_counted_from_it(client: FlaskClient, home: Warehouse) -> None:
    client.post(NEW, data=fields(home, "HK-1 10", created_on="2026-10-01"))

    order = the_order()
    assert (order.created_on, order.expected_on) == (date(2026, 10, 1), date(2026, 10, 11))


def test_a_day_to_come_is_refused(client: FlaskClient, home: Warehouse) -> None:
    tomorrow = accounts.today() + timedelta(days=1)

    answer = client.post(NEW, data=fields(home, "HK-1 10", created_on=tomorrow.isoformat()))

    assert answer.status_code == 422
    assert "Enter today or a day before it." in answer.text


def test_an_order_entered_late_finds_its_shipment(client: FlaskClient, home: Warehouse) -> None:
    listing = make_listing(connection_id=home.connection_id, seller_sku="HK-2")
    made = make_order(
        destination_id=home.id, units_ordered=10, units_outstanding=10, line_count=1
    )  # of 1 November
    make_order_line(made, listing_id=listing.id)
    link(made, make_shipment_of(connection_id=home.connection_id, warehouse_id=home.id))
    client.post(NEW, data=fields(home, "HK-2 10"))
    order, made_id = the_order(), made.id
    assert "This is PO-1" not in client.get(f"/purchase-orders/{made_id}").text
    rows = {"line-sku": "HK-2", "line-units": "10", "version": order.version}
    path = f"/purchase-orders/{order.id}"

    client.post(f"{path}/edit", data=fields(home, created_on="2026-10-20", **rows))

    assert "This is PO-1" in client.get(f"/purchase-orders/{made_id}").text
    page = client.get(path).text
    assert "Created" in page
    client.post(undo_address(page))
    assert the_order().created_on == accounts.today()
    assert "This is PO-1" not in client.get(f"/purchase-orders/{made_id}").text


def test_of_amazon_s_order_it_is_amazon_s(client: FlaskClient) -> None:
    order = make_order()

    assert "Created date" not in client.get(f"/purchase-orders/{order.id}/edit").text
