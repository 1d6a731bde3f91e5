"""What Amazon or a person wrote is shown as text, on every page and in every file."""

import csv
import io
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from inventory.models import (
    Change,
    InboundPlan,
    Listing,
    ListingOffer,
    OrderKind,
    Receipt,
    Shipment,
    ShipmentStatus,
    StockLevel,
    SyncState,
)
from tests.factories import (
    link,
    make_application,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_run,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)

US = "ATVPDKIKX0DER"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp;{{7*7}}"
RIGHT_TO_LEFT = "\u202eشاي أخضر\u202c"
TITLE = f"🍵 {RIGHT_TO_LEFT} {MARKUP}"
SKUS = ["A/B %2F+#1,5;?&=", "=1+1", "+1", "-1", "@sum", "\ttab", "🍵/..", "<b>SKU</b>", "' or 1=1"]
#: What a spreadsheet would run.
STARTS = ("=", "+", "@", "\t", "\r")


def fill() -> None:
    """One of everything, each text of it hostile; ids begin at 1."""
    connection = make_connection(name=f"C {MARKUP}"[:90], is_sandbox=True)
    home = make_warehouse(connection=connection, name=f"W {MARKUP}"[:140])
    own = make_warehouse(kind="own", name=f"=O {MARKUP}"[:140], city=MARKUP[:30], country="US")
    make_application(name=f"=A {MARKUP}"[:90])
    words = {"connection_id": connection.id, "message": f"=M {MARKUP}", "stage": MARKUP[:90]}
    run = make_run(state=SyncState.FAILED, **words)
    shipment = arriving(connection.id)
    to_home = {"destination_id": home.id}
    moved = {"kind": OrderKind.TRANSFER, "source_id": own.id}
    orders = [
        make_order(reference=f"=P {MARKUP}"[:60], **to_home),
        make_order(reference=f"=T {MARKUP}"[:60], **moved, **to_home),
    ]
    link(orders[0], shipment)
    for sku in SKUS:
        listing = make_listing(connection_id=connection.id, seller_sku=sku, title=f"={TITLE}")
        offer(listing, home.id)
        line = make_shipment_line(shipment, listing_id=listing.id, units_received=1)
        saved(Receipt(line_id=line.id, received_on=NOW.date(), seen_at=NOW, units=1, run_id=run.id))
        for order in orders:
            make_order_line(order, listing_id=listing.id)
    log(run.id)


def arriving(connection_id: int) -> Shipment:
    plan = {"connection_id": connection_id, "plan_id": "wf-<plan>"}
    shipment = make_shipment(
        **plan,
        amazon_shipment_id="FBA15/<b>%",
        name=f"={TITLE}",
        amazon_status="<b>NEW</b>",
        destination_fc="<i>",
    )
    saved(InboundPlan(**plan, name=TITLE, status=MARKUP[:20]))
    saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="<b>OLD</b>", seen_at=NOW))
    return shipment


def offer(listing: Listing, warehouse_id: int) -> None:
    of = {"listing_id": listing.id}
    saved(ListingOffer(**of, marketplace_id=US, title=TITLE, status="<b>"))
    level = {"seller_sku": listing.seller_sku, "fulfillable": 3, "changed_at": NOW}
    saved(StockLevel(**of, warehouse_id=warehouse_id, **level))


def log(run_id: int) -> None:
    for kind in ("shipment", "order", "connection", "warehouse"):
        told = {"subject_kind": kind, "subject_id": 1, "subject_name": MARKUP[:99]}
        fields = {"name": [MARKUP, TITLE]}
        words = {"cause": "amazon", "summary": f"=S {MARKUP}"}
        saved(Change(at=NOW, run_id=run_id, fields=fields, **words, **told))


def pages(app: Flask) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "auth.setup"):
            with app.test_request_context():
                found.append(url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)))
    lists = ("/purchase-orders", "/transfer-orders", "/shipments", "/listings", "/stock", "/search")
    texts = [*SKUS, TITLE[:150], MARKUP, "FBA15/<b>%"]
    found += [f"{path}?q={quote(text)}&view=all" for path in lists for text in texts]
    return [*found, "/transfer-orders?view=all", "/purchase-orders?view=all", "/transfer-orders/2"]


def test_on_every_page_it_stays_text(app: Flask, client: FlaskClient) -> None:
    fill()
    shown = dict.fromkeys(("&lt;script&gt;", "شاي أخضر", "🍵", "A/B %2F+#1,5;?&amp;="), 0)

    for path in pages(app):
        answer = client.get(path, follow_redirects=True)  # each page is also looked at strictly
        assert answer.status_code in (200, 400, 404), path
        for markup in ("<script>alert", "<img src=x", "<b>SKU", "<b>NEW", "<b>OLD", "<i>"):
            if answer.mimetype == "text/html":
                assert markup not in answer.text, (path, markup)
        for one in shown:
            shown[one] += one in answer.text

    assert min(shown.values()) > 5, shown


@pytest.mark.parametrize("sku", SKUS)
def test_the_search_finds_the_sku_as_it_is(client: FlaskClient, sku: str) -> None:
    fill()

    answer = client.get("/search", query_string={"q": sku}, follow_redirects=True)

    assert answer.status_code == 200
    assert "Nothing" not in answer.text.partition("<main")[2][:600]


def test_no_cell_of_a_file_is_a_formula(app: Flask, client: FlaskClient) -> None:
    fill()
    files = [path for path in pages(app) if ".csv" in path]
    cells = []

    for path in files:
        answer = client.get(f"{path}?view=all")
        if answer.status_code == 200:
            rows = list(csv.reader(io.StringIO(answer.text)))
            assert len({len(row) for row in rows}) == 1, path
            cells += [(path, cell) for row in rows[1:] for cell in row]

    assert len({path for path, _ in cells}) >= 8
    assert [one for one in cells if one[1].startswith(STARTS)] == []
    assert not any(cell.startswith("-") and not cell[1:].isdigit() for _, cell in cells)
    assert any(cell == "'=1+1" for _, cell in cells)
    assert any(cell == SKUS[0] for _, cell in cells)
