"""/settings/connections/<id>"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import Change, Connection, OrderType, Role, Warehouse, WarehouseKind
from tests.factories import (
    LONG_AGO,
    link,
    make_connection,
    make_order,
    make_shipment,
    make_warehouse,
)

CA, DE = "A2EUQ1WTGCTBG2", "A1PA6795UKMFR9"
FEES = "Sync shipping/handling for shipments processed by Amazon-partnered carriers"


def at(connection: Connection) -> str:
    return f"/settings/connections/{connection.id}"


def fields(connection: Connection, **changed: str) -> dict[str, str]:
    defaults = {
        "version": str(connection.version),
        "primary_marketplace_id": connection.primary_marketplace_id,
        "pickup_delay_days": "",
        "order_type": "auto",
        "default_source_id": "",
    }
    return {**defaults, **changed}


def entries(connection: Connection) -> list[Change]:
    found = select(Change).where(
        Change.subject_kind == "connection", Change.subject_id == connection.id
    )
    return list(db.session.scalars(found.order_by(Change.id)))


def own(**values: object) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, **values)


@pytest.mark.parametrize(
    "label",
    [
        "Primary marketplace",
        FEES,
        "Estimated pick-up delay",
        "Inbound shipment order type",
        "Default source warehouse",
    ],
)
def test_labels_are_those_of_the_contract(client: FlaskClient, label: str) -> None:
    page = client.get(at(make_connection())).text

    assert re.search(rf'<label class="form-label" for="\w+">{label}</label>', page)


def test_each_setting_shows_what_is_in_force_and_who_says_so(client: FlaskClient) -> None:
    page = client.get(at(make_connection(pickup_delay_days=19, sync_fees=True))).text

    assert "In force: <b>19 days</b>, set here" in page
    assert "In force: <b>on</b>, set here" in page
    assert "In force: <b>Auto = purchase order</b>, built-in default" in page
    assert "Left blank it would be 14 days, built-in default." in page


def test_saves_as_one_entry_with_old_and_new(client: FlaskClient) -> None:
    connection, source = make_connection(), own(name="Rotterdam 3PL")
    sent = fields(
        connection,
        pickup_delay_days="19",
        order_type="transfer",
        default_source_id=str(source.id),
        sync_fees="y",
    )

    answer = client.post(at(connection), data=sent)

    assert (answer.status_code, answer.location) == (303, at(connection))
    assert (connection.pickup_delay_days, connection.sync_fees) == (19, True)
    assert (connection.order_type, connection.default_source_id) == ("transfer", source.id)
    assert [set(one.fields) for one in entries(connection)] == [
        {"pickup_delay_days", "order_type", "default_source_id", "sync_fees"}
    ]
    page = client.get(at(connection)).text
    assert "Default source warehouse: none → <b>Rotterdam 3PL</b>" in page
    assert "Estimated pick-up delay: default (14) → <b>19</b>" in page


def test_saving_untouched_pins_nothing_and_logs_nothing(client: FlaskClient) -> None:
    connection = make_connection()

    client.post(at(connection), data=fields(connection))

    assert (connection.order_type, connection.sync_fees, connection.import_early) == (None,) * 3
    assert entries(connection) == []


def test_a_switch_set_on_can_be_set_off_again(client: FlaskClient) -> None:
    connection = make_connection(sync_fees=True)

    client.post(at(connection), data=fields(connection))

    assert connection.sync_fees is False


def test_zero_is_a_value_and_blank_inherits_again(client: FlaskClient) -> None:
    connection = make_connection(pickup_delay_days=5)

    client.post(at(connection), data=fields(connection, pickup_delay_days="0"))
    zero = connection.pickup_delay_days
    client.post(at(connection), data=fields(connection, pickup_delay_days=""))

    assert (zero, connection.pickup_delay_days) == (0, None)


@pytest.mark.parametrize("value", ["-1", "366", "soon", "1.5", "+7", "１４", "١٤", "²", "9" * 30])
def test_refuses_days_that_are_none_and_keeps_what_was_typed(
    client: FlaskClient, value: str
) -> None:
    connection = make_connection()

    sent = fields(connection, pickup_delay_days=value, import_early="y")
    answer = client.post(at(connection), data=sent)

    assert answer.status_code == 422
    assert "Enter whole days, from 0 to 365." in answer.text
    assert f'value="{value}"' in answer.text
    assert "Changed, not saved." in answer.text
    assert connection.import_early is None


def test_a_source_disabled_meanwhile_is_refused_by_its_name(client: FlaskClient) -> None:
    connection, gone = make_connection(), own(name="Prep Centre Reno", disabled_at=LONG_AGO)

    sent = fields(connection, order_type="transfer", default_source_id=str(gone.id))
    answer = client.post(at(connection), data=sent)

    assert answer.status_code == 422
    assert "Prep Centre Reno is not offered because it is disabled. Choose" in answer.text
    assert answer.text.count("Prep Centre Reno is not offered") == 1


def test_another_connection_s_warehouse_is_refused_by_its_name(client: FlaskClient) -> None:
    connection, other = make_connection(), make_connection()
    theirs = make_warehouse(
        kind=WarehouseKind.FBM, connection_id=other.id, name="Other FBM", marketplace_id=None
    )

    sent = fields(connection, order_type="transfer", default_source_id=str(theirs.id))
    answer = client.post(at(connection), data=sent)

    assert answer.status_code == 422
    assert "Other FBM belongs to another connection." in answer.text


def test_a_field_sent_twice_with_different_values_is_refused(client: FlaskClient) -> None:
    connection = make_connection()
    sent = {**fields(connection), "pickup_delay_days": ["3", "19"]}

    answer = client.post(at(connection), data=sent)

    assert answer.status_code == 422
    assert "This was sent more than once" in answer.text
    assert connection.pickup_delay_days is None


def test_zero_typed_over_blank_is_a_change(client: FlaskClient) -> None:
    connection = make_connection()
    old = fields(connection, pickup_delay_days="0")
    client.post(at(connection), data=fields(connection, import_early="y"))

    answer = client.post(at(connection), data=old)

    assert re.search(r"<td>inherited</td>\s*<td>0</td>", answer.text)


def test_a_source_is_asked_for_where_a_warehouse_inherits_it(client: FlaskClient) -> None:
    connection = make_connection()
    calm = client.get(at(connection)).text
    make_warehouse(connection_id=connection.id, order_type=OrderType.TRANSFER)

    needed = client.get(at(connection)).text

    assert "for-transfers" in calm
    assert "for-transfers" not in needed


def test_transfer_orders_need_a_source(client: FlaskClient) -> None:
    connection = make_connection()

    answer = client.post(at(connection), data=fields(connection, order_type="transfer"))

    assert answer.status_code == 422
    assert "Choose where the transfers come from." in answer.text
    assert connection.order_type is None


def test_a_source_that_was_disabled_is_not_offered_and_named(client: FlaskClient) -> None:
    gone = own(name="Prep Centre Reno", disabled_at=LONG_AGO)
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=gone.id)

    sent = fields(connection, order_type="transfer")
    answer = client.post(at(connection), data=sent)

    assert "Prep Centre Reno is not offered because it is disabled." in answer.text
    assert f'<option value="{gone.id}"' not in answer.text


def test_offers_own_warehouses_and_its_own_fbm_only(client: FlaskClient) -> None:
    connection, other = make_connection(), make_connection()
    mine = make_warehouse(
        kind=WarehouseKind.FBM, connection_id=connection.id, name="Mine FBM", marketplace_id=None
    )
    make_warehouse(
        kind=WarehouseKind.FBM, connection_id=other.id, name="Other FBM", marketplace_id=None
    )
    own(name="Rotterdam 3PL")

    page = client.get(at(connection)).text

    assert f'<option value="{mine.id}">Mine FBM' in page
    assert ">Rotterdam 3PL</option>" in page
    assert "Other FBM" not in page


def test_a_source_of_somebody_else_is_refused(client: FlaskClient) -> None:
    connection = make_connection()
    fba = make_warehouse(connection_id=connection.id)

    sent = fields(connection, order_type="transfer", default_source_id=str(fba.id))
    answer = client.post(at(connection), data=sent)

    assert answer.status_code == 422
    assert connection.default_source_id is None


def test_the_primary_marketplace_stays_in_its_region(client: FlaskClient) -> None:
    connection = make_connection()
    fbm = make_warehouse(
        kind=WarehouseKind.FBM, connection_id=connection.id, marketplace_id=None, currency="USD"
    )

    other_region = client.post(at(connection), data=fields(connection, primary_marketplace_id=DE))
    same_region = client.post(at(connection), data=fields(connection, primary_marketplace_id=CA))

    assert (other_region.status_code, same_region.status_code) == (422, 303)
    assert connection.primary_marketplace_id == CA
    assert (fbm.currency, fbm.country) == ("CAD", "CA")


def test_a_stale_form_is_refused_and_shows_both_versions(client: FlaskClient) -> None:
    connection = make_connection()
    old = fields(connection, pickup_delay_days="30")
    client.post(at(connection), data=fields(connection, pickup_delay_days="19"))

    answer = client.post(at(connection), data=old)

    assert answer.status_code == 409
    assert re.search(r"<td>19</td>\s*<td>30</td>", answer.text)
    assert 'value="30"' in answer.text
    assert connection.pickup_delay_days == 19


def test_saving_the_conflict_again_keeps_mine(client: FlaskClient) -> None:
    connection = make_connection()
    old = fields(connection, pickup_delay_days="30")
    client.post(at(connection), data=fields(connection, pickup_delay_days="19"))
    page = client.post(at(connection), data=old).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None

    answer = client.post(at(connection), data={**old, "version": version[1]})

    assert answer.status_code == 303
    assert connection.pickup_delay_days == 30


def test_only_owners_save_and_everybody_reads(sign_in: Callable[..., FlaskClient]) -> None:
    connection = make_connection()

    for role in (Role.VIEWER, Role.PLANNER):
        browser = sign_in(role)
        page = browser.get(at(connection))
        assert page.status_code == 200
        assert "Only an owner changes these settings." in page.text
        assert "/consequences" not in page.text
        assert browser.post(at(connection), data=fields(connection)).status_code == 403


def test_a_pickup_delay_moves_ltl_shipments_and_their_orders_at_once(client: FlaskClient) -> None:
    connection = make_connection()
    warehouse = make_warehouse(connection_id=connection.id)
    places = {"connection_id": connection.id, "warehouse_id": warehouse.id}
    pickup = {"mode": "FREIGHT_LTL", "pickup_at": datetime(2026, 11, 10, 12, tzinfo=UTC)}
    shipment = make_shipment(**places, **pickup, expected_on=date(2026, 11, 24))
    order = make_order(destination_id=warehouse.id, expected_on=date(2026, 11, 24))
    link(order, shipment)

    client.post(at(connection), data=fields(connection, pickup_delay_days="19"))

    assert (shipment.expected_on, order.expected_on) == (date(2026, 11, 29),) * 2
    assert "Expected dates moved: 1 open shipment." in client.get(at(connection)).text


def test_a_disabled_source_is_told_where_it_is_set(client: FlaskClient) -> None:
    reno = make_warehouse(kind=WarehouseKind.OWN, name="Reno", disabled_at=LONG_AGO)
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=reno.id)
    make_warehouse(connection=connection)

    page = client.get(at(connection)).text

    assert "<b>Reno (disabled)</b>, set here" in page
    assert "Reno is disabled, so shipments become purchase orders" in page
