"""How consequences are shown: lists, pages without script, invalid and stale forms, rights."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from inventory.models import (
    Role,
)
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_warehouse,
)
from tests.queries import counted
from tests.settings_forms import CA, at, ordered, own, shipment, told, typed


@pytest.mark.parametrize(
    ("kind", "row"),
    [("existing", "purchase order"), ("future", "a purchase order")],
)
def test_the_list_behind_a_figure_is_one_click_away(
    client: FlaskClient, kind: str, row: str
) -> None:
    warehouse, source = make_warehouse(), own(name="Prep Centre")
    shipment(warehouse, status="WORKING", amazon_status="WORKING")
    order = ordered(warehouse)
    connection = warehouse.connection
    assert connection is not None
    sent = typed(connection, order_type="transfer", default_source_id=source.id)
    page = client.get(f"{at(connection)}/consequences", query_string=sent).text

    address = re.search(rf'href="([^"]*/consequences/{kind}\?[^"]*)"', page)
    assert address is not None
    listed = client.get(address.group(1).replace("&amp;", "&")).text

    assert f"<td>{row}</td>" in listed
    assert "from Prep Centre</td>" in listed
    assert (f"/purchase-orders/{order.id}" in listed) == (kind == "existing")
    back = re.search(r'href="([^"]*/consequences\?[^"]*)"', listed)
    assert back is not None
    again = client.get(back.group(1).replace("&amp;", "&")).text
    assert re.search(r'<option[^>]*data-source="needed"[^>]*selected', again) or re.search(
        r'<option[^>]*selected[^>]*data-source="needed"', again
    )


def test_an_unknown_list_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{at(make_connection())}/consequences/secrets").status_code == 404


def test_without_script_the_same_page_shows_it(client: FlaskClient) -> None:
    connection = make_connection()

    asked = client.post(
        f"{at(connection)}/consequences",
        data={**typed(connection, pickup_delay_days="19"), "csrf_token": "secret"},
    )
    page = client.get(asked.location).text

    assert asked.status_code == 303
    assert "secret" not in asked.location
    assert 'value="19"' in page
    assert "Saving changes nothing about shipments" in page
    assert connection.pickup_delay_days is None


def test_an_invalid_field_is_named_and_the_others_are_counted(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    shipment(warehouse)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, pickup_delay_days="-3", primary_marketplace_id=CA)

    assert "cannot be saved so: Estimated pick-up delay." in text
    assert "Amounts are shown in CAD" in text


def test_a_stale_form_is_told_so_while_it_is_edited(client: FlaskClient) -> None:
    connection = make_connection()

    text = told(client, connection, version=99, pickup_delay_days="3")

    assert "Somebody saved this meanwhile" in text


def test_a_fragment_asks_a_handful_of_statements(client: FlaskClient) -> None:
    warehouse, source = make_warehouse(), own()
    connection = warehouse.connection
    assert connection is not None
    sent = {"order_type": "transfer", "default_source_id": source.id, "pickup_delay_days": "3"}

    def ask() -> int:
        with counted() as statements:
            told(client, connection, sync_fees="y", import_early="y", **sent)
        return len(statements)

    few = ask()
    for _ in range(15):
        ordered(warehouse, mode="FREIGHT_LTL", pickup_at=LONG_AGO, expected_on=date(2026, 1, 9))
        shipment(warehouse, status="WORKING", amazon_status="WORKING", mode="FREIGHT_LTL")

    assert ask() <= few + 5


@pytest.mark.parametrize("path", ["consequences", "consequences/dates", "history/1"])
def test_the_figures_are_for_those_who_may_save(
    sign_in: Callable[..., FlaskClient], path: str
) -> None:
    connection, warehouse = make_connection(), make_warehouse()
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    assert viewer.get(f"{at(warehouse)}/{path}").status_code == 403
    assert planner.get(f"{at(warehouse)}/{path}").status_code in (200, 404)
    assert planner.get(f"{at(connection)}/{path}").status_code == 403
