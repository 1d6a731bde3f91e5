"""One run at a time, from its claim to its end."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest
import requests
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from amazon.errors import RejectedError, ThrottledError, UnavailableError
from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind, SyncRun, SyncState
from inventory.services import accounts, clients, secrets, syncs
from jobs.heart import Heart
from jobs.job import Job
from jobs.reports import ReportNotReady
from jobs.worker import work_one
from simulator import Simulator, SimulatorTransport
from tests.factories import LONG_AGO, make_connection, make_run
from tests.runs import stop_beating

Handler = Callable[[Job], None]
PARTICIPATIONS = "getMarketplaceParticipations"


@pytest.fixture
def pretend() -> Iterator[Simulator]:
    simulator = Simulator(limits=False)
    yield simulator
    simulator.close()


@pytest.fixture
def heart(app: Flask, pretend: Simulator) -> Heart:
    """The heart of a process whose sandbox connections reach ``pretend``."""
    transport = SimulatorTransport(pretend)

    def session() -> requests.Session:
        http = requests.Session()
        http.mount("https://na.simulator.invalid", transport)
        return http

    app.extensions["amazon_http"] = session
    return Heart(app, "process")


def make_sandbox() -> Connection:
    connection = make_connection(is_sandbox=True)
    connection.refresh_token_encrypted = secrets.encrypt(
        "Atzr|sandbox-demo", f"connection:{connection.id}:refresh_token"
    )
    db.session.commit()
    return connection


def queued(**fields: object) -> SyncRun:
    return make_run(connection_id=make_sandbox().id, **fields)


def ended(heart: Heart, run: SyncRun, handler: Handler) -> SyncRun:
    """Work the run with ``handler`` and return it as it is then."""
    run_id = run.id
    with current_app.app_context():
        assert work_one(heart, handlers=dict.fromkeys(SyncKind, handler))
    return db.session.get_one(SyncRun, run_id, populate_existing=True)


def connection_of(run: SyncRun) -> Connection:
    return db.session.get_one(Connection, run.connection_id, populate_existing=True)


def failing_with(error: Exception) -> Handler:
    def handler(_job: Job) -> None:
        raise error

    return handler


def asking(job: Job) -> None:
    pages = job.client.get_marketplace_participations()
    job.commit(stage="Marketplaces", done=len(pages))
    syncs.mark(job.connection.id, job.kind, job.scope, job.now())


def test_an_empty_queue_is_no_work(heart: Heart) -> None:
    assert not work_one(heart, handlers={})


def test_a_run_succeeds_and_says_what_it_took(heart: Heart) -> None:
    run = ended(heart, queued(), asking)

    assert (run.state, run.message, run.stage) == (SyncState.SUCCEEDED, "", "Marketplaces")
    assert run.calls_by_operation == {PARTICIPATIONS: 1}
    assert connection_of(run).health == ConnectionHealth.HEALTHY


def test_a_second_run_needs_no_second_token(heart: Heart, pretend: Simulator) -> None:
    first = queued()
    ended(heart, first, asking)

    ended(heart, make_run(connection_id=first.connection_id), asking)

    assert pretend.calls["token"] == 1


def test_the_next_run_goes_on_with_the_buckets(heart: Heart) -> None:
    first = queued()
    ended(heart, first, asking)
    levels: list[Mapping[str, float]] = []

    def look(job: Job) -> None:
        levels.append(job.client._throttle.levels()[PARTICIPATIONS])

    ended(heart, make_run(connection_id=first.connection_id), look)

    assert levels[0]["level"] < 15


def test_the_first_participations_bring_the_rest(heart: Heart) -> None:
    run = ended(heart, queued(kind=SyncKind.PARTICIPATIONS, cause="first"), asking)

    waiting = db.session.scalars(
        db.select(SyncRun).where(SyncRun.id != run.id).order_by(SyncRun.priority)
    ).all()
    assert [one.kind for one in waiting] == ["shipments", "stock", "listings", "plans"]
    assert {one.cause for one in waiting} == {"first"}


def test_the_daily_participations_do_not(heart: Heart) -> None:
    ended(heart, queued(kind=SyncKind.PARTICIPATIONS), asking)

    assert db.session.scalar(db.select(db.func.count(SyncRun.id))) == 1


def test_a_revoked_token_stops_the_connection_with_advice(heart: Heart, pretend: Simulator) -> None:
    run = queued()
    other = make_run(connection_id=run.connection_id, kind=SyncKind.STOCK)
    pretend.will_answer("token", "invalid_grant")

    run = ended(heart, run, asking)

    assert run.state == SyncState.FAILED
    assert "no longer accepts this connection's refresh token" in run.message
    assert connection_of(run).health == ConnectionHealth.FAILING
    assert connection_of(run).trouble == run.message
    db.session.refresh(other)
    assert other.state == SyncState.FAILED


def test_a_missing_role_leaves_the_connection_usable(heart: Heart, pretend: Simulator) -> None:
    pretend.will_answer(PARTICIPATIONS, "missing_role")

    run = ended(heart, queued(), asking)

    assert run.state == SyncState.FAILED
    assert "has not granted the application the role" in run.message
    assert connection_of(run).missing_roles == PARTICIPATIONS
    assert connection_of(run).health != ConnectionHealth.FAILING


def test_a_role_that_works_again_is_missing_no_more(heart: Heart) -> None:
    run = queued()
    connection_of(run).missing_roles = f"{PARTICIPATIONS},getShipments"
    db.session.commit()

    ended(heart, run, asking)

    assert connection_of(run).missing_roles == "getShipments"


def test_a_throttled_run_waits_as_long_as_amazon_asks(heart: Heart) -> None:
    error = ThrottledError("getShipments", retry_after_s=1800)

    run = ended(heart, queued(), failing_with(error))

    until = accounts.now() + timedelta(minutes=30)
    assert run.state == SyncState.QUEUED
    assert abs(run.not_before - until) < timedelta(minutes=1)
    local = (run.not_before + timedelta(seconds=59)).astimezone(accounts.timezone())
    assert run.message == f"Amazon asks us to wait until {local:%H:%M}."
    assert run.attempt == 0


def test_a_report_that_is_not_ready_is_waited_for(heart: Heart) -> None:
    error = ReportNotReady("getReport", 200, retry_after_s=120)

    run = ended(heart, queued(), failing_with(error))

    local = (run.not_before + timedelta(seconds=59)).astimezone(accounts.timezone())
    assert run.state == SyncState.QUEUED
    assert run.message == f"Amazon is still preparing the report; it goes on at {local:%H:%M}."


@pytest.mark.parametrize(("attempt", "minutes"), [(0, 1), (1, 5), (2, 15), (3, 15)])
def test_an_amazon_that_is_down_is_asked_again_later_and_later(
    heart: Heart, attempt: int, minutes: int
) -> None:
    run = ended(heart, queued(attempt=attempt), failing_with(UnavailableError("getShipments")))

    wait = run.not_before - accounts.now()
    assert (run.state, run.attempt) == (SyncState.QUEUED, attempt + 1)
    assert timedelta(minutes=minutes - 1) < wait <= timedelta(minutes=minutes)
    assert run.message.startswith("Amazon does not answer properly at the moment.")


def test_it_fails_after_five_attempts(heart: Heart) -> None:
    run = ended(heart, queued(attempt=4), failing_with(UnavailableError("getShipments")))

    assert run.state == SyncState.FAILED


def test_a_refused_request_fails_the_run(heart: Heart) -> None:
    run = ended(heart, queued(), failing_with(RejectedError("getShipments", 400)))

    assert run.state == SyncState.FAILED
    assert "Amazon refused one request (getShipments, 400)" in run.message


def test_our_own_bug_fails_the_run_and_is_in_the_log(
    heart: Heart, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(_job: Job) -> None:
        make_connection(name="half done")
        db.session.add(Connection(name="never stored"))
        raise ZeroDivisionError

    run = ended(heart, queued(), handler)

    assert run.message == "Something went wrong on our side. The log has the details."
    assert "ZeroDivisionError" in caplog.text


def test_a_token_of_another_key_is_told_apart(heart: Heart) -> None:
    run = queued()
    connection_of(run).refresh_token_encrypted = "old.old.old"
    db.session.commit()

    run = ended(heart, run, asking)

    assert "encryption key is another one" in run.message
    assert connection_of(run).health == ConnectionHealth.FAILING


def test_a_call_inside_a_transaction_is_refused(heart: Heart) -> None:
    raised: list[Exception] = []

    def handler(job: Job) -> None:
        db.session.get(Connection, job.connection.id, populate_existing=True)
        try:
            job.client.get_marketplace_participations()
        except clients.OpenTransaction as error:
            raised.append(error)

    ended(heart, queued(), handler)

    assert len(raised) == 1


def test_a_database_that_is_away_leaves_the_run_to_its_lease(heart: Heart) -> None:
    run = queued()
    away = OperationalError("select 1", {}, Exception("gone"))

    assert not work_one(heart, handlers=dict.fromkeys(SyncKind, failing_with(away)))

    run = db.session.get_one(SyncRun, run.id, populate_existing=True)
    assert run.state == SyncState.RUNNING
    stop_beating(run)
    assert syncs.take_over_dead() == 1


def test_a_run_taken_over_meanwhile_stores_nothing_more(
    heart: Heart, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    def handler(job: Job) -> None:
        run = db.session.get_one(SyncRun, job.run_id)
        stop_beating(run)
        syncs.take_over_dead()
        job.commit(stage="Too late")

    run = ended(heart, queued(), handler)

    assert (run.state, run.stage, run.attempt) == (SyncState.QUEUED, "", 1)
    assert "left to another process" in caplog.text


def test_a_process_that_stops_hands_its_run_on(heart: Heart) -> None:
    def handler(job: Job) -> None:
        heart.stop()
        job.commit(stage="Half", cursor={"page": 2})
        raise AssertionError("a stopped job goes no further")

    run = ended(heart, queued(), handler)

    assert (run.state, run.cursor, run.attempt) == (SyncState.QUEUED, {"page": 2}, 0)
    assert run.message == "The app was stopped; this goes on by itself."


def test_the_heart_holds_a_long_run(heart: Heart) -> None:
    seen: list[bool] = []

    def handler(job: Job) -> None:
        run = db.session.get_one(SyncRun, job.run_id)
        run.heartbeat_at = LONG_AGO
        db.session.commit()
        heart.beat()
        db.session.refresh(run)
        seen.append(run.heartbeat_at != LONG_AGO)

    ended(heart, queued(), handler)

    assert seen == [True]


def test_the_heart_tells_a_run_that_it_is_lost(heart: Heart) -> None:
    def handler(job: Job) -> None:
        stop_beating(db.session.get_one(SyncRun, job.run_id))
        syncs.take_over_dead()
        heart.beat()
        job.client.pause("getShipments", 60)
        raise AssertionError("a lost run does not wait")

    run = ended(heart, queued(), handler)

    assert (run.state, run.attempt) == (SyncState.QUEUED, 1)
