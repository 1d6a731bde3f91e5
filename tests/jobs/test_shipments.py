"""sync_shipments against the simulated Amazon."""

import itertools
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from amazon.errors import AmazonError
from extensions import db
from inventory.models import (
    Change,
    OrderLine,
    Receipt,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
    StatusType,
    StockLevel,
    StockOrder,
    SyncKind,
)
from inventory.services import syncs
from tests.saying import order_of
from tests.story import Story, Writes, counted_rows

Tell = Callable[..., Story]


def stored() -> dict[str, Shipment]:
    return {row.amazon_shipment_id: row for row in db.session.scalars(sa.select(Shipment))}


def lines() -> dict[int, dict[str, tuple[int, int]]]:
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for line in db.session.scalars(sa.select(ShipmentLine).filter_by(is_gone=False)):
        units = (line.units_shipped, line.units_received)
        found.setdefault(line.shipment_id, {})[line.seller_sku] = units
    return found


def receipt_sums() -> dict[int, int]:
    sums = sa.select(Receipt.line_id, sa.func.sum(Receipt.units)).group_by(Receipt.line_id)
    return {line_id: int(units) for line_id, units in db.session.execute(sums)}


def assert_true(story: Story) -> None:
    """Every shipment, line and receipt is as Amazon has it, and so are the orders."""
    rows, all_lines, truth = stored(), lines(), story.truth["shipments"]
    assert set(rows) == set(truth)
    for amazon_id, fact in truth.items():
        row = rows[amazon_id]
        said = {line["sku"]: (line["shipped"], line["received"]) for line in fact["lines"]}
        assert row.amazon_status == (fact["status"] or ""), amazon_id
        assert (row.name, row.destination_fc) == (fact["name"], fact["centre"])
        assert all_lines[row.id] == said, (amazon_id, fact["twist"])
        assert row.units_shipped == sum(units for units, _ in said.values())
    sums = receipt_sums()
    for line in db.session.scalars(sa.select(ShipmentLine)):
        assert sums.get(line.id, 0) == line.units_received
    assert_orders_true()


def assert_orders_true() -> None:
    """An order's units are its shipment's; what is over counts for nothing."""
    for row in stored().values():
        order = order_of(row)
        if order is None:
            continue
        assert order.reference == row.amazon_shipment_id
        assert (order.units_ordered, order.units_received) == (
            row.units_shipped,
            row.units_received,
        )
        assert order.units_outstanding == row.units_outstanding
        assert (order.status_type == StatusType.ACTIVE) is row.is_open
        assert row.is_open or order.units_outstanding == 0


def test_every_shipment_is_as_amazon_says_to_the_unit(story: Story) -> None:
    run = story.sync()

    assert len(story.truth["shipments"]) == 80
    assert_true(story)
    assert run.calls_by_operation["getShipments"] == 3
    assert run.created > 80
    assert (run.done, run.expected) == (80, 80)


def test_orders_are_those_of_what_has_left(story: Story) -> None:
    story.sync()

    has_order = {row.amazon_shipment_id for row in stored().values() if order_of(row)}
    left = {
        amazon_id
        for amazon_id, fact in story.truth["shipments"].items()
        if fact["status"]
        in ("SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", "RECEIVING", "CLOSED")
    }
    assert has_order == left


def test_a_second_sync_writes_no_row(story: Story) -> None:
    story.sync()
    before = counted_rows()

    with Writes() as writes:
        run = story.sync()

    assert writes.seen == []
    assert counted_rows() == before
    assert (run.created, run.changed) == (0, 0)
    assert run.unchanged > 0


def test_day_by_day_the_rows_stay_true(story: Story) -> None:
    story.sync()
    seen_types: dict[int, set[str]] = {}

    for _day in range(12):
        story.simulator.pass_days(1)
        story.sync()

        assert_true(story)
        for order in db.session.scalars(sa.select(StockOrder)):
            seen_types.setdefault(order.id, set()).add(order.status_type.value)

    corrections = db.session.scalars(sa.select(Receipt.units).where(Receipt.units < 0)).all()
    assert corrections
    assert any("went_back" in row for row in db.session.scalars(sa.select(Shipment.flags))) or (
        _has_word("Status Delivered, not yet received → In transit")
    )
    assert {"active", "closed"} in seen_types.values()
    assert len(stored()) > 80


def _has_word(summary: str) -> bool:
    found = sa.select(sa.func.count(Change.id)).where(Change.summary == summary)
    return bool(db.session.scalar(found))


def test_a_status_is_noted_once_with_the_run_that_saw_it(story: Story) -> None:
    first = story.sync()
    story.simulator.pass_days(2)
    second = story.sync()

    rows = db.session.scalars(sa.select(ShipmentStatus).order_by(ShipmentStatus.id)).all()
    runs = {row.run_id for row in rows}
    by_shipment: dict[int, list[str]] = {}
    for row in rows:
        by_shipment.setdefault(row.shipment_id, []).append(row.amazon_status)
    assert runs == {first.id, second.id}
    assert all(a != b for words in by_shipment.values() for a, b in itertools.pairwise(words))


def test_the_shipment_with_more_than_200_lines_is_whole(story: Story) -> None:
    story.sync()
    big = next(row for row in stored().values() if row.line_count > 200)

    assert big.units_shipped == sum(units for units, _ in lines()[big.id].values())
    assert "lines_cut" not in big.flags


def test_one_by_one_the_big_shipment_is_read_by_a_window_of_its_own(story: Story) -> None:
    story.sync()
    big = next(row for row in stored().values() if row.line_count > 200)
    story.simulator.pass_days(1)

    run = story.sync(scope=big.amazon_shipment_id)

    fact = story.truth["shipments"][big.amazon_shipment_id]
    said = {line["sku"]: (line["shipped"], line["received"]) for line in fact["lines"]}
    assert lines()[big.id] == said
    assert "getShipmentItemsByShipmentId" not in run.calls_by_operation
    assert "lines_cut" not in big.flags


def test_one_shipment_can_be_read_alone(story: Story) -> None:
    story.sync()
    one = next(row for row in stored().values() if row.amazon_status == "RECEIVING")
    story.simulator.pass_days(1)

    run = story.sync(scope=one.amazon_shipment_id)

    assert run.calls == 2
    fact = story.truth["shipments"][one.amazon_shipment_id]
    assert one.units_received == sum(line["received"] for line in fact["lines"])


def test_null_and_unknown_words_make_no_order_and_are_flagged(story: Story) -> None:
    story.sync()

    nameless = [row for row in stored().values() if not row.amazon_status]
    assert nameless
    assert all("unknown_status" in row.flags for row in nameless)
    assert all(order_of(row) is None for row in nameless)


@pytest.mark.parametrize("operation", ["getShipments", "getShipmentItems"])
def test_a_fault_half_way_deletes_nothing_and_moves_no_mark(story: Story, operation: str) -> None:
    story.sync()
    mark = syncs.read_at(story.connection.id, SyncKind.SHIPMENTS)
    db.session.commit()
    before = counted_rows()
    story.simulator.will_answer(operation, "ok", *(["500"] * 6))

    with pytest.raises(AmazonError):
        story.sync()

    after = counted_rows()
    assert all(after[name] >= before[name] for name in before)
    assert not db.session.scalars(sa.select(ShipmentLine).filter_by(is_gone=True)).all()
    assert syncs.read_at(story.connection.id, SyncKind.SHIPMENTS) == mark
    db.session.commit()
    story.simulator.will_answer(operation)
    story.sync()
    assert_true(story)


def test_a_first_sync_that_failed_half_way_is_as_good_as_new_after_the_next(story: Story) -> None:
    story.simulator.will_answer("getShipmentItems", "ok", "ok", *(["500"] * 6))
    with pytest.raises(AmazonError):
        story.sync()
    db.session.commit()
    story.simulator.will_answer("getShipmentItems")

    story.sync()

    assert_true(story)
    assert {row.first_seen_source for row in stored().values()} == {"name", "today"}


def test_where_it_takes_fewer_calls_lines_are_read_one_by_one(tell: Tell) -> None:
    story = tell("bench-1000")
    story.sync()
    story.simulator.pass_days(1)
    run = story.sync()

    open_count = sum(row.is_open for row in stored().values())
    assert run.calls_by_operation["getShipmentItemsByShipmentId"] <= open_count + 3
    assert_true(story)


def test_the_nightly_reading_finds_late_corrections(tell: Tell) -> None:
    story = tell("bench-1000")
    story.sync()
    line = db.session.scalars(
        sa.select(ShipmentLine).join(Shipment).where(Shipment.amazon_status == "CLOSED")
    ).first()
    assert line is not None
    line.units_received += 5
    db.session.commit()

    story.sync(scope="full")

    db.session.refresh(line)
    fact = story.truth["shipments"]
    row = db.session.get_one(Shipment, line.shipment_id)
    said = {one["sku"]: one["received"] for one in fact[row.amazon_shipment_id]["lines"]}
    assert line.units_received == said[line.seller_sku]


def test_an_open_shipment_no_list_brings_is_asked_for_by_id(story: Story) -> None:
    story.sync()
    gone = next(row for row in stored().values() if row.amazon_status == "CLOSED")
    gone.is_open, gone.amazon_status, gone.status = True, "RECEIVING", "RECEIVING"
    db.session.commit()

    run = story.sync()

    db.session.refresh(gone)
    assert (gone.amazon_status, gone.is_open) == ("CLOSED", False)
    assert run.calls_by_operation["getShipments"] == 4


def test_europe_is_read_once_whatever_its_marketplaces(tell: Tell) -> None:
    story = tell(region="EU")

    run = story.sync()

    assert_true(story)
    assert run.calls_by_operation["getShipments"] <= 4


def test_what_orders_bring_is_listed_in_stock_before_amazon_counts_any(story: Story) -> None:
    story.sync()

    bringing = (
        sa.select(StockOrder.destination_id, OrderLine.listing_id)
        .join(OrderLine, OrderLine.order_id == StockOrder.id)
        .where(StockOrder.status_type == StatusType.ACTIVE, OrderLine.units_outstanding > 0)
    )
    listed = sa.select(StockLevel.warehouse_id, StockLevel.listing_id)

    brought = set(db.session.execute(bringing))
    assert brought
    assert brought <= set(db.session.execute(listed))
