"""/activity: runs, one run, the log of changes, and their files"""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints import states
from extensions import db
from inventory.models import ConnectionLease, OrderKind, Role, SyncKind, SyncRun, SyncState
from inventory.rules import flags
from inventory.services import accounts, changes
from tests.factories import (
    LONG_AGO,
    make_connection,
    make_order,
    make_run,
    make_shipment,
    make_user,
    make_warehouse,
    saved,
)

HTMX = {"HX-Request": "true"}


def ended(**fields: object) -> SyncRun:
    defaults = {
        "state": SyncState.SUCCEEDED,
        "started_at": LONG_AGO,
        "finished_at": LONG_AGO + timedelta(seconds=6.5),
    }
    return make_run(**{**defaults, **fields})


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def test_lists_runs_newest_first(client: FlaskClient) -> None:
    connection = make_connection(name="Harbour NA")
    first = ended(connection_id=connection.id, kind=SyncKind.STOCK)
    second = ended(connection_id=connection.id, created=74, calls=38)

    page = client.get("/activity").text

    assert page.index(f"/activity/runs/{second.id}") < page.index(f"/activity/runs/{first.id}")
    assert "Harbour NA, by the timetable" in page
    assert '<td class="n p2">6.5</td>' in page
    assert '<td class="n p3">74</td>' in page


def test_filters_by_connection_kind_and_state(client: FlaskClient) -> None:
    mine = make_connection()
    wanted = ended(connection_id=mine.id, kind=SyncKind.STOCK, state=SyncState.FAILED)
    others = [
        ended(connection_id=mine.id, kind=SyncKind.STOCK),
        ended(connection_id=mine.id, state=SyncState.FAILED),
        ended(kind=SyncKind.STOCK, state=SyncState.FAILED),
    ]

    page = client.get(f"/activity?connection={mine.id}&kind=stock&state=failed").text

    assert f"/activity/runs/{wanted.id}" in page
    assert all(f"/activity/runs/{one.id}" not in page for one in others)


@pytest.mark.parametrize("query", ["kind=nonsense", "state=%00", "connection=x", "at=nonsense"])
def test_nonsense_in_the_address_is_harmless(client: FlaskClient, query: str) -> None:
    run = ended()

    answer = client.get(f"/activity?{query}")

    assert answer.status_code == 200
    assert f"/activity/runs/{run.id}" in answer.text


def test_pages_by_keyset(client: FlaskClient) -> None:
    connection = make_connection()
    for _ in range(51):
        ended(connection_id=connection.id)
    oldest = f'runs/{db.session.scalar(select(SyncRun.id).order_by(SyncRun.id))}"'
    page = client.get("/activity").text
    following = re.findall(r'rel="next"\s+href="([^"]+)"', page)[0].replace("&amp;", "&")

    second = client.get(following).text

    assert oldest not in page
    assert oldest in second
    assert 'rel="prev"' in second


def test_the_file_has_the_same_rows(client: FlaskClient) -> None:
    ended(message="=cmd")
    run = ended(kind=SyncKind.STOCK, calls=13)

    found = rows(client, "/activity.csv")
    stock = rows(client, "/activity.csv?kind=stock")

    assert [one["kind"] for one in found] == ["stock", "shipments"]
    assert [(one["run"], one["calls"], one["took_s"]) for one in stock] == [
        (str(run.id), "13", "6.5")
    ]
    assert found[1]["message"] == "'=cmd"


def test_a_run_shows_its_calls_meters_and_changes(client: FlaskClient) -> None:
    calls = {"getShipments": 21, "getShipmentItems": 0}
    run = ended(calls=21, calls_by_operation=calls, throttled=2, waited_s=4.5)
    level = {"level": 0.0, "at": accounts.now().timestamp(), "rate": 2.0}
    buckets = dict.fromkeys(calls, level)
    saved(ConnectionLease(connection_id=run.connection_id, expires_at=LONG_AGO, buckets=buckets))
    shipment = make_shipment()
    order = make_order(kind=OrderKind.TRANSFER)
    fields = {"Amazon's status": ["SHIPPED", "RECEIVING"], "hp-1 received": [0, 1200]}
    told: dict[str, Any] = {"cause": "amazon", "run_id": run.id}
    text = "Status Shipped → Receiving"
    changes.record("shipment", shipment.id, text, name="FBA1", fields=fields, **told)
    changes.record("order", order.id, "Received", name="TO-1", **told)
    changes.record("shipment", shipment.id + 1, "Other", name="FBA-gone", **told)
    changes.record("shipment", 2, "Other", name="FBA2", cause="amazon")
    db.session.commit()

    page = client.get(f"/activity/runs/{run.id}").text

    assert "21 calls to Amazon" in page
    assert re.search(r'<meter min="0"\s+max="30"', page)
    called, _, others = page.partition("<details>")
    assert 'aria-label="Free calls of getShipments"' in called
    assert 'aria-label="Free calls of getShipmentItems"' in others
    assert "Rates of 1 operation that this run did not call" in others
    assert "hp-1 received: 0 → <b>1,200 units</b>" in page
    assert "Amazon&#39;s status" not in page
    assert f'href="/shipments/{shipment.id}">FBA1</a>' in page
    assert f'href="/transfer-orders/{order.id}">TO-1</a>' in page
    assert f'href="/shipments/{shipment.id + 1}"' not in page
    assert re.search(r"<dt>Took</dt>\s*<dd>\s*6.5 s", page)
    assert re.search(rf"run {run.id}, <time[^>]+>Monday 5 January 2026", page)
    assert "FBA2" not in page
    assert "hx-trigger" not in page


def test_a_bucket_has_refilled_since_it_was_written(client: FlaskClient) -> None:
    run = ended(calls_by_operation={"getShipments": 1})
    at = (accounts.now() - timedelta(seconds=10)).timestamp()
    buckets = {"getShipments": {"level": 1.0, "at": at, "rate": 2.0}}
    saved(ConnectionLease(connection_id=run.connection_id, expires_at=LONG_AGO, buckets=buckets))

    assert "21 of 30" in client.get(f"/activity/runs/{run.id}").text


def test_a_running_one_asks_again_and_says_how_far_it_is(client: FlaskClient) -> None:
    run = make_run(state=SyncState.RUNNING, stage="Inbound shipments", done=40, expected=120)

    fragment = client.get(f"/activity/runs/{run.id}/status", headers=HTMX).text

    assert fragment.lstrip().startswith(f'<div class="stack"\n     id="run-{run.id}"')
    assert "load delay:2s" in fragment
    assert "40 of about 120" in fragment


def test_a_waiting_one_says_what_for(client: FlaskClient) -> None:
    run = make_run(message="Amazon asks us to wait until 09:20.")

    page = client.get(f"/activity/runs/{run.id}").text

    assert "Waiting for Amazon" in page
    assert "Amazon asks us to wait until 09:20." in page


def test_a_failed_one_can_be_tried_again(client: FlaskClient) -> None:
    run = ended(state=SyncState.FAILED, message="Amazon does not answer.", scope="full")

    page = client.get(f"/activity/runs/{run.id}").text
    answer = client.post(f"/activity/runs/{run.id}/retry")

    again = db.session.scalars(select(SyncRun).order_by(SyncRun.id.desc())).first()
    assert again is not None
    assert "Try again" in page
    assert answer.location == f"/activity/runs/{again.id}"
    assert (again.kind, again.scope, again.cause) == (run.kind, "full", "person")


def test_the_log_says_who_when_and_from_what_to_what(client: FlaskClient) -> None:
    user = make_user(name="Jonas Ebner")
    warehouse = make_warehouse(name="Rotterdam 3PL")
    fields = {"default_source_id": [None, warehouse.id], "pickup_delay_days": [14, 19]}
    changes.record("connection", 1, "Settings changed", name="NA", fields=fields, user_id=user.id)
    changes.record("shipment", 1, "Status", name="FBA1", cause="amazon")
    db.session.commit()

    page = client.get("/activity/changes").text

    assert "Jonas Ebner" in page
    assert "Default source warehouse: none → <b>Rotterdam 3PL</b>" in page
    assert "Estimated pick-up delay: 14 → <b>19</b>" in page
    assert "<td>Amazon</td>" in page


def test_the_log_speaks_of_flags_as_their_badges_do() -> None:
    for name, (_role, _icon, words) in states.FLAGS.items():
        assert flags.SENTENCES[name][0].removeprefix("Marketplace is a ").lower() == words.lower()


def test_the_log_filters_and_searches(client: FlaskClient) -> None:
    changes.record("connection", 1, "Renamed", name="Harbour")
    changes.record("shipment", 1, "Status", name="FBA1", cause="amazon")
    db.session.commit()

    by_subject = client.get("/activity/changes?subject=shipment").text
    by_cause = client.get("/activity/changes?cause=person").text
    by_text = client.get("/activity/changes?q=harb").text

    assert ("FBA1" in by_subject, "Harbour" in by_subject) == (True, False)
    assert ("FBA1" in by_cause, "Harbour" in by_cause) == (False, True)
    assert ("FBA1" in by_text, "Harbour" in by_text) == (False, True)


def test_the_log_as_a_file(client: FlaskClient) -> None:
    user = make_user(email="jonas@example.com")
    fields = {"name": ["Old", "New"]}
    changes.record("connection", 1, "Renamed", name="New", fields=fields, user_id=user.id)
    db.session.commit()

    (row,) = rows(client, "/activity/changes.csv")

    assert (row["who"], row["subject"], row["summary"]) == ("jonas@example.com", "New", "Renamed")
    assert row["fields"] == '{"name": ["Old", "New"]}'


def test_empty_logs_say_what_belongs_here(client: FlaskClient) -> None:
    assert "Every sync leaves a line here." in client.get("/activity").text
    assert "Every act leaves a line here." in client.get("/activity/changes").text


def test_viewers_read_and_planners_retry(sign_in: Callable[..., FlaskClient]) -> None:
    run = ended()
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    assert viewer.get(f"/activity/runs/{run.id}").status_code == 200
    assert "Run again" not in viewer.get(f"/activity/runs/{run.id}").text
    assert viewer.post(f"/activity/runs/{run.id}/retry").status_code == 403
    assert planner.post(f"/activity/runs/{run.id}/retry").status_code == 303


def test_an_unknown_run_is_not_found(client: FlaskClient) -> None:
    assert client.get("/activity/runs/99").status_code == 404
