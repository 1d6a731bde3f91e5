"""Runs queued syncs. The dispatcher of ``jobs/schedule.py`` calls ``work_one`` in its threads."""

import logging
from collections.abc import Callable, Mapping

from flask import current_app
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from amazon.throttle import Throttle
from extensions import db
from inventory.models import Connection, SyncKind, SyncState
from inventory.services import accounts, clients, connections, syncs
from jobs import endings
from jobs.heart import Heart, Watched
from jobs.job import ConnectionFacts, Job
from jobs.listings import sync_listings
from jobs.participations import sync_participations
from jobs.plans import sync_plans
from jobs.sending import sync_sending
from jobs.shipments import sync_shipments
from jobs.stock import sync_stock

logger = logging.getLogger(__name__)

Handler = Callable[[Job], None]
#: What brings each kind up to date.
HANDLERS: dict[SyncKind, Handler] = {
    SyncKind.PARTICIPATIONS: sync_participations,
    SyncKind.SHIPMENTS: sync_shipments,
    SyncKind.STOCK: sync_stock,
    SyncKind.LISTINGS: sync_listings,
    SyncKind.PLANS: sync_plans,
    SyncKind.SENDING: sync_sending,
}


def work_one(
    heart: Heart,
    *,
    connection_id: int | None = None,
    kind: SyncKind | None = None,
    handlers: Mapping[SyncKind, Handler] | None = None,
) -> bool:
    """Run the first queued sync that may run to its end. Return False when there was none.

    Call it in an app context of its own. Never raises: a thread has nobody to raise to. What
    went wrong is on the run (a sentence for people) and in the log.
    """
    try:
        claim = syncs.claim_next(heart.owner, connection_id=connection_id, kind=kind)
        if claim is None:
            return False
        throttle = Throttle(claim.buckets)
        with heart.watching(claim.fence, throttle) as watched:
            _run(claim, watched, HANDLERS if handlers is None else handlers)
    except syncs.LostRun as lost:
        logger.warning("left to another process: %s", lost)
    except DBAPIError as error:
        # The lease expires, and the run goes on when the database is back.
        logger.warning("the database does not answer: %s", type(error.orig).__name__)
        return False
    except Exception:
        logger.exception("a sync run could not be ended; its lease will expire")
        return False
    finally:
        _let_go()
    return True


def _run(claim: syncs.Claim, watched: Watched, handlers: Mapping[SyncKind, Handler]) -> None:
    job = None
    try:
        job = _job(claim, watched)
        logger.info("sync run %d: %s %s", job.run_id, job.connection.name, job.kind)
        handlers[claim.kind](job)
        _succeed(job, watched)
    except (syncs.LostRun, OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - each ends the run with a sentence, or a traceback
        db.session.rollback()
        endings.end(error, claim, watched, job.calls if job else claim.calls)


def _job(claim: syncs.Claim, watched: Watched) -> Job:
    """Read what the job needs and leave no transaction open."""
    connection = db.session.get_one(Connection, claim.fence.connection_id)
    client = clients.open_client(connection, throttle=watched.throttle, sleep=watched.sleep)
    facts = ConnectionFacts.of(connection)
    db.session.commit()
    return Job(
        run_id=claim.fence.run_id,
        connection=facts,
        client=client,
        kind=claim.kind,
        scope=claim.scope,
        cause=claim.cause,
        cursor=dict(claim.cursor),
        now=accounts.now,
        fence=claim.fence,
        calls_before=claim.calls,
        is_stopping=lambda: watched.is_stopping,
    )


def _succeed(job: Job, watched: Watched) -> None:
    """End the run; what follows it is queued in the same transaction."""
    connections.note_health(job.connection.id, job.client.calls)
    if job.kind == SyncKind.PARTICIPATIONS and job.cause == "first":
        syncs.request_data(job.connection.id, cause="first")
    syncs.finish(job.fence, SyncState.SUCCEEDED, calls=job.calls, buckets=watched.throttle.levels())


def _let_go() -> None:
    try:
        db.session.remove()
    except SQLAlchemyError as error:
        logger.debug("the session of %s ended badly: %s", current_app.name, type(error).__name__)
