"""GET /purchase-orders/<id>, /transfer-orders/<id>; POST and GET /orders/<id>/syncs"""

from collections.abc import Callable
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import OrderKind, Role, StatusType, SyncRun, SyncState
from inventory.services import changes
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_run,
    make_shipment,
    make_warehouse,
)
from tests.queries import counted

HTMX = {"HX-Request": "true"}


def test_shows_facts_lines_shipments_and_what_happened(client: FlaskClient) -> None:
    order = make_order(
        reference="FBA18K", units_ordered=40, units_received=30, shipping_handling=Decimal("554.10")
    )
    listing = make_listing(seller_sku="HP-<1>", title="Kettle <b>")
    make_order_line(order, listing_id=listing.id, units_ordered=40, units_received=30)
    shipment = make_shipment(
        amazon_shipment_id="FBA18K", amazon_status="RECEIVING", status="RECEIVING"
    )
    link(order, shipment)
    run = make_run()
    changes.record("shipment", shipment.id, "96 units received", cause="amazon", run_id=run.id)
    for kind, one, text in (
        ("shipment", shipment.id, "Received +4 units"),
        ("order", order.id, "Status Shipped → Receiving; Received +4 units"),
    ):
        changes.record(kind, one, text, cause="amazon", run_id=run.id)
    changes.record("order", order.id, "Expected date 1 Dec → 3 Dec", cause="rule")
    changes.record("order", order.id + 1, "of another order")
    db.session.commit()

    with counted() as statements:
        page = client.get(f"/purchase-orders/{order.id}").text

    assert "<h1>FBA18K</h1>" in page
    assert f'href="/listings/{listing.id}">HP-&lt;1&gt;</a>' in page
    assert f'href="/shipments/{shipment.id}">FBA18K</a>' in page
    assert "75 %" in page
    assert "554.10 USD" in page
    assert "96 units received" in page
    assert f'href="/activity/runs/{run.id}"' in page
    assert "1 Dec → 3 Dec" in page
    assert page.count("Received +4 units") == 1
    assert "of another order" not in page
    assert "https://sellercentral.amazon.com/" in page
    # One of them asks whether a kept page may answer.
    assert len(statements) <= 12, statements


def test_old_acts_are_shown_on_request(client: FlaskClient) -> None:
    order = make_order()
    for number in range(25):
        changes.record("order", order.id, f"act {number:02}")
    db.session.commit()

    short = client.get(f"/purchase-orders/{order.id}").text
    long = client.get(f"/purchase-orders/{order.id}?timeline=all").text

    assert "act 24" in short
    assert "act 00" not in short
    assert "act 00" in long


def test_an_order_of_the_other_kind_is_not_there(client: FlaskClient) -> None:
    order = make_order(kind=OrderKind.TRANSFER)

    assert client.get(f"/purchase-orders/{order.id}").status_code == 404
    assert client.get(f"/purchase-orders/{order.id}.csv").status_code == 404
    assert client.get(f"/transfer-orders/{order.id}").status_code == 200
    assert client.get("/transfer-orders/999").status_code == 404


def test_a_closed_order_says_what_is_missing(client: FlaskClient) -> None:
    order = make_order(status="Closed short", status_type=StatusType.CLOSED)
    make_order_line(order, units_ordered=10, units_received=8, units_outstanding=0)

    assert "2 short" in client.get(f"/purchase-orders/{order.id}").text


def test_sync_now_reads_each_shipment_first_and_watches(client: FlaskClient) -> None:
    connection, order = make_connection(), make_order()
    for name in ("FBA1", "FBA2"):
        link(order, make_shipment(connection_id=connection.id, amazon_shipment_id=name))

    answer = client.post(f"/orders/{order.id}/syncs", headers=HTMX)
    again = client.post(f"/orders/{order.id}/syncs")

    runs = db.session.scalars(select(SyncRun).order_by(SyncRun.id)).all()
    assert [(run.scope, run.cause, run.priority) for run in runs] == [
        ("FBA1", "person", 0),
        ("FBA2", "person", 0),
    ]
    assert "Reading from Amazon" in answer.text
    assert 'hx-trigger="load delay:2s"' in answer.text
    assert again.location == f"/purchase-orders/{order.id}"


def test_the_watch_ends_with_the_runs(client: FlaskClient) -> None:
    connection, order = make_connection(), make_order()
    link(order, make_shipment(connection_id=connection.id, amazon_shipment_id="FBA1"))
    run = make_run(connection_id=connection.id, scope="FBA1", state=SyncState.SUCCEEDED, changed=2)

    changed = client.get(f"/orders/{order.id}/syncs", headers=HTMX).text
    run.changed = 0
    db.session.commit()
    unchanged = client.get(f"/orders/{order.id}/syncs", headers=HTMX).text
    run.state, run.message = SyncState.FAILED, "Amazon refused"
    db.session.commit()
    failed = client.get(f"/orders/{order.id}/syncs", headers=HTMX).text

    assert "something changed" in changed
    assert "nothing has changed" in unchanged
    assert "Amazon refused" in failed
    for answer in (changed, unchanged, failed):
        assert "hx-trigger" not in answer
        assert "Sync now" in answer


def test_a_viewer_reads_and_cannot_sync(sign_in: Callable[..., FlaskClient]) -> None:
    viewer, order = sign_in(Role.VIEWER), make_order()
    link(order, make_shipment())

    assert "Sync now" not in viewer.get(f"/purchase-orders/{order.id}").text
    assert viewer.post(f"/orders/{order.id}/syncs").status_code == 403


def test_a_simulated_shipment_is_not_sought_in_seller_central(client: FlaskClient) -> None:
    order = make_order(destination_id=make_warehouse().id)
    link(order, make_shipment(connection_id=make_connection(is_sandbox=True).id))

    assert "sellercentral" not in client.get(f"/purchase-orders/{order.id}").text
