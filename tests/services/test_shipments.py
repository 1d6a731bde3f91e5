"""Shipments and lines as Amazon says them."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import Connection, Listing, Receipt, ShipmentLine, ShipmentStatus
from inventory.services import line_readings, shipment_lines, shipments
from inventory.services.shipments import Seen
from tests.factories import make_connection, make_run
from tests.saying import AT, Amazon, item, receipts, remote, told
from tests.story import Statements, Writes, connect

pytestmark = pytest.mark.usefixtures("app")


def history() -> list[str]:
    rows = sa.select(ShipmentStatus.amazon_status).order_by(ShipmentStatus.id)
    return list(db.session.scalars(rows))


def test_a_page_is_stored_once_and_again_changes_nothing() -> None:
    connection = connect()
    run = make_run(connection_id=connection.id)
    page = [remote("FBA1", "SHIPPED"), remote("FBA2", "WORKING")]
    first = shipments.import_page(connection.id, page, Seen(AT, run.id))
    db.session.commit()

    with Writes() as writes:
        second = shipments.import_page(connection.id, page, Seen(AT, run.id))
        db.session.commit()

    assert (first.created, first.changed, first.unchanged) == (2, 0, 0)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 2)
    assert second.ids == first.ids
    assert writes.seen == []


def test_a_page_takes_the_same_statements_however_many_shipments_it_has() -> None:
    connection = connect()
    counts = []
    for size in (5, 50):
        page = [remote(f"FBA{size}X{number}", "SHIPPED") for number in range(size)]
        with Statements() as statements:
            shipments.import_page(connection.id, page, Seen(AT, None))
            db.session.commit()
        counts.append(len(statements.seen))

    assert counts[0] == counts[1]


def test_only_words_that_differ_become_history() -> None:
    amazon = Amazon(connect())
    for word in ("SHIPPED", "SHIPPED", None, "RECEIVING", "RECEIVING"):
        shipment = amazon.sync(word)

    assert history() == ["SHIPPED", "", "RECEIVING"]
    assert shipment.status == "RECEIVING"
    assert told("shipment", shipment.id) == ["Status Shipped → none", "Status none → Receiving"]


@pytest.mark.parametrize(
    ("is_first", "name", "first_seen"),
    [
        (True, "FBA STA (10/05/2026 14:30)-ONT8", (date(2026, 10, 5), "name")),
        (True, "FBA STA (10/05/2026 23:30)-ONT8", (date(2026, 10, 6), "name")),  # in Berlin
        (True, "Restock", (date(2026, 11, 24), "today")),
        (False, "FBA STA (10/05/2026 14:30)-ONT8", (date(2026, 11, 24), "sync")),
    ],
)
def test_when_a_shipment_was_first_seen(
    is_first: bool, name: str, first_seen: tuple[date, str]
) -> None:
    shipment = Amazon(connect(), is_first=is_first).sync("SHIPPED", name=name)

    assert (shipment.first_seen_on, shipment.first_seen_source) == first_seen


def test_the_day_it_left_is_the_sync_that_saw_it() -> None:
    amazon = Amazon(connect())
    amazon.sync("WORKING")
    shipment = amazon.sync("SHIPPED", at=AT + timedelta(days=3))

    assert shipment.shipped_on == date(2026, 11, 27)
    assert shipment.expected_on == date(2026, 12, 11)
    assert shipment.expected_source == "first_seen"
    assert shipment.last_activity_at == AT + timedelta(days=3)


def test_received_units_become_dated_receipts_up_and_down() -> None:
    amazon = Amazon(connect())
    for day, received in enumerate((0, 4, 9, 9, 7)):
        shipment = amazon.sync("RECEIVING", {"A": (10, received)}, at=AT + timedelta(days=day))

    dated = sa.select(Receipt.received_on, Receipt.units).order_by(Receipt.id)
    assert [tuple(row) for row in db.session.execute(dated)] == [
        (date(2026, 11, 25), 4),
        (date(2026, 11, 26), 5),
        (date(2026, 11, 28), -2),
    ]
    assert (shipment.units_received, shipment.units_outstanding) == (7, 3)
    assert shipment.last_activity_at == AT + timedelta(days=4)
    assert told("shipment", shipment.id) == [
        "Received +4 units",
        "Received +5 units",
        "Received −2 units",
    ]


def test_what_a_first_reading_finds_received_is_an_opening_receipt() -> None:
    amazon = Amazon(connect())
    amazon.sync("RECEIVING", {"A": (10, 4)})
    amazon.sync("RECEIVING", {"A": (10, 6), "B": (5, 2)}, at=AT + timedelta(days=1))

    found = db.session.execute(sa.select(Receipt.units, Receipt.is_opening).order_by(Receipt.id))
    assert [tuple(row) for row in found] == [(4, True), (2, False), (2, False)]


def test_a_received_total_is_never_negative() -> None:
    shipment = Amazon(connect()).sync("RECEIVING", {"A": (10, -3)})

    assert (shipment.units_received, receipts()) == (0, [])


def test_a_line_that_is_gone_keeps_what_was_received_and_may_come_back() -> None:
    amazon = Amazon(connect())
    amazon.sync("RECEIVING", {"A": (10, 4), "B": (5, 0)})
    shipment = amazon.sync("RECEIVING", {"B": (5, 0)})

    line = db.session.scalars(sa.select(ShipmentLine).filter_by(seller_sku="A")).one()
    assert (line.units_shipped, line.units_received, line.is_gone) == (0, 4, True)
    assert (shipment.units_shipped, shipment.units_received, shipment.line_count) == (5, 4, 1)

    shipment = amazon.sync("RECEIVING", {"A": (10, 4), "B": (5, 0)})
    db.session.refresh(line)
    assert (line.units_shipped, line.is_gone, shipment.line_count) == (10, False, 2)
    assert receipts() == [4]


@pytest.mark.parametrize("how", ["cut", "refused"])
def test_nothing_is_gone_when_amazon_did_not_show_it_all(how: str) -> None:
    connection = connect()
    shipment = Amazon(connection).sync("RECEIVING", {"A": (10, 4), "B": (5, 0)})

    line_readings.finish(connection, {shipment.id: {"B"}}, Seen(AT, None), **{how: {shipment.id}})
    db.session.commit()

    assert shipment.line_count == 2
    assert ("lines_cut" in shipment.flags) is (how == "cut")


def test_a_reading_that_lacks_a_known_line_is_doubtful() -> None:
    shipment = Amazon(connect()).sync("RECEIVING", {"A": (10, 4), "B": (5, 0)})

    assert line_readings.incomplete({shipment.id: {"B"}}) == {shipment.id}
    assert line_readings.incomplete({shipment.id: {"A", "B"}}) == set()


def test_two_rows_of_one_sku_are_added_up() -> None:
    connection = connect()
    shipment = Amazon(connection).sync("SHIPPED")

    items = [item("FBA15ABC", "A", 6, 1), item("FBA15ABC", "A", 4, 2)]
    shipment_lines.import_lines(connection.id, items, Seen(AT, None))
    db.session.commit()

    assert (shipment.units_shipped, shipment.units_received) == (10, 3)


def test_an_unknown_sku_gets_a_listing_and_lines_of_strangers_are_passed_over() -> None:
    connection = connect()
    Amazon(connection).sync("SHIPPED", {"NEVER-SEEN": (3, 0)})

    result = shipment_lines.import_lines(
        connection.id, [item("FBASTRANGER", "A", 1, 0)], Seen(AT, None)
    )

    listing = db.session.scalars(sa.select(Listing)).one()
    assert (listing.seller_sku, listing.channel, listing.status) == ("NEVER-SEEN", "FBA", "unknown")
    assert (result.created, result.skus) == (0, {})


def test_the_same_fba_id_of_two_accounts_is_two_shipments() -> None:
    one = Amazon(connect()).sync("SHIPPED")
    other = Amazon(make_connection(name="Other", seller_id="AOTHER")).sync("WORKING")

    assert one.id != other.id
    assert db.session.get_one(Connection, one.connection_id).name != "Other"


def test_a_status_that_moves_asks_for_its_lines_again(app: Flask) -> None:
    connection = connect()
    amazon = Amazon(connection)
    shipment = amazon.sync("RECEIVING")
    assert shipment.lines_read_at == AT

    shipments.import_page(connection.id, [remote("FBA15ABC", "CLOSED")], Seen(AT, None))

    assert shipment.lines_read_at is None
    assert not shipment.is_open
