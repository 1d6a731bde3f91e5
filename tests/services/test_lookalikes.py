"""The same goods twice: recognised, linked by a person, unlinked, and never counted twice."""

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    OrderKind,
    OrderLine,
    OrderShipment,
    StatusType,
    StockOrder,
    Warehouse,
)
from inventory.services import lookalikes, order_acts, order_linking, order_saving, order_undo
from inventory.services.order_saving import Line
from tests.factories import numbers
from tests.saying import AT, Amazon, lines_of, order_of, told
from tests.story import connect

pytestmark = pytest.mark.usefixtures("app")
QUIET = list(HealthCheck)


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The seller's own orders are made on the day on which Amazon says all it says."""
    with time_machine.travel(AT):
        yield


def home(connection: Connection) -> Warehouse:
    found = sa.select(Warehouse).filter_by(connection_id=connection.id, country="US", kind="fba")
    return db.session.scalars(found).one()


def own(connection: Connection, units: dict[str, int], **header: object) -> StockOrder:
    lines = [Line(sku, listing(connection, sku), count) for sku, count in units.items()]
    known = {"destination_id": home(connection).id, "status": "Open", "currency": "USD"}
    made = order_saving.create(OrderKind.PURCHASE, known | header, lines, user_id=None)
    db.session.commit()
    return made


def listing(connection: Connection, sku: str) -> int:
    found = sa.select(Listing.id).filter_by(connection_id=connection.id, seller_sku=sku)
    known = db.session.scalar(found)
    if known is None:
        row = Listing(
            connection_id=connection.id,
            channel="FBA",
            seller_sku=sku,
            created_at=connection.created_at,
        )
        db.session.add(row)
        db.session.flush()
        known = row.id
    return known


def on_order() -> Counter[str]:
    rows = db.session.execute(
        sa.select(OrderLine.seller_sku, OrderLine.units_outstanding - OrderLine.units_ignored)
        .join(StockOrder, StockOrder.id == OrderLine.order_id)
        .where(StockOrder.status_type == StatusType.ACTIVE)
    )
    found: Counter[str] = Counter()
    for sku, units in rows:
        found[sku] += units
    return found


def test_a_shipment_s_order_says_which_of_the_seller_s_it_looks_like() -> None:
    connection = connect()
    waiting = own(connection, {"A": 100, "B": 40})

    shipment = Amazon(connection).sync("SHIPPED", {"A": (98, 0), "B": (40, 0)})

    made = order_of(shipment)
    assert made is not None
    assert "looks_like:PO-1" in made.flags
    assert lookalikes.candidate(made) == waiting


@pytest.mark.parametrize(
    ("units", "header"),
    [
        ({"A": 100, "B": 40}, {"status": "Draft"}),
        ({"A": 80, "B": 40}, {}),
        ({"A": 100, "C": 40}, {}),
        ({"A": 140}, {}),
    ],
)
def test_other_goods_drafts_and_other_quantities_do_not(
    units: dict[str, int], header: dict[str, str]
) -> None:
    connection = connect()
    own(connection, units, **header)

    shipment = Amazon(connection).sync("SHIPPED", {"A": (100, 0), "B": (40, 0)})

    made = order_of(shipment)
    assert made is not None
    assert "looks_like" not in made.flags


def test_it_is_seen_when_the_order_is_written_or_changed_later_the_same_day() -> None:
    connection = connect()
    made = order_of(Amazon(connection).sync("SHIPPED", {"A": (100, 0)}))
    assert made is not None
    waiting = own(connection, {"A": 100})
    assert "looks_like:PO-1" in made.flags

    order_acts.set_status(waiting, "Canceled", user_id=None)
    db.session.commit()

    assert "looks_like" not in made.flags


def test_linking_replaces_and_unlinking_brings_both_back() -> None:
    connection = connect()
    amazon = Amazon(connection)
    waiting = own(connection, {"A": 100, "B": 40}, notes="Ours")
    shipment = amazon.sync("SHIPPED", {"A": (98, 0), "B": (40, 0)})
    made = order_of(shipment)
    assert made is not None
    made.notes, made_id = "Amazon's", made.id

    order_linking.link(waiting, made, user_id=None)
    db.session.commit()

    assert order_of(shipment) == waiting
    assert lines_of(waiting) == {"A": (100, 0, 98), "B": (40, 0, 40)}
    assert (waiting.status, waiting.amazon_status) == ("Shipped", "SHIPPED")
    assert waiting.notes == "Ours\nAmazon's"
    assert db.session.get(StockOrder, made_id) is None
    assert told("order", made_id)[-1] == "This is PO-1"

    amazon.sync("RECEIVING", {"A": (98, 30), "B": (40, 0)})
    assert lines_of(waiting) == {"A": (100, 30, 68), "B": (40, 0, 40)}
    assert waiting.expected_source == "first_seen"

    order_linking.unlink(shipment, user_id=None)
    db.session.commit()

    again = order_of(shipment)
    assert again is not None
    assert (again.reference, again.origin) == ("FBA15ABC", "amazon")
    assert lines_of(again) == {"A": (98, 30, 68), "B": (40, 0, 40)}
    assert lines_of(waiting) == {"A": (100, 0, 100), "B": (40, 0, 40)}
    assert (waiting.status, waiting.amazon_status) == ("Open", "")
    assert waiting.expected_source == "lead_time"


def test_what_amazon_owns_already_cannot_be_linked() -> None:
    connection = connect()
    amazon = Amazon(connection)
    first = order_of(amazon.sync("SHIPPED", amazon_id="FBA15N1"))
    second = order_of(amazon.sync("SHIPPED", amazon_id="FBA15N2"))
    assert first is not None
    assert second is not None

    with pytest.raises(order_linking.CannotLink, match="belongs to Amazon"):
        order_linking.link(first, second, user_id=None)


def test_a_closed_order_cannot_be_linked() -> None:
    connection = connect()
    made = order_of(Amazon(connection).sync("SHIPPED"))
    waiting = own(connection, {"A": 10})
    order_acts.set_status(waiting, "Closed", user_id=None)
    assert made is not None

    with pytest.raises(order_linking.CannotLink, match="Make it active first"):
        order_linking.link(waiting, made, user_id=None)


def test_what_the_sync_linked_cannot_be_unlinked() -> None:
    shipment = Amazon(connect()).sync("SHIPPED")

    with pytest.raises(order_linking.CannotLink, match="not linked by hand"):
        order_linking.unlink(shipment, user_id=None)


@settings(max_examples=12, deadline=None, suppress_health_check=QUIET)
@given(
    st.dictionaries(st.sampled_from("ABCD"), st.integers(20, 200), min_size=1),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 5), min_size=4, max_size=4),
)
def test_linking_never_counts_a_unit_twice(ordered: dict[str, int], less: dict[str, int]) -> None:
    for model in (OrderLine, OrderShipment, StockOrder):
        db.session.execute(sa.delete(model))
    connection = db.session.scalar(sa.select(Connection)) or connect()
    amazon = Amazon(connection)
    waiting = own(connection, ordered)
    shipped = {sku: (max(1, units - less[sku]), 0) for sku, units in ordered.items()}
    shipment = amazon.sync("SHIPPED", shipped, amazon_id=f"FBA{next(numbers)}")
    made = order_of(shipment)
    assert made is not None
    both = on_order()

    order_linking.link(waiting, made, user_id=None)
    linked = on_order()
    order_linking.unlink(shipment, user_id=None)

    assert linked == Counter({sku: units for sku, (units, _) in shipped.items()})
    assert both == linked + Counter(ordered) == on_order()


def test_what_somebody_says_is_not_the_same_is_never_offered_again() -> None:
    connection = connect()
    first = own(connection, {"A": 100})
    second = own(connection, {"A": 99})
    amazon = Amazon(connection)
    made = order_of(amazon.sync("SHIPPED", {"A": (100, 0)}))
    assert made is not None
    assert lookalikes.candidate(made) == first

    said = lookalikes.dismiss(made, first, user_id=None)
    db.session.commit()
    assert said is not None
    assert lookalikes.dismiss(made, first, user_id=None) is None
    amazon.sync("IN_TRANSIT", {"A": (100, 0)})
    order_acts.set_status(first, "Draft", user_id=None)
    order_acts.set_status(first, "Open", user_id=None)
    assert lookalikes.candidate(made) == second  # the other one may still be it

    done = order_undo.undo([said.id], user_id=None)
    assert done.count == 1
    assert lookalikes.candidate(made) == first
