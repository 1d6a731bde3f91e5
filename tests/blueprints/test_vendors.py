"""Vendors: the list, a vendor's page, its items, and what keeps one from being deleted."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Change, Role, Vendor, VendorItem
from tests.factories import (
    LONG_AGO,
    make_listing,
    make_order,
    make_variant,
    make_vendor,
    saved,
)


def fields(**known: Any) -> dict[str, Any]:
    return {"name": "Anhui Hearth", "enabled": "y", "currency": "USD", **known}


def the_vendor() -> Vendor:
    return db.session.scalars(sa.select(Vendor)).one()


def test_it_works(client: FlaskClient) -> None:
    answer = client.post("/vendors/new", data=fields(lead_time_days="40", country="cn"))

    vendor = the_vendor()
    assert answer.location == f"/vendors/{vendor.id}"
    assert (vendor.name, vendor.lead_time_days, vendor.country) == ("Anhui Hearth", 40, "CN")
    page = client.get(answer.location).text
    assert "Anhui Hearth is added." in page
    assert "40 days" in page


def test_a_text_with_a_nul_is_kept_without_it(client: FlaskClient) -> None:
    answer = client.post("/vendors/new", data=fields(name="Anhui\x00 Hearth", notes="\x00"))

    assert answer.status_code == 303
    assert (the_vendor().name, the_vendor().notes) == ("Anhui Hearth", "")


def test_the_list_is_searched_and_a_file(client: FlaskClient) -> None:
    first = make_vendor(name="Anhui Hearth")
    make_vendor(name="Porto Canvas", disabled_at=LONG_AGO)
    make_order(vendor_id=first.id, units_outstanding=30, units_ignored=10)

    page = client.get("/vendors").text
    found = client.get("/vendors?q=anhui").text
    rows = list(csv.DictReader(io.StringIO(client.get("/vendors.csv?view=enabled").text)))

    assert "Anhui Hearth" in page
    assert "Porto Canvas" in page
    assert "Porto Canvas" not in found
    assert [(row["name"], row["open_orders"], row["outstanding"]) for row in rows] == [
        ("Anhui Hearth", "1", "20")
    ]
    assert "Vendors</a>" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give the vendor a name."),
        ("lead_time_days", "-1", "Enter whole days, from 0 to 365."),
        ("email", "nobody", "Enter an address such as"),
        ("country", "China", "two letters"),
        ("currency", "XXX", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, field: str, value: str, sentence: str) -> None:
    answer = client.post("/vendors/new", data=fields(**{field: value}))

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_name_that_is_taken_is_refused(client: FlaskClient) -> None:
    make_vendor(name="Anhui Hearth")

    assert "Another vendor has this name." in client.post("/vendors/new", data=fields()).text


def test_editing_is_logged_and_a_stale_form_shows_both(client: FlaskClient) -> None:
    vendor = make_vendor(name="Anhui Hearth")
    path = f"/vendors/{vendor.id}/edit"

    client.post(path, data=fields(payment_terms="30 days net", version="1"))
    stale = client.post(path, data=fields(payment_terms="60 days", version="1"))

    assert stale.status_code == 409
    assert "30 days net" in stale.text
    assert the_vendor().payment_terms == "30 days net"
    assert db.session.scalar(sa.select(Change.summary)) == "Vendor changed"


def test_a_disabled_vendor_is_no_longer_offered(client: FlaskClient) -> None:
    vendor = make_vendor(name="Anhui Hearth")

    client.post(f"/vendors/{vendor.id}/edit", data={"name": "Anhui Hearth", "currency": ""})

    assert the_vendor().disabled_at is not None
    assert "Anhui Hearth</option>" not in client.get("/purchase-orders/new").text


def test_a_vendor_that_orders_name_stays(client: FlaskClient) -> None:
    vendor = make_vendor(name="Anhui Hearth")
    make_order(vendor_id=vendor.id)

    answer = client.post(f"/vendors/{vendor.id}/delete")

    assert answer.status_code == 409
    assert "1 order names Anhui Hearth, so it stays. Disable it instead." in answer.text
    assert the_vendor()


def test_one_that_no_order_names_is_deleted_with_its_items(client: FlaskClient) -> None:
    vendor = make_vendor()
    variant = make_variant(make_listing())
    saved(VendorItem(vendor_id=vendor.id, variant_id=variant.id))

    client.post(f"/vendors/{vendor.id}/delete")

    assert db.session.scalar(sa.select(Vendor.id)) is None
    assert db.session.scalar(sa.select(VendorItem.vendor_id)) is None


def test_an_item_is_put_replaced_and_removed(client: FlaskClient) -> None:
    vendor = make_vendor()
    variant = make_variant(make_listing(seller_sku="HK-1"))
    path = f"/vendors/{vendor.id}/items"

    client.post(path, data={"sku": "HK-1", "unit_cost": "4.20", "units_per_case": "12"})
    client.post(path, data={"sku": "HK-1", "unit_cost": "4.50", "minimum_units": "24"})
    item = db.session.scalars(sa.select(VendorItem)).one()
    assert (item.unit_cost, item.units_per_case, item.minimum_units) == (Decimal("4.5"), None, 24)
    assert "4.50" in client.get(f"/vendors/{vendor.id}").text

    client.post(f"{path}/{variant.id}/delete")
    assert db.session.scalar(sa.select(VendorItem.vendor_id)) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"sku": "GONE"}, "No variant has this SKU."),
        ({"sku": ""}, "Enter a SKU of yours."),
        ({"sku": "HK-1", "unit_cost": "-1"}, "is negative"),
        ({"sku": "HK-1", "units_per_case": "0"}, "Enter whole units"),
        ({"sku": "HK-1", "minimum_units": "1.5"}, "Enter whole units"),
    ],
)
def test_an_item_at_fault_is_told(client: FlaskClient, data: dict[str, str], sentence: str) -> None:
    vendor = make_vendor()
    make_variant(make_listing(seller_sku="HK-1"))

    answer = client.post(f"/vendors/{vendor.id}/items", data=data)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_viewers_look_only(sign_in: Callable[..., FlaskClient]) -> None:
    vendor, viewer = make_vendor(), sign_in(Role.VIEWER)

    assert "Delete vendor" not in viewer.get(f"/vendors/{vendor.id}").text
    assert viewer.post("/vendors/new", data=fields(name="New")).status_code == 403
    assert viewer.post(f"/vendors/{vendor.id}/delete").status_code == 403
