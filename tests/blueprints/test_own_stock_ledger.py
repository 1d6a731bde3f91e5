"""/warehouses/<id>/stock/ledger: each change, its filters and its file"""

import csv
import html
import io
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from inventory.models import StockEntry, Warehouse, WarehouseKind
from tests.factories import make_listing, make_order, make_user, make_warehouse, saved
from tests.queries import counted


@pytest.fixture
def shed(client: FlaskClient) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL")


def entry(shed: Warehouse, sku: str = "KT-1", **fields: object) -> StockEntry:
    if "listing_id" not in fields:
        fields["listing_id"] = make_listing(seller_sku=sku).id
    row = {
        "at": datetime(2026, 11, 20, 22, 30, tzinfo=UTC),
        "units_before": 10,
        "units_after": 4,
        "cause": "form",
        "reason": "Broken",
        "batch": "b1",
        **fields,
    }
    return saved(StockEntry(warehouse_id=shed.id, **row))


def skus(client: FlaskClient, shed: Warehouse, query: str = "") -> list[str]:
    page = client.get(f"/warehouses/{shed.id}/stock/ledger{query}").text
    return re.findall(r'<th scope="row"><a href="/listings/\d+">([^<]+)</a>', page)


def test_tells_each_change_newest_first(client: FlaskClient, shed: Warehouse) -> None:
    order = make_order(destination_id=shed.id, reference="PO-7")
    entry(shed, user_id=make_user(name="Mara").id)
    entry(shed, "MG-2", units_after=30, cause="receipt", reason="", order_id=order.id)

    page = client.get(f"/warehouses/{shed.id}/stock/ledger").text

    assert skus(client, shed) == ["MG-2", "KT-1"]
    assert '<td class="n p2">10</td><td class="n">−6</td><td class="n">4</td>' in page
    assert '<td class="n">+20</td>' in page
    assert "Broken<small>by hand</small>" in page
    assert f'goods received, <a href="/purchase-orders/{order.id}">PO-7</a>' in page
    assert "<small>Mara</small>" in page
    assert "<small>somebody removed since</small>" in page


def test_narrows_by_sku_cause_person_and_day(client: FlaskClient, shed: Warehouse) -> None:
    mara = make_user(name="Mara")
    entry(shed, user_id=mara.id)
    entry(
        shed,
        "MG-2",
        cause="file",
        reason="Stocktake",
        at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    )

    assert skus(client, shed, "?q=mg") == ["MG-2"]
    assert skus(client, shed, "?q=stocktake") == ["MG-2"]
    assert skus(client, shed, "?cause=form") == ["KT-1"]
    assert skus(client, shed, f"?by={mara.id}") == ["KT-1"]
    # Half past ten in UTC is half past eleven in Berlin; an hour later it is the next day there.
    assert skus(client, shed, "?to=2026-11-20") == ["KT-1"]
    assert skus(client, shed, "?from=2026-11-21") == ["MG-2"]
    assert skus(client, shed, "?from=never") == ["MG-2", "KT-1"]


def test_the_file_has_all_that_is_filtered(client: FlaskClient, shed: Warehouse) -> None:
    entry(shed, reason="=1+1")
    entry(shed, "MG-2", cause="file")

    text = client.get(f"/warehouses/{shed.id}/stock/ledger.csv?cause=form", buffered=True).text
    row = next(csv.DictReader(io.StringIO(text)))

    assert (row["sku"], row["before"], row["after"], row["change"]) == ("KT-1", "10", "4", "-6")
    assert (row["reason"], row["batch"]) == ("'=1+1", "b1")
    assert text.count("\n") == 2


def test_leads_on_in_few_statements(client: FlaskClient, shed: Warehouse) -> None:
    listing = make_listing()
    for _ in range(55):
        entry(shed, listing_id=listing.id)

    with counted() as statements:
        page = client.get(f"/warehouses/{shed.id}/stock/ledger").text
    on = re.search(r'rel="next"\s+href="([^"]+)"', page)

    assert len(statements) <= 8, statements
    assert on
    assert html.unescape(client.get(html.unescape(on[1])).text).count("−6") == 5


def test_another_warehouses_entries_stay_there(client: FlaskClient, shed: Warehouse) -> None:
    entry(make_warehouse(kind=WarehouseKind.OWN, name="Other", country="NL"))

    assert skus(client, shed) == []
