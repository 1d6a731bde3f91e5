"""The daily mail about newly ignored shipments, through a mail server that really listens."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from extensions import db
from inventory.models import Account, Role, Shipment, ShipmentStatus
from inventory.services import staleness
from jobs.digest import Digest
from tests.factories import (
    link,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_user,
    make_warehouse,
    saved,
)
from tests.mailbox import Mailbox, mailbox

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def post(app: Flask) -> Iterator[Mailbox]:
    with mailbox() as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        app.config["MAIL_FROM"] = "stockbridge@example.com"
        yield server


def ignore(amazon_id: str = "FBA18KF2PP7M", days: int = 40, cost: str | None = None) -> Shipment:
    on = MORNING.date() - timedelta(days=days)
    shipment = make_shipment(
        amazon_shipment_id=amazon_id, expected_on=on, units_shipped=40, units_outstanding=40
    )
    line = make_shipment_line(shipment, units_shipped=40)
    order = make_order(units_outstanding=40)
    make_order_line(
        order,
        listing_id=line.listing_id,
        seller_sku=line.seller_sku,
        unit_cost=Decimal(cost) if cost else None,
    )
    link(order, shipment)
    db.session.get_one(Account, 1).ignore_stale = True
    db.session.flush()
    staleness.evaluate()
    db.session.commit()
    return shipment


def people() -> None:
    make_user(email="owner@example.com", role=Role.OWNER)
    make_user(email="planner@example.com", role=Role.PLANNER)
    make_user(email="viewer@example.com", role=Role.VIEWER)
    make_user(email="gone@example.com", role=Role.OWNER, disabled_at=MORNING)


def test_owners_and_planners_are_told_once(clock: time_machine.Traveller, post: Mailbox) -> None:
    people()
    shipment = ignore(cost="6.10")
    shipment.warehouse_id = make_warehouse(name="Harbour NA FBA US").id
    seen = datetime(2026, 10, 20, tzinfo=UTC)
    saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="DELIVERED", seen_at=seen))
    digest = Digest()

    assert digest.send() is True
    assert digest.send() is False

    assert [to for to, _ in post.mails] == ["owner@example.com", "planner@example.com"]
    message = post.mails[0][1]
    assert message["Subject"] == "Stockbridge: 1 shipment ignored, 40 units"
    assert (message["From"], message["To"]) == ("stockbridge@example.com", "owner@example.com")
    text = message.get_content()
    assert "FBA18KF2PP7M to Harbour NA FBA US" in text.splitlines()
    told = "  40 units, 244.00 USD, 40 days past its expected date. It can be claimed until 19 Dec."
    assert told in text.splitlines()
    assert "viewer" not in text


def test_its_links_lead_to_where_people_use_the_app(
    clock: time_machine.Traveller, post: Mailbox, app: Flask
) -> None:
    people()
    shipment = ignore()
    app.config["PUBLIC_URL"] = "https://stock.example.com"

    Digest().send()

    text = post.mails[0][1].get_content()
    assert "1 shipment is newly ignored: 40 units on the way to Amazon no longer count" in text
    assert f"  https://stock.example.com/shipments/{shipment.id}" in text.splitlines()
    last = "All ignored shipments: https://stock.example.com/shipments/stale?view=ignored"
    assert last in text.splitlines()


def test_without_an_address_it_has_no_links(clock: time_machine.Traveller, post: Mailbox) -> None:
    people()
    ignore()

    Digest().send()

    assert "/shipments" not in post.mails[0][1].get_content()


def test_a_mail_says_when_and_by_whom_it_was_written(
    clock: time_machine.Traveller, post: Mailbox
) -> None:
    people()
    ignore()

    Digest().send()

    message = post.mails[0][1]
    assert parsedate_to_datetime(message["Date"]) == MORNING
    assert message["Message-ID"].endswith("@example.com>")
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("days", "said"),
    [(10, "claimed from 29 Nov until 13 Jan 2027."), (99, "It could be claimed until 16 Oct.")],
)
def test_a_claim_says_whether_it_can_be_filed(
    clock: time_machine.Traveller, post: Mailbox, days: int, said: str
) -> None:
    people()
    shipment = ignore()
    seen = MORNING - timedelta(days=days)
    saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="DELIVERED", seen_at=seen))

    Digest().send()

    assert said in " ".join(post.mails[0][1].get_content().split())


def test_days_of_a_claim_counted_from_the_expected_date_are_about_so(
    clock: time_machine.Traveller, post: Mailbox
) -> None:
    people()
    shipment = ignore()
    shipment.first_seen_source = "plan"
    saved(ShipmentStatus(shipment_id=shipment.id, amazon_status="DELIVERED", seen_at=MORNING))

    Digest().send()

    assert "It can be claimed until about " in " ".join(post.mails[0][1].get_content().split())


def test_the_next_day_tells_only_what_is_new(clock: time_machine.Traveller, post: Mailbox) -> None:
    people()
    ignore("FBA-ONE")
    Digest().send()

    clock.shift(timedelta(hours=3))
    ignore("FBA-TWO", 41)
    assert Digest().send() is False
    clock.shift(timedelta(days=1))
    assert Digest().send() is True
    clock.shift(timedelta(days=1))
    assert Digest().send() is False

    text = post.mails[-1][1].get_content()
    assert "FBA-TWO" in text
    assert "FBA-ONE" not in text
    assert len(post.mails) == 4


def test_what_counts_again_by_then_is_not_told(
    clock: time_machine.Traveller, post: Mailbox
) -> None:
    people()
    shipment = ignore()
    user = make_user()
    staleness.pin([shipment.id], "count", user_id=user.id)
    db.session.commit()

    assert Digest().send() is False
    assert post.mails == []


def test_it_waits_for_the_morning(clock: time_machine.Traveller, post: Mailbox) -> None:
    people()
    ignore()
    clock.move_to(datetime(2026, 11, 24, 4, 59, tzinfo=UTC))  # 05:59 in Berlin

    assert Digest().send() is False
    clock.shift(timedelta(minutes=1))
    assert Digest().send() is True


def test_without_a_mail_server_nothing_is_sent_or_noted(clock: time_machine.Traveller) -> None:
    people()
    ignore()

    assert Digest().send() is False
    assert db.session.get_one(Account, 1).digest_sent_at is None


def test_a_failure_is_logged_and_tried_again_after_an_hour(
    clock: time_machine.Traveller,
    post: Mailbox,
    app: Flask,
    caplog: pytest.LogCaptureFixture,
) -> None:
    people()
    ignore()
    post.takes_login = False
    app.config["SMTP_URL"] = f"smtp://mara:top-secret@127.0.0.1:{post.port}"
    digest = Digest()

    with caplog.at_level(logging.WARNING):
        assert digest.send() is False
        assert digest.send() is False

    assert caplog.messages == [
        "the digest was not sent, tried again in an hour: the mail server answered 535"
    ]
    post.takes_login = True
    clock.shift(timedelta(minutes=59))
    assert digest.send() is False
    clock.shift(timedelta(minutes=1))
    assert digest.send() is True
    assert len(post.mails) == 2


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "http://127.0.0.1", "smtp://", "nonsense"])
def test_a_server_that_is_not_there_is_a_sentence(
    clock: time_machine.Traveller, app: Flask, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    people()
    ignore()
    app.config["SMTP_URL"], app.config["MAIL_FROM"] = url, "stockbridge@example.com"

    assert Digest().send() is False
    assert "tried again in an hour" in caplog.text
    assert "Traceback" not in caplog.text


def test_one_refused_recipient_does_not_keep_it_from_the_others(
    clock: time_machine.Traveller, post: Mailbox
) -> None:
    people()
    ignore()
    post.refuses = {"owner@example.com"}

    assert Digest().send() is True
    assert [to for to, _ in post.mails] == ["planner@example.com"]


def test_no_transaction_is_open_while_the_server_is_talked_to(
    clock: time_machine.Traveller, post: Mailbox
) -> None:
    people()
    ignore()
    pool: Any = db.engine.pool
    taken, borrowed = post.take, []

    def take(recipient: str, body: bytes) -> None:
        borrowed.append(pool.checkedout())
        taken(recipient, body)

    post.take = take  # type: ignore[method-assign]

    assert Digest().send() is True
    assert borrowed == [0, 0]
