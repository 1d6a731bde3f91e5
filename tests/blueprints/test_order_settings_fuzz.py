"""Whatever is sent to the stock-order forms, it is saved whole or refused with sentences.

Per form 50 submissions; 2,000 with SOAK=1.
"""

import os
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from extensions import db
from inventory.models import Account, Change, OrderStatus, Shipment, StockOrder
from inventory.services import accounts, order_settings, staleness
from tests.factories import LONG_AGO, link, make_order, make_shipment, make_warehouse

pytestmark = pytest.mark.soak
EXAMPLES = 2000 if os.environ.get("SOAK") == "1" else 50
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PAGE = "/settings/purchase-orders"
COMMON = [
    "", "0", "1", "14", "365", "366", "-1", "1.5", "1e3", "+7", " 14 ", "１４", "١٤", "²",
    "999999999", "1000000000", "9" * 5000, "soon", "y", "off", "PO-", "TO-", "P O_./#", "<b>",
    "Open", "Draft", "Closed", "Canceled", "open", "Quoted", "Shipped", "active", "draft", "\x00",
    "a\nb", "\ud7ff", "'; drop table account; --", "x" * 400, "é" * 20,
]  # fmt: skip
NAMES = [
    "version", "next_reference", "next_seen", "purchase_prefix", "transfer_prefix",
    "default_status", "lead_time_days", "open_send", "ignore_stale", "ignore_after_days", "reset",
    "submission", "id", "timezone", "rates_problem",
]  # fmt: skip
VALUE = st.one_of(st.sampled_from(COMMON), st.text(max_size=40))
SOME = st.lists(st.tuples(st.sampled_from(NAMES), VALUE), max_size=14)
#: What the form sends untouched: a few fields replaced in it are saved more often than not.
WHOLE = {
    "next_reference": "1",
    "purchase_prefix": "PO-",
    "transfer_prefix": "TO-",
    "default_status": "Open",
    "lead_time_days": "",
    "ignore_after_days": "30",
}
FEW = st.lists(st.tuples(st.sampled_from(NAMES[1:]), VALUE), max_size=4)
ON = {**WHOLE, "ignore_stale": "y"}
FIELDS = st.one_of(
    SOME,
    FEW.map(lambda few: [*{**WHOLE, **dict(few)}.items()]),
    FEW.map(lambda few: [*{**ON, **dict(few)}.items()]),
)
STATUS = st.lists(st.tuples(st.sampled_from(["name", "type", "id", "submission"]), VALUE))


@pytest.fixture
def rows(client: FlaskClient) -> StockOrder:
    """A shipment long overdue, whose order has the number that would come first."""
    shipment = make_shipment(
        warehouse_id=make_warehouse().id, units_outstanding=9, expected_on=LONG_AGO.date()
    )
    order = make_order(reference="PO-1", destination_id=shipment.warehouse_id)
    link(order, shipment)
    return order


@QUIET
@given(FIELDS)
@example([("next_seen", ""), ("next_seen", "0")])
def test_the_form_of_the_settings(client: FlaskClient, rows: StockOrder, fields: Any) -> None:
    sent = MultiDict(fields)
    before = state()
    asked = client.get(f"{PAGE}/consequences", query_string=sent, headers={"HX-Request": "true"})
    assert asked.status_code == 200, asked.text
    assert state() == before

    told(client, PAGE, sent, before)

    account = db.session.get_one(Account, 1)
    assert account.lead_time_days is None or 0 <= account.lead_time_days <= 365
    assert 0 <= account.ignore_after_days <= 365
    assert 1 <= account.next_reference <= 999_999_999
    assert account.default_status in order_settings.default_statuses()
    now = staleness.preview(rule(account))  # the rule ran with the save: nothing is left to do
    assert (now.ignored, now.counted) == ((), ())
    db.session.rollback()


@QUIET
@given(STATUS)
def test_the_form_of_a_status(client: FlaskClient, rows: StockOrder, fields: Any) -> None:
    told(client, f"{PAGE}/statuses", MultiDict(fields), state())


def told(
    client: FlaskClient, address: str, sent: MultiDict[str, str], before: dict[str, Any]
) -> None:
    """Save; a refusal changes nothing and says why, and what is saved is in the log."""
    answer = client.post(address, data=sent)
    after = state()
    assert answer.status_code in (200, 303, 409, 422), answer.text
    if answer.status_code != 303:
        assert after == before
    if answer.status_code == 422:
        assert 'class="error"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert (after["entries"] > before["entries"]) == (after["rows"] != before["rows"])


def rule(account: Account) -> Any:
    return staleness.Rule(account.ignore_stale, account.ignore_after_days)


def state() -> dict[str, Any]:
    """Every setting and status, what is ignored, and how many entries the log has."""
    account = order_settings.shown(accounts.account())
    statuses = db.session.execute(
        select(OrderStatus.name, OrderStatus.type).order_by(OrderStatus.id)
    )
    found = {
        "rows": [account, [tuple(row) for row in statuses]],
        "ignored": list(db.session.scalars(select(Shipment.ignored_on).order_by(Shipment.id))),
        "entries": db.session.scalar(
            select(func.count()).where(Change.subject_kind == order_settings.SUBJECT)
        ),
    }
    db.session.rollback()
    return found
