"""GET /shipments/<id> of a shipment that came short: the claim, and units over elsewhere"""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from inventory.models import Shipment, ShipmentStatus
from inventory.services import accounts
from tests.factories import (
    make_connection,
    make_listing,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)


class Neighbourhood:
    """Shipments of one SKU to one warehouse."""

    def __init__(self) -> None:
        self.connection = make_connection()
        self.warehouse = make_warehouse(connection=self.connection)
        self.listing = make_listing(connection_id=self.connection.id, seller_sku="HP-SC")

    def shipment(self, name: str, shipped: int, received: int, **fields: Any) -> Shipment:
        listing_id = fields.pop("listing_id", self.listing.id)
        row = make_shipment(
            **{
                "amazon_shipment_id": name,
                "connection_id": self.connection.id,
                "warehouse_id": self.warehouse.id,
                "status": "CLOSED",
                "is_open": False,
                "closed_on": date(2026, 11, 1),
                "units_shipped": shipped,
                "units_received": received,
                **fields,
            }
        )
        make_shipment_line(
            row, listing_id=listing_id, units_shipped=shipped, units_received=received
        )
        return row


def test_units_over_in_a_neighbour_stand_beside_those_missing(client: FlaskClient) -> None:
    here = Neighbourhood()
    short = here.shipment("FBA-SHORT", 100, 96)
    over = here.shipment("FBA-OVER", 20, 24, status="RECEIVING", is_open=True, closed_on=None,
                         expected_on=date(2026, 12, 20))  # fmt: skip
    saved(
        ShipmentStatus(
            shipment_id=short.id,
            amazon_status="RECEIVING",
            seen_at=accounts.now() - timedelta(days=20),
        )
    )

    page = " ".join(client.get(f"/shipments/{short.id}").text.split())

    assert '<h2 id="shortage">4 units missing</h2>' in page
    assert "claim open, closes in 40 days" in page
    assert f'4 over of HP-SC in <a href="/shipments/{over.id}">FBA-OVER</a>' in page


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"closed_on": date(2026, 12, 31) + timedelta(days=1)},
        {"status": "SHIPPED"},
        {"warehouse_id": None},
    ],
)
def test_what_is_no_neighbour_is_left_out(client: FlaskClient, elsewhere: dict[str, Any]) -> None:
    here = Neighbourhood()
    short = here.shipment("FBA-SHORT", 100, 96)
    here.shipment("FBA-OVER", 20, 24, **elsewhere)
    here.shipment("FBA-OTHER", 20, 24, listing_id=make_listing(
        connection_id=here.connection.id).id)  # fmt: skip
    Neighbourhood().shipment("FBA-STRANGER", 20, 24)

    page = client.get(f"/shipments/{short.id}").text

    assert " over of " not in page
    assert "No shipment to the same warehouse within 60 days" in page


@pytest.mark.parametrize(
    ("status", "received"), [("CLOSED", 100), ("SHIPPED", 0), ("CANCELLED", 0)]
)
def test_nothing_is_said_where_nothing_is_missing(
    client: FlaskClient, status: str, received: int
) -> None:
    row = Neighbourhood().shipment("FBA-X", 100, received, status=status)

    assert 'id="shortage"' not in client.get(f"/shipments/{row.id}").text


def test_a_note_is_kept_with_the_shipment(client: FlaskClient) -> None:
    row = Neighbourhood().shipment("FBA-X", 100, 96)
    path = f"/shipments/{row.id}"
    form = {"shipment": row.id, "note": "Asked the carrier", "back": path}

    answer = client.post("/shipments/notes", data=form, follow_redirects=True)

    assert answer.request.path == path
    assert 'value="Asked the carrier"' in answer.text
    assert "FBA-X: Note written." in answer.text
