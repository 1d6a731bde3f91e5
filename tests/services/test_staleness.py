"""The ignore rule at work: on shipments, their orders, and all that counts what is on order."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Account,
    Change,
    OrderLine,
    OrderShipment,
    Shipment,
    StatusType,
    StockOrder,
    WarehouseKind,
)
from inventory.rules.stale import Rule
from inventory.services import accounts, order_lists, staleness, stock_on_order
from inventory.services.staleness import ChangedSince, Evaluated
from tests.factories import (
    link,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_user,
    make_warehouse,
)
from tests.saying import AT, Amazon, order_of, told
from tests.story import Writes, connect

pytestmark = pytest.mark.usefixtures("app")
ON = Rule(is_on=True, days=30)


def switch_on(days: int = 30, **fields: Any) -> None:
    account = db.session.get_one(Account, 1)
    account.ignore_stale, account.ignore_after_days = True, days
    for name, value in fields.items():
        setattr(account, name, value)
    db.session.commit()


def ago(days: int) -> date:
    return accounts.today() - timedelta(days=days)


def overdue(days: int = 40, units: int = 40, order: StockOrder | None = None, **fields: Any) -> Any:
    """A shipment of one line, so many days past its date, on an order of its own."""
    shipment = make_shipment(
        expected_on=ago(days), units_shipped=units, units_outstanding=units, **fields
    )
    line = make_shipment_line(shipment, units_shipped=units)
    if order is None:
        order = make_order(expected_on=ago(days), units_outstanding=0)
    order.units_outstanding += units
    make_order_line(
        order,
        listing_id=line.listing_id,
        seller_sku=line.seller_sku,
        units_ordered=units,
        units_outstanding=units,
    )
    link(order, shipment)
    return shipment


def evaluate(*args: Any, **named: Any) -> Evaluated:
    done = staleness.evaluate(*args, **named)
    db.session.commit()
    db.session.expire_all()
    return done


def states() -> tuple[list[Any], ...]:
    tables = (
        sa.select(Shipment.id, Shipment.ignored_on),
        sa.select(OrderLine.id, OrderLine.units_ignored),
        sa.select(StockOrder.id, StockOrder.units_ignored, StockOrder.ignored_on),
    )
    return tuple(sorted(map(tuple, db.session.execute(one))) for one in tables)


def test_what_is_overdue_for_too_long_no_longer_counts() -> None:
    switch_on()
    old, young = overdue(31), overdue(30)

    assert evaluate() == Evaluated(ignored=1, counted=0)

    assert (old.ignored_on, young.ignored_on) == (accounts.today(), None)
    order = order_of(old)
    assert order is not None
    assert (order.units_ignored, order.ignored_on) == (40, accounts.today())
    assert (order.status_type, order.units_outstanding) == (StatusType.ACTIVE, 40)
    assert told("shipment", old.id) == ["Ignored: 31 days past the expected date"]
    change = db.session.scalars(sa.select(Change)).one()
    assert (change.cause, change.subject_name) == ("rule", old.amazon_shipment_id)


def test_it_is_off_by_default() -> None:
    overdue(400)

    assert evaluate() == Evaluated()


def test_a_second_look_writes_nothing() -> None:
    switch_on()
    overdue(), overdue()
    evaluate()

    with Writes() as writes:
        assert evaluate() == Evaluated()

    assert writes.seen == []


def test_it_takes_the_same_few_statements_for_any_number() -> None:
    switch_on()
    counts = []
    for number in (1, 30):
        for _ in range(number):
            overdue()
        with Writes() as writes:
            evaluate()
        counts.append(len(writes.seen))

    # shipments, order lines, orders, and the log.
    assert counts == [4, 4]


def test_the_day_is_the_account_s() -> None:
    switch_on(timezone="Pacific/Auckland")
    shipment = overdue()
    shipment.expected_on = date(2026, 3, 1)
    db.session.commit()

    before = evaluate(at=datetime.fromisoformat("2026-03-31T10:59:00Z"))
    after = evaluate(at=datetime.fromisoformat("2026-03-31T11:00:00Z"))  # 1 April in Auckland

    assert (before.ignored, after.ignored) == (0, 1)


@pytest.mark.parametrize("kind", [WarehouseKind.OWN, WarehouseKind.FBM])
def test_only_orders_to_an_fba_warehouse(kind: WarehouseKind) -> None:
    switch_on()
    place = make_warehouse(kind=kind)
    overdue(order=make_order(destination_id=place.id, units_outstanding=0))

    assert evaluate() == Evaluated()


@pytest.mark.parametrize("status_type", set(StatusType) - {StatusType.ACTIVE})
def test_only_active_orders(status_type: StatusType) -> None:
    switch_on()
    overdue(order=make_order(status_type=status_type, units_outstanding=0))

    assert evaluate() == Evaluated()


def test_a_shipment_without_an_order_and_an_order_without_a_shipment_are_left_alone() -> None:
    switch_on()
    make_shipment(expected_on=ago(90), units_outstanding=10)
    make_order(expected_on=ago(90), units_outstanding=10)

    assert evaluate() == Evaluated()


def test_one_connection_is_evaluated_without_the_others() -> None:
    switch_on()
    mine, other = overdue(), overdue()

    evaluate(mine.connection_id)

    assert (mine.ignored_on is None, other.ignored_on is None) == (False, True)


def test_of_an_order_with_two_shipments_only_the_late_one_is_ignored() -> None:
    switch_on()
    order = make_order(units_outstanding=0)
    overdue(40, 25, order)
    overdue(3, 15, order)

    evaluate()

    lines = db.session.scalars(sa.select(OrderLine).order_by(OrderLine.id)).all()
    assert [line.units_ignored for line in lines] == [25, 0]
    assert (order.units_outstanding, order.units_ignored) == (40, 25)


def test_two_shipments_of_one_sku_share_its_line() -> None:
    switch_on()
    order = make_order(units_outstanding=0)
    first = overdue(40, 25, order)
    line = db.session.scalars(sa.select(OrderLine)).one()
    for days, units in ((50, 7), (2, 5)):
        more = make_shipment(
            expected_on=ago(days), units_outstanding=units, connection_id=first.connection_id
        )
        make_shipment_line(more, listing_id=line.listing_id, units_shipped=units)
        link(order, more)

    evaluate()

    db.session.refresh(line)
    assert line.units_ignored == 32


def test_a_date_of_a_person_s_on_the_order_wins() -> None:
    switch_on()
    shipment = overdue(40, order=make_order(expected_source="user", units_outstanding=0))
    order = order_of(shipment)
    assert order is not None
    order.expected_on = ago(3)
    db.session.commit()

    assert evaluate() == Evaluated()

    order.expected_on = ago(40)
    db.session.commit()
    assert evaluate().ignored == 1


@pytest.mark.parametrize(
    ("is_on", "days", "said"),
    [
        (False, 30, "Counted again: ignoring is switched off"),
        (True, 60, "Counted again: 40 days past the expected date, 60 days allowed"),
    ],
)
def test_another_setting_counts_it_again(is_on: bool, days: int, said: str) -> None:
    switch_on()
    shipment = overdue(40)
    evaluate()

    switch_on(days, ignore_stale=is_on)

    assert evaluate() == Evaluated(ignored=0, counted=1)
    order = order_of(shipment)
    assert order is not None
    assert (order.units_ignored, order.ignored_on, shipment.ignored_on) == (0, None, None)
    assert told("shipment", shipment.id)[-1] == said


def test_a_later_date_counts_it_again() -> None:
    switch_on()
    shipment = overdue(40)
    evaluate()

    shipment.expected_on = ago(-3)
    db.session.commit()

    assert evaluate().counted == 1
    assert told("shipment", shipment.id)[-1].startswith("Counted again: 0 days past")


def test_activity_holds_for_seven_days_then_it_is_ignored_again() -> None:
    switch_on()
    now = accounts.now()
    shipment = overdue(40)
    evaluate(at=now)

    shipment.last_activity_at = now
    db.session.commit()

    assert evaluate(at=now).counted == 1
    assert told("shipment", shipment.id)[-1] == "Counted again: Amazon is working on it"
    assert evaluate(at=now + timedelta(days=6)) == Evaluated()
    assert evaluate(at=now + timedelta(days=7)).ignored == 1


def test_a_synced_order_keeps_its_ignored_units_right_to_the_end() -> None:
    amazon = Amazon(connect())
    switch_on(0)
    shipment = amazon.sync("SHIPPED", {"A": (10, 0), "B": (6, 0)})
    late = AT + timedelta(days=60)
    evaluate(at=late)

    amazon.sync("SHIPPED", {"A": (10, 4), "B": (6, 0)}, at=late)
    order = order_of(shipment)
    assert order is not None
    assert (order.units_outstanding, order.units_ignored) == (12, 12)
    lines = sa.select(OrderLine.units_ignored).where(OrderLine.order_id == order.id)
    assert list(db.session.scalars(lines.order_by(OrderLine.seller_sku))) == [6, 6]

    assert evaluate(at=late).counted == 1
    assert evaluate(at=late + timedelta(days=9)).ignored == 1
    amazon.sync("CLOSED", {"A": (10, 4), "B": (6, 0)}, at=late + timedelta(days=9))
    order = order_of(shipment)
    assert order is not None
    assert (order.units_outstanding, order.units_ignored, order.ignored_on) == (0, 0, None)
    assert evaluate().counted == 1
    assert shipment.ignored_on is None
    assert told("shipment", shipment.id)[-1].startswith("No longer ignored: it is over")


def test_the_numbers_leave_ignored_units_out() -> None:
    switch_on()
    order = make_order(units_outstanding=0, expected_on=ago(2))
    overdue(40, 25, order)
    overdue(2, 15, order)
    evaluate()
    listings = list(db.session.scalars(sa.select(OrderLine.listing_id).order_by(OrderLine.id)))

    coming = stock_on_order.on_order(listings, accounts.today())

    place = order.destination_id
    gone, counted = (coming[place, one] for one in listings)
    assert (gone.units, gone.overdue, gone.ignored) == (0, 0, 25)
    assert (counted.units, counted.overdue, counted.ignored) == (15, 15, 0)


def test_the_lists_show_ignored_orders_apart() -> None:
    switch_on()
    order = order_of(overdue(40))
    overdue(2)
    evaluate()
    assert order is not None

    counts = order_lists.view_counts(order.kind, accounts.today())
    wanted = order_lists.OrderFilter(order.kind, accounts.today(), view="ignored")

    assert (counts["open"], counts["overdue"], counts["ignored"]) == (2, 1, 1)
    assert [row.id for row in order_lists.page(wanted, "expected", "").rows] == [order.id]
    assert order_lists.totals(wanted).ignored == 40


def test_a_person_s_word_wins_and_is_one_entry_of_the_log() -> None:
    switch_on()
    shipment, user = overdue(3), make_user()

    pinned = staleness.pin([shipment.id], "ignore", user_id=user.id, note="Lost at Oakland")
    db.session.commit()

    assert pinned.amazon_shipment_ids == (shipment.amazon_shipment_id,)
    assert (shipment.ignored_on, shipment.note) == (accounts.today(), "Lost at Oakland")
    assert (shipment.ignore_pinned_by, shipment.ignore_pinned_at is None) == (user.id, False)
    assert told("shipment", shipment.id) == ["Ignored by hand"]
    assert evaluate() == Evaluated()


def test_counted_by_hand_it_stays_counted_until_back_to_the_rule() -> None:
    switch_on()
    shipment, user = overdue(40), make_user()
    evaluate()

    staleness.pin([shipment.id], "count", user_id=user.id)
    db.session.commit()
    assert shipment.ignored_on is None
    assert evaluate() == Evaluated()

    staleness.pin([shipment.id], "", user_id=user.id)
    db.session.commit()
    assert shipment.ignored_on == accounts.today()
    assert told("shipment", shipment.id)[1:] == ["Counted again by hand", "Back to the rule"]


def test_an_act_by_hand_is_undone_as_one() -> None:
    switch_on()
    one, two, user = overdue(40), overdue(3), make_user()
    evaluate()
    before = states()
    pinned = staleness.pin([one.id, two.id], "count", user_id=user.id)
    db.session.commit()

    staleness.undo(pinned.batch, user_id=user.id)
    db.session.commit()

    assert states() == before
    assert {one.ignore_pin, two.ignore_pin} == {""}
    assert told("shipment", two.id)[-1] == "Undone: Counted again by hand"
    undone = db.session.scalars(sa.select(Change).where(Change.undoes_id.is_not(None))).all()
    assert len(undone) == 2


def test_undoing_is_refused_when_it_was_changed_since() -> None:
    shipment, user = overdue(3), make_user()
    pinned = staleness.pin([shipment.id], "ignore", user_id=user.id)
    staleness.pin([shipment.id], "count", user_id=user.id)
    db.session.commit()

    with pytest.raises(ChangedSince, match=shipment.amazon_shipment_id):
        staleness.undo(pinned.batch, user_id=user.id)

    assert shipment.ignore_pin == "count"


def test_a_preview_names_what_would_change_and_writes_nothing() -> None:
    ignored, late, young = overdue(50), overdue(40, 12), overdue(3)
    switch_on(45)
    evaluate()

    with Writes() as writes:
        stricter = staleness.preview(ON)
        off = staleness.preview(Rule(is_on=False, days=30))

    assert writes.seen == []
    assert [(one.id, one.units_outstanding) for one in stricter.ignored] == [(late.id, 12)]
    assert [one.id for one in stricter.overdue_ended] == [late.id]
    assert stricter.counted == ()
    assert [one.id for one in off.counted] == [ignored.id]
    assert young.id not in {one.id for one in (*stricter.ignored, *off.counted)}


def test_a_preview_with_other_dates() -> None:
    switch_on()
    ignored, late, due = overdue(35), overdue(2), overdue(-2)
    evaluate()
    by = {ignored.id: ago(30), late.id: ago(-3), due.id: ago(1)}

    seen = staleness.preview(ON, expected=by)

    assert [one.id for one in seen.counted] == [ignored.id]
    assert [one.id for one in seen.overdue_ended] == [late.id]
    assert [one.id for one in seen.overdue_begun] == [ignored.id, due.id]


def test_whatever_happens_orders_agree_with_their_shipments() -> None:
    chance = random.Random(59)
    switch_on(10)
    user = make_user()
    rows = [overdue(chance.randrange(30), chance.randrange(1, 9)) for _ in range(8)]
    for _ in range(40):
        row = chance.choice(rows)
        act = chance.randrange(4)
        if act == 0:
            row.expected_on = ago(chance.randrange(30))
        elif act == 1:
            row.last_activity_at = accounts.now() - timedelta(days=chance.randrange(12))
        elif act == 2:
            staleness.pin([row.id], chance.choice(["ignore", "count", ""]), user_id=user.id)
        else:
            switch_on(chance.randrange(30))
        evaluate()

        ignored = {one.id for one in rows if one.ignored_on}
        linked = db.session.execute(sa.select(OrderShipment.shipment_id, OrderShipment.order_id))
        for shipment_id, order_id in linked:
            order = db.session.get_one(StockOrder, order_id)
            units = order.units_outstanding if shipment_id in ignored else 0
            assert order.units_ignored == units
            assert (order.ignored_on is not None) is (shipment_id in ignored)
        assert evaluate() == Evaluated()


def test_a_day_is_looked_at_once() -> None:
    switch_on()
    assert staleness.is_due()

    evaluate()

    assert not staleness.is_due()
    assert make_listing() is not None
