"""GET /stock, its totals and its file"""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from inventory.models import Listing, StatusType, StockLevel, SyncKind, SyncMark, Warehouse
from inventory.services import accounts
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_warehouse,
    saved,
)
from tests.queries import counted

COLUMNS = [
    "warehouse", "sku", "fulfillable", "fc_transfer", "fc_processing", "customer_orders",
    "researching", "unfulfillable", "inbound_working", "inbound_shipped", "inbound_receiving",
    "stock", "on_order", "overdue", "ignored", "as_of",
]  # fmt: skip


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path, buffered=True).text)))


def level(listing: Listing, warehouse: Warehouse, **fields: object) -> StockLevel:
    row = {"seller_sku": listing.seller_sku, "changed_at": LONG_AGO, **fields}
    return saved(StockLevel(listing_id=listing.id, warehouse_id=warehouse.id, **row))


def test_adds_what_open_orders_bring_and_what_of_it_is_late(client: FlaskClient) -> None:
    warehouse, other = make_warehouse(), make_warehouse()
    listing = make_listing()
    level(listing, warehouse, fulfillable=10, fc_transfer=5, fc_processing=3)
    today = accounts.today()
    for days, place, kind, units in (
        (-1, warehouse, StatusType.ACTIVE, 7),
        (0, warehouse, StatusType.ACTIVE, 20),
        (-1, other, StatusType.ACTIVE, 100),
        (-1, warehouse, StatusType.DRAFT, 100),
        (-1, warehouse, StatusType.CLOSED, 100),
    ):
        order = make_order(
            destination_id=place.id, status_type=kind, expected_on=today + timedelta(days=days)
        )
        make_order_line(order, listing_id=listing.id, units_outstanding=units)

    page = client.get("/stock").text
    row = rows(client, "/stock.csv")[0]

    assert '<td class="n">15</td><td class="n">27</td>' in page
    assert '<td class="n p2">7</td>' in page
    assert (row["stock"], row["on_order"], row["overdue"]) == ("15", "27", "7")


def test_the_file_has_the_columns_of_the_contract(client: FlaskClient) -> None:
    connection = make_connection()
    warehouse = make_warehouse(name="Harbour FBA US", connection_id=connection.id)
    figures = dict(zip(COLUMNS[2:11], range(1, 10), strict=True))
    level(make_listing(seller_sku="+1"), warehouse, **figures)
    at = datetime(2026, 11, 23, 9, 8, tzinfo=UTC)
    saved(SyncMark(connection_id=connection.id, kind=SyncKind.STOCK, read_at=at))

    row = rows(client, "/stock.csv")[0]

    assert list(row)[: len(COLUMNS)] == COLUMNS
    assert [row[name] for name in COLUMNS] == [
        "Harbour FBA US", "'+1", *"123456789", "3", "0", "0", "0", "2026-11-23T09:08:00+00:00",
    ]  # fmt: skip


def test_a_pool_is_marked_and_counts_once(client: FlaskClient) -> None:
    connection, listing = make_connection(), make_listing()
    for market, pool in (("1", "EU"), ("2", "EU"), ("3", "")):
        warehouse = make_warehouse(connection_id=connection.id, marketplace_id=market)
        level(listing, warehouse, fulfillable=100, pool_key=pool)
    other = make_listing()
    level(other, make_warehouse(), fulfillable=1, pool_key="EU")

    page = client.get("/stock?totals=1").text
    found = rows(client, "/stock.csv")

    assert page.count("Shared pool") == 3
    assert "4 rows" in page
    assert '<td class="n">201</td>' in page
    assert sum(int(row["stock"]) for row in found if row["counted"] == "1") == 201


def test_rows_whose_share_of_a_pool_is_known_stand_for_themselves(client: FlaskClient) -> None:
    connection, listing, other = make_connection(), make_listing(), make_listing()
    for country, share in (("DE", 30), ("FR", 70), ("IT", 0)):
        warehouse = make_warehouse(
            connection_id=connection.id, marketplace_id=country, country=country, taking_part=True
        )
        pooled = {"fulfillable": 100, "fc_transfer": 4, "pool_key": "EU"}
        level(listing, warehouse, local_fulfillable=share, **pooled)
        level(other, warehouse, **pooled)

    page = client.get("/stock?totals=1&sort=-fulfillable").text
    found = rows(client, "/stock.csv?sort=-fulfillable")

    assert page.count("Shared pool") == 3
    assert '<td class="n">204</td>' in page
    own = [row for row in found if row["sku"] == listing.seller_sku]
    assert [(row["fulfillable"], row["stock"]) for row in own] == [
        ("70", "70"), ("30", "30"), ("0", "0"),
    ]  # fmt: skip
    assert sum(int(row["stock"]) for row in found if row["counted"] == "1") == 204
    assert client.get(f"/listings/{listing.id}").text.count("Shared pool") == 0


def test_narrows_by_warehouse_and_text(client: FlaskClient) -> None:
    first, second = make_warehouse(), make_warehouse()
    kettle, mug = (
        make_listing(seller_sku="KT", title="Kettle"),
        make_listing(seller_sku="MG", title="Mug"),
    )
    level(kettle, first)
    level(mug, second)

    assert [row["sku"] for row in rows(client, f"/stock.csv?warehouse={second.id}")] == ["MG"]
    assert [row["sku"] for row in rows(client, "/stock.csv?q=kettle")] == ["KT"]
    assert [row["sku"] for row in rows(client, "/stock.csv?q=mg")] == ["MG"]
    assert rows(client, f"/stock.csv?connection={first.connection_id}")[0]["sku"] == "KT"
    assert "No SKU matches" in client.get("/stock?q=nothing").text


def test_a_page_of_sixty_takes_eight_statements_and_leads_on(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    for number in range(60):
        level(make_listing(seller_sku=f"S{number:02}"), warehouse, fulfillable=number % 3)

    for sort in ("sku", "-fulfillable"):
        with counted() as statements:
            page = client.get(f"/stock?sort={sort}").text
        on = re.search(r'rel="next"\s+href="([^"]+)"', page)
        assert on

        assert len(statements) <= 8, statements
        assert client.get(html.unescape(on[1])).text.count('<th scope="row">') == 10
