"""/settings/warehouses/<id>"""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import Account, Change, OrderType, Role, Warehouse, WarehouseKind
from tests.factories import LONG_AGO, make_connection, make_warehouse


def at(warehouse: Warehouse) -> str:
    return f"/settings/warehouses/{warehouse.id}"


def fields(warehouse: Warehouse, **changed: str) -> dict[str, str]:
    """What the form sends untouched: switches on."""
    names = ("lead_time_days", "days_of_stock", "pickup_delay_days", "default_source_id")
    defaults = dict.fromkeys(names, "") | {
        "version": str(warehouse.version),
        "name": warehouse.name,
        "country": warehouse.country,
        "enabled": "y",
        "sync_inbound": "y",
        "order_type": "",
    }
    return {**defaults, **changed}


def own(**values: object) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, **values)


@pytest.mark.parametrize(
    "label",
    [
        "Sync inbound shipments for this country",
        "Inbound shipment order type",
        "Default source warehouse",
        "Enabled",
        "Lead time",
        "Days of stock",
    ],
)
def test_labels_are_those_of_the_contract(client: FlaskClient, label: str) -> None:
    page = client.get(at(make_warehouse())).text

    assert re.search(rf'<label class="form-label" for="\w+">{label}</label>', page)


@pytest.mark.parametrize(
    ("order_type", "first"),
    [(None, "Inherit (Purchase order)"), (OrderType.TRANSFER, "Inherit (Transfer order)")],
)
def test_the_first_option_says_what_is_inherited(
    client: FlaskClient, order_type: OrderType | None, first: str
) -> None:
    connection = make_connection(order_type=order_type)

    page = client.get(at(make_warehouse(connection_id=connection.id))).text

    assert re.search(
        rf'name="order_type"[^>]*>\s*<option[^>]*value=""[^>]*>{re.escape(first)}', page
    )


def test_shows_what_is_in_force_and_from_which_level(client: FlaskClient) -> None:
    account = db.session.get_one(Account, 1)
    account.lead_time_days = 21
    db.session.commit()
    connection = make_connection(pickup_delay_days=19)

    page = client.get(at(make_warehouse(connection_id=connection.id, days_of_stock=45))).text

    assert "In force: <b>21 days</b>, from the stock-order settings" in page
    assert "In force: <b>19 days</b>, from the connection" in page
    assert "In force: <b>45 days</b>, set here" in page
    assert "Left blank it would be 30 days, built-in default." in page


def test_saves_its_own_and_leaves_the_connection_alone(client: FlaskClient) -> None:
    connection, source = make_connection(pickup_delay_days=19), own(name="Rotterdam 3PL")
    warehouse = make_warehouse(connection_id=connection.id)
    sent = fields(
        warehouse,
        lead_time_days="9",
        pickup_delay_days="3",
        order_type="transfer",
        default_source_id=str(source.id),
        sync_inbound="",
        city="Ontario",
    )

    answer = client.post(at(warehouse), data=sent)

    assert (answer.status_code, answer.location) == (303, at(warehouse))
    assert (warehouse.lead_time_days, warehouse.pickup_delay_days) == (9, 3)
    assert (warehouse.order_type, warehouse.sync_inbound) == ("transfer", False)
    assert (warehouse.city, connection.pickup_delay_days) == ("Ontario", 19)
    change = db.session.scalars(select(Change)).one()
    assert change.fields["lead_time_days"] == [None, 9]
    assert "Lead time: inherited → <b>9</b>" in client.get(at(warehouse)).text


def test_saving_untouched_pins_nothing_and_logs_nothing(client: FlaskClient) -> None:
    warehouse = make_warehouse()

    client.post(at(warehouse), data=fields(warehouse))

    assert (warehouse.sync_inbound, warehouse.order_type) == (None, None)
    assert db.session.scalars(select(Change)).all() == []


def test_what_is_typed_is_kept_even_when_it_equals_the_default(client: FlaskClient) -> None:
    warehouse = make_warehouse()

    client.post(at(warehouse), data=fields(warehouse, lead_time_days="14"))

    assert warehouse.lead_time_days == 14


def test_a_transfer_needs_a_source_of_its_own_or_of_the_connection(client: FlaskClient) -> None:
    bare = make_warehouse()
    connection = make_connection(default_source_id=own().id)
    covered = make_warehouse(connection_id=connection.id)

    refused = client.post(at(bare), data=fields(bare, order_type="transfer"))
    saved = client.post(at(covered), data=fields(covered, order_type="transfer"))

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert "Choose where the transfers come from." in refused.text


def test_a_disabled_source_is_named_and_not_offered(client: FlaskClient) -> None:
    gone = own(name="Prep Centre Reno", disabled_at=LONG_AGO)
    warehouse = make_warehouse(order_type=OrderType.TRANSFER, default_source_id=gone.id)

    page = client.get(at(warehouse)).text

    assert "Prep Centre Reno is disabled, so shipments become purchase orders" in page
    assert f'<option value="{gone.id}"' not in page


def test_an_fba_warehouse_is_no_source(client: FlaskClient) -> None:
    warehouse, other = make_warehouse(), make_warehouse()

    sent = fields(warehouse, order_type="transfer", default_source_id=str(other.id))
    answer = client.post(at(warehouse), data=sent)

    assert answer.status_code == 422
    assert warehouse.default_source_id is None


def test_fbm_has_no_inbound_settings(client: FlaskClient) -> None:
    fbm = make_warehouse(kind=WarehouseKind.FBM, marketplace_id=None)

    page = client.get(at(fbm)).text
    client.post(at(fbm), data=fields(fbm, order_type="transfer", lead_time_days="3"))

    assert "Sync inbound shipments" not in page
    assert (fbm.order_type, fbm.lead_time_days) == (None, 3)


def test_switching_off_and_on_keeps_the_warehouse(client: FlaskClient) -> None:
    warehouse = make_warehouse()

    client.post(at(warehouse), data=fields(warehouse, enabled=""))
    disabled = warehouse.disabled_at
    client.post(at(warehouse), data=fields(warehouse))

    assert disabled is not None
    assert warehouse.disabled_at is None
    told = db.session.scalars(select(Change).order_by(Change.id)).all()
    assert [one.fields for one in told] == [{"enabled": [True, False]}, {"enabled": [False, True]}]


def test_one_taking_no_part_says_why_it_is_off(client: FlaskClient) -> None:
    page = client.get(at(make_warehouse(taking_part=False))).text

    assert "In force: <b>off</b>, because this account does not sell there" in page


def test_renames(client: FlaskClient) -> None:
    warehouse = make_warehouse()

    client.post(at(warehouse), data=fields(warehouse, name="California"))

    assert warehouse.name == "California"


def test_refuses_a_taken_name_and_keeps_what_was_typed(client: FlaskClient) -> None:
    make_warehouse(name="Taken")
    warehouse = make_warehouse(name="Mine")

    answer = client.post(at(warehouse), data=fields(warehouse, name="Taken", lead_time_days="9"))

    assert answer.status_code == 422
    assert "Another warehouse has this name" in answer.text
    assert 'value="9"' in answer.text
    assert (warehouse.name, warehouse.lead_time_days) == ("Mine", None)


@pytest.mark.parametrize("field", ["lead_time_days", "days_of_stock", "pickup_delay_days"])
def test_refuses_negative_days(client: FlaskClient, field: str) -> None:
    warehouse = make_warehouse()

    answer = client.post(at(warehouse), data=fields(warehouse, **{field: "-1"}))

    assert answer.status_code == 422
    assert "Enter whole days, from 0 to 365." in answer.text
    assert getattr(warehouse, field) is None


def test_a_stale_form_is_refused_and_shows_both_versions(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    old = fields(warehouse, lead_time_days="30", order_type="purchase")
    client.post(at(warehouse), data=fields(warehouse, lead_time_days="9"))

    answer = client.post(at(warehouse), data=old)

    assert answer.status_code == 409
    assert re.search(r"<td>9</td>\s*<td>30</td>", answer.text)
    assert "<td>Purchase order</td>" in answer.text
    assert warehouse.lead_time_days == 9


def test_planners_save_and_viewers_read(sign_in: Callable[..., FlaskClient]) -> None:
    warehouse = make_warehouse(lead_time_days=9)
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    page = viewer.get(at(warehouse))

    assert page.status_code == 200
    told, first_field = (page.text.index(one) for one in ("Only a planner or", 'class="field'))
    assert told < first_field
    assert "/consequences" not in page.text
    assert "Reset to inherited" not in page.text
    assert ">Save</button>" not in page.text
    assert viewer.post(at(warehouse), data=fields(warehouse)).status_code == 403
    assert planner.post(at(warehouse), data=fields(warehouse)).status_code == 303


def test_a_source_above_is_named_where_a_blank_would_inherit_it(client: FlaskClient) -> None:
    connection = make_connection(
        order_type=OrderType.TRANSFER, default_source_id=own(name="Reno").id
    )
    warehouse = make_warehouse(connection=connection, default_source_id=own(name="Dallas").id)

    page = client.get(at(warehouse)).text

    assert "Left blank it would be Reno, from the connection." in page


def test_a_disabled_source_is_told_and_named_in_the_refusal(client: FlaskClient) -> None:
    reno = own(name="Reno", disabled_at=LONG_AGO)
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=reno.id)
    warehouse = make_warehouse(connection=connection)

    page = client.get(at(warehouse)).text
    refused = client.post(at(warehouse), data=fields(warehouse, lead_time_days="9"))

    assert "<b>Reno (disabled)</b>, from the connection" in page
    assert "Reno is disabled, so shipments become purchase orders" in page
    assert "Reno is not offered because it is disabled." in refused.text


def test_a_disabled_source_says_nothing_where_purchase_orders_are_made(
    client: FlaskClient,
) -> None:
    reno = own(name="Reno", disabled_at=LONG_AGO)
    warehouse = make_warehouse(order_type=OrderType.PURCHASE, default_source_id=reno.id)

    assert "so shipments become" not in client.get(at(warehouse)).text


@pytest.mark.parametrize(
    ("disabled_at", "words"),
    [(None, "<b>on</b>, built-in default"), (LONG_AGO, "<b>off</b>, set here")],
)
def test_enabled_says_where_it_comes_from(
    client: FlaskClient, disabled_at: datetime | None, words: str
) -> None:
    page = client.get(at(make_warehouse(disabled_at=disabled_at))).text

    assert re.search(rf'id="enabled-f">\s*In force: {words}', page)
