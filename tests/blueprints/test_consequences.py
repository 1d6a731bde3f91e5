"""What saving settings would do: each figure that the fragment tells."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Account,
    ExchangeRate,
    OrderType,
    StockLevel,
    WarehouseKind,
)
from inventory.rules.wording import day
from inventory.services import accounts
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_listing,
    make_shipment,
    make_warehouse,
    saved,
)
from tests.settings_forms import CA, HTMX, at, ordered, own, shipment, told, typed


def test_says_that_nothing_changes(client: FlaskClient) -> None:
    connection = make_connection()

    assert "Nothing is changed yet." in told(client, connection)
    assert "Saving changes nothing" in told(client, connection, pickup_delay_days="3")


def test_future_shipments_and_open_orders_of_another_type(client: FlaskClient) -> None:
    warehouse, source = make_warehouse(), own(name="Prep Centre")
    shipment(warehouse, status="WORKING", amazon_status="WORKING")
    shipment(warehouse, status="READY_TO_SHIP", amazon_status="READY_TO_SHIP")
    ordered(warehouse)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, order_type="transfer", default_source_id=source.id)

    assert "2 future shipments would become transfer orders from Prep Centre." in text
    assert "1 open order stays a purchase order. Convert it too (can be undone)" in text


def test_a_warehouse_with_a_type_of_its_own_is_not_touched(client: FlaskClient) -> None:
    connection, source = make_connection(), own()
    make_warehouse(connection_id=connection.id)
    apart = make_warehouse(
        connection_id=connection.id, marketplace_id=CA, order_type=OrderType.PURCHASE, name="CA"
    )
    shipment(apart, status="WORKING", amazon_status="WORKING")

    text = told(client, connection, order_type="transfer", default_source_id=source.id)

    assert "0 future shipments would become transfer orders" in text
    assert "1 warehouse is not touched. With settings of their own: CA." in text


def test_dates_move_by_the_stored_pick_up(client: FlaskClient) -> None:
    warehouse, today = make_warehouse(), accounts.today()
    pickup = datetime.combine(today - timedelta(days=16), datetime.min.time(), UTC)
    late: dict[str, Any] = {
        "mode": "FREIGHT_LTL",
        "pickup_at": pickup,
        "expected_on": today - timedelta(days=2),
    }
    ordered(warehouse, **late)
    ordered(warehouse, order={"expected_source": "user"}, **late)
    ordered(warehouse, mode="GROUND_SMALL_PARCEL", expected_on=today)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, pickup_delay_days="19")

    assert "1 LTL order moves 5 days later. 1 of them stops being overdue." in text
    assert "1 locked by hand stays." in text


def test_a_later_date_counts_an_ignored_shipment_again(client: FlaskClient) -> None:
    account = db.session.get_one(Account, 1)
    account.ignore_stale, account.ignore_after_days = True, 10
    warehouse, today = make_warehouse(), accounts.today()
    pickup = datetime.combine(today - timedelta(days=30), datetime.min.time(), UTC)
    fields: dict[str, Any] = {"mode": "FREIGHT_LTL", "pickup_at": pickup, "ignored_on": today}
    ordered(warehouse, expected_on=today - timedelta(days=16), **fields)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, pickup_delay_days="28")

    assert "1 shipment (10 units) would count again." in text


def test_inbound_off_tells_what_no_longer_counts_and_what_does(client: FlaskClient) -> None:
    warehouse = make_warehouse(country="CA")
    shipment(warehouse, units_outstanding=1980, units_shipped=1980)
    ordered(warehouse)

    text = told(client, warehouse, sync_inbound=None)

    assert "1,980 units of inbound would no longer count for CA." in text
    assert "On 1 shipment not linked to an order yet." in text
    assert "1 linked open order goes on counting until it closes, 10 units." in text


def test_inbound_on_and_early_import_tell_what_becomes_an_order(client: FlaskClient) -> None:
    warehouse = make_warehouse(sync_inbound=False)
    shipment(warehouse)
    early = make_warehouse()
    shipment(early, status="WORKING", amazon_status="WORKING")
    assert early.connection is not None

    assert "1 shipment would become an order at the next sync." in told(client, warehouse)
    text = told(client, early.connection, import_early="y")
    assert "1 shipment would become an order at the next sync." in text


def test_another_primary_marketplace_converts_and_relabels_nothing(client: FlaskClient) -> None:
    connection = make_connection()
    make_warehouse(connection_id=connection.id, kind=WarehouseKind.FBM, name="Mine FBM")
    placed = {"marketplace_source": "primary", "connection_id": connection.id}
    make_warehouse(connection_id=connection.id)
    make_shipment(**placed)

    text = told(client, connection, primary_marketplace_id=CA)

    assert "Amounts are shown in CAD instead of USD." in text
    assert "No rate from USD to CAD is known for today: none is guessed." in text
    assert "Mine FBM would be valued in CAD." in text
    assert "1 shipment of an unknown marketplace moves to the new primary one." in text


def test_another_currency_tells_the_rate_of_the_day(client: FlaskClient) -> None:
    connection, today = make_connection(), accounts.today()
    common = {"day": today, "source": "ecb", "stored_at": LONG_AGO}
    for code, per_euro in (("USD", "1.25"), ("CAD", "1.50")):
        saved(ExchangeRate(currency=code, per_euro=Decimal(per_euro), **common))

    text = told(client, connection, primary_marketplace_id=CA)

    assert f"Converted at the day’s rate, 1.2000 CAD for 1 USD on {day(today, today)}." in text


def test_fee_sync_sums_the_quotes_per_currency(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    ordered(warehouse, fee=Decimal(554), fee_currency="USD")
    ordered(
        warehouse, order={"shipping_handling_source": "user"}, fee=Decimal(99), fee_currency="USD"
    )
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, sync_fees="y")
    connection.sync_fees = True
    db.session.commit()

    assert "1 open order would get Amazon’s quote" in text
    assert "554.00 USD in all." in text
    assert "Amounts written until now stay." in told(client, connection)


def test_stock_under_another_basis_and_a_warehouse_switched_off(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    listing = make_listing(connection_id=warehouse.connection_id)
    figures = {"fulfillable": 100, "fc_transfer": 20, "fc_processing": 3}
    key = {"warehouse_id": warehouse.id, "listing_id": listing.id}
    saved(StockLevel(**key, seller_sku=listing.seller_sku, changed_at=LONG_AGO, **figures))

    assert "100 units of stock instead of 120." in told(
        client, warehouse, stock_basis="fulfillable"
    )
    text = told(client, warehouse, stock_basis="fc_processing")
    assert "123 units of stock instead of 120." in text
    sent = {**typed(warehouse)}
    del sent["enabled"]
    answer = client.get(f"{at(warehouse)}/consequences", query_string=sent, headers=HTMX).text
    assert "SKU with 120 units in stock leaves planning" in answer


def test_a_disabled_own_warehouse_is_missed_as_source(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    warehouse = make_warehouse(connection_id=connection.id)
    shipment(warehouse, status="WORKING", amazon_status="WORKING")
    sent = {"version": source.version, "name": source.name, "country": "US"}

    answer = client.get(f"{at(source)}/consequences", query_string=sent, headers=HTMX).text

    assert "would become a purchase order, flagged “Source missing”" in answer
