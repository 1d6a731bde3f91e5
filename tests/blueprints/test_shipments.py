"""GET /shipments, its totals and its file"""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from inventory.services import accounts
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_shipment,
    make_shipment_line,
    make_warehouse,
)
from tests.queries import counted

COLUMNS = (
    "shipment_id", "name", "status", "destination_fc", "country", "warehouse", "mode",
    "carrier_type", "pickup", "expected", "shipped", "received", "fee", "fee_currency", "order",
)  # fmt: skip


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path, buffered=True).text)))


def test_shows_a_shipment_its_destination_and_its_order(client: FlaskClient) -> None:
    warehouse = make_warehouse(name="Harbour NA FBA CA")
    shipment = make_shipment(
        amazon_shipment_id="FBA15",
        warehouse_id=warehouse.id,
        marketplace_source="country",
        mode="FREIGHT_LTL",
        solution="AMAZON_PARTNERED_CARRIER",
        units_shipped=10,
        units_received=12,
    )
    order = make_order(reference="PO-7")
    link(order, shipment)

    page = client.get("/shipments").text

    assert f'href="/shipments/{shipment.id}">FBA15</a>' in page
    assert "Harbour NA FBA CA" in page
    assert "Guess</span>" in page
    assert "ONT8" in page
    assert "LTL<small>partnered</small>" in page
    assert "2 over" in page
    assert f'href="/purchase-orders/{order.id}">PO-7</a>' in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"open", "ready", "receiving", "late", "flagged", "closed", "short"}),
        ("view=open", {"open", "ready", "receiving", "late", "flagged"}),
        ("view=preparing", {"ready"}),
        ("view=receiving", {"receiving"}),
        ("view=overdue", {"late"}),
        ("view=attention", {"flagged"}),
        ("view=short", {"short"}),
        ("view=all", {"open", "ready", "receiving", "late", "flagged", "closed", "short"}),
        ("flag=went_back", {"flagged"}),
        ("status=RECEIVING", {"receiving"}),
        ("warehouse=999", set()),
        ("q=lat", {"late"}),
        ("q=HK-SKU", {"open"}),
        ("to=2001-01-01", set()),
    ],
)
def test_views_and_filters(client: FlaskClient, query: str, shown: set[str]) -> None:
    soon, connection = accounts.today() + timedelta(days=3), make_connection().id

    def shipment(name: str, **fields: object) -> int:
        common = {"connection_id": connection, "name": "goods", "expected_on": soon}
        return make_shipment(amazon_shipment_id=name, **{**common, **fields}).id

    shipment("ready", amazon_status="READY_TO_SHIP", status="READY_TO_SHIP")
    shipment("receiving", amazon_status="RECEIVING", status="RECEIVING")
    shipment("late", expected_on=soon - timedelta(days=9), units_outstanding=4)
    shipment("flagged", flags="went_back:WORKING")
    over = {"amazon_status": "CLOSED", "status": "CLOSED", "is_open": False, "units_shipped": 9}
    shipment("closed", units_received=9, **over)
    shipment("short", units_received=8, **over)
    opened = make_shipment(
        connection_id=connection, amazon_shipment_id="open", name="x", expected_on=soon
    )
    listing = make_listing(connection_id=connection, seller_sku="HK-SKU")
    make_shipment_line(opened, listing_id=listing.id)

    page = client.get(f"/shipments?{query}").text

    names = ("open", "ready", "receiving", "late", "flagged", "closed", "short")
    assert {name for name in names if f">{name}</a>" in page.partition("<tbody>")[2]} == shown
    assert {row["shipment_id"] for row in rows(client, f"/shipments.csv?{query}")} == shown


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"status": "CLOSED", "amazon_status": "CLOSED", "units_shipped": 5}, "Closed short"),
        (
            {"status": "SHIPPED", "amazon_status": "WORKING", "flags": "went_back:WORKING"},
            "Shipped",
        ),
        ({"status": "SHIPPED", "amazon_status": "NEW", "flags": "unknown_status"}, "Check in"),
        (
            {"status": "SHIPPED", "amazon_status": "ERROR", "flags": "amazon_error"},
            "Needs attention",
        ),
        ({"status": "", "amazon_status": ""}, "Check in Seller Central"),
    ],
)
def test_a_status_is_said_in_words(client: FlaskClient, fields: dict[str, str], word: str) -> None:
    make_shipment(**fields)

    assert f"</svg>{word}" in client.get("/shipments?view=all").text


def test_a_page_of_sixty_takes_eight_statements(client: FlaskClient) -> None:
    connection, warehouse = make_connection().id, make_warehouse().id
    for _ in range(60):
        shipment = make_shipment(connection_id=connection, warehouse_id=warehouse)
        link(make_order(destination_id=warehouse), shipment)

    with counted() as statements:
        page = client.get("/shipments").text

    assert len(statements) <= 8, statements
    assert page.count('<th scope="row">') == 50


def test_totals(client: FlaskClient) -> None:
    make_shipment(units_shipped=10, units_received=4, units_outstanding=6)
    make_shipment(units_shipped=5, units_outstanding=5)

    fragment = client.get("/shipments/totals", headers={"HX-Request": "true"}).text

    assert "2 shipments" in fragment
    assert '<td class="n p2">15</td>' in fragment
    assert '<td class="n">11</td>' in fragment
    assert '<data value="2">2</data>' in fragment


def test_the_file_has_the_columns_of_the_contract(client: FlaskClient) -> None:
    warehouse = make_warehouse(name="Harbour NA FBA US")
    shipment = make_shipment(
        amazon_shipment_id="FBA15",
        name="@name",
        warehouse_id=warehouse.id,
        mode="FREIGHT_LTL",
        solution="AMAZON_PARTNERED_CARRIER",
        # Late in the evening in UTC is the next day in the account's zone (Berlin).
        pickup_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
        fee=Decimal("238.40"),
        fee_currency="USD",
        units_shipped=10,
    )
    link(make_order(reference="PO-7"), shipment)

    row = rows(client, "/shipments.csv")[0]

    assert {name: row[name] for name in COLUMNS} == {
        "shipment_id": "FBA15",
        "name": "'@name",
        "status": "SHIPPED",
        "destination_fc": "ONT8",
        "country": "US",
        "warehouse": "Harbour NA FBA US",
        "mode": "FREIGHT_LTL",
        "carrier_type": "AMAZON_PARTNERED_CARRIER",
        "pickup": "2026-11-20",
        "expected": "",
        "shipped": "10",
        "received": "0",
        "fee": "238.4",
        "fee_currency": "USD",
        "order": "PO-7",
    }


def test_statuses_outside_the_course_are_offered_too(client: FlaskClient) -> None:
    connection = make_connection().id
    rare = {"ERROR": "amazon_error", "": "unknown_status", "CREATING": ""}
    for word, flag in rare.items():
        make_shipment(
            connection_id=connection,
            amazon_shipment_id=f"is-{word}",
            amazon_status=word,
            status="WORKING" if word == "CREATING" else "SHIPPED",
            flags=flag,
        )

    page = client.get("/shipments").text

    for word in rare:
        value = word or "none"
        assert f'<option value="{value}"' in page
        found = rows(client, f"/shipments.csv?status={value}")
        assert [row["shipment_id"] for row in found] == [f"is-{word}"]
