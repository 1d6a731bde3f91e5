"""POST /shipments/pins, /notes and /acts/undo, and what the pages of shipment and order say"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Account, Role, Shipment, StockOrder
from inventory.services import accounts, staleness
from tests.factories import link, make_order, make_order_line, make_shipment, make_shipment_line


def overdue(days: int = 40, units: int = 40, **fields: Any) -> tuple[Shipment, StockOrder]:
    on = accounts.today() - timedelta(days=days)
    shipment = make_shipment(expected_on=on, units_shipped=units, units_outstanding=units, **fields)
    line = make_shipment_line(shipment, units_shipped=units)
    order = make_order(reference=shipment.amazon_shipment_id, expected_on=on)
    order.units_ordered = order.units_outstanding = units
    make_order_line(
        order,
        listing_id=line.listing_id,
        seller_sku=line.seller_sku,
        units_ordered=units,
        units_outstanding=units,
    )
    link(order, shipment)
    return shipment, order


def switch_on(days: int = 30) -> None:
    account = db.session.get_one(Account, 1)
    account.ignore_stale, account.ignore_after_days = True, days
    db.session.flush()
    staleness.evaluate()
    db.session.commit()


def undo_of(page: str) -> str:
    found = re.search(r'name="batch" value="([^"]+)"', page)
    assert found
    return found[1]


def test_both_pages_say_since_when_and_why_it_is_ignored(client: FlaskClient) -> None:
    shipment, order = overdue(40)
    paths = [f"/shipments/{shipment.id}", f"/purchase-orders/{order.id}"]
    assert all('nowrap warn strong">' in client.get(path).text for path in paths)
    switch_on()

    pages = [client.get(path) for path in paths]

    for page in (" ".join(one.text.split()) for one in pages):
        assert re.search(r"Ignored</span> since <time [^>]+>\d+ \w+</time>: 40 days past the", page)
        assert "expected date; not counted as on order (40 units)." in page
        assert ">Count again</button>" in page
        assert 'nowrap warn strong">' not in page  # it is waited for no longer
    assert "0 counted, 40 ignored" in pages[1].text


@pytest.mark.parametrize(
    ("days", "active_days_ago", "said"),
    [
        (24, None, "24 days past the expected date; 40 units still count as on order, "
                   "ignored in 7 days."),
        (33, 2, "33 days past the expected date, not ignored yet: Amazon worked on it"),
    ],
)  # fmt: skip
def test_what_is_late_and_still_counts(
    client: FlaskClient, days: int, active_days_ago: int | None, said: str
) -> None:
    at = accounts.now() - timedelta(days=active_days_ago) if active_days_ago else None
    shipment, _ = overdue(days, last_activity_at=at)
    switch_on()

    page = " ".join(client.get(f"/shipments/{shipment.id}").text.split())

    assert said in page
    assert ("Overdue, still moving" in page) is (active_days_ago is not None)
    assert ">Ignore now</button>" in page


def test_the_list_of_orders_marks_and_sums_what_is_ignored(client: FlaskClient) -> None:
    overdue(40)
    overdue(3, 7)
    switch_on()

    page = client.get("/purchase-orders?view=open&totals=1").text
    csv = client.get("/purchase-orders.csv").text

    assert page.count('<tr class="is-held">') == 2  # the row, and its line in the foot
    assert re.search(r"</svg>Ignored</span>", page)
    assert "<small>40 ignored since <time" in page
    assert re.search(r"of these ignored</th>.*?>40</td>", page, re.DOTALL)
    assert ",40,0,40,40,," in csv
    assert ",7,0,7,0,," in csv


def test_ignoring_by_hand_leads_back_and_can_be_undone(client: FlaskClient) -> None:
    shipment, _ = overdue(3)
    path = f"/shipments/{shipment.id}"
    form = {"shipment": shipment.id, "word": "ignore", "back": path, "note": "Lost"}

    answer = client.post("/shipments/pins", data=form, follow_redirects=True)

    assert answer.request.path == path
    assert f"{shipment.amazon_shipment_id}: Ignored by hand." in answer.text
    assert (shipment.ignore_pin, shipment.note) == ("ignore", "Lost")
    assert ">Back to the rule</button>" in answer.text

    data = {"batch": undo_of(answer.text), "back": path}
    answer = client.post("/shipments/acts/undo", data=data, follow_redirects=True)
    assert f"Undone for {shipment.amazon_shipment_id}." in answer.text
    assert (shipment.ignore_pin, shipment.note, shipment.ignored_on) == ("", "", None)


def test_undoing_what_was_changed_since_is_refused_with_a_sentence(client: FlaskClient) -> None:
    shipment, _ = overdue(3)
    form = {"shipment": shipment.id, "word": "ignore"}
    page = client.post("/shipments/pins", data=form, follow_redirects=True)
    batch = re.search(r"undo=([\w-]+)", page.request.url)
    client.post("/shipments/pins", data={**form, "word": "count"})

    assert batch
    data = {"batch": batch[1], "back": f"/shipments/{shipment.id}"}
    answer = client.post("/shipments/acts/undo", data=data, follow_redirects=True)

    assert f"Nothing was undone: {shipment.amazon_shipment_id} was changed since." in answer.text
    assert shipment.ignore_pin == "count"


@pytest.mark.parametrize("word", ["Ignore", "never", "'"])
def test_other_words_are_refused(client: FlaskClient, word: str) -> None:
    shipment, _ = overdue(3)

    answer = client.post("/shipments/pins", data={"shipment": shipment.id, "word": word})

    assert answer.status_code == 400
    assert shipment.ignore_pin == ""


def test_nobody_is_led_elsewhere(client: FlaskClient) -> None:
    shipment, _ = overdue(3)
    form = {"shipment": shipment.id, "word": "ignore", "back": "https://evil.example/"}

    answer = client.post("/shipments/pins", data=form)

    assert answer.location.startswith("/shipments/stale?undo=")


def test_a_viewer_sees_it_and_has_no_buttons(sign_in: Callable[..., FlaskClient]) -> None:
    shipment, order = overdue(40)
    switch_on()
    viewer = sign_in(Role.VIEWER)

    pages = [viewer.get(f"/shipments/{shipment.id}").text]
    pages.append(viewer.get(f"/purchase-orders/{order.id}").text)

    assert all("not counted as on order" in page for page in pages)
    assert not any("Count again" in page for page in pages)
    form = {"shipment": shipment.id, "word": "count"}
    assert viewer.post("/shipments/pins", data=form).status_code == 403
