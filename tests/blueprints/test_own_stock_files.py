"""/warehouses/<id>/stock/file: a file of counts, looked at and then stored"""

import html
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db
from inventory.models import StockEntry, StockLevel, Warehouse, WarehouseKind
from inventory.services import own_stock
from tests.factories import make_connection, make_listing, make_warehouse


@pytest.fixture
def shed(client: FlaskClient) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL")


def upload(client: FlaskClient, shed: Warehouse, text: str | bytes) -> TestResponse:
    content = text.encode() if isinstance(text, str) else text
    form: dict[str, Any] = {"file": (io.BytesIO(content), "counts.csv")}
    return client.post(f"/warehouses/{shed.id}/stock/file", data=form)


def store(client: FlaskClient, shed: Warehouse, page: str, **changes: str) -> TestResponse:
    found = dict(re.findall(r'name="(rows|mark|submission)" value="([^"]+)"', page))
    return client.post(f"/warehouses/{shed.id}/stock/counts", data={**found, **changes})


def held(shed: Warehouse) -> dict[str, int]:
    rows = db.session.execute(select(StockLevel.seller_sku, StockLevel.fulfillable))
    return {row[0]: row[1] for row in rows}


def test_says_what_would_change_and_then_stores_it_as_one_batch(
    client: FlaskClient, shed: Warehouse
) -> None:
    first, _, _ = (make_listing(seller_sku=sku) for sku in ("KT-1", "MG-2", "PL-3"))
    own_stock.count(shed.id, first.id, 7, reason="", user_id=None, cause="form")
    db.session.commit()

    looked = upload(client, shed, "sku,units,reason\nKT-1,5,Stocktake\nMG-2,12,\nPL-3,0,\n")
    before = held(shed)
    stored = store(client, shed, looked.text)

    text = re.sub(r"\s+", " ", looked.text)
    assert "2 SKUs would change, +10 units in all; 1 SKU unchanged." in text
    assert '<td class="n">7</td> <td class="n">5</td> <td class="p2">Stocktake</td>' in text
    assert before == {"KT-1": 7}
    assert (stored.status_code, held(shed)) == (303, {"KT-1": 5, "MG-2": 12})
    entries = db.session.scalars(select(StockEntry).where(StockEntry.cause == "file")).all()
    assert {one.reason for one in entries} == {"Stocktake", ""}
    assert len({one.batch for one in entries}) == 1
    assert "from a file" in client.get(f"/warehouses/{shed.id}/stock").text


def test_every_problem_is_told_by_row_and_nothing_is_stored(
    client: FlaskClient, shed: Warehouse
) -> None:
    harbour = make_connection(name="Harbour")
    for sku, channel in (("KT-1", "FBA"), ("MG-2", "FBA"), ("MG-2", "FBM")):
        make_listing(seller_sku=sku, connection_id=harbour.id, channel=channel)
    rows = [
        "sku,units,reason,connection,channel",
        "KT-1,5,,,",
        "NO,5,,,",
        ",5,,,",
        "KT-1,6,,,",
        "MG-2,1,,,",
        "MG-2,-1,,,FBM",
        "MG-2,1.5,,harbour,FBA",
        "KT-1,,,,",
        "KT-1,1,,Elsewhere,",
        f"KT-1,1,{'x' * 201},,",
        "MG-2,=1+1,,,FBA",
    ]

    answer = upload(client, shed, "\n".join(rows))

    cells = re.findall(
        r'<th scope="row">(\d+)</th>\s*<td>(\w*–?)</td>\s*<td class="bad">(.*?)</td>', answer.text
    )
    told = {(int(row), column): html.unescape(sentence) for row, column, sentence in cells}
    assert answer.status_code == 422
    assert told[3, "sku"] == "“NO” is no SKU that is known."
    assert told[4, "sku"] == "Is blank."
    assert told[5, "sku"] == "Is in row 2 already: keep one of them."
    assert "ay channel and connection (FBA, Harbour or FBM, Harbour)" in told[6, "sku"]
    assert told[7, "units"] == "“-1” is negative."
    assert told[8, "units"] == "“1.5” is no whole number of units."
    assert told[9, "units"] == "Is blank: 0 for none, or delete the row."
    assert told[10, "sku"] == "“KT-1” is not sold on this channel or connection."
    assert told[11, "reason"] == "Has more than 200 characters."
    assert "is a formula" in told[12, "units"]
    assert 'name="rows"' not in answer.text
    assert held(shed) == {}


def test_what_changed_since_it_was_looked_at_is_shown_once_more(
    client: FlaskClient, shed: Warehouse
) -> None:
    listing = make_listing(seller_sku="KT-1")
    looked = upload(client, shed, "sku,units\nKT-1,5\n")
    own_stock.count(shed.id, listing.id, 9, reason="", user_id=None, cause="form")
    db.session.commit()

    refused = store(client, shed, looked.text)
    stored = store(client, shed, refused.text)

    assert refused.status_code == 409
    assert "Stock was changed since" in refused.text
    assert '<td class="n">9</td>' in refused.text
    assert (stored.status_code, held(shed)) == (303, {"KT-1": 5})


@pytest.mark.parametrize(
    "rows", ["", "nonsense", "eJwDAAAAAAE=", "eJyrVspLzE1VslJKzs8rSc0rUaoFADqBBmE="]
)
def test_rows_that_are_none_of_ours_are_not_stored(
    client: FlaskClient, shed: Warehouse, rows: str
) -> None:
    answer = store(client, shed, "", rows=rows, mark="x")

    assert answer.status_code == 422
    assert "did not arrive whole" in answer.text


def test_of_several_listings_the_one_listed_here_is_meant(
    client: FlaskClient, shed: Warehouse
) -> None:
    here, other = make_listing(seller_sku="KT-1"), make_listing(seller_sku="KT-1", channel="FBM")
    own_stock.count(shed.id, here.id, 7, reason="", user_id=None, cause="form")
    db.session.commit()

    looked = upload(client, shed, "sku,units\nKT-1,5\n")
    both = upload(client, shed, "sku,units,channel\nKT-1,5,FBM\nKT-1,9,fba\n")
    store(client, shed, both.text)

    assert "1 SKU would change, −2 units" in re.sub(r"\s+", " ", looked.text)
    rows = db.session.execute(select(StockLevel.listing_id, StockLevel.fulfillable)).all()
    assert dict(map(tuple, rows)) == {here.id: 9, other.id: 5}


def test_a_file_that_is_no_table_is_refused(client: FlaskClient, shed: Warehouse) -> None:
    for content, said in ((b"", "The file is empty."), (b"a,b\n1,2\n", "Missing: “sku”, “units”")):
        answer = upload(client, shed, content)

        assert answer.status_code == 422
        assert said in answer.text
    assert client.post(f"/warehouses/{shed.id}/stock/file").status_code == 422


def test_too_many_rows_are_refused_whole(client: FlaskClient, shed: Warehouse) -> None:
    text = "sku,units\n" + "".join(f"S{number},1\n" for number in range(20_001))

    answer = upload(client, shed, text)

    assert "The file has 20001 rows; at most 20000 fit." in answer.text


def test_the_template_and_the_export_are_read_back(client: FlaskClient, shed: Warehouse) -> None:
    for sku in ("HK-KETTLE-1", "HK-MUG-2", "=SUM(A1)", "00123"):
        listing = make_listing(seller_sku=sku, connection_id=make_connection().id)
        own_stock.count(shed.id, listing.id, 3, reason="", user_id=None, cause="form")
    db.session.commit()
    path = f"/warehouses/{shed.id}/stock"

    template = client.get(f"{path}/template.csv").text
    export = upload(client, shed, client.get(f"{path}.csv").data)

    assert template.startswith("sku,units,reason,connection,channel\r\n")
    assert "4 SKUs unchanged" in export.text
