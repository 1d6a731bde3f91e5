"""GET /stock, its totals and its file"""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Listing,
    OrderKind,
    StatusType,
    StockBasis,
    StockLevel,
    StockOrder,
    SyncKind,
    SyncMark,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts, own_stock
from tests.factories import (
    LONG_AGO,
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
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

    orders = f"/purchase-orders?destination={warehouse.id}&amp;sku={listing.seller_sku}&amp;view="
    assert f'<td class="n">15</td><td class="n"><a href="{orders}open">27</a></td>' in page
    assert f'<td class="n p2"><a href="{orders}overdue">7</a></td>' in page
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


def shipped(
    listing: Listing, warehouse: Warehouse, outstanding: int, ignored: int = 0
) -> StockOrder:
    """An open order that a shipment brings."""
    order = make_order(destination_id=warehouse.id, expected_on=accounts.today())
    make_order_line(
        order, listing_id=listing.id, units_outstanding=outstanding, units_ignored=ignored
    )
    link(order, make_shipment(connection_id=warehouse.connection_id))
    return order


def test_what_is_ignored_is_not_on_order(client: FlaskClient) -> None:
    warehouse, listing = make_warehouse(), make_listing(seller_sku="KT-1")
    level(listing, warehouse, inbound_shipped=30)
    order = shipped(listing, warehouse, 30, ignored=12)
    order.expected_on = accounts.today() - timedelta(days=40)
    db.session.commit()

    page = client.get("/stock?totals=1").text
    row = rows(client, "/stock.csv")[0]

    assert [row[name] for name in ("on_order", "overdue", "ignored")] == ["18", "18", "12"]
    shipments = f"/shipments?warehouse={warehouse.id}&amp;sku=KT-1&amp;view=ignored"
    assert f'<a href="{shipments}">12</a>' in page
    assert '<td class="n">18</td>' in page[page.index("<tfoot") :]


def test_amazons_count_and_the_orders_of_shipments_are_compared(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    even, more, fewer = (make_listing(seller_sku=sku) for sku in ("A-1", "B-1", "C-1"))
    level(even, warehouse, inbound_shipped=20, inbound_receiving=10, inbound_working=99)
    level(more, warehouse, inbound_shipped=50)
    level(fewer, warehouse, inbound_receiving=1)
    shipped(even, warehouse, 30, ignored=30)
    shipped(more, warehouse, 40)
    shipped(fewer, warehouse, 8)
    not_linked = make_order(destination_id=warehouse.id)
    make_order_line(not_linked, listing_id=more.id, units_outstanding=500)

    page = client.get("/stock?totals=1").text
    found = rows(client, "/stock.csv")

    assert [row["unexplained"] for row in found] == ["0", "10", "-7"]
    address = f"/shipments?view=open&amp;warehouse={warehouse.id}&amp;sku="
    assert f'<a class="warn" href="{address}B-1">10</a><small>more at Amazon</small>' in page
    assert f'<a class="warn" href="{address}C-1">7</a><small>more on orders</small>' in page
    assert '<td class="n p2">3</td>' in page[page.index("<tfoot") :]
    only = rows(client, "/stock.csv?unexplained=1")
    assert [row["sku"] for row in only] == ["B-1", "C-1"]


def test_lets_through_only_what_has_stock_or_is_late(client: FlaskClient) -> None:
    warehouse, late, held = make_warehouse(), make_listing(), make_listing()
    level(late, warehouse, unfulfillable=3)
    level(held, warehouse, fc_transfer=1)
    for days, listing in ((-1, late), (0, held)):
        on = accounts.today() + timedelta(days=days)
        order = make_order(destination_id=warehouse.id, expected_on=on)
        make_order_line(order, listing_id=listing.id, units_outstanding=4)

    skus = {
        query: [row["sku"] for row in rows(client, f"/stock.csv?{query}=1")]
        for query in ("held", "late")
    }

    assert skus == {"held": [held.seller_sku], "late": [late.seller_sku]}
    assert "No SKU matches" in client.get("/stock?held=1&late=1").text


def test_own_warehouses_are_there_with_when_they_were_counted(client: FlaskClient) -> None:
    shed = make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL")
    listing = make_listing(seller_sku="KT-1")
    own_stock.count(shed.id, listing.id, 8, reason="", user_id=None, cause="form")
    db.session.commit()

    page = client.get(f"/stock?warehouse={shed.id}&totals=1").text
    row = rows(client, "/stock.csv")[0]

    assert f'<td class="n"><a href="/warehouses/{shed.id}/stock?q=KT-1">8</a></td>' in page
    assert "counted <time" in page
    assert (row["stock"], row["unexplained"], row["as_of"][:4]) == (
        "8",
        "",
        str(accounts.now().year),
    )


def test_a_warehouses_own_basis_is_said(client: FlaskClient) -> None:
    warehouse = make_warehouse(stock_basis=StockBasis.FULFILLABLE)
    listing = make_listing()
    level(listing, warehouse, fulfillable=10, fc_transfer=5)

    page = client.get("/stock").text

    assert "stock is fulfillable</small>" in page.replace(" </small>", "</small>")
    assert '<td class="n">10</td>' in page
    assert rows(client, "/stock.csv")[0]["basis"] == "fulfillable"
    assert "stock is fulfillable" in client.get(f"/listings/{listing.id}").text


def test_goods_in_transfers_lead_to_the_transfers(client: FlaskClient) -> None:
    warehouse, listing = make_warehouse(), make_listing(seller_sku="KT 1&2")
    level(listing, warehouse)
    for kind, units in ((OrderKind.TRANSFER, 20), (OrderKind.PURCHASE, 3)):
        order = make_order(destination_id=warehouse.id, kind=kind)
        make_order_line(order, listing_id=listing.id, units_outstanding=units)

    page = client.get("/stock").text

    at = f"destination={warehouse.id}&amp;sku=KT%201%262&amp;view=open"
    assert f'<a href="/transfer-orders?{at}">23</a>' in page
    assert f'<a href="/purchase-orders?{at}">3 in purchases</a>' in page


def test_a_pools_count_is_held_against_the_orders_to_all_its_warehouses(
    client: FlaskClient,
) -> None:
    connection, listing = make_connection(), make_listing(seller_sku="KT-1")
    pool = {"inbound_shipped": 50, "pool_key": "1:DE"}
    german, french = (
        make_warehouse(connection_id=connection.id, marketplace_id=one) for one in ("DE", "FR")
    )
    for place, share in ((german, 5), (french, None)):
        level(listing, place, local_fulfillable=share, **pool)
    shipped(listing, german, 30)
    shipped(listing, french, 12)

    page = client.get("/stock?totals=1").text

    assert [row["unexplained"] for row in rows(client, "/stock.csv")] == ["8", "8"]
    assert f'href="/shipments?view=open&amp;connection={connection.id}&amp;sku=KT-1">8</a>' in page
    assert '<td class="n p2">8</td>' in page[page.index("<tfoot") :]


def test_its_links_show_the_orders_and_shipments_of_exactly_that_sku(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    for sku in ("KT-1", "KT-10", "kt-1"):
        listing = make_listing(seller_sku=sku)
        level(listing, warehouse, inbound_shipped=9)
        order = make_order(reference=f"PO {sku}", destination_id=warehouse.id)
        make_order_line(order, listing_id=listing.id, seller_sku=sku, units_outstanding=9)
        shipment = make_shipment(amazon_shipment_id=f"FBA {sku}", warehouse_id=warehouse.id)
        make_shipment_line(shipment, listing_id=listing.id, seller_sku=sku)

    page = client.get("/stock?sort=-sku").text
    orders = re.findall(r'href="(/purchase-orders[^"]*sku=KT-1&[^"]*)"', page)
    shipments = re.findall(r'href="(/shipments[^"]*sku=KT-1)"', page)
    found = client.get(html.unescape(orders[0])).text
    inbound = client.get(html.unescape(shipments[-1])).text

    assert re.findall(r">(PO [^<]+)</a>", found) == ["PO KT-1"]
    assert re.findall(r">(FBA [^<]+)</a>", inbound) == ["FBA KT-1"]
    assert "SKU: <b>KT-1</b>" in found
    assert f'href="/purchase-orders?view=open&amp;destination={warehouse.id}"' in found


def test_a_list_it_leads_to_tells_the_skus_own_units(client: FlaskClient) -> None:
    warehouse, listing, other = make_warehouse(), make_listing(), make_listing()
    level(listing, warehouse, inbound_working=4)
    shipment = make_shipment(warehouse_id=warehouse.id, units_shipped=112, units_outstanding=107)
    for one, units in ((listing, 12), (other, 100)):
        make_shipment_line(shipment, listing_id=one.id, units_shipped=units, units_received=5)
    order = make_order(destination_id=warehouse.id, units_outstanding=107)
    for one, units in ((listing, 7), (other, 100)):
        make_order_line(order, listing_id=one.id, units_outstanding=units, units_ignored=3)
    which = f"view=open&sku={listing.seller_sku}&totals=1"

    orders = client.get(f"/purchase-orders?{which}").text
    shipments = client.get(f"/shipments?{which}").text

    for page in (orders, shipments):
        assert '<td class="n">107<small>7 of the SKU</small></td>' in page
        foot = page[page.index(f"of these {listing.seller_sku}") :]
        assert re.search(r'<td class="n">\s+7\s', foot)
    assert "<small>3 ignored</small>" in orders[orders.index("of these") :]
    assert "of the SKU" not in client.get("/shipments").text
    preparing = f'href="/shipments?view=preparing&amp;warehouse={warehouse.id}&amp;'
    assert preparing in client.get("/stock").text


def test_only_what_was_read_later_than_the_rest_tells_its_own_age(client: FlaskClient) -> None:
    connection, listing = make_connection(), make_listing()
    now = accounts.now()
    for market, minutes in (("DE", 50), ("FR", 45), ("GB", 2)):
        place = make_warehouse(connection_id=connection.id, marketplace_id=market)
        level(listing, place)
        mark = SyncMark(
            connection_id=connection.id,
            kind=SyncKind.STOCK,
            scope=market,
            read_at=now - timedelta(minutes=minutes),
        )
        saved(mark)

    page = client.get("/stock").text

    assert re.findall(r"(\d+) min ago", page) == ["50", "2"]
