"""Orders made from shipments, and following them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Connection,
    OrderKind,
    OrderShipment,
    OrderType,
    StatusType,
    StockOrder,
    SyncKind,
    Warehouse,
    WarehouseKind,
)
from inventory.services import orders
from tests.factories import (
    link,
    make_listing,
    make_order,
    make_order_line,
    make_user,
    make_warehouse,
)
from tests.saying import AT, Amazon, lines_of, order_of, told
from tests.story import Writes, connect

pytestmark = pytest.mark.usefixtures("app")
CANADA = "A2EUQ1WTGCTBG2"


def destination(connection: Connection, country: str = "US") -> Warehouse:
    return db.session.scalars(
        sa.select(Warehouse).filter_by(connection_id=connection.id, country=country, kind="fba")
    ).one()


def set_on(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


def order_count() -> int:
    return db.session.scalar(sa.select(sa.func.count(StockOrder.id))) or 0


def test_a_shipped_shipment_becomes_a_purchase_order() -> None:
    connection = connect()
    shipment = Amazon(connection).sync("SHIPPED", {"A": (10, 0), "B": (6, 0)}, name="Autumn")

    order = order_of(shipment)
    assert order is not None
    assert (order.kind, order.reference, order.extra_reference) == (
        OrderKind.PURCHASE,
        "FBA15ABC",
        "Autumn",
    )
    assert (order.status, order.status_type, order.origin) == (
        "Shipped",
        StatusType.ACTIVE,
        "amazon",
    )
    assert (order.destination_id, order.source_id) == (destination(connection).id, None)
    assert (order.currency, order.created_on) == ("USD", date(2026, 11, 24))
    assert (order.expected_on, order.expected_source) == (date(2026, 12, 8), "first_seen")
    assert lines_of(order) == {"A": (10, 0, 10), "B": (6, 0, 6)}
    assert (order.units_ordered, order.units_outstanding, order.line_count) == (16, 16, 2)
    assert told("order", order.id) == ["Made from shipment FBA15ABC"]


@pytest.mark.parametrize(
    ("status", "made"),
    [("WORKING", False), ("READY_TO_SHIP", False), ("CREATING", False), ("SHIPPED", True),
     ("IN_TRANSIT", True), ("CHECKED_IN", True), ("RECEIVING", True), ("CLOSED", True),
     ("CANCELLED", False), ("DELETED", False), ("ERROR", False), ("MIXED", False), (None, False),
     ("LOST_AT_SEA", False)],
)  # fmt: skip
def test_which_status_makes_an_order(status: str | None, made: bool) -> None:
    assert (order_of(Amazon(connect()).sync(status)) is not None) is made


def test_what_is_being_prepared_is_imported_early_when_asked_for() -> None:
    order = order_of(Amazon(connect(import_early=True)).sync("WORKING"))

    assert order is not None
    assert (order.status, order.status_type) == ("Preparing", StatusType.ACTIVE)


def test_an_order_is_made_once_and_a_second_sync_writes_nothing() -> None:
    amazon = Amazon(connect())
    amazon.sync("SHIPPED")

    with Writes() as writes:
        amazon.sync("SHIPPED")

    assert order_count() == 1
    assert writes.seen == []


def test_an_order_follows_its_shipment_to_the_end() -> None:
    amazon = Amazon(connect())
    amazon.sync("SHIPPED", {"A": (10, 0)})
    amazon.sync("RECEIVING", {"A": (10, 4)})
    shipment = amazon.sync("CLOSED", {"A": (10, 7)}, at=AT + timedelta(days=9))

    order = order_of(shipment)
    assert order is not None
    assert (order.status, order.status_type) == ("Closed short", StatusType.CLOSED)
    assert order.closed_on == date(2026, 12, 3)
    assert lines_of(order) == {"A": (10, 7, 0)}
    assert (order.units_received, order.units_outstanding) == (7, 0)
    assert told("order", order.id)[1:] == [
        "Status Shipped → Receiving; Received +4 units",
        "Status Receiving → Closed short; Received +3 units",
    ]


def test_late_units_of_a_closed_shipment_are_received_and_it_stays_closed() -> None:
    amazon = Amazon(connect())
    amazon.sync("CLOSED", {"A": (10, 7)})
    order = order_of(amazon.sync("CLOSED", {"A": (10, 9)}))

    assert order is not None
    assert (order.status_type, order.units_received, order.units_outstanding) == (
        StatusType.CLOSED,
        9,
        0,
    )


def test_a_closed_shipment_that_receives_again_is_active_again() -> None:
    amazon = Amazon(connect())
    amazon.sync("CLOSED", {"A": (10, 7)})
    order = order_of(amazon.sync("RECEIVING", {"A": (10, 7)}))

    assert order is not None
    assert (order.status_type, order.units_outstanding) == (StatusType.ACTIVE, 3)
    assert order.closed_on is None


def test_an_active_order_stays_active_when_amazon_goes_back() -> None:
    amazon = Amazon(connect())
    amazon.sync("CHECKED_IN")
    shipment = amazon.sync("WORKING")

    order = order_of(shipment)
    assert order is not None
    assert (order.status_type, order.units_outstanding) == (StatusType.ACTIVE, 10)
    assert (shipment.amazon_status, shipment.status) == ("WORKING", "CHECKED_IN")
    assert shipment.flags == order.flags.replace("source_missing", "")
    assert "went_back:WORKING" in shipment.flags


def test_null_keeps_the_state_and_is_flagged_until_it_passes() -> None:
    amazon = Amazon(connect())
    amazon.sync("SHIPPED")
    shipment = amazon.sync(None)
    order = order_of(shipment)
    assert order is not None
    assert (order.status, "unknown_status" in order.flags) == ("Shipped", True)

    order = order_of(amazon.sync("IN_TRANSIT"))
    assert order is not None
    assert (order.status, "unknown_status" in order.flags) == ("In transit", False)


def test_a_cancelled_shipment_cancels_its_order() -> None:
    amazon = Amazon(connect())
    amazon.sync("SHIPPED")
    order = order_of(amazon.sync("CANCELLED", {"A": (10, 2)}))

    assert order is not None
    assert (order.status, order.status_type) == ("Canceled", StatusType.CANCELED)
    assert lines_of(order) == {"A": (10, 2, 0)}


def test_delivered_at_first_sight_waits_for_the_next_sync() -> None:
    amazon = Amazon(connect())
    assert order_of(amazon.sync("DELIVERED")) is None
    assert order_of(amazon.sync("DELIVERED", kind=SyncKind.PLANS)) is None

    assert order_of(amazon.sync("DELIVERED")) is not None


def test_delivered_at_first_sight_that_goes_away_makes_no_order() -> None:
    amazon = Amazon(connect())
    amazon.sync("DELIVERED")
    shipment = amazon.sync("WORKING")

    assert order_of(shipment) is None
    assert (shipment.status, shipment.flags) == ("WORKING", "marketplace_guess")
    assert order_of(amazon.sync("SHIPPED")) is not None


def test_delivered_on_the_first_sync_is_believed() -> None:
    assert order_of(Amazon(connect(), is_first=True).sync("DELIVERED")) is not None


def test_a_known_shipment_that_was_delivered_gets_its_order_at_once() -> None:
    amazon = Amazon(connect())
    amazon.sync("WORKING")

    assert order_of(amazon.sync("DELIVERED")) is not None


def test_where_inbound_sync_is_off_no_order_is_made_but_linked_ones_go_on() -> None:
    connection = connect()
    amazon = Amazon(connection)
    amazon.sync("SHIPPED")
    set_on(destination(connection), sync_inbound=False)

    other = amazon.sync("SHIPPED", amazon_id="FBA15OFF")
    order = order_of(amazon.sync("RECEIVING", {"A": (10, 3)}))

    assert order_of(other) is None
    assert "sync_off" in other.flags
    assert order is not None
    assert (order.units_received, "sync_off" in order.flags) == (3, False)

    set_on(destination(connection), sync_inbound=True)
    other = amazon.sync("SHIPPED", amazon_id="FBA15OFF")
    assert order_of(other) is not None
    assert "sync_off" not in other.flags


@pytest.mark.parametrize("level", ["connection", "warehouse"])
def test_a_transfer_order_comes_from_the_source_in_force(level: str) -> None:
    connection = connect()
    depot = make_warehouse(kind=WarehouseKind.OWN, name="Depot")
    owner = connection if level == "connection" else destination(connection)
    set_on(owner, order_type=OrderType.TRANSFER, default_source_id=depot.id)

    order = order_of(Amazon(connection).sync("SHIPPED"))

    assert order is not None
    assert (order.kind, order.source_id, order.source_missing) == (
        OrderKind.TRANSFER,
        depot.id,
        False,
    )


@pytest.mark.parametrize("source", ["none", "disabled", "combined", "destination"])
def test_a_transfer_without_a_usable_source_becomes_a_flagged_purchase_order(source: str) -> None:
    connection = connect()
    rows = {
        "none": None,
        "disabled": make_warehouse(kind=WarehouseKind.OWN, name="Shut", disabled_at=AT),
        "combined": make_warehouse(kind=WarehouseKind.COMBINED, name="All"),
        "destination": destination(connection),
    }
    row = rows[source]
    set_on(connection, order_type=OrderType.TRANSFER, default_source_id=row.id if row else None)

    order = order_of(Amazon(connection).sync("SHIPPED"))

    assert order is not None
    assert (order.kind, order.source_id) == (OrderKind.PURCHASE, None)
    assert order.source_missing
    assert "source_missing" in order.flags


def test_a_setting_changes_only_what_is_imported_afterwards() -> None:
    connection = connect()
    amazon = Amazon(connection)
    amazon.sync("SHIPPED")
    depot = make_warehouse(kind=WarehouseKind.OWN, name="Depot")
    set_on(connection, order_type=OrderType.TRANSFER, default_source_id=depot.id)

    order = order_of(amazon.sync("RECEIVING"))
    later = order_of(amazon.sync("SHIPPED", amazon_id="FBA15NEW"))

    assert order is not None
    assert later is not None
    assert (order.kind, later.kind) == (OrderKind.PURCHASE, OrderKind.TRANSFER)


def test_a_person_corrects_the_marketplace_for_ever_and_the_order_moves() -> None:
    connection = connect()
    amazon = Amazon(connection)
    shipment = amazon.sync("SHIPPED")
    assert (shipment.marketplace_source, "marketplace_guess" in shipment.flags) == ("primary", True)
    user = make_user()

    orders.set_marketplace(shipment, CANADA, user.id)
    db.session.commit()
    shipment = amazon.sync("RECEIVING")

    order = order_of(shipment)
    assert order is not None
    assert (shipment.marketplace_id, shipment.marketplace_source) == (CANADA, "user")
    assert "marketplace_guess" not in order.flags
    assert order.destination_id == destination(connection, "CA").id
    assert order.currency == "CAD"
    assert "Marketplace corrected" in told("shipment", shipment.id)
    assert any("estination" in text for text in told("order", order.id))


def test_what_was_learned_of_a_centre_places_the_next_shipment() -> None:
    connection = connect()
    amazon = Amazon(connection)
    orders.set_marketplace(amazon.sync("SHIPPED", destination_fc="YYZ4"), CANADA, None)
    db.session.commit()

    next_one = amazon.sync("SHIPPED", amazon_id="FBA15NEW", destination_fc="YYZ4")

    assert (next_one.marketplace_id, next_one.marketplace_source) == (CANADA, "fc")


def test_a_marketplace_without_a_warehouse_is_refused() -> None:
    shipment = Amazon(connect()).sync("SHIPPED")

    with pytest.raises(orders.NotAMarketplace):
        orders.set_marketplace(shipment, "A1PA6795UKMFR9", None)


def quote(shipment: Any, amount: str, currency: str = "USD") -> None:
    set_on(shipment, fee=Decimal(amount), fee_currency=currency)


def test_the_fee_goes_on_the_order_only_when_asked_for() -> None:
    amazon = Amazon(connect())
    quote(amazon.sync("SHIPPED"), "12.34")

    order = order_of(amazon.sync("SHIPPED"))

    assert order is not None
    assert order.shipping_handling is None


def test_the_fee_is_amazons_quote_and_never_written_over_a_persons_amount() -> None:
    amazon = Amazon(connect(sync_fees=True))
    quote(amazon.sync("SHIPPED"), "12.34")
    order = order_of(amazon.sync("SHIPPED"))
    assert order is not None
    assert (order.shipping_handling, order.shipping_handling_source) == (
        Decimal("12.34"),
        "amazon",
    )

    set_on(order, shipping_handling=Decimal(99), shipping_handling_source="user")
    quote(amazon.sync("SHIPPED"), "20.00")
    order = order_of(amazon.sync("SHIPPED"))

    assert order is not None
    assert (order.shipping_handling, order.shipping_handling_source) == (Decimal(99), "user")


def test_a_quote_without_an_exchange_rate_is_left_out_and_said() -> None:
    amazon = Amazon(connect(sync_fees=True))
    quote(amazon.sync("SHIPPED"), "12.34", "CAD")
    order = order_of(amazon.sync("SHIPPED"))

    assert order is not None
    assert order.shipping_handling is None
    assert "fee_currency" in order.flags


def test_an_order_with_several_shipments_keeps_its_own_reference_and_sums_them() -> None:
    connection = connect(sync_fees=True)
    amazon = Amazon(connection)
    own = make_order(reference="PO-7", origin="local", destination_id=destination(connection).id)
    planned = make_listing(connection_id=connection.id, seller_sku="A")
    make_order_line(own, listing_id=planned.id, units_ordered=24)
    for number, fee in ((1, "5.00"), (2, "7.50")):
        shipment = amazon.sync("WORKING", amazon_id=f"FBA15N{number}")
        link(own, shipment)
        quote(shipment, fee)
    amazon.sync("RECEIVING", {"A": (10, 12)}, amazon_id="FBA15N1")
    shipment = amazon.sync("SHIPPED", {"A": (10, 0), "B": (4, 0)}, amazon_id="FBA15N2")

    order = order_of(shipment)
    assert order is not None
    assert (order.reference, order_count()) == ("PO-7", 1)
    # What was planned stays; what is to come is what was shipped, 4 of A are not.
    assert lines_of(order) == {"A": (24, 12, 10), "B": (0, 0, 4)}
    assert (order.amazon_status, order.status) == ("SHIPPED", "Shipped")
    assert order.shipping_handling == Decimal("12.50")


def test_a_persons_date_and_status_name_stay() -> None:
    amazon = Amazon(connect())
    order = order_of(amazon.sync("SHIPPED"))
    assert order is not None
    set_on(order, status="On the boat", expected_on=date(2027, 1, 1), expected_source="user")

    order = order_of(amazon.sync("IN_TRANSIT"))
    assert order is not None
    assert (order.status, order.expected_on) == ("On the boat", date(2027, 1, 1))

    order = order_of(amazon.sync("CLOSED", {"A": (10, 10)}))
    assert order is not None
    assert order.status == "Closed"


def test_a_shipment_can_hang_on_one_order_only() -> None:
    shipment = Amazon(connect()).sync("SHIPPED")
    other = make_order()
    db.session.add(OrderShipment(order_id=other.id, shipment_id=shipment.id, linked_at=AT))

    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()
