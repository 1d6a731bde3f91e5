"""What is done to an order on its page and to many in the list, and undoing it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Change,
    Listing,
    OrderLine,
    OrderReceipt,
    Role,
    StatusType,
    StockLevel,
    StockOrder,
    Variant,
    Warehouse,
)
from tests.factories import (
    link,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_variant,
    make_vendor,
    make_warehouse,
)


@pytest.fixture
def shed(client: FlaskClient) -> Warehouse:
    return make_warehouse(kind="own", name="Shed")


def make(shed: Warehouse, units: int = 10, **fields: Any) -> StockOrder:
    known = {
        "origin": "local",
        "reference": "PO-1",
        "status": "Open",
        "destination_id": shed.id,
        "units_ordered": units,
        "units_outstanding": units,
        "line_count": 1,
    }
    order = make_order(**known | fields)
    listing = make_listing(seller_sku="HK-1")
    make_order_line(order, listing_id=listing.id, units_ordered=units, units_outstanding=units)
    return order


def line_id() -> int:
    return db.session.scalars(sa.select(OrderLine.id)).first() or 0


def fresh(order: StockOrder) -> StockOrder:
    return db.session.get_one(StockOrder, order.id, populate_existing=True)


def undo_address(page: str) -> str:
    found = re.search(r'action="(/orders/[^"]*undo)" class="d-inline"', page)
    assert found, page
    return found.group(1)


def test_part_of_it_is_received_into_the_stock_and_undone(
    client: FlaskClient, shed: Warehouse
) -> None:
    order = make(shed)
    path = f"/purchase-orders/{order.id}"
    assert f'name="units-{line_id()}"' in client.get(path).text

    data = {f"units-{line_id()}": "4", "received_on": "2026-11-20"}
    client.post(f"/orders/{order.id}/receipts", data=data)
    page = client.get(path).text

    assert (fresh(order).units_received, fresh(order).units_outstanding) == (4, 6)
    assert db.session.scalar(sa.select(StockLevel.fulfillable)) == 4
    assert "4 units are received." in page
    client.post(undo_address(page))
    assert (fresh(order).units_received, fresh(order).units_outstanding) == (0, 10)
    assert db.session.scalar(sa.select(StockLevel.fulfillable)) == 0
    assert "undone" in client.get(path).text


def test_a_transfer_says_whose_stock_a_receipt_takes_it_out_of(
    client: FlaskClient, shed: Warehouse
) -> None:
    order = make(make_warehouse(), kind="transfer", source_id=shed.id)

    page = client.get(f"/transfer-orders/{order.id}").text

    assert "this only says what has arrived, and takes it out of the stock of Shed." in page


def test_more_than_ordered_is_said_and_all_here_is_offered_to_close(
    client: FlaskClient, shed: Warehouse
) -> None:
    order = make(shed)
    data = {f"units-{line_id()}": "12", "received_on": "2026-11-20"}

    client.post(f"/orders/{order.id}/receipts", data=data)
    page = client.get(f"/purchase-orders/{order.id}").text

    assert "12 units are received, 2 more than ordered." in page
    assert "2 over" in page
    assert "Everything has arrived." in page
    client.post(f"/orders/{order.id}/status", data={"status": "Closed"})
    assert fresh(order).status_type == "closed"


def test_a_receipt_sent_twice_is_booked_once(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    data = {f"units-{line_id()}": "4", "received_on": "2026-11-20", "submission": "form-1"}

    for _ in range(2):
        client.post(f"/orders/{order.id}/receipts", data=data)

    assert db.session.scalars(sa.select(OrderReceipt.units)).all() == [4]


@pytest.mark.parametrize(
    ("units", "day", "sentence"),
    [
        ("4", "2099-01-01", "The day they came in is not over yet."),
        ("4", "", "Enter the day they came in."),
        ("-4", "2026-11-20", "“-4” is negative."),
        ("1.5", "2026-11-20", "“1.5” is no whole number of units."),
        ("99999999", "2026-11-20", "“99999999” is more than 1000000."),
        ("0", "2026-11-20", "Enter the units of at least one line."),
    ],
)
def test_a_receipt_at_fault_is_told(
    client: FlaskClient, shed: Warehouse, units: str, day: str, sentence: str
) -> None:
    order = make(shed)
    data = {f"units-{line_id()}": units, "received_on": day}

    answer = client.post(f"/orders/{order.id}/receipts", data=data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert fresh(order).units_received == 0


def test_nothing_typed_is_lost_where_a_receipt_is_refused(
    client: FlaskClient, shed: Warehouse
) -> None:
    order = make(shed)
    first, second = line_id(), make_order_line(order).id
    data = {f"units-{first}": "x", f"units-{second}": "3", "received_on": "2026-11-20"}

    page = client.post(f"/orders/{order.id}/receipts", data=data).text

    inputs = dict(re.findall(r'<input[^>]* name="([^"]+)"([^>]*)>', page))
    assert 'value="x"' in inputs[f"units-{first}"]
    assert f'aria-describedby="units-{first}-e"' in inputs[f"units-{first}"]
    assert 'value="3"' in inputs[f"units-{second}"]
    assert "aria-invalid" not in inputs[f"units-{second}"]
    assert 'value="2026-11-20"' in inputs["received_on"]
    opened = client.get(f"/orders/{order.id}/receipts")
    assert opened.location == f"/purchase-orders/{order.id}"


def test_canceling_is_undone_from_the_timeline(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    path = f"/purchase-orders/{order.id}"

    client.post(f"/orders/{order.id}/status", data={"status": "Canceled"})
    assert (fresh(order).status_type, fresh(order).units_outstanding) == ("canceled", 0)

    page = client.get(path).text
    assert page.count("/orders/changes/") == 2  # the line at the bottom, and the timeline
    client.post(undo_address(page))
    assert (fresh(order).status, fresh(order).units_outstanding) == ("Open", 10)
    assert "/orders/changes/" not in client.get(path).text.replace("Undone", "")


def test_what_was_changed_since_is_not_undone(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    client.post(f"/orders/{order.id}/status", data={"status": "Canceled"})
    first = db.session.scalars(sa.select(Change.id)).one()
    client.post(f"/orders/{order.id}/status", data={"status": "Open"})

    client.post(f"/orders/changes/{first}/undo")

    page = client.get(f"/purchase-orders/{order.id}").text
    assert "It was changed since." in page
    assert fresh(order).status == "Open"


def test_a_jump_that_is_not_allowed_is_refused(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed, status="Closed", status_type="closed")

    client.post(f"/orders/{order.id}/status", data={"status": "Canceled"})

    page = client.get(f"/purchase-orders/{order.id}").text
    assert "An order that is closed cannot become canceled." in page


def test_amazon_decides_the_type_of_its_orders(client: FlaskClient) -> None:
    order = make_order()

    client.post(f"/orders/{order.id}/status", data={"status": "Closed"})

    assert "Amazon’s shipments decide" in client.get(f"/purchase-orders/{order.id}").text
    assert fresh(order).status_type == "active"


def test_a_copy_is_a_draft_of_the_same_lines(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed, notes="Fragile")

    answer = client.post(f"/orders/{order.id}/duplicate")

    copy = db.session.get_one(StockOrder, int(answer.location.rpartition("/")[2]))
    assert (copy.status_type, copy.notes, copy.units_ordered) == ("draft", "Fragile", 10)
    assert copy.reference != order.reference


def test_a_split_moves_units_to_a_second_order(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    path = f"/orders/{order.id}/split"
    assert "Units of HK-1" in client.get(path).text

    all_of_it = client.post(path, data={f"units-{line_id()}": "10"})
    too_much = client.post(path, data={f"units-{line_id()}": "11"})
    answer = client.post(path, data={f"units-{line_id()}": "4"})

    assert "not none and not all" in all_of_it.text
    assert "from 0 to 10 units can go" in too_much.text
    second = db.session.get_one(StockOrder, int(answer.location.rpartition("/")[2]))
    assert (fresh(order).units_outstanding, second.units_outstanding) == (6, 4)


def test_only_a_draft_is_deleted(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    client.post(f"/orders/{order.id}/delete")
    page = client.get(f"/purchase-orders/{order.id}").text
    assert "Only a draft can be deleted." in page

    client.post(f"/orders/{order.id}/status", data={"status": "Draft"})
    client.post(f"/orders/{order.id}/delete")

    assert db.session.scalar(sa.select(StockOrder.id)) is None


def test_an_order_has_nothing_of_the_log_of_one_deleted_before(
    client: FlaskClient, shed: Warehouse
) -> None:
    gone_id = make(shed).id
    client.post(f"/orders/{gone_id}/status", data={"status": "Draft"})
    client.post(f"/orders/{gone_id}/delete")
    assert db.session.scalar(sa.select(StockOrder.id)) is None

    order = make_order(origin="local", reference="PO-AFTER", destination_id=shed.id)

    assert order.id != gone_id
    assert "Status Open → Draft" not in client.get(f"/purchase-orders/{order.id}").text


def test_landed_costs_are_written_to_the_variants_and_taken_back(
    client: FlaskClient, shed: Warehouse
) -> None:
    order = make(shed, shipping_handling=Decimal(8), placement_fee=Decimal(2))
    line = db.session.scalars(sa.select(OrderLine)).one()
    line.unit_cost = Decimal(4)
    variant = make_variant(db.session.get_one(Listing, line.listing_id))
    path = f"/purchase-orders/{order.id}"
    assert "Spread by line value without tax: 25.00 % on every unit cost." in client.get(path).text

    client.post(f"/orders/{order.id}/costs")
    assert db.session.get_one(Variant, variant.id).unit_cost == 5

    client.post(undo_address(client.get(path).text))
    assert db.session.get_one(Variant, variant.id).unit_cost is None


def test_fees_alone_are_no_cost_of_a_variant(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed, shipping_handling=Decimal(8))
    line = db.session.scalars(sa.select(OrderLine)).one()
    variant = make_variant(db.session.get_one(Listing, line.listing_id))

    page = client.get(f"/purchase-orders/{order.id}").text
    assert "<small>fees alone</small>" in page
    assert "No line has a unit cost yet" in page
    assert "Write landed cost" not in page

    client.post(f"/orders/{order.id}/costs")
    assert db.session.get_one(Variant, variant.id).unit_cost is None


def test_a_vendor_is_set_for_many_and_taken_back(client: FlaskClient) -> None:
    vendor, orders = make_vendor(name="Anhui Hearth"), [make_order(), make_order()]
    assert "Select " + orders[0].reference in client.get("/purchase-orders").text
    ids = [str(order.id) for order in orders]

    data = {"order": ids, "act": "vendor", "vendor": vendor.id, "back": "/purchase-orders?q=F"}
    answer = client.post("/purchase-orders/acts", data=data)

    assert answer.location == "/purchase-orders?q=F"
    assert [fresh(order).vendor_id for order in orders] == [vendor.id] * 2
    page = client.get("/purchase-orders").text
    assert "Anhui Hearth is the vendor of 2 purchase orders." in page
    assert client.get(f"/purchase-orders.csv?vendor={vendor.id}").text.count("Anhui Hearth") == 2
    client.post(undo_address(page))
    assert [fresh(order).vendor_id for order in orders] == [None] * 2


def test_a_status_is_set_where_it_can_be_and_the_others_are_told(
    client: FlaskClient, shed: Warehouse
) -> None:
    mine, theirs = make(shed), make_order(reference="FBA1")

    data = {"order": [str(mine.id), str(theirs.id)], "act": "status", "status": "Closed"}
    client.post("/purchase-orders/acts", data=data)

    page = client.get("/purchase-orders").text
    assert "FBA1: Amazon’s shipments decide" in page
    assert (fresh(mine).status_type, fresh(theirs).status_type) == ("closed", "active")


@pytest.mark.parametrize(
    "data",
    [{}, {"order": "1"}, {"order": "x", "act": "vendor"}, {"order": "1", "act": "vendor"}],
)
def test_nothing_ticked_or_chosen_does_nothing(client: FlaskClient, data: dict[str, str]) -> None:
    assert client.post("/purchase-orders/acts", data=data).status_code == 303


def test_this_is_po_1_and_back(client: FlaskClient) -> None:
    home = make_warehouse()
    own = make(home, created_on=date(2026, 10, 1))
    listing = db.session.scalars(sa.select(OrderLine)).one().listing_id
    made = make_order(
        destination_id=home.id,
        reference="FBA1",
        flags="looks_like:PO-1",
        units_ordered=10,
        units_outstanding=10,
        line_count=1,
    )
    make_order_line(made, listing_id=listing)
    shipment = make_shipment(connection_id=home.connection_id, warehouse_id=home.id)
    link(made, shipment)
    assert "Looks like PO-1" in client.get("/purchase-orders").text
    assert "This is PO-1" in client.get(f"/purchase-orders/{made.id}").text

    made_id = made.id
    answer = client.post(f"/orders/{made_id}/links", data={"own": own.id})

    assert answer.location == f"/purchase-orders/{own.id}"
    page = client.get(answer.location).text
    assert "linked by hand" in page
    assert client.get(f"/purchase-orders/{made_id}").status_code == 404
    assert client.post(f"/orders/links/{shipment.id}/delete").location == answer.location


def test_on_paper_there_is_the_order_and_nothing_else(client: FlaskClient, shed: Warehouse) -> None:
    vendor = make_vendor(name="Anhui <Hearth>", email="sales@example.com", contact="Li Wei")
    order = make(shed, vendor_id=vendor.id, vendor_notes="Pack flat", payment_terms="30 days")
    order.expected_on = date(2026, 12, 31)
    db.session.commit()

    paper = client.get(f"/purchase-orders/{order.id}/print").text
    mail = client.get(f"/purchase-orders/{order.id}/email").text

    for text in ("Anhui &lt;Hearth&gt;", "Shed", "HK-1", "Pack flat", "30 days"):
        assert text in paper
    assert "<nav" not in paper
    assert "Dear Li Wei" in mail
    lines = re.search(r"10 × HK-1.*?Expected: 31 Dec 2026", mail, re.DOTALL)
    assert lines
    assert [one.split(":")[0] for one in lines[0].splitlines()] == [
        "10 × HK-1", "", "Deliver to", "Expected",
    ]  # fmt: skip
    assert 'href="mailto:sales@example.com?subject=Purchase%20order%20PO-1&amp;body=Dear' in mail


def test_lines_are_shown_by_shipment(client: FlaskClient) -> None:
    order = make_order()
    listing = make_listing(seller_sku="HK-1")
    make_order_line(order, listing_id=listing.id)
    for number, received in ((1, 14), (2, 3)):
        shipment = make_shipment(
            amazon_shipment_id=f"FBA{number}", status="CLOSED" if number == 2 else "RECEIVING"
        )
        make_shipment_line(shipment, listing_id=listing.id, units_received=received)
        link(order, shipment)

    page = client.get(f"/purchase-orders/{order.id}").text
    parts = client.get(f"/purchase-orders/{order.id}?lines=shipments").text

    assert "4 over in FBA1" in page
    assert "By shipment" in page
    assert "7 short" in parts


def test_viewers_act_on_nothing(
    sign_in: Callable[..., FlaskClient], client: FlaskClient, shed: Warehouse
) -> None:
    order, viewer = make(shed), sign_in(Role.VIEWER)
    page = viewer.get(f"/purchase-orders/{order.id}").text

    assert "Receive</button>" not in page
    assert "Edit</a>" not in page
    for act in ("receipts", "status", "duplicate", "split", "delete", "costs", "links"):
        assert viewer.post(f"/orders/{order.id}/{act}").status_code == 403
    assert viewer.post("/purchase-orders/acts").status_code == 403
    assert "Select PO-1" not in viewer.get("/purchase-orders").text


def test_what_has_arrived_is_not_offered_for_a_split(client: FlaskClient, shed: Warehouse) -> None:
    order = make(shed)
    path = f"/purchase-orders/{order.id}"
    assert ">Split</a>" in client.get(path).text

    order.units_received, order.units_outstanding = 10, 0
    db.session.commit()
    assert ">Split</a>" not in client.get(path).text

    order.units_received, order.status, order.status_type = 0, "Draft", StatusType.DRAFT
    db.session.commit()
    assert ">Split</a>" in client.get(path).text
