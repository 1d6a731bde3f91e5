"""What an order's page says of its date, its pick-up and its quotes, and unlocking the date."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Shipment, StockOrder, Warehouse
from inventory.services import accounts
from tests.blueprints.test_order_acts import undo_address
from tests.factories import (
    link,
    make_order,
    make_order_line,
    make_run,
    make_shipment,
    make_shipment_line,
    make_warehouse,
)


@pytest.fixture
def home(client: FlaskClient) -> Warehouse:
    return make_warehouse(name="Harbour NA FBA US")


def shipped(home: Warehouse, **known: Any) -> tuple[StockOrder, Shipment]:
    """An order of Amazon's with the one shipment it was made for."""
    shipment = make_shipment(
        connection_id=home.connection_id,
        warehouse_id=home.id,
        expected_on=date(2026, 12, 5),
        expected_source="delivery_window",
        **known,
    )
    order = make_order(destination_id=home.id, reference=shipment.amazon_shipment_id)
    line = make_shipment_line(shipment)
    make_order_line(order, listing_id=line.listing_id)
    link(order, shipment)
    return order, shipment


def test_a_locked_date_is_unlocked_on_the_page_and_locked_again_by_undo(
    client: FlaskClient, home: Warehouse
) -> None:
    order, _ = shipped(home)
    order.expected_on, order.expected_source = date(2027, 2, 3), "user"
    db.session.commit()
    path = f"/purchase-orders/{order.id}"
    assert f'action="/orders/{order.id}/unlock"' in client.get(path).text

    page = client.post(f"/orders/{order.id}/unlock", follow_redirects=True).text

    db.session.refresh(order)
    assert (order.expected_on, order.expected_source) == (date(2026, 12, 5), "delivery_window")
    assert f"The expected date of {order.reference} is unlocked." in page
    assert "/unlock" not in page
    client.post(undo_address(page))
    db.session.refresh(order)
    assert (order.expected_on, order.expected_source) == (date(2027, 2, 3), "user")


@pytest.mark.parametrize(
    ("status", "days", "is_told"),
    [
        ("READY_TO_SHIP", -1, True),
        ("READY_TO_SHIP", 0, False),  # the day is not over
        ("SHIPPED", -1, False),
    ],
)
def test_a_pick_up_that_slipped_is_told_in_lists_and_on_pages(
    client: FlaskClient, home: Warehouse, status: str, days: int, is_told: bool
) -> None:
    noon = datetime.combine(accounts.today(), datetime.min.time(), UTC) + timedelta(hours=12)
    order, shipment = shipped(
        home, status=status, amazon_status=status, pickup_at=noon + timedelta(days=days)
    )

    pages = [
        "/purchase-orders?view=all",
        f"/purchase-orders/{order.id}",
        "/shipments?view=all",
        f"/shipments/{shipment.id}",
    ]
    told = ["Not picked up" in client.get(page).text for page in pages]

    assert told == [is_told] * 4


def test_a_quote_that_no_setting_takes_is_told_as_such(
    client: FlaskClient, home: Warehouse
) -> None:
    order, shipment = shipped(home)
    path = f"/purchase-orders/{order.id}"
    assert "no quote available" in client.get(path).text

    shipment.fee, shipment.fee_currency = Decimal("364.11"), "USD"
    db.session.commit()

    page = client.get(path).text
    assert "364.11 USD quoted" in page
    assert "no quote available" not in page


def test_a_page_from_memory_tells_of_a_reading_and_of_each_change(
    client: FlaskClient, home: Warehouse
) -> None:
    order, shipment = shipped(home)
    path = f"/purchase-orders/{order.id}"
    first, again = client.get(path), client.get(path)
    assert "Reading from Amazon" not in again.text
    assert first.text.count("Notes") == again.text.count("Notes")

    run = make_run(connection_id=home.connection_id, scope=shipment.amazon_shipment_id)
    assert "Reading from Amazon" in client.get(path).text
    run.state, order.notes = "succeeded", "Call the depot"
    db.session.commit()

    page = client.get(path).text
    assert "Call the depot" in page
    assert "Reading from Amazon" not in page


def test_a_day_ready_to_ship_that_stands_for_the_pick_up_is_shown_as_that(
    client: FlaskClient,
) -> None:
    order = make_order(expected_source="pickup_delay")
    ready = datetime(2026, 11, 17, 12, tzinfo=UTC)
    shipment = make_shipment(
        expected_source="pickup_delay", ready_to_ship_at=ready, pickup_at=None, mode="FREIGHT_LTL"
    )
    link(order, shipment)

    page = client.get(f"/purchase-orders/{order.id}").text
    assert re.search(r"17 Nov[^<]*</time><small>ready to ship</small>", page)
    told = "Amazon names none: ready to ship stands for it"
    assert told in client.get(f"/shipments/{shipment.id}").text

    shipment.pickup_at = ready + timedelta(days=1)
    db.session.commit()
    assert "<small>ready to ship</small>" not in client.get(f"/purchase-orders/{order.id}").text
    assert told not in client.get(f"/shipments/{shipment.id}").text
