"""Send to Amazon as a person at the pages does it, up to any step."""

from typing import Any

from flask.testing import FlaskClient

from inventory.services import accounts, sendings
from tests.sending import Trip

ADDRESS = {
    "ship_from": "new", "from_name": "Harbour Kitchen Depot", "from_line1": "12 Pier Road",
    "from_city": "Portland", "from_state": "ME", "from_postal_code": "04101",
    "from_country": "us", "from_phone": "2075550100",
}  # fmt: skip
PLAN = {"prep_owner": "SELLER", "label_owner": "SELLER", "route": "partnered_parcel", **ADDRESS}
SIZE = {"box-length": "40", "box-width": "30", "box-height": "20", "box-weight": "9.5"}


def page_of(trip: Trip) -> str:
    return f"/purchase-orders/{trip.order_id}/send"


def send(trip: Trip, client: FlaskClient, act: str, **fields: Any) -> str:
    """Press a button of the sending as it stands, work, and return the page then."""
    answer = client.post(f"/sendings/{trip.sending.id}/{act}", data=fields)
    assert answer.status_code == 303, answer.text
    trip.settle()
    return str(client.get(page_of(trip)).text)


def planned(trip: Trip, client: FlaskClient, **fields: Any) -> str:
    answer = client.post(page_of(trip), data={**PLAN, **fields})
    assert answer.status_code == 303, answer.text
    trip.settle()
    return str(client.get(page_of(trip)).text)


def packed(trip: Trip, client: FlaskClient) -> str:
    """Plan, and put everything into 4 boxes alike for each group."""
    planned(trip, client)
    if not trip.sending.packing_option_id:
        option = sendings.options(trip.sending, "packing")[0]
        send(trip, client, "packing", option=option.option_id)
    return send(trip, client, "boxes", **boxes(trip))


def boxes(trip: Trip) -> dict[str, Any]:
    places = sendings.places(trip.sending)
    contents = [
        "\n".join(f"{sku} {number // 4}" for sku, number in units.items())
        for units in places.values()
    ]
    sizes = {name: [value] * len(places) for name, value in SIZE.items()}
    return {
        "length_unit": "CM", "weight_unit": "KG", "box-place": list(places),
        "box-quantity": ["4"] * len(places), "box-contents": contents, **sizes,
    }  # fmt: skip


def placed(trip: Trip, client: FlaskClient, parts: int = 1) -> str:
    packed(trip, client)
    offers = sendings.options(trip.sending, "placement")
    option = next(one for one in offers if len(one.facts["shipments"]) == parts)
    return send(trip, client, "placement", option=option.option_id)


def offered(trip: Trip, client: FlaskClient, parts: int = 1) -> str:
    placed(trip, client, parts)
    day = accounts.today().isoformat()
    rows = sendings.shipments(trip.sending)
    return send(trip, client, "ready", **{f"ready:{one.plan_shipment_id}": day for one in rows})


def carried(trip: Trip, client: FlaskClient, solution: str = "AMAZON_PARTNERED_CARRIER") -> str:
    offered(trip, client)
    (row,) = sendings.shipments(trip.sending)
    offers = sendings.options(trip.sending, "transport", row.plan_shipment_id)
    option = next(one.option_id for one in offers if one.facts["solution"] == solution)
    return send(trip, client, "transport", **{f"option:{row.plan_shipment_id}": option})
