"""GET / and /freshness"""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Application,
    ConnectionHealth,
    Leader,
    OrderKind,
    Receipt,
    Role,
    StatusType,
    SyncKind,
    SyncMark,
    SyncState,
)
from inventory.services import accounts
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_order,
    make_run,
    make_shipment,
    make_shipment_line,
    saved,
)
from tests.queries import counted

#: What ``go_wrong`` leads to, most urgent first.
TROUBLES = [
    "EU: nothing is read from Amazon.",
    "NA: inbound shipments could not be read.",
    "The client secret of “Planning” has expired.",
    "1 shipment in error at Amazon.",
    "The authorisation of NA expires in 5 days.",
    "1 purchase order is overdue.",
    "2 purchase orders for want of a source warehouse.",
    "1 shipment that Amazon moved back to an earlier status.",
]


def lead() -> None:
    saved(Leader(id=1, owner="me", fence=1, seen_at=accounts.now()))


def test_without_a_connection_it_leads_on(sign_in: Callable[..., FlaskClient]) -> None:
    owner, viewer = sign_in(Role.OWNER).get("/").text, sign_in(Role.VIEWER).get("/").text

    assert "First steps" in owner
    assert 'href="/settings/connections">Connect a seller account</a>' in owner
    assert "an owner does this" in viewer


def test_with_nothing_wrong_it_says_so(client: FlaskClient) -> None:
    make_connection(health=ConnectionHealth.HEALTHY)
    lead()

    page = client.get("/").text

    assert "All is well" in page
    assert "Jobs are running." in page


def go_wrong() -> None:
    """One of each trouble that the page tells of."""
    now, today = accounts.now(), accounts.today()
    lead()
    well = make_connection(name="NA", authorised_until=today + timedelta(days=5))
    make_connection(
        name="EU", health=ConnectionHealth.FAILING, trouble="Refused.", trouble_since=now
    )
    make_run(
        connection_id=well.id, state=SyncState.FAILED, finished_at=now, queued_at=now, message="No."
    )
    saved(
        Application(
            name="Planning",
            client_id="x",
            client_secret_encrypted="",
            secret_expires_on=today - timedelta(days=1),
            created_at=now,
        )
    )
    make_order(expected_on=today - timedelta(days=1), units_outstanding=1240)
    make_shipment(flags="amazon_error")
    make_shipment(flags="went_back:SHIPPED")
    make_order(source_missing=True)
    make_order(source_missing=True)


def test_the_most_urgent_comes_first_with_its_act(client: FlaskClient) -> None:
    go_wrong()

    with counted() as statements:
        page = client.get("/").text

    places = [page.find(sentence) for sentence in TROUBLES]
    assert -1 not in places, dict(zip(TROUBLES, places, strict=True))
    assert places == sorted(places)
    assert "1,240 units still count as on order." in page
    assert "A linked order keeps counting." in page
    assert "8 things, most urgent first" in page
    assert len(statements) <= 10, statements


def test_a_guess_is_told_once_the_plans_were_read(client: FlaskClient) -> None:
    one, other = make_connection(), make_connection()
    make_shipment(connection_id=one.id, flags="marketplace_guess,lines_cut")
    make_shipment(connection_id=other.id, flags="marketplace_guess")
    lead()

    before = client.get("/").text
    saved(SyncMark(connection_id=one.id, kind=SyncKind.PLANS, read_at=accounts.now()))
    after = client.get("/").text

    assert "whose marketplace is a guess" not in before
    assert "1 shipment whose lines are incomplete." in before
    assert "1 shipment whose marketplace is a guess." in after


def test_a_failure_that_a_success_followed_is_history(client: FlaskClient) -> None:
    now, one = accounts.now(), make_connection()
    early = now - timedelta(hours=2)
    make_run(connection_id=one.id, state=SyncState.FAILED, queued_at=early, finished_at=early)
    lead()

    before = client.get("/").text
    saved(SyncMark(connection_id=one.id, kind=SyncKind.SHIPMENTS, read_at=now))
    after = client.get("/").text

    assert "could not be read" in before
    assert "could not be read" not in after


def test_stopped_jobs_are_told(client: FlaskClient) -> None:
    make_connection()
    gone = accounts.now() - timedelta(seconds=61)
    saved(Leader(id=1, owner="me", fence=1, seen_at=gone))

    page = client.get("/").text

    assert "The background jobs are not running" in page
    assert "Jobs are not running." in page


def test_freshness_asks_again_only_while_something_runs(client: FlaskClient) -> None:
    one = make_connection(name="NA")
    run = make_run(
        connection_id=one.id, state=SyncState.RUNNING, kind=SyncKind.LISTINGS, done=40, expected=120
    )

    page, fragment = (
        client.get("/").text,
        client.get("/freshness", headers={"HX-Request": "1"}).text,
    )
    run.state = SyncState.SUCCEEDED
    db.session.commit()
    ended = client.get("/freshness", headers={"HX-Request": "true"}).text

    for answer in (page, fragment):
        assert '<progress id="run-' in answer
        assert "40 of about 120" in answer
        assert 'hx-get="/freshness"' in answer
    assert "hx-get" not in ended


def test_freshness_says_what_is_read_next(client: FlaskClient) -> None:
    now = accounts.now()
    one = make_connection(health=ConnectionHealth.HEALTHY)
    for minutes, scope in ((50, ""), (10, ""), (1, "full")):
        at = now - timedelta(minutes=minutes)
        make_run(connection_id=one.id, queued_at=at, state=SyncState.SUCCEEDED, scope=scope)
    make_connection(disabled_at=now)
    lead()

    page = client.get("/").text

    due = (now + timedelta(minutes=20)).astimezone(accounts.timezone())
    fresh = page.partition('id="fresh"')[2].partition("</section>")[0]
    cells = [" ".join(cell.split()) for cell in re.findall(r"<td>(.*?)</td>", fresh, re.DOTALL)]
    assert f'<time datetime="{due.isoformat("T", "seconds")}">' in fresh
    assert cells.count("now") == 3
    assert cells.count("–") == 4
    assert "Full reconcile tonight at <time>02:00</time>." in fresh


def test_arrivals_of_the_week_and_what_yesterday_brought(client: FlaskClient) -> None:
    make_connection()
    today = accounts.today()
    for days, name in ((0, "now"), (6, "soon"), (7, "later"), (-1, "late")):
        day = today + timedelta(days=days)
        make_order(reference=name, expected_on=day, units_outstanding=5, created_on=today)
    shipment = make_shipment(
        status="CLOSED", closed_on=today, units_shipped=20, units_received=2, is_open=False
    )
    line = make_shipment_line(shipment)
    for units, is_opening in ((612, False), (17_000, True)):
        saved(
            Receipt(
                line_id=line.id,
                received_on=today,
                units=units,
                is_opening=is_opening,
                seen_at=LONG_AGO,
            )
        )

    page = client.get("/").text

    arriving = page.partition("Arriving this week")[2].partition("Freshness")[0]
    assert [name for name in ("now", "soon", "later", "late") if f">{name}</a>" in arriving] == [
        "now",
        "soon",
    ]
    assert re.search(r"<dd>\s*612\s*</dd>", page)
    assert "18 units missing" in page
    assert "4 from Amazon" in page


def test_overdue_orders_are_told_by_kind_each_with_its_list(client: FlaskClient) -> None:
    late = accounts.today() - timedelta(days=1)
    make_order(expected_on=late, units_outstanding=7)
    for left in (2, 3):
        make_order(kind=OrderKind.TRANSFER, expected_on=late, units_outstanding=left)

    page = client.get("/").text

    assert "1 purchase order is overdue." in page
    assert "7 units still count as on order." in page
    assert 'href="/purchase-orders?view=overdue"' in page
    assert "2 transfer orders are overdue." in page
    assert "5 units still count as on order." in page
    assert 'href="/transfer-orders?view=overdue"' in page


def test_a_missing_source_leads_to_its_open_orders(client: FlaskClient) -> None:
    make_order(reference="wanting", source_missing=True)
    make_order(reference="closed", source_missing=True, status_type=StatusType.CLOSED)
    make_order(reference="bought")

    page = client.get("/").text
    shown = client.get("/purchase-orders?view=open&flag=source_missing").text

    assert "1 purchase order for want of a source warehouse." in page
    assert "New ones follow once a source is chosen; these stay purchase orders." in page
    assert 'href="/purchase-orders?view=open&amp;flag=source_missing"' in page
    assert [one for one in ("wanting", "closed", "bought") if f">{one}</a>" in shown] == ["wanting"]
    assert 'value="source_missing"' in shown
    assert 'value="source_missing"' not in client.get("/shipments").text
