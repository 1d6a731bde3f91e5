"""GET /shipments/stale, its file, and /shipments/stale/claims"""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Account,
    Attachment,
    ClaimWindow,
    OrderLine,
    Role,
    Shipment,
    ShipmentStatus,
    StatusType,
)
from inventory.services import accounts, staleness
from tests.factories import (
    link,
    make_connection,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)
from tests.queries import counted

US = "ATVPDKIKX0DER"


def ago(days: int) -> Any:
    return accounts.today() - timedelta(days=days)


def at(days_ago: int) -> datetime:
    """Noon, for a night's hour is another day in summer than in winter."""
    return datetime.combine(ago(days_ago), time(12), tzinfo=accounts.timezone())


def stale(
    amazon_id: str, units: int = 40, received: int = 0, *, cost: str | None = None, **fields: Any
) -> Shipment:
    """A shipment of one line on an order of its own, 40 days overdue unless said otherwise."""
    is_open = fields.get("is_open", True)
    shipment = make_shipment(
        **{
            "amazon_shipment_id": amazon_id,
            "expected_on": ago(40),
            "units_shipped": units,
            "units_received": received,
            "units_outstanding": units - received if is_open else 0,
            **fields,
        }
    )
    line = make_shipment_line(shipment, units_shipped=units, units_received=received)
    order = make_order(
        expected_on=shipment.expected_on,
        units_outstanding=shipment.units_outstanding,
        status_type=StatusType.ACTIVE if is_open else StatusType.CLOSED,
    )
    make_order_line(
        order,
        listing_id=line.listing_id,
        seller_sku=line.seller_sku,
        unit_cost=Decimal(cost) if cost else None,
        units_outstanding=shipment.units_outstanding,
    )
    link(order, shipment)
    return shipment


def one_of_each() -> None:
    stale("FBA-LATE", 10, expected_on=ago(20))
    stale("FBA-MOVES", 11, last_activity_at=at(2))
    stale("FBA-OLD", 12, 5, cost="6.10")
    stale("FBA-SHORT", 30, 26, status="CLOSED", is_open=False, closed_on=ago(9))
    stale("FBA-WAITS", 50, status="READY_TO_SHIP", pickup_at=at(3), expected_on=ago(-9))
    stale("FBA-FINE", 60, expected_on=ago(-9))
    stale("FBA-WHOLE", 30, 30, status="CLOSED", is_open=False, closed_on=ago(9))
    stale("FBA-LONG-AGO", 30, 26, status="CLOSED", is_open=False, closed_on=ago(300))
    switch_on()


def switch_on() -> None:
    db.session.get_one(Account, 1).ignore_stale = True
    db.session.flush()
    staleness.evaluate()
    db.session.commit()


def shown(page: str) -> list[str]:
    return re.findall(r">(FBA-[A-Z-]+)</a>", page)


def rows_of(client: FlaskClient, query: str = "") -> dict[str, dict[str, str]]:
    answer = client.get(f"/shipments/stale.csv{query}")
    assert answer.mimetype == "text/csv"
    return {row["shipment_id"]: row for row in csv.DictReader(io.StringIO(answer.text))}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["FBA-MOVES", "FBA-OLD", "FBA-SHORT", "FBA-LATE", "FBA-WAITS"]),
        ("?view=overdue", ["FBA-MOVES", "FBA-LATE"]),
        ("?view=ignored", ["FBA-OLD"]),
        ("?view=short", ["FBA-SHORT"]),
        ("?view=unpicked", ["FBA-WAITS"]),
        ("?view=nonsense&sort=-units", ["FBA-WAITS", "FBA-MOVES", "FBA-LATE", "FBA-OLD",
                                        "FBA-SHORT"]),
        ("?q=fba-l", ["FBA-LATE"]),
    ],
)  # fmt: skip
def test_each_kind_has_its_view(client: FlaskClient, query: str, ids: list[str]) -> None:
    one_of_each()

    assert shown(client.get(f"/shipments/stale{query}").text) == ids
    assert list(rows_of(client, query)) == ids


def test_each_row_says_why_it_is_here(client: FlaskClient) -> None:
    one_of_each()

    page = " ".join(client.get("/shipments/stale?totals=1").text.split())

    for words in (
        "20 days past, ignored in 11",
        "40 days past, not ignored yet",
        "26 of 30 received",
        "pick-up was <time",
        "7 units in 1 shipment do not count as on order.",
        "Ignoring starts 30 days past the expected date, after 7 days without movement.",
    ):
        assert words in page, words
    assert re.search(r"since <time [^>]*>[^<]*</time>, 40 days past", page)
    assert page.count(">Ignore</button>") == 3 + 1  # three rows, and the bar below
    assert page.count(">Count again</button>") == 1 + 1
    found = dict(re.findall(r'>([\w ]+) <data value="(\d+)"', page))
    assert found == {
        "All": "5", "Overdue": "2", "Ignored": "1", "Short on closing": "1", "Not picked up": "1",
    }  # fmt: skip


def test_units_at_stake_their_value_and_the_sum_of_both(client: FlaskClient) -> None:
    one_of_each()

    page, rows = client.get("/shipments/stale/totals").text, rows_of(client)

    assert {name: row["units"] for name, row in rows.items()} == {
        "FBA-LATE": "10", "FBA-MOVES": "11", "FBA-OLD": "7", "FBA-SHORT": "4", "FBA-WAITS": "50",
    }  # fmt: skip
    assert Decimal(rows["FBA-OLD"]["value"]) == Decimal("42.70")
    assert rows["FBA-LATE"]["value"] == ""
    foot = page.partition("<tfoot")[2]
    assert "5 shipments" in foot
    assert ">82</td>" in foot
    assert "42.70" in foot


def test_a_claim_is_counted_from_the_delivery(client: FlaskClient) -> None:
    for name, days in (("FBA-EARLY", 5), ("FBA-OPEN", 20), ("FBA-ENDS", 57), ("FBA-OVER", 80)):
        shipment = stale(name)
        for status, seen in (("SHIPPED", 3), ("DELIVERED", 0), ("RECEIVING", -2)):
            when = at(days + seen)
            saved(ShipmentStatus(shipment_id=shipment.id, amazon_status=status, seen_at=when))
    stale("FBA-AWAY")

    page = client.get("/shipments/stale").text

    found = {name: " ".join(row.split()) for name, row in re.findall(
        r">(FBA-[A-Z]+)</a>(.*?)</tr>", page, re.DOTALL)}  # fmt: skip
    assert '<td class="p2 quiet">opens in 10 days</td>' in found["FBA-EARLY"]
    assert '<td class="p2 quiet">open, closes in 40 days</td>' in found["FBA-OPEN"]
    assert '<td class="p2 warn">open, closes in 3 days</td>' in found["FBA-ENDS"]
    assert '<td class="p2 quiet">closed 20 days ago</td>' in found["FBA-OVER"]
    assert '<td class="p2 quiet">–</td>' in found["FBA-AWAY"]


def test_a_claim_of_what_was_there_at_the_first_look_is_an_estimate(client: FlaskClient) -> None:
    for name, source in (("FBA-THERE", "plan"), ("FBA-SEEN", "sync")):
        shipment = stale(name, expected_on=ago(66), first_seen_source=source)
        saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="RECEIVING", seen_at=at(0)))
    moved = stale("FBA-MOVED", expected_on=ago(66), first_seen_source="plan")
    for status, days in (("SHIPPED", 9), ("RECEIVING", 0)):
        saved(ShipmentStatus(shipment_id=moved.id, amazon_status=status, seen_at=at(days)))

    page = client.get("/shipments/stale").text

    found = dict(re.findall(r">(FBA-[A-Z]+)</a>(.*?)</tr>", page, re.DOTALL))
    assert ">closed 6 days ago, estimated</td>" in found["FBA-THERE"]
    assert ">opens in 15 days</td>" in found["FBA-SEEN"]
    assert ">opens in 15 days</td>" in found["FBA-MOVED"]


def test_what_closed_short_before_the_first_look_is_shown_by_its_expected_date(
    client: FlaskClient,
) -> None:
    over = {"status": "CLOSED", "is_open": False, "closed_on": None}
    stale("FBA-BEFORE", 30, 26, expected_on=ago(70), **over)
    stale("FBA-HISTORY", 30, 26, expected_on=ago(200), **over)

    assert shown(client.get("/shipments/stale?view=short").text) == ["FBA-BEFORE"]


def test_the_claim_windows_are_each_marketplace_s_own(client: FlaskClient) -> None:
    shipment = stale("FBA-X", marketplace_id=US)
    saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="DELIVERED", seen_at=at(20)))
    form = {f"{US}-opens_after_days": "30", f"{US}-closes_after_days": "270"}

    assert 'value="15"' in client.get("/shipments/stale/claims").text
    answer = client.post("/shipments/stale/claims", data=form)

    assert answer.status_code == 303
    assert rows_of(client)["FBA-X"]["claim_opens"] == str(ago(-10))
    assert db.session.get_one(ClaimWindow, US).closes_after_days == 270


@pytest.mark.parametrize("days", [("60", "15"), ("", "15"), ("x", "15"), ("-1", "15")])
def test_a_claim_window_that_cannot_be_is_refused(
    client: FlaskClient, days: tuple[str, str]
) -> None:
    make_warehouse()
    form = {f"{US}-opens_after_days": days[0], f"{US}-closes_after_days": days[1]}

    answer = client.post("/shipments/stale/claims", data=form)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert db.session.scalars(sa.select(ClaimWindow)).all() == []


def test_notes_and_files_are_shown_as_evidence(client: FlaskClient) -> None:
    shipment = stale("FBA-X")
    form = {"shipment": shipment.id, "note": "Carrier <b>lost</b> it", "back": "/shipments/stale"}
    saved(
        Attachment(
            shipment_id=shipment.id,
            name="bol.pdf",
            media_type="application/pdf",
            size=1,
            content=b"x",
            added_at=at(1),
        )
    )

    answer = client.post("/shipments/notes", data=form, follow_redirects=True)

    assert "FBA-X: Note written." in answer.text
    assert "Carrier &lt;b&gt;lost&lt;/b&gt; it" in answer.text
    assert ">1 file</a>" in answer.text


def test_several_are_ignored_together_and_come_back_together(client: FlaskClient) -> None:
    rows = [stale(f"FBA-{name}", expected_on=ago(5)) for name in "AB"]
    back = "/shipments/stale?view=overdue"
    form = {"shipment": [row.id for row in rows], "word": "ignore", "back": back}

    answer = client.post("/shipments/pins", data=form, follow_redirects=True)

    assert "2 shipments: Ignored by hand." in answer.text
    assert "None of this kind" in answer.text
    batch = re.search(r'name="batch" value="([^"]+)"', answer.text)
    assert batch
    undo = {"batch": batch[1], "back": back}
    answer = client.post("/shipments/acts/undo", data=undo, follow_redirects=True)
    assert shown(answer.text) == ["FBA-A", "FBA-B"]


def test_without_a_tick_nothing_happens_and_the_page_says_so(client: FlaskClient) -> None:
    answer = client.post("/shipments/pins", data={"word": "ignore"}, follow_redirects=True)

    assert "Nothing was changed" in answer.text


def test_filters_are_kept_in_the_address(client: FlaskClient) -> None:
    home = make_warehouse(connection=make_connection())
    stale("FBA-HERE", warehouse_id=home.id)
    stale("FBA-THERE")

    for query in (f"warehouse={home.id}", "q=fba-h", f"warehouse={home.id}&q=FBA&view=overdue"):
        assert shown(client.get(f"/shipments/stale?{query}").text) == ["FBA-HERE"]
    page = client.get(f"/shipments/stale?warehouse={home.id}").text
    assert f"/shipments/stale.csv?warehouse={home.id}" in page


def test_a_long_list_is_read_page_by_page_with_the_same_statements(client: FlaskClient) -> None:
    seen: list[str] = []
    stale("FBA-FIRST")
    with counted() as few:
        client.get("/shipments/stale")
    for number in range(54):
        name = "".join(chr(65 + int(digit)) for digit in f"{number:02d}")
        stale(f"FBA-{name}", expected_on=ago(number % 30 + 1) if number % 9 else ago(1))

    path = "/shipments/stale"
    with counted() as many:
        page = client.get(path).text
    while True:
        seen += shown(page)
        found = re.search(r'rel="next"\s+href="([^"]+)"', page)
        if not found:
            break
        page = client.get(found[1].replace("&amp;", "&")).text

    assert len(seen) == len(set(seen)) == 55
    assert len(many) <= len(few) <= 8


def test_totals_and_counts_come_after_the_page_or_on_request(client: FlaskClient) -> None:
    one_of_each()

    page = client.get("/shipments/stale?view=overdue").text
    asked = client.get("/shipments/stale?view=overdue&totals=1").text
    fragment = client.get("/shipments/stale/totals?view=overdue").text

    assert 'hx-get="/shipments/stale/totals?view=overdue"' in page
    assert "2 shipments<small>" not in page
    for there in (asked, fragment):
        assert "2 shipments<small>total of what is filtered" in there
        assert 'Ignored <data value="1">' in there
        assert "1 shipment do not count as on order" in there
    assert fragment.count('hx-swap-oob="true"') == 2


def test_columns_are_hidden_behind_a_planner_s_ticks(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    stale("FBA-X")
    query = "/shipments/stale?cols=why,destination,expected,moved,units,value,claim"

    assert '<table class="table no-10"' in client.get(query).text
    viewer = sign_in(Role.VIEWER, email="v@example.com")
    assert '<table class="table no-9"' in viewer.get(query).text


def test_nothing_stale_says_so(client: FlaskClient) -> None:
    make_connection()

    assert "Everything is on its way" in client.get("/shipments/stale").text
    assert "None of this kind" in client.get("/shipments/stale?view=short").text
    assert "matches what is set" in client.get("/shipments/stale?q=zzz").text


def test_a_viewer_looks_and_has_no_acts(sign_in: Callable[..., FlaskClient]) -> None:
    one_of_each()
    viewer = sign_in(Role.VIEWER)

    page = viewer.get("/shipments/stale").text

    assert len(shown(page)) == 5
    assert "/shipments/pins" not in page
    assert 'name="shipment"' not in page
    assert viewer.get("/shipments/stale/claims").status_code == 403


def test_home_and_the_list_of_shipments_lead_there(client: FlaskClient) -> None:
    one_of_each()

    home, listing = client.get("/").text, client.get("/shipments").text

    assert "1 shipment ignored since yesterday, 7 units." in home
    assert "/shipments/stale?view=ignored" in home
    assert 'href="/shipments/stale"' in listing
    assert re.search(r'href="/shipments\?view=open"[^>]*aria-current', client.get(
        "/shipments/stale").text)  # fmt: skip


def test_costs_that_are_partly_unknown_are_said_to_be(client: FlaskClient) -> None:
    shipment = stale("FBA-X", 10, cost="2.00")
    order_id = db.session.scalar(sa.select(OrderLine.order_id))
    extra = make_shipment_line(shipment, units_shipped=3)
    make_order_line(
        db.session.get(type(make_order()), order_id),
        listing_id=extra.listing_id,
        seller_sku=extra.seller_sku,
    )

    page = client.get("/shipments/stale").text

    assert "20.00<small>some costs unknown</small>" in page
