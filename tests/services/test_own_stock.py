import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from inventory.models import Listing, StockDay, StockEntry, StockLevel, Warehouse, WarehouseKind
from inventory.services import accounts, own_stock, stock
from tests.factories import make_listing, make_order, make_order_line, make_user, make_warehouse


@pytest.fixture
def shed(app: Flask) -> Warehouse:
    return make_warehouse(kind=WarehouseKind.OWN, name="Shed", country="NL")


def count(shed: Warehouse, listing: Listing, units: int, reason: str = "") -> StockEntry | None:
    return own_stock.count(shed.id, listing.id, units, reason=reason, user_id=None, cause="form")


def level(shed: Warehouse, listing: Listing) -> tuple[int, int] | None:
    row = db.session.get(StockLevel, (shed.id, listing.id), populate_existing=True)
    return (row.fulfillable, row.total) if row else None


def ledger() -> list[tuple[int, int, str, str]]:
    rows = db.session.scalars(select(StockEntry).order_by(StockEntry.id))
    return [(one.units_before, one.units_after, one.cause, one.reason) for one in rows]


def test_a_count_is_the_stock_and_an_entry_of_who_and_why(shed: Warehouse) -> None:
    listing, user = make_listing(), make_user()

    own_stock.count(shed.id, listing.id, 40, reason="Stocktake", user_id=user.id, cause="form")
    entry = count(shed, listing, 38)

    assert level(shed, listing) == (38, 38)
    assert ledger() == [(0, 40, "form", "Stocktake"), (40, 38, "form", "")]
    assert entry is not None
    assert entry.batch
    assert db.session.scalars(select(StockEntry.user_id)).all() == [user.id, None]


def test_a_count_is_kept_as_the_stock_of_the_day(shed: Warehouse) -> None:
    listing = make_listing()

    count(shed, listing, 40)
    count(shed, listing, 41)

    day = db.session.get_one(StockDay, (shed.id, listing.id, accounts.today()))
    assert (day.fulfillable, day.total) == (41, 41)


def test_counting_what_is_stored_changes_nothing(shed: Warehouse) -> None:
    listing = make_listing()
    count(shed, listing, 7)

    assert count(shed, listing, 7) is None
    assert len(ledger()) == 1


def test_an_adjustment_adds_to_what_is_stored(shed: Warehouse) -> None:
    listing = make_listing()
    count(shed, listing, 7)

    own_stock.adjust(shed.id, listing.id, 5, reason="", user_id=None)
    own_stock.adjust(shed.id, listing.id, -2, reason="Broken", user_id=None)

    assert level(shed, listing) == (10, 10)
    assert ledger()[1:] == [(7, 12, "form", ""), (12, 10, "form", "Broken")]


def test_taking_out_needs_a_reason_and_what_is_there(shed: Warehouse) -> None:
    listing = make_listing(seller_sku="KT-1")
    count(shed, listing, 7)

    with pytest.raises(own_stock.ReasonMissing):
        own_stock.adjust(shed.id, listing.id, -1, reason="", user_id=None)
    with pytest.raises(own_stock.BelowZero) as refused:
        own_stock.adjust(shed.id, listing.id, -8, reason="Lost", user_id=None)

    assert refused.value.short == [("KT-1", 7, -1)]
    assert level(shed, listing) == (7, 7)


def test_goods_of_an_order_come_in_and_go_out_again(shed: Warehouse) -> None:
    first, second = make_listing(), make_listing()
    order = make_order(destination_id=shed.id)
    count(shed, first, 3)

    own_stock.move(
        shed.id, {first.id: 10, second.id: 4}, order_id=order.id, user_id=None, batch="b1"
    )
    own_stock.move(shed.id, {second.id: -4}, order_id=order.id, user_id=None, batch="b2")

    assert (level(shed, first), level(shed, second)) == ((13, 13), (0, 0))
    assert ledger()[1:] == [(3, 13, "receipt", ""), (0, 4, "receipt", ""), (4, 0, "receipt", "")]
    brought = select(StockEntry.batch).where(StockEntry.order_id == order.id)
    assert db.session.scalars(brought.order_by(StockEntry.id)).all() == ["b1", "b1", "b2"]


def test_a_move_that_one_sku_cannot_make_moves_none(shed: Warehouse) -> None:
    first, second = make_listing(), make_listing()
    count(shed, first, 3)

    with pytest.raises(own_stock.BelowZero):
        own_stock.move(shed.id, {first.id: -1, second.id: -1}, order_id=None, user_id=None)

    assert level(shed, first) == (3, 3)
    assert len(ledger()) == 1


def test_the_last_batch_is_set_back_once(shed: Warehouse) -> None:
    first, second = make_listing(), make_listing()
    count(shed, first, 3)
    act = own_stock.Act(None, "file")
    entries = own_stock.count_all(shed.id, {first.id: 9, second.id: 5}, {}, act)
    batch = str(entries[0].batch)

    own_stock.undo(shed.id, batch, user_id=None)

    assert (level(shed, first), level(shed, second)) == ((3, 3), (0, 0))
    assert ledger()[3:] == [(9, 3, "undo", ""), (5, 0, "undo", "")]
    assert own_stock.undoable(shed.id) is None
    with pytest.raises(own_stock.CannotUndo):
        own_stock.undo(shed.id, batch, user_id=None)


def test_what_changed_since_is_not_set_back(shed: Warehouse) -> None:
    listing = make_listing()
    first = count(shed, listing, 3)
    assert first is not None
    count(shed, listing, 4)

    with pytest.raises(own_stock.CannotUndo):
        own_stock.undo(shed.id, str(first.batch), user_id=None)

    assert level(shed, listing) == (4, 4)


def test_what_an_order_brought_is_undone_at_the_order(shed: Warehouse) -> None:
    listing = make_listing()
    own_stock.move(shed.id, {listing.id: 4}, order_id=None, user_id=None, batch="b1")

    with pytest.raises(own_stock.CannotUndo):
        own_stock.undo(shed.id, "b1", user_id=None)


def test_what_amazon_holds_is_not_counted_here(app: Flask) -> None:
    amazon, listing = make_warehouse(), make_listing()

    with pytest.raises(own_stock.NotAnOwnWarehouse):
        count(amazon, listing, 3)


def test_a_listing_that_is_not_there_and_too_many_units_are_refused(shed: Warehouse) -> None:
    listing = make_listing()

    with pytest.raises(own_stock.NoSuchListing):
        own_stock.move(shed.id, {listing.id + 1: 1}, order_id=None, user_id=None)
    with pytest.raises(own_stock.TooManyUnits):
        count(shed, listing, own_stock.MOST_UNITS + 1)
    with pytest.raises(own_stock.BelowZero):
        count(shed, listing, -1)


def test_what_is_on_order_is_listed_before_it_ever_came(shed: Warehouse) -> None:
    first, second = make_listing(), make_listing()
    count(shed, first, 7)
    order = make_order(destination_id=shed.id)
    for one in (first, second):
        make_order_line(order, listing_id=one.id)

    stock.appear([order.id])
    stock.appear([order.id])

    assert (level(shed, first), level(shed, second)) == ((7, 7), (0, 0))
    assert len(ledger()) == 1
    assert db.session.scalars(select(StockDay.listing_id)).all() == [first.id]
