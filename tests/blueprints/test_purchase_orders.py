"""GET /purchase-orders and /transfer-orders, their totals and files"""

import csv
import html
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from blueprints.orders.routes import COLUMNS, LINE_COLUMNS, VIEWS
from inventory.models import OrderKind, StatusType, SyncKind, SyncMark, WarehouseKind
from inventory.services import accounts, order_lists
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_warehouse,
    saved,
)
from tests.queries import counted

ODD = "AP/LN 50%+#1,B&x"


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path, buffered=True)
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


def after(page: str) -> str:
    """Return the address of the page that follows."""
    found = re.search(r'rel="next"\s+href="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def test_shows_an_order_with_its_date_and_where_it_comes_from(client: FlaskClient) -> None:
    warehouse = make_warehouse(name="Harbour NA FBA US")
    day = accounts.today() + timedelta(days=10)
    order = make_order(
        reference="FBA18KN40VQS",
        extra_reference="LTL Oakland",
        destination_id=warehouse.id,
        expected_on=day,
        units_outstanding=960,
    )
    link(order, make_shipment(shipped_on=day - timedelta(days=14), expected_on=day))

    page = client.get("/purchase-orders").text

    assert f'href="/purchase-orders/{order.id}">FBA18KN40VQS</a>' in page
    assert "LTL Oakland" in page
    assert "Harbour NA FBA US" in page
    assert "in 10 days" in page
    assert "first seen + 14 days" in page
    assert ">960</td>" in page


def test_the_two_kinds_do_not_mix(client: FlaskClient) -> None:
    source = make_warehouse(kind=WarehouseKind.OWN, name="Prep Centre Reno")
    make_order(reference="PO-1")
    make_order(reference="TO-1", kind=OrderKind.TRANSFER, source_id=source.id)

    bought, moved = client.get("/purchase-orders").text, client.get("/transfer-orders").text

    assert "PO-1<" in bought
    assert "TO-1<" not in bought
    assert "TO-1<" in moved
    assert '<td class="p2">Prep Centre Reno</td>' in moved


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"open", "late", "flagged", "closed", "canceled"}),
        ("view=open", {"open", "late", "flagged"}),
        ("view=overdue", {"late"}),
        ("view=attention", {"flagged"}),
        ("view=closed", {"closed"}),
        ("view=canceled", {"canceled"}),
        ("view=all", {"open", "late", "flagged", "closed", "canceled"}),
        ("view=nonsense", {"open", "late", "flagged", "closed", "canceled"}),
        ("view=all&status_type=closed", {"closed"}),
        ("view=all&status_type=nonsense", {"open", "late", "flagged", "closed", "canceled"}),
        ("flag=unknown_sku", {"flagged"}),
        ("from=2000-01-01&to=2001-01-01", set()),
        ("from=no-date&to=2026-99-99", {"open", "late", "flagged", "closed", "canceled"}),
        ("q=LAT", {"late"}),
        ("q=name+of+the", {"open"}),
        ("q=100%25", set()),
        ("destination=99999999999999999999", {"open", "late", "flagged", "closed", "canceled"}),
        ("destination=12345", set()),
        ("q=%00&at=%00", {"open", "late", "flagged", "closed", "canceled"}),
    ],
)
def test_views_and_filters(client: FlaskClient, query: str, shown: set[str]) -> None:
    today, warehouse = accounts.today(), make_warehouse().id
    late = today - timedelta(days=3)
    soon = today + timedelta(days=3)
    common = {"destination_id": warehouse, "units_outstanding": 5, "expected_on": soon}
    make_order(reference="open", extra_reference="The name of the goods", **common)
    make_order(reference="late", **{**common, "expected_on": late})
    make_order(reference="flagged", flags="unknown_sku", **common)
    make_order(reference="closed", status_type=StatusType.CLOSED, **common)
    make_order(reference="canceled", status_type=StatusType.CANCELED, **common)

    page = client.get(f"/purchase-orders?{query}").text

    names = ("open", "late", "flagged", "closed", "canceled")
    assert {
        name for name in names if f">{name}</a></th>" in page or f">{name}</a> " in page
    } == shown
    assert {row["reference"] for row in rows(client, f"/purchase-orders.csv?{query}")} == shown


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["later", "sooner"]),
        ("?view=open", ["sooner", "later"]),
        ("?sort=expected", ["sooner", "later"]),
    ],
)
def test_all_begin_with_the_latest_and_open_ones_with_the_next(
    client: FlaskClient, query: str, names: list[str]
) -> None:
    warehouse = make_warehouse().id
    for name, days in (("sooner", 1), ("later", 9)):
        day = accounts.today() + timedelta(days=days)
        make_order(reference=name, destination_id=warehouse, expected_on=day)

    found = [row["reference"] for row in rows(client, f"/purchase-orders.csv{query}")]

    assert found == names


def test_the_bar_leads_to_what_is_open(client: FlaskClient) -> None:
    page = client.get("/purchase-orders?view=open").text

    for name in ("purchase-orders", "transfer-orders", "shipments"):
        assert f'href="/{name}?view=open"' in page.partition("<main")[0]
    assert re.search(r'view=open"[^>]*aria-current="page"[^>]*>Purchase', page)


@pytest.mark.parametrize("text", [ODD, "B0ODD", "X00ODD", "fba15odd"])
def test_search_finds_orders_by_what_is_in_them(client: FlaskClient, text: str) -> None:
    listing = make_listing(seller_sku=ODD, asin="B0ODD", fnsku="X00ODD")
    order = make_order(reference="PO-1")
    make_order_line(order, listing_id=listing.id)
    link(order, make_shipment(amazon_shipment_id="FBA15ODD"))
    make_order(reference="PO-2")

    page = client.get("/purchase-orders", query_string={"q": text}).text

    assert "PO-1</a>" in page
    assert "PO-2</a>" not in page


def test_filters_stay_in_the_address_and_each_can_be_taken_off(client: FlaskClient) -> None:
    warehouse = make_warehouse(name="Harbour & Sons")

    page = client.get(f"/purchase-orders?view=all&destination={warehouse.id}&q=a%26b").text

    assert "Destination: <b>Harbour &amp; Sons</b>" in page
    assert 'href="/purchase-orders?view=all&amp;q=a%26b"' in page
    assert f'href="/purchase-orders?view=all&amp;destination={warehouse.id}"' in page
    assert "No purchase order matches what is set" in page


def test_sorts_both_ways_and_says_so(client: FlaskClient) -> None:
    for name, units in (("first", 1), ("second", 2)):
        make_order(reference=name, units_outstanding=units)

    page = client.get("/purchase-orders?sort=-outstanding").text

    assert page.index("second</a>") < page.index("first</a>")
    assert 'aria-sort="descending"' in page
    assert 'href="/purchase-orders?sort=outstanding"' in page


def test_pages_lead_on_and_back_within_eight_statements(client: FlaskClient) -> None:
    warehouse = make_warehouse().id
    for number in range(60):
        order = make_order(reference=f"FBA{number:03}", destination_id=warehouse)
        if number < 3:
            link(order, make_shipment())

    with counted() as statements:
        first = client.get("/purchase-orders?sort=reference").text
    second = client.get(after(first)).text

    assert len(statements) <= 8, statements
    assert "FBA049</a>" in first
    assert "FBA050</a>" not in first
    assert "FBA050</a>" in second
    assert "FBA049</a>" not in second
    assert 'rel="prev"' in second


def test_totals_come_after_the_page_or_on_request(client: FlaskClient) -> None:
    make_order(units_ordered=10, units_received=4, units_outstanding=6)
    make_order(units_ordered=5, units_outstanding=5, shipping_handling=Decimal("12.5000"))

    page = client.get("/purchase-orders?sort=reference").text
    asked = client.get("/purchase-orders?totals=1").text
    fragment = client.get("/purchase-orders/totals", headers={"HX-Request": "true"}).text

    assert 'hx-get="/purchase-orders/totals?sort=reference"' in page
    assert "2 purchase orders" not in page
    for answer in (asked, fragment):
        assert "2 purchase orders" in answer
        assert '<td class="n p2">15</td>' in answer
        assert '<td class="n">11</td>' in answer
        assert "12.50" in answer
    assert '<data value="2">2</data>' in fragment


def test_the_file_has_the_columns_of_the_contract(client: FlaskClient) -> None:
    warehouse = make_warehouse(name="Harbour NA FBA US")
    make_order(
        reference="=cmd()",
        extra_reference="name",
        destination_id=warehouse.id,
        created_on=date(2026, 11, 1),
        expected_on=None,
        expected_source="",
        amazon_status="SHIPPED",
        units_ordered=10,
        units_outstanding=10,
        shipping_handling=Decimal("12.34"),
    )

    answer = client.get("/purchase-orders.csv", buffered=True)
    row = next(csv.DictReader(io.StringIO(answer.text)))

    assert answer.text.splitlines()[0] == ",".join(COLUMNS)
    assert row == {
        "reference": "'=cmd()",
        "extra_reference": "name",
        "status": "Shipped",
        "status_type": "active",
        "amazon_status": "SHIPPED",
        "source": "",
        "vendor": "",
        "destination": "Harbour NA FBA US",
        "created": "2026-11-01",
        "expected": "",
        "expected_source": "",
        "ordered": "10",
        "received": "0",
        "outstanding": "10",
        "ignored": "0",
        "shipping_handling": "12.34",
        "currency": "USD",
    }


def test_the_file_of_lines_spreads_shipping_over_the_units(client: FlaskClient) -> None:
    order = make_order(reference="PO-1", shipping_handling=Decimal(30))
    for sku in ("A", "B"):
        listing = make_listing(seller_sku=sku, asin=f"B0{sku}", fnsku="", title=f"Item {sku}")
        make_order_line(order, listing_id=listing.id)
    make_order(reference="empty")

    found = rows(client, "/purchase-orders/lines.csv")
    alone = rows(client, f"/purchase-orders/{order.id}.csv")

    assert tuple(found[0]) == LINE_COLUMNS
    assert [(row["reference"], row["sku"], row["title"]) for row in found] == [
        ("PO-1", "A", "Item A"),
        ("PO-1", "B", "Item B"),
    ]
    assert [row["landed_cost"] for row in found] == ["1.5", "1.5"]
    assert alone == found
    assert rows(client, "/purchase-orders/lines.csv?sort=-reference") == found


def test_a_file_has_all_pages(client: FlaskClient) -> None:
    warehouse = make_warehouse().id
    for number in range(60):
        make_order(reference=f"FBA{number:03}", destination_id=warehouse)

    found = [row["reference"] for row in rows(client, "/purchase-orders.csv?sort=-reference")]

    assert found == [f"FBA{number:03}" for number in range(59, -1, -1)]


def test_says_how_old_the_data_is(client: FlaskClient) -> None:
    fresh, stale, sandbox = (
        make_connection(name=name, is_sandbox=name == "Try") for name in ("NA", "EU", "Try")
    )
    now = accounts.now()
    for one, age in ((fresh, timedelta(minutes=4)), (stale, timedelta(hours=2))):
        saved(SyncMark(connection_id=one.id, kind=SyncKind.SHIPMENTS, read_at=now - age))

    page = client.get("/purchase-orders").text

    assert "4 min ago" in page
    assert '<span class="bad strong">EU' in page
    assert "Try not read yet" in page
    assert "Simulated" in page
    assert sandbox.is_sandbox


def test_an_empty_list_leads_on(client: FlaskClient) -> None:
    page = client.get("/purchase-orders").text

    assert "No purchase orders" in page
    assert "Connect a seller account" in page


def test_amazons_text_is_text(client: FlaskClient) -> None:
    make_order(reference="<b>bold</b>", extra_reference="<script>alert(1)</script>")

    page = client.get("/purchase-orders").text

    assert "&lt;b&gt;bold" in page
    assert "<script>alert" not in page


def test_a_cursor_of_nonsense_gives_the_first_page(client: FlaskClient) -> None:
    make_order(reference="PO-1")

    answer = client.get("/purchase-orders?at=W251bGwsbnVsbF0&sort=expected")

    assert answer.status_code == 200
    assert "PO-1" in answer.text


def test_without_transfer_orders_it_says_what_makes_one(client: FlaskClient) -> None:
    make_connection()

    everything = client.get("/transfer-orders").text
    opened = client.get("/transfer-orders?view=open").text

    assert "No transfer orders yet" in everything
    assert "No open transfer orders<" in opened
    assert "inbound shipment order type Transfer order" in everything
    assert 'href="/transfer-orders?view=all">Show all</a>' in opened


def test_a_quote_without_a_rate_is_a_flag_of_orders_alone(client: FlaskClient) -> None:
    make_order(reference="quoted", flags="fee_currency")
    make_order(reference="plain")

    page = client.get("/purchase-orders?flag=fee_currency").text

    assert ">quoted</a>" in page
    assert ">plain</a>" not in page
    assert "</svg>No exchange rate" in page
    assert 'value="fee_currency"' in page
    assert 'value="fee_currency"' not in client.get("/shipments").text


def test_every_view_has_its_tab() -> None:
    assert tuple(name for name, _ in VIEWS) == order_lists.VIEWS
