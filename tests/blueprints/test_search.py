"""GET /search"""

import pytest
from flask.testing import FlaskClient

from tests.factories import link, make_listing, make_order, make_shipment

ODD = "AP/LN 50%+#1,B"


def test_the_bar_searches_everywhere(client: FlaskClient) -> None:
    page = client.get("/search").text

    assert 'aria-label="Search everywhere"' in page
    assert 'placeholder="FBA id, SKU or order  ( / )"' in page
    assert "What are you looking for?" in page


@pytest.mark.parametrize("text", [ODD, ODD.lower(), "B0SOLE", "x00sole"])
def test_an_id_of_one_listing_leads_straight_to_it(client: FlaskClient, text: str) -> None:
    listing = make_listing(seller_sku=ODD, asin="B0SOLE", fnsku="X00SOLE")
    make_listing(seller_sku=ODD + "2")

    answer = client.get("/search", query_string={"q": f" {text} "})

    assert (answer.status_code, answer.location) == (303, f"/listings/{listing.id}")


def test_an_fba_id_leads_to_its_order_and_without_one_to_the_shipment(client: FlaskClient) -> None:
    first, second = (make_shipment(amazon_shipment_id=name) for name in ("FBA1", "FBA2"))
    order = make_order(reference="FBA1")
    link(order, first)

    assert client.get("/search?q=fba1").location == f"/purchase-orders/{order.id}"
    assert client.get("/search?q=FBA2").location == f"/shipments/{second.id}"


def test_what_names_several_things_is_listed_by_kind(client: FlaskClient) -> None:
    make_listing(seller_sku="FBA1-X")
    make_order(reference="FBA1")
    make_order(reference="FBA1")
    make_shipment(amazon_shipment_id="FBA19")
    make_listing(seller_sku="no", title="FBA1 in a title")
    make_listing(seller_sku="never", title="not FBA1 first")

    page = client.get("/search?q=FBA1").text

    for heading in ("Orders</h2>", "Inbound shipments</h2>", "Listings</h2>"):
        assert heading in page
    assert "FBA1 in a title" in page
    assert "not FBA1 first" not in page


def test_many_hits_lead_to_the_list(client: FlaskClient) -> None:
    for number in range(12):
        make_order(reference=f"PO-{number:02}")

    page = client.get("/search?q=PO-").text

    assert page.count("<tr>") == 1 + 10
    assert 'href="/purchase-orders?view=all&amp;q=PO-"' in page


@pytest.mark.parametrize("text", ["%", "<script>alert(1)</script>", "\x00", "'; drop table", "_"])
def test_nothing_found_says_so(client: FlaskClient, text: str) -> None:
    make_listing()

    answer = client.get("/search", query_string={"q": text})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<tbody>" not in answer.text
