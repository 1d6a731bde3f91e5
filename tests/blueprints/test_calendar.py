"""/calendar: arrivals by month, and the feed at its secret address"""

import logging
import re
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from inventory.models import Role, StatusType
from inventory.services import accounts, arrivals
from tests.factories import link, make_order, make_shipment, make_user, make_warehouse

DAY = date(2026, 12, 10)


def fill() -> None:
    home = make_warehouse(name="Harbour FBA US")
    coming = {"warehouse_id": home.id, "expected_on": DAY, "is_open": True}
    open_ = make_shipment(amazon_shipment_id="FBA-OPEN", units_outstanding=480, **coming)
    held = {"units_outstanding": 7, "ignored_on": DAY, **coming}
    ignored = make_shipment(amazon_shipment_id="FBA-IGN", **held)
    for shipment in (open_, ignored):
        link(make_order(destination_id=home.id), shipment)
    make_shipment(amazon_shipment_id="FBA-PREP", units_outstanding=60, **coming)
    make_shipment(amazon_shipment_id="FBA-DONE", units_outstanding=0, **coming)
    make_shipment(
        amazon_shipment_id="FBA-CLOSED", units_outstanding=5, **{**coming, "is_open": False}
    )
    own = {"origin": "local", "destination_id": home.id, "expected_on": DAY}
    make_order(reference="PO-1, a;b", units_outstanding=20, **own)
    make_order(reference="PO-DRAFT", units_outstanding=9, status_type=StatusType.DRAFT, **own)
    carried = make_order(reference="PO-CARRIED", units_outstanding=480, **own)
    link(carried, make_shipment(units_outstanding=1, expected_on=date(2027, 3, 1)))


def test_a_month_has_what_is_still_to_come(client: FlaskClient) -> None:
    fill()

    page = client.get("/calendar?month=2026-12").text

    assert "Arrivals in December 2026" in page
    said = " ".join(page.split())
    assert "500 units on order expected, 60 units more on shipments that are not on order, " in said
    assert "order, 7 units more on ignored shipments." in said
    assert page.count("60 units, not on order") == page.count("Not on order") == 1
    for shown in ("FBA-OPEN", "FBA-IGN", "FBA-PREP", "PO-1, a;b"):
        assert f">{shown}</a>" in page
    for left_out in ("FBA-DONE", "FBA-CLOSED", "PO-DRAFT", "PO-CARRIED"):
        assert left_out not in page
    assert 'href="?month=2026-11"' in page
    assert 'href="?month=2027-01"' in page


@pytest.mark.parametrize("text", ["", "nonsense", "2026-13", "9999-01", "1999-01", "2026-12-01"])
def test_other_months_are_this_one(client: FlaskClient, text: str) -> None:
    shown = f"{accounts.today():%Y}"

    assert shown in client.get(f"/calendar?month={text}").text.partition("</h1>")[0][-60:]


def test_a_day_shows_a_few_and_the_list_has_all(client: FlaskClient) -> None:
    for _ in range(6):
        make_shipment(expected_on=DAY, units_outstanding=1)

    page = client.get("/calendar?month=2026-12").text

    assert ">2 more</a>" in page
    assert page.count('href="/shipments/') == 4 + 6
    assert f'href="#day-{DAY}"' in page
    on = date(2026, 12, 31)  # also in the last week of the page of January
    for _ in range(5):
        make_shipment(expected_on=on, units_outstanding=1)
    january = client.get("/calendar?month=2027-01").text
    assert f'href="?month=2026-12#day-{on}"' in january
    assert f'id="day-{on}"' not in january


def test_the_feed_opens_at_its_address_alone(app: Flask, client: FlaskClient) -> None:
    fill()
    page = client.post("/calendar/feed").text
    address = re.search(r'value="http://localhost(/calendar/[\w-]{43}\.ics)"', page)
    assert address
    stranger = app.test_client()
    with time_machine.travel("2026-11-20 09:00 +0000", tick=False):
        feed = stranger.get(address[1])

    assert feed.content_type == "text/calendar; charset=utf-8"
    assert "SUMMARY:20 units: PO-1\\, a\\;b\r\n" in feed.text
    assert feed.text.count("BEGIN:VEVENT") == 5
    said = feed.text.replace("\r\n ", "")
    assert "60 units of FBA-PREP expected at Harbour FBA US (not on order)" in said
    assert said.count("not on order") == 1
    assert stranger.get("/calendar/nonsense.ics").status_code == 404
    assert address[1] not in client.get("/calendar").text


def test_a_new_address_ends_the_old_one_and_an_end_ends_both(
    app: Flask, client: FlaskClient
) -> None:
    make_user()
    first = arrivals.make_feed(user_id=None)
    second = arrivals.make_feed(user_id=None)

    assert [arrivals.opens_feed(one) for one in (first, second, "")] == [False, True, False]
    client.post("/calendar/feed")
    client.post("/calendar/feed/delete")
    assert not arrivals.opens_feed(second)
    assert "No feed." in client.get("/calendar").text


def test_only_the_hash_is_kept_and_no_log_has_the_secret(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    secret = arrivals.make_feed(user_id=None)
    kept = accounts.account().feed_hash

    assert kept
    assert secret not in kept
    with caplog.at_level(logging.DEBUG):
        client.get(f"/calendar/{secret}.ics")
    assert secret not in caplog.text


def test_a_viewer_makes_no_feed(sign_in: Callable[..., FlaskClient]) -> None:
    viewer = sign_in(Role.VIEWER)

    assert viewer.post("/calendar/feed").status_code == 403
    assert "Make the address" not in viewer.get("/calendar").text
