"""GET /shipments/<id>, POST /shipments/<id>/marketplace and /syncs"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db
from inventory.models import (
    InboundPlan,
    Receipt,
    Role,
    Shipment,
    ShipmentStatus,
    SyncRun,
)
from inventory.rules import wording
from inventory.services import accounts, changes
from tests.factories import (
    link,
    make_connection,
    make_order,
    make_run,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)
from tests.queries import counted

SEEN = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"


def test_shows_lines_receipts_amazons_words_and_the_plan(client: FlaskClient) -> None:
    connection = make_connection()
    saved(InboundPlan(connection_id=connection.id, plan_id="wf1", name="Plan A", status="SHIPPED"))
    shipment = make_shipment(
        connection_id=connection.id,
        amazon_shipment_id="FBA15",
        plan_id="wf1",
        mode="GROUND_SMALL_PARCEL",
        carrier="UPS",
        fee=Decimal("64.50"),
        fee_currency="USD",
    )
    line = make_shipment_line(shipment, units_shipped=10, units_received=7)
    for day, count in ((19, 9), (21, -2)):
        saved(Receipt(line_id=line.id, received_on=date(2026, 11, day), units=count, seen_at=SEEN))
    for number, word in enumerate(("WORKING", "BRAND_NEW")):
        at = SEEN + timedelta(hours=number)
        saved(ShipmentStatus(shipment_id=shipment.id, amazon_status=word, seen_at=at))

    with counted() as statements:
        page = client.get(f"/shipments/{shipment.id}").text

    assert "<h1>FBA15</h1>" in page
    assert "19 Nov: 9 units" in page
    assert '<td class="n">−2</td>' in page
    assert '<td class="n">7</td>' in page
    assert page.index("BRAND_NEW") < page.index("WORKING")
    assert "Plan A" in page
    assert "64.50 USD" in page
    assert len(statements) <= 13, statements


def test_the_timeline_begins_with_the_first_look(client: FlaskClient) -> None:
    shipment = make_shipment(amazon_shipment_id="FBA15", first_seen_on=date(2026, 11, 2))
    word = ShipmentStatus(shipment_id=shipment.id, amazon_status="IN_TRANSIT", seen_at=SEEN)
    saved(word)
    link(make_order(reference="FBA15"), shipment).linked_at = SEEN + timedelta(hours=3)
    changes.record("shipment", shipment.id, "Received +4 units", cause="amazon")
    db.session.commit()

    told = client.get(f"/shipments/{shipment.id}").text.partition('id="time"')[2]

    then = wording.day(date(2026, 11, 19), accounts.today())
    made = wording.day(date(2026, 11, 2), accounts.today())
    sentences = (
        "Received +4 units",
        "Became FBA15 (purchase order)",
        f"First seen {then} as In transit, made about {made}",
    )
    assert sorted(sentences, key=told.index) == list(sentences)


def test_what_came_before_the_first_reading_has_no_day_of_its_own(client: FlaskClient) -> None:
    shipment = make_shipment()
    line = make_shipment_line(shipment)
    for units, is_opening in ((3, False), (40, True)):
        saved(
            Receipt(
                line_id=line.id,
                received_on=date(2026, 11, 19),
                units=units,
                is_opening=is_opening,
                seen_at=SEEN,
            )
        )

    page = client.get(f"/shipments/{shipment.id}").text

    assert "before 19 Nov: 40 units" in page
    assert 'before <time datetime="2026-11-19">' in page
    assert page.index("before 19 Nov") < page.index("19 Nov: 3 units")


def test_says_plainly_what_is_not_known(client: FlaskClient) -> None:
    page = client.get(f"/shipments/{make_shipment().id}").text

    assert "no quote available" in page
    assert "Nothing received yet" in page
    assert "No lines read yet" in page
    assert "orders arise once it is shipped" in page


def test_a_correction_of_the_marketplace_moves_shipment_and_order(client: FlaskClient) -> None:
    connection = make_connection()
    states, canada = (
        make_warehouse(connection_id=connection.id, marketplace_id=one, name=one)
        for one in (US, CA)
    )
    shipment = make_shipment(
        connection_id=connection.id, warehouse_id=states.id, marketplace_source="primary"
    )
    order = make_order(reference=shipment.amazon_shipment_id, destination_id=states.id)
    link(order, shipment)

    answer = client.post(f"/shipments/{shipment.id}/marketplace", data={"marketplace_id": CA})

    assert answer.status_code == 303
    assert (shipment.marketplace_source, shipment.warehouse_id) == ("user", canada.id)
    assert order.destination_id == canada.id
    assert "Marketplace corrected" in client.get(f"/shipments/{shipment.id}").text


def test_a_marketplace_of_another_region_is_refused(client: FlaskClient) -> None:
    shipment = make_shipment()

    answer = client.post(
        f"/shipments/{shipment.id}/marketplace", data={"marketplace_id": "A1PA6795UKMFR9"}
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert shipment.marketplace_id == US


def test_sync_now_reads_this_shipment_alone(client: FlaskClient) -> None:
    shipment = make_shipment(amazon_shipment_id="FBA15")
    make_run(connection_id=shipment.connection_id)

    answer = client.post(f"/shipments/{shipment.id}/syncs", headers={"HX-Request": "true"})

    scopes = db.session.scalars(select(SyncRun.scope).order_by(SyncRun.id)).all()
    assert scopes == ["", "FBA15"]
    assert 'hx-get="/shipments/' in answer.text


def test_a_viewer_corrects_nothing(sign_in: Callable[..., FlaskClient]) -> None:
    viewer, shipment = sign_in(Role.VIEWER), make_shipment()

    assert "Wrong marketplace" not in viewer.get(f"/shipments/{shipment.id}").text
    answer = viewer.post(f"/shipments/{shipment.id}/marketplace", data={"marketplace_id": CA})
    assert answer.status_code == 403
    assert viewer.post(f"/shipments/{shipment.id}/syncs").status_code == 403


def test_a_shipment_that_is_not_there(client: FlaskClient) -> None:
    assert db.session.scalar(select(Shipment.id)) is None
    assert client.get("/shipments/1").status_code == 404
