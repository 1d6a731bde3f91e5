"""services/order_edits and order_undo: an edit of an order taken back, exactly or not at all"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from extensions import db
from inventory.models import Change, Warehouse
from inventory.services import order_edits, order_facts, order_saving, order_undo
from tests.factories import link, make_shipment, make_vendor
from tests.services.test_order_saving import home, line, make

__all__ = ["home"]


def test_an_edit_is_undone_line_by_line_and_field_by_field(home: Warehouse) -> None:
    vendor, other = make_vendor(name="Kettles"), make_vendor(name="Lamps")
    long_note = "a" * 200
    first, second, third = line(home, "A", 10), line(home, "B", 5), line(home, "C", 7)
    made = make(home, first, second, vendor_id=vendor.id, notes=long_note)
    before = (order_edits.header_of(made), order_edits.lines_of(order_facts.lines_of(made.id)))

    order_saving.save(
        made,
        {
            "vendor_id": other.id,
            "notes": long_note + "b",
            "expected_on": date(2027, 1, 4),
            "shipping_handling": Decimal("12.5"),
            "payment_on": date(2027, 2, 1),
        },
        [replace(first, units=20, unit_cost=Decimal("4.2"), units_per_case=5), third],
        version=None,
        user_id=None,
    )
    db.session.commit()
    done = order_undo.undo([newest().id], user_id=None)
    db.session.commit()

    assert (done.count, done.refused) == (1, [])
    after = (order_edits.header_of(made), order_edits.lines_of(order_facts.lines_of(made.id)))
    assert after == before
    assert (made.expected_source, made.units_outstanding) == ("lead_time", 15)
    assert newest().summary.startswith("Undone: ")
    assert order_undo.undo([newest().undoes_id or 0], user_id=None).refused  # only once


def test_an_edit_is_not_undone_where_somebody_edited_since(home: Warehouse) -> None:
    first = line(home, "A", 10)
    made = make(home, first)
    order_saving.save(made, {}, [replace(first, units=20)], version=None, user_id=None)
    edit = newest().id
    order_saving.save(made, {}, [replace(first, units=30)], version=None, user_id=None)

    done = order_undo.undo([edit], user_id=None)

    assert done.refused == [f"{made.reference}: It was changed since."]
    assert made.units_ordered == 30


def test_an_edit_is_not_undone_once_shipments_decide(home: Warehouse) -> None:
    first = line(home, "A", 10)
    made = make(home, first)
    order_saving.save(made, {}, [replace(first, units=20)], version=None, user_id=None)
    shipment = make_shipment(connection_id=home.connection_id, warehouse_id=home.id)
    link(made, shipment)

    done = order_undo.undo([newest().id], user_id=None)

    assert done.refused == [f"{made.reference}: Its shipments decide about that now."]


def test_a_line_that_was_received_since_stays(home: Warehouse) -> None:
    first, second = line(home, "A", 10), line(home, "B", 5)
    made = make(home, first)
    order_saving.save(made, {"notes": "x"}, [first, second], version=None, user_id=None)
    edit = newest().id
    order_facts.lines_of(made.id)["B"].units_received = 2
    db.session.commit()

    done = order_undo.undo([edit], user_id=None)
    db.session.commit()

    assert done.refused == [f"{made.reference}: Units of its lines were received since."]
    assert (made.notes, made.line_count) == ("x", 2)


def newest() -> Change:
    return db.session.query(Change).order_by(Change.id.desc()).first()
