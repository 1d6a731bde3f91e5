"""/views: lists as a person likes to see them"""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Role, SavedView, StockLevel
from tests.factories import (
    LONG_AGO,
    make_listing,
    make_order,
    make_shipment,
    make_variant,
    make_warehouse,
    saved,
)

FORM = {"page": "/shipments", "name": "  Late   ones ", "query": "view=overdue&sort=-expected"}


def test_a_view_is_saved_and_stands_above_the_list(client: FlaskClient) -> None:
    answer = client.post("/views", data=FORM)
    page = client.get(answer.location).text

    assert answer.location == "/shipments?view=overdue&sort=-expected"
    assert 'href="/shipments?view=overdue&amp;sort=-expected"' in page
    link = re.search(r'<a class="btn is-on"[^>]*aria-current="page">Late ones</a>', page)
    assert link
    assert "Late ones" not in client.get("/purchase-orders").text


def test_the_same_name_replaces(client: FlaskClient) -> None:
    client.post("/views", data=FORM)
    client.post("/views", data={**FORM, "query": "view=short"})

    assert db.session.scalars(sa.select(SavedView.query)).all() == ["view=short"]


def test_a_view_is_deleted_by_its_owner_alone(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    client.post("/views", data=FORM)
    view_id = db.session.scalars(sa.select(SavedView.id)).one()
    other = sign_in(Role.OWNER)

    assert "Late ones" not in other.get("/shipments").text
    assert other.post(f"/views/{view_id}/delete").status_code == 404
    assert client.post(f"/views/{view_id}/delete").status_code == 303
    assert db.session.scalars(sa.select(SavedView)).all() == []


def test_a_viewer_has_views_of_their_own(sign_in: Callable[..., FlaskClient]) -> None:
    viewer = sign_in(Role.VIEWER)

    viewer.post("/views", data=FORM)

    assert "Late ones" in viewer.get("/shipments").text


@pytest.mark.parametrize("page", ["", "/nowhere", "https://example.com", "//example.com", "/1"])
def test_only_lists_have_views(client: FlaskClient, page: str) -> None:
    assert client.post("/views", data={**FORM, "page": page}).status_code == 400


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "  "}, "Give the view a name."),
        ({"query": "q=" + "x" * 1100}, "too long"),
    ],
)
def test_what_cannot_be_saved_is_told(
    client: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = client.post("/views", data={**FORM, **fields})

    assert said in client.get("/shipments").text
    assert answer.status_code == 303
    assert db.session.scalars(sa.select(SavedView)).all() == []


def test_there_is_an_end_to_views(client: FlaskClient) -> None:
    for number in range(20):
        client.post("/views", data={**FORM, "name": f"View {number}"})
    client.post("/views", data={**FORM, "name": "One more"})

    assert "Delete one first." in client.get("/shipments").text
    assert len(db.session.scalars(sa.select(SavedView)).all()) == 20


def test_columns_are_chosen_in_the_address(client: FlaskClient) -> None:
    make_shipment()
    make_order()

    chosen = client.get("/shipments?cols=status&cols=expected,nonsense").text
    orders = client.get("/purchase-orders?cols=vendor").text

    assert 'class="table no-3 no-4 no-6 no-7 no-8 no-9"' in chosen
    assert 'value="status" checked' in chosen
    assert 'value="mode">' in chosen
    assert 'name="cols" value="status,expected,nonsense"' in chosen  # the filters keep them
    assert 'class="table no-3 no-5 no-6' in orders  # ticks come first
    assert 'class="table "' in client.get("/shipments?cols=nonsense").text


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("/listings?cols=title,stock", "no-3 no-4 no-5 no-7 no-8"),
        ("/variants?cols=listings", "no-2"),
        ("/stock?cols=stock,inbound", "no-2 no-4 no-5 no-6 no-7 no-8 no-9 no-10"),
    ],
)
def test_lists_of_goods_hide_columns_too(client: FlaskClient, address: str, hidden: str) -> None:
    listing, place = make_listing(), make_warehouse()
    make_variant(listing)
    saved(
        StockLevel(
            listing_id=listing.id,
            warehouse_id=place.id,
            seller_sku=listing.seller_sku,
            changed_at=LONG_AGO,
        )
    )

    table = re.search(r'<table class="([^"]*)"', client.get(address).text)

    assert table
    assert table[1].removeprefix("table ").removeprefix("is-dense ") == hidden


def test_a_saved_view_keeps_its_columns(client: FlaskClient) -> None:
    page = client.get("/shipments?view=all&cols=status").text

    assert 'name="query" value="view=all&amp;cols=status"' in page
