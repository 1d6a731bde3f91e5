"""What saving settings would do: the fragment, the page without script, the lists, and saving."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import (
    Account,
    Change,
    Connection,
    OrderKind,
    OrderType,
    Role,
    Shipment,
    StockLevel,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.services import accounts
from tests.factories import (
    LONG_AGO,
    link,
    make_connection,
    make_listing,
    make_order,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)
from tests.queries import counted

HTMX = {"HX-Request": "true"}
CA = "A2EUQ1WTGCTBG2"


def at(row: Connection | Warehouse) -> str:
    kind = "connections" if isinstance(row, Connection) else "warehouses"
    return f"/settings/{kind}/{row.id}"


def typed(row: Connection | Warehouse, **changed: Any) -> dict[str, Any]:
    """What the form sends untouched, but for what was ``changed``."""
    fields = {"version": row.version, "pickup_delay_days": "", "default_source_id": ""}
    if isinstance(row, Connection):
        home = row.primary_marketplace_id
        return {**fields, "order_type": "auto", "primary_marketplace_id": home, **changed}
    fields |= {"name": row.name, "enabled": "y", "sync_inbound": "y", "lead_time_days": ""}
    sent = {**fields, "order_type": "", **changed}
    return {name: value for name, value in sent.items() if value is not None}


def told(client: FlaskClient, row: Connection | Warehouse, **changed: Any) -> str:
    """The fragment's text, in one line."""
    sent = typed(row, **changed)
    answer = client.get(f"{at(row)}/consequences", query_string=sent, headers=HTMX)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace(" .", ".")


def own(**fields: Any) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, **fields)


def shipment(warehouse: Warehouse, **fields: Any) -> Shipment:
    row = make_shipment(
        connection_id=warehouse.connection_id,
        warehouse_id=warehouse.id,
        **{"units_shipped": 10, "units_outstanding": 10, **fields},
    )
    make_shipment_line(row, units_shipped=row.units_shipped)
    return row


def ordered(warehouse: Warehouse, order: dict[str, Any] | None = None, **fields: Any) -> StockOrder:
    """An open order of Amazon's, linked to its shipment."""
    row = shipment(warehouse, **fields)
    made = make_order(
        destination_id=warehouse.id,
        reference=row.amazon_shipment_id,
        units_outstanding=10,
        **{"expected_on": row.expected_on, **(order or {})},
    )
    link(made, row)
    return made


def test_says_that_nothing_changes(client: FlaskClient) -> None:
    connection = make_connection()

    assert "Nothing is changed yet." in told(client, connection)
    assert "Saving changes nothing" in told(client, connection, pickup_delay_days="3")


def test_future_shipments_and_open_orders_of_another_type(client: FlaskClient) -> None:
    warehouse, source = make_warehouse(), own(name="Prep Centre")
    shipment(warehouse, status="WORKING", amazon_status="WORKING")
    shipment(warehouse, status="READY_TO_SHIP", amazon_status="READY_TO_SHIP")
    ordered(warehouse)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, order_type="transfer", default_source_id=source.id)

    assert "2 future shipments would become transfer orders from Prep Centre." in text
    assert "1 open order stays a purchase order. Convert it too (can be undone)" in text


def test_a_warehouse_with_a_type_of_its_own_is_not_touched(client: FlaskClient) -> None:
    connection, source = make_connection(), own()
    make_warehouse(connection_id=connection.id)
    apart = make_warehouse(
        connection_id=connection.id, marketplace_id=CA, order_type=OrderType.PURCHASE, name="CA"
    )
    shipment(apart, status="WORKING", amazon_status="WORKING")

    text = told(client, connection, order_type="transfer", default_source_id=source.id)

    assert "0 future shipments would become transfer orders" in text
    assert "1 warehouse is not touched. With settings of their own: CA." in text


def test_dates_move_by_the_stored_pick_up(client: FlaskClient) -> None:
    warehouse, today = make_warehouse(), accounts.today()
    pickup = datetime.combine(today - timedelta(days=16), datetime.min.time(), UTC)
    late: dict[str, Any] = {
        "mode": "FREIGHT_LTL",
        "pickup_at": pickup,
        "expected_on": today - timedelta(days=2),
    }
    ordered(warehouse, **late)
    ordered(warehouse, order={"expected_source": "user"}, **late)
    ordered(warehouse, mode="GROUND_SMALL_PARCEL", expected_on=today)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, pickup_delay_days="19")

    assert "1 LTL order moves 5 days later. 1 of them stops being overdue." in text
    assert "1 locked by hand stays." in text


def test_a_later_date_counts_an_ignored_shipment_again(client: FlaskClient) -> None:
    account = db.session.get_one(Account, 1)
    account.ignore_stale, account.ignore_after_days = True, 10
    warehouse, today = make_warehouse(), accounts.today()
    pickup = datetime.combine(today - timedelta(days=30), datetime.min.time(), UTC)
    fields: dict[str, Any] = {"mode": "FREIGHT_LTL", "pickup_at": pickup, "ignored_on": today}
    ordered(warehouse, expected_on=today - timedelta(days=16), **fields)
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, pickup_delay_days="28")

    assert "1 shipment (10 units) would count again." in text


def test_inbound_off_tells_what_no_longer_counts_and_what_does(client: FlaskClient) -> None:
    warehouse = make_warehouse(country="CA")
    shipment(warehouse, units_outstanding=1980, units_shipped=1980)
    ordered(warehouse)

    text = told(client, warehouse, sync_inbound=None)

    assert "1980 units of inbound would no longer count for CA." in text
    assert "On 1 shipment not linked to an order yet." in text
    assert "1 linked open order goes on counting until it closes, 10 units." in text


def test_inbound_on_and_early_import_tell_what_becomes_an_order(client: FlaskClient) -> None:
    warehouse = make_warehouse(sync_inbound=False)
    shipment(warehouse)
    early = make_warehouse()
    shipment(early, status="WORKING", amazon_status="WORKING")
    assert early.connection is not None

    assert "1 shipment would become an order at the next sync." in told(client, warehouse)
    text = told(client, early.connection, import_early="y")
    assert "1 shipment would become an order at the next sync." in text


def test_another_primary_marketplace_converts_and_relabels_nothing(client: FlaskClient) -> None:
    connection = make_connection()
    make_warehouse(connection_id=connection.id, kind=WarehouseKind.FBM, name="Mine FBM")
    placed = {"marketplace_source": "primary", "connection_id": connection.id}
    make_warehouse(connection_id=connection.id)
    make_shipment(**placed)

    text = told(client, connection, primary_marketplace_id=CA)

    assert "Amounts are shown in CAD instead of USD." in text
    assert "Mine FBM would be valued in CAD." in text
    assert "1 shipment of an unknown marketplace moves to the new primary one." in text


def test_fee_sync_sums_the_quotes_per_currency(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    ordered(warehouse, fee=Decimal(554), fee_currency="USD")
    ordered(
        warehouse, order={"shipping_handling_source": "user"}, fee=Decimal(99), fee_currency="USD"
    )
    connection = warehouse.connection
    assert connection is not None

    text = told(client, connection, sync_fees="y")
    connection.sync_fees = True
    db.session.commit()

    assert "1 open order would get Amazon’s quote" in text
    assert "554.00 USD in all." in text
    assert "Amounts written until now stay." in told(client, connection)


def test_stock_under_another_basis_and_a_warehouse_switched_off(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    listing = make_listing(connection_id=warehouse.connection_id)
    figures = {"fulfillable": 100, "fc_transfer": 20, "fc_processing": 3}
    key = {"warehouse_id": warehouse.id, "listing_id": listing.id}
    saved(StockLevel(**key, seller_sku=listing.seller_sku, changed_at=LONG_AGO, **figures))

    assert "100 units of stock instead of 120." in told(
        client, warehouse, stock_basis="fulfillable"
    )
    text = told(client, warehouse, stock_basis="fc_processing")
    assert "123 units of stock instead of 120." in text
    sent = {**typed(warehouse)}
    del sent["enabled"]
    answer = client.get(f"{at(warehouse)}/consequences", query_string=sent, headers=HTMX).text
    assert "SKU with 120 units in stock leaves planning" in answer


def test_a_disabled_own_warehouse_is_missed_as_source(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    warehouse = make_warehouse(connection_id=connection.id)
    shipment(warehouse, status="WORKING", amazon_status="WORKING")
    sent = {"version": source.version, "name": source.name, "country": "US"}

    answer = client.get(f"{at(source)}/consequences", query_string=sent, headers=HTMX).text

    assert "would become a purchase order, flagged “Source missing”" in answer


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


def test_converting_with_the_save_is_one_act_and_can_be_undone(client: FlaskClient) -> None:
    warehouse, source = make_warehouse(), own()
    orders = [ordered(warehouse), ordered(warehouse)]
    connection = warehouse.connection
    assert connection is not None
    sent = typed(connection, order_type="transfer", default_source_id=source.id, convert="y")

    client.post(at(connection), data=sent)
    kinds = [(one.kind, one.source_id) for one in orders]
    batches = set(db.session.scalars(select(Change.batch).where(Change.batch.is_not(None))))
    page = client.get(at(connection)).text
    undo = re.search(r'action="([^"]*/conversion/\d+/undo)"', page)
    assert undo is not None
    client.post(undo.group(1))

    assert kinds == [(OrderKind.TRANSFER, source.id)] * 2
    assert len(batches) == 1
    assert [(one.kind, one.source_id) for one in orders] == [(OrderKind.PURCHASE, None)] * 2
    assert "Undone" in client.get(at(connection)).text


def test_undoing_is_refused_when_an_order_changed_since(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    order = ordered(make_warehouse(connection_id=connection.id))

    client.post(f"{at(connection)}/conversion")
    order.source_id = own().id
    db.session.commit()
    undo = re.search(r'action="([^"]*/undo)"', client.get(at(connection)).text)
    assert undo is not None
    page = client.post(undo.group(1), follow_redirects=True).text

    assert f"Changed since: {order.reference}." in page
    assert order.kind == OrderKind.TRANSFER


def test_orders_with_terms_or_a_twin_are_not_converted(client: FlaskClient) -> None:
    source = own()
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    warehouse = make_warehouse(connection_id=connection.id)
    terms = ordered(warehouse, order={"payment_terms": "30 days"})
    twin = ordered(warehouse)
    make_order(
        destination_id=warehouse.id,
        reference=twin.reference,
        kind=OrderKind.TRANSFER,
        source_id=source.id,
        origin="local",
    )
    free = ordered(warehouse)

    text = told(client, warehouse, order_type="purchase")
    client.post(f"{at(connection)}/conversion")

    assert (terms.kind, twin.kind, free.kind) == ("purchase", "purchase", "transfer")
    warehouse.order_type = OrderType.PURCHASE
    db.session.commit()
    back = told(client, warehouse, order_type="")
    assert "1 open order" not in text
    assert "1 order cannot be converted: it has a vendor or terms of payment." in back
    assert "1 order cannot be converted: another order of that kind has its reference." in back


def test_put_back_shows_what_it_does_and_restores_the_state_before(client: FlaskClient) -> None:
    connection = make_connection(pickup_delay_days=5)
    client.post(at(connection), data=typed(connection, pickup_delay_days="19"))
    client.post(at(connection), data=typed(connection, pickup_delay_days="7", sync_fees="y"))
    first = db.session.scalars(select(Change).order_by(Change.id)).first()
    assert first is not None
    address = f"{at(connection)}/history/{first.id}"

    page = client.get(address).text
    answer = client.post(address, data={"version": connection.version})

    assert re.search(r"Estimated pick-up delay</th>\s*<td>7</td>\s*<td>5</td>", page)
    assert "What saving will do" in page
    assert answer.status_code == 303
    assert (connection.pickup_delay_days, connection.sync_fees) == (5, None)
    newest = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert newest is not None
    assert (newest.summary, newest.undoes_id) == ("Put back as it was", first.id)
    assert newest.fields == {"pickup_delay_days": [7, 5], "sync_fees": [True, None]}


def test_put_back_of_a_connection_that_said_nothing(client: FlaskClient) -> None:
    connection, source = make_connection(), own()
    sent = typed(connection, order_type="transfer", default_source_id=source.id, import_early="y")
    client.post(at(connection), data=sent)
    entry = db.session.scalars(select(Change)).one()

    page = client.get(f"{at(connection)}/history/{entry.id}")
    client.post(f"{at(connection)}/history/{entry.id}", data={"version": connection.version})

    assert page.status_code == 200
    assert "would become a purchase order" not in page.text
    stored = (connection.order_type, connection.default_source_id, connection.import_early)
    assert stored == (None, None, None)


def test_put_back_inherits_again_what_was_inherited(client: FlaskClient) -> None:
    warehouse = make_warehouse()
    client.post(at(warehouse), data=typed(warehouse, lead_time_days="9", order_type="purchase"))
    first = db.session.scalars(select(Change)).one()

    client.post(f"{at(warehouse)}/history/{first.id}", data={"version": warehouse.version})

    assert (warehouse.lead_time_days, warehouse.order_type) == (None, None)


def test_put_back_is_refused_where_it_can_no_longer_be_saved(client: FlaskClient) -> None:
    source = own(name="Prep Centre Reno")
    connection = make_connection(order_type=OrderType.TRANSFER, default_source_id=source.id)
    client.post(at(connection), data=typed(connection))
    entry = db.session.scalars(select(Change)).one()
    source.disabled_at = LONG_AGO
    db.session.commit()

    page = client.get(f"{at(connection)}/history/{entry.id}")
    answer = client.post(
        f"{at(connection)}/history/{entry.id}", data={"version": connection.version}
    )

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "Prep Centre Reno is not offered because it is disabled." in page.text
    assert connection.order_type == "auto"


def test_put_back_of_a_stale_page_or_another_s_entry_is_refused(client: FlaskClient) -> None:
    connection, other = make_connection(), make_connection()
    client.post(at(connection), data=typed(connection, pickup_delay_days="19"))
    entry = db.session.scalars(select(Change)).one()

    stale = client.post(f"{at(connection)}/history/{entry.id}", data={"version": "1"})

    assert stale.status_code == 409
    assert connection.pickup_delay_days == 19
    assert client.get(f"{at(other)}/history/{entry.id}").status_code == 404


def test_reset_blanks_a_field_and_saves_nothing(client: FlaskClient) -> None:
    warehouse = make_warehouse(lead_time_days=9, days_of_stock=45)

    one = client.post(
        at(warehouse), data=typed(warehouse, days_of_stock="45", reset="lead_time_days")
    )
    both = client.post(at(warehouse), data=typed(warehouse, days_of_stock="45", reset="all"))

    assert 'value="45"' in one.text
    assert 'value="9"' not in one.text
    assert 'value="45"' not in both.text
    assert "Changed, not saved." in one.text
    assert (warehouse.lead_time_days, warehouse.days_of_stock) == (9, 45)


@pytest.mark.parametrize("path", ["consequences", "consequences/dates", "history/1"])
def test_the_figures_are_for_those_who_may_save(
    sign_in: Callable[..., FlaskClient], path: str
) -> None:
    connection, warehouse = make_connection(), make_warehouse()
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    assert viewer.get(f"{at(warehouse)}/{path}").status_code == 403
    assert planner.get(f"{at(warehouse)}/{path}").status_code in (200, 404)
    assert planner.get(f"{at(connection)}/{path}").status_code == 403
