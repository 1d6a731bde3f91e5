"""GET /listings, /listings/<id>, /variants and their files"""

import csv
import io

import pytest
from flask.testing import FlaskClient

from inventory.models import ListingOffer, StockLevel, Variant, VariantLink
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_listing,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)
from tests.queries import counted

COLUMNS = ["connection", "channel", "sku", "asin", "fnsku", "title", "status", "variant", "link"]
ODD = "AP/LN 50%+#1,B"


def rows(client: FlaskClient, path: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(path, query_string=query, buffered=True)
    return list(csv.DictReader(io.StringIO(answer.text)))


def level(listing_id: int, warehouse_id: int, units: int, **fields: object) -> StockLevel:
    row = {"seller_sku": "S", "fulfillable": units, "changed_at": LONG_AGO, **fields}
    return saved(StockLevel(listing_id=listing_id, warehouse_id=warehouse_id, **row))


def variant_of(listing_id: int, sku: str) -> None:
    variant = saved(Variant(sku=sku, title="Item", created_at=LONG_AGO))
    saved(VariantLink(listing_id=listing_id, variant_id=variant.id, linked_at=LONG_AGO))


def test_shows_stock_by_country_and_a_pool_once(client: FlaskClient) -> None:
    connection = make_connection()
    listing = make_listing(connection_id=connection.id, seller_sku=ODD, title="<i>Apron</i> 🧵")
    variant_of(listing.id, "V-1")
    for country, market, pool in (("DE", "1", "EU"), ("FR", "2", "EU"), ("GB", "3", "")):
        warehouse = make_warehouse(
            connection_id=connection.id, marketplace_id=market, country=country
        )
        level(listing.id, warehouse.id, 40, pool_key=pool, fc_transfer=2)

    page = client.get("/listings").text

    assert "<td>pool 42, GB 42</td>" in page
    assert f'href="/listings/{listing.id}">AP/LN 50%+#1,B</a>' in page
    assert "&lt;i&gt;Apron" in page
    assert "V-1<small>its own</small>" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"A", "B", ODD}),
        ({"channel": "FBM"}, {"B"}),
        ({"status": "unknown"}, {ODD}),
        ({"q": ODD}, {ODD}),
        ({"q": "kettle"}, {"A"}),
        ({"q": "b0x"}, {"A"}),
        ({"connection": "777"}, set()),
    ],
)
def test_filters(client: FlaskClient, query: dict[str, str], shown: set[str]) -> None:
    connection = make_connection().id
    make_listing(connection_id=connection, seller_sku="A", asin="B0X", title="A fine Kettle")
    make_listing(connection_id=connection, seller_sku="B", channel="FBM", title="Mug")
    make_listing(connection_id=connection, seller_sku=ODD, status="unknown", title="Apron")

    page = client.get("/listings", query_string=query).text

    body = page.partition("<tbody>")[2]
    assert {name for name in ("A", "B", ODD) if f">{name}</a>" in body} == shown
    assert {row["sku"] for row in rows(client, "/listings.csv", **query)} == shown


def test_the_file_has_the_columns_of_the_contract(client: FlaskClient) -> None:
    connection = make_connection(name="Harbour")
    listing = make_listing(
        connection_id=connection.id, seller_sku="-1", asin="B0", fnsku="X0", title="Kettle"
    )
    variant_of(listing.id, "V")

    row = rows(client, "/listings.csv")[0]

    assert list(row) == COLUMNS
    assert list(row.values()) == [
        "Harbour", "FBA", "'-1", "B0", "X0", "Kettle", "active", "V", "own",
    ]  # fmt: skip


def test_a_page_of_sixty_takes_eight_statements(client: FlaskClient) -> None:
    connection, warehouse = make_connection().id, make_warehouse().id
    for number in range(60):
        listing = make_listing(connection_id=connection)
        level(listing.id, warehouse, number)
        variant_of(listing.id, f"V{number:02}")

    for path in ("/listings", "/listings?sort=-title", "/variants"):
        with counted() as statements:
            page = client.get(path).text

        assert len(statements) <= 8, statements
        assert page.count('<th scope="row">') == 50
    fragment = client.get("/listings/totals", headers={"HX-Request": "true"}).text
    assert "60 listings" in fragment
    fragment = client.get("/variants/totals", headers={"HX-Request": "true"}).text
    assert "60 variants" in fragment


def test_a_listing_shows_offers_stock_and_what_is_on_its_way(client: FlaskClient) -> None:
    listing = make_listing(seller_sku=ODD)
    saved(ListingOffer(listing_id=listing.id, marketplace_id="A1PA6795UKMFR9", title="Kessel"))
    level(listing.id, make_warehouse(name="Harbour FBA DE").id, 17)
    for name, is_open in (("FBA-open", True), ("FBA-over", False)):
        shipment = make_shipment(
            connection_id=listing.connection_id, amazon_shipment_id=name, is_open=is_open
        )
        make_shipment_line(shipment, listing_id=listing.id)

    page = client.get(f"/listings/{listing.id}").text

    assert "Germany" in page
    assert "Kessel" in page
    assert "Harbour FBA DE" in page
    assert ">17</td>" in page
    assert "FBA-open" in page
    assert "FBA-over" not in page
    assert client.get("/listings/999").status_code == 404


def test_variants_count_their_listings(client: FlaskClient) -> None:
    variant_of(make_listing().id, ODD)

    page = client.get("/variants").text

    assert 'href="/listings?q=AP/LN+50%25%2B%231,B"' in page
    assert "Filters" not in page
    assert rows(client, "/variants.csv") == [{"sku": ODD, "title": "Item", "listings": "1"}]
    assert rows(client, "/variants.csv", q="nothing") == []
