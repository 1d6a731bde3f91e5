"""The bank's exchange rates: when they are read, and from a server that may be broken."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from flask import Flask

from extensions import db
from inventory.models import Account, ExchangeRate
from inventory.rules.rate_files import LIMIT
from jobs import rates
from tests.conftest import empty_tables
from tests.factories import make_account

#: A Tuesday, an hour after the bank gives its rates.
AFTERNOON = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


def file_of(day: str, rate: str = "1.0412") -> bytes:
    return (
        "<e:Envelope xmlns:e='http://www.gesmes.org/xml/2002-08-01'"
        " xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'><Cube>"
        f"<Cube time='{day}'><Cube currency='USD' rate='{rate}'/></Cube></Cube></e:Envelope>"
    ).encode()


class Bank(ThreadingHTTPServer):
    """A server on this machine that answers as it is told, and counts."""

    daemon_threads = True
    status = 200
    body = b""
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/eurofxref-daily.xml"


class Answering(BaseHTTPRequestHandler):
    server: Bank

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def bank() -> Iterator[Bank]:
    server = Bank(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def reading(make_app: Callable[..., Flask], bank: Bank) -> Iterator[Flask]:
    """An app that reads from the bank, on a Tuesday afternoon."""
    app = make_app(RATES_URL=bank.url)
    with app.app_context(), time_machine.travel(AFTERNOON, tick=False):
        empty_tables()
        make_account()
        bank.body = file_of("2026-11-24")
        yield app
        db.session.remove()


def kept() -> dict[date, Decimal]:
    return {row.day: row.per_euro for row in db.session.scalars(db.select(ExchangeRate))}


def account() -> Account:
    db.session.expire_all()
    return db.session.get_one(Account, 1)


def test_the_days_rates_are_read_once(reading: Flask, bank: Bank) -> None:
    assert rates.read_rates() is True
    assert rates.read_rates() is False

    assert kept() == {date(2026, 11, 24): Decimal("1.0412")}
    assert (account().rates_read_at, account().rates_problem) == (AFTERNOON, "")
    assert bank.asked == 1


@pytest.mark.parametrize(
    ("later", "asks"),
    [
        (timedelta(hours=23), False),  # 15:30 in Frankfurt
        (timedelta(hours=24), True),  # 16:30: the next day's
        (timedelta(days=4), True),  # Saturday: Friday's were missed
    ],
)
def test_they_are_read_again_on_the_next_working_day(
    reading: Flask, later: timedelta, asks: bool
) -> None:
    rates.read_rates()

    with time_machine.travel(AFTERNOON - timedelta(hours=1) + later, tick=False):
        assert rates.read_rates() is asks


def test_nothing_is_asked_on_days_the_bank_rests(reading: Flask, bank: Bank) -> None:
    friday = datetime(2026, 11, 27, 18, tzinfo=UTC)
    bank.body = file_of("2026-11-27")
    with time_machine.travel(friday, tick=False):
        rates.read_rates()
    for day in (1, 2):
        with time_machine.travel(friday + timedelta(days=day), tick=False):
            assert rates.read_rates() is False


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (503, b"", "The bank’s server answered 503."),
        (404, b"", "The bank’s server answered 404."),
        (200, b"<html>Sign in to the hotel's network</html>", "The file holds no rates."),
        (200, b"<!DOCTYPE x []><x/>", "document type"),
        (200, b" " * (LIMIT + 1), "The bank’s server sent more than 16 MB."),
        (200, file_of("2026-11-23"), "still of 23 Nov 2026; that of 24 Nov 2026 is due"),
    ],
)
def test_a_failure_is_said_and_tried_again_each_hour(
    reading: Flask, bank: Bank, status: int, body: bytes, problem: str
) -> None:
    bank.status, bank.body = status, body

    rates.read_rates()
    told = account().rates_problem
    with time_machine.travel(AFTERNOON + timedelta(minutes=59), tick=False):
        early = rates.read_rates()
    bank.status, bank.body = 200, file_of("2026-11-24")
    with time_machine.travel(AFTERNOON + timedelta(minutes=60), tick=False):
        later = rates.read_rates()

    assert problem in told
    assert (early, later) == (False, True)
    assert account().rates_problem == ""
    assert date(2026, 11, 24) in kept()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:1/rates.xml", "The bank’s server cannot be reached."),
        ("http://user:hidden@127.0.0.1:1/rates.xml", "The bank’s server cannot be reached."),
        ("file:///etc/passwd", "RATES_URL must begin with https:// or http://."),
        ("rates.xml", "RATES_URL is no address."),
        ("http://", "RATES_URL is no address."),
    ],
)
def test_without_a_network_it_says_so_and_goes_on(
    make_app: Callable[..., Flask], reading: Flask, url: str, problem: str
) -> None:
    with make_app(RATES_URL=url).app_context():
        rates.read_rates()

    assert account().rates_problem == problem


def test_an_empty_address_switches_it_off(
    make_app: Callable[..., Flask], reading: Flask, bank: Bank
) -> None:
    with make_app(RATES_URL="").app_context():
        assert rates.read_rates() is False
    assert bank.asked == 0


def test_a_persons_rate_stays(reading: Flask) -> None:
    row = ExchangeRate(
        currency="USD",
        day=date(2026, 11, 24),
        per_euro=Decimal(2),
        source="user",
        stored_at=AFTERNOON,
    )
    db.session.add(row)
    db.session.commit()

    rates.read_rates()

    assert kept() == {date(2026, 11, 24): Decimal(2)}


def test_an_open_settings_form_stays_current(reading: Flask) -> None:
    version = account().version

    rates.read_rates()

    assert account().version == version
