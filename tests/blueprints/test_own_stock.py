"""/warehouses/<id>/stock: the list, the form that counts, the file it gives"""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import Role, StockEntry, StockLevel, Warehouse, WarehouseKind
from inventory.services import own_stock
from tests.factories import make_connection, make_listing, make_warehouse
from tests.queries import counted


@pytest.fixture
def shed(client: FlaskClient) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL")


def count(shed: Warehouse, sku: str, units: int, **fields: object) -> int:
    listing = make_listing(seller_sku=sku, **fields)
    own_stock.count(shed.id, listing.id, units, reason="Stocktake", user_id=None, cause="form")
    db.session.commit()
    return listing.id


def held(shed: Warehouse) -> dict[str, int]:
    rows = db.session.execute(
        select(StockLevel.seller_sku, StockLevel.fulfillable).where(
            StockLevel.warehouse_id == shed.id
        )
    )
    return {row[0]: row[1] for row in rows}


def save(client: FlaskClient, shed: Warehouse, **fields: object) -> tuple[int, str]:
    form = {"sku": "KT-1", "act": "set", "units": "5", "reason": "", **fields}
    answer = client.post(f"/warehouses/{shed.id}/stock", data=form)
    return answer.status_code, html.unescape(answer.text)


def test_shows_what_is_held_and_who_changed_it_why(client: FlaskClient, shed: Warehouse) -> None:
    count(shed, "KT-1", 40, title="Kettle")

    page = client.get(f"/warehouses/{shed.id}/stock").text

    assert "Stock of Shed" in page
    assert '<td class="n">40</td>' in page
    assert "Kettle" in page
    assert "Stocktake<small>by hand</small>" in page
    assert "Undo the last change" in page


def test_a_count_is_stored_with_its_person_and_reason(client: FlaskClient, shed: Warehouse) -> None:
    make_listing(seller_sku="KT-1")

    status, _ = save(client, shed, units="5", reason="Stocktake")
    page = client.get(f"/warehouses/{shed.id}/stock").text

    entry = db.session.scalars(select(StockEntry)).one()
    assert (status, held(shed)) == (303, {"KT-1": 5})
    assert (entry.reason, entry.cause, entry.user_id is None) == ("Stocktake", "form", False)
    assert "KT-1: 0 → 5 units." in page


def test_adds_and_takes_out(client: FlaskClient, shed: Warehouse) -> None:
    count(shed, "KT-1", 40)

    save(client, shed, act="add", units="5")
    save(client, shed, act="take", units="10", reason="Broken")

    assert held(shed) == {"KT-1": 35}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sku": ""}, "Enter a SKU."),
        ({"sku": "NO"}, "No listing has this SKU."),
        ({"sku": "NO", "units": "-1"}, "No listing has this SKU."),
        ({"units": ""}, "Enter the units"),
        ({"units": "-1"}, "“-1” is negative."),
        ({"units": "1.5"}, "no whole number"),
        ({"units": "٣"}, "no number"),
        ({"units": "99999999999"}, "is more than"),
        ({"act": "add", "units": "0"}, "is less than 1"),
        ({"act": "take", "units": "1"}, "Say why they are taken out"),
        ({"act": "take", "units": "41", "reason": "Lost"}, "Only 40 units are there."),
        ({"act": "burn"}, "Not a valid choice"),
        ({"reason": "x" * 201}, "At most 200 characters."),
    ],
)
def test_refuses_with_a_sentence_and_keeps_what_was_typed(
    client: FlaskClient, shed: Warehouse, fields: dict[str, str], said: str
) -> None:
    count(shed, "KT-1", 40)

    status, page = save(client, shed, **fields)

    assert status == 422
    assert said in page
    assert f'value="{fields.get("units", "5")}"' in page
    assert held(shed) == {"KT-1": 40}


def test_a_sku_of_several_listings_is_asked_back(client: FlaskClient, shed: Warehouse) -> None:
    harbour = make_connection(name="Harbour")
    make_listing(seller_sku="KT-1", connection_id=harbour.id, channel="FBA")
    make_listing(seller_sku="KT-1", connection_id=harbour.id, channel="FBM")

    asked = save(client, shed)
    offered = client.get(f"/warehouses/{shed.id}/stock/skus?sku=kt").text
    status, _ = save(client, shed, sku="KT-1 (FBM, Harbour)")

    assert asked[0] == 422
    assert "Enter “KT-1 (FBA, Harbour)” or “KT-1 (FBM, Harbour)”." in asked[1]
    assert 'value="KT-1 (FBM, Harbour)"' in offered
    assert (status, held(shed)) == (303, {"KT-1": 5})


def test_of_several_listings_the_one_listed_here_is_meant(
    client: FlaskClient, shed: Warehouse
) -> None:
    count(shed, "KT-1", 40)
    make_listing(seller_sku="KT-1")

    status, _ = save(client, shed, units="5")

    assert (status, held(shed)) == (303, {"KT-1": 5})


def test_offers_skus_by_code_and_title(client: FlaskClient, shed: Warehouse) -> None:
    make_listing(seller_sku="KT-1", title="Copper kettle")

    for text in ("kt", "copper"):
        assert 'value="KT-1"' in client.get(f"/warehouses/{shed.id}/stock/skus?sku={text}").text
    assert "option" not in client.get(f"/warehouses/{shed.id}/stock/skus?sku=").text


def test_a_form_sent_twice_counts_once(client: FlaskClient, shed: Warehouse) -> None:
    count(shed, "KT-1", 40)

    for _ in range(2):
        save(client, shed, act="add", units="5", submission="abc")

    assert held(shed) == {"KT-1": 45}


def test_the_last_change_is_undone_unless_something_came_since(
    client: FlaskClient, shed: Warehouse
) -> None:
    count(shed, "KT-1", 40)
    save(client, shed, units="5")
    page = client.get(f"/warehouses/{shed.id}/stock").text
    batch = re.search(r'name="batch" value="([^"]+)"', page)
    assert batch

    undone = client.post(f"/warehouses/{shed.id}/stock/undo", data={"batch": batch[1]})
    again = client.post(f"/warehouses/{shed.id}/stock/undo", data={"batch": batch[1]})

    assert (undone.status_code, held(shed)) == (303, {"KT-1": 40})
    assert again.location.endswith("/ledger")
    assert "Something was changed since" in client.get(again.location).text


def test_the_file_can_be_counted_anew(client: FlaskClient, shed: Warehouse) -> None:
    count(shed, "KT-1", 40, connection_id=make_connection(name="Harbour").id)

    text = client.get(f"/warehouses/{shed.id}/stock.csv", buffered=True).text
    row = next(csv.DictReader(io.StringIO(text)))

    assert list(row)[:5] == ["sku", "units", "reason", "connection", "channel"]
    assert [row[name] for name in ("sku", "units", "reason", "connection", "channel")] == [
        "KT-1", "40", "", "Harbour", "FBA",
    ]  # fmt: skip
    assert row["last_reason"] == "Stocktake"


def test_narrows_sorts_and_leads_on_in_few_statements(client: FlaskClient, shed: Warehouse) -> None:
    for number in range(55):
        count(shed, f"S{number:02}", number + 1)
    path = f"/warehouses/{shed.id}/stock"

    with counted() as statements:
        page = client.get(f"{path}?sort=-units").text
    on = re.search(r'rel="next"\s+href="([^"]+)"', page)

    assert len(statements) <= 8, statements
    assert on
    assert client.get(html.unescape(on[1])).text.count('<th scope="row"><a') == 5
    assert client.get(f"{path}?q=s07").text.count('<th scope="row"><a') == 1
    assert ">1540</td>" in client.get(f"{path}/totals").text


def test_is_reached_from_the_warehouses_and_their_settings(
    client: FlaskClient, shed: Warehouse
) -> None:
    link = f'href="/warehouses/{shed.id}/stock"'

    assert link in client.get("/settings/connections").text
    assert link in client.get(f"/settings/warehouses/{shed.id}").text


def test_other_warehouses_have_no_such_page(client: FlaskClient) -> None:
    amazon = make_warehouse()

    assert client.get(f"/warehouses/{amazon.id}/stock").status_code == 404
    assert client.get("/warehouses/999/stock").status_code == 404


def test_a_viewer_looks_and_a_planner_counts(
    sign_in: Callable[..., FlaskClient], shed: Warehouse
) -> None:
    count(shed, "KT-1", 40)
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    page = viewer.get(f"/warehouses/{shed.id}/stock").text

    assert "Count a SKU" not in page
    assert "Undo the last" not in page
    assert save(viewer, shed)[0] == 403
    assert save(planner, shed)[0] == 303
