"""Runs what the timetable says (``inventory/rules/timetable.py``), and keeps house."""

import logging
import os
import secrets
import socket
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import DBAPIError

from extensions import db, writing
from inventory.rules.timetable import TIMETABLE
from inventory.services import sending_rows, syncs
from jobs.cleanup import clean_up
from jobs.digest import Digest
from jobs.due import due_runs
from jobs.heart import Heart
from jobs.leader import Leading, lock_of
from jobs.pool import Pool
from jobs.rates import read_rates
from jobs.staleness import ignore_stale

logger = logging.getLogger(__name__)

#: How long a process that ends waits for its runs to leave off.
STOP_S = 5.0


class Jobs:
    """The background of one process: election, timetable, workers, heart."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._heart = Heart(app, process_name())
        self._pool = Pool(app, self._heart)
        self._digest = Digest()
        with app.app_context():
            self._leading = Leading(self._heart.owner, lock_of(db.engine))
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            # APScheduler drops a run that is more than 1 s late unless told otherwise.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start. (act, seconds between two of them, only the leader)"""
        acts: tuple[tuple[Callable[[], object], float, bool], ...] = (
            (self._leading.tick, 1, False),
            (self._dispatch, 1, True),
            (self._queue_due, 5, True),
            (syncs.take_over_dead, 5, True),
            (self._queue_stranded, 5, True),
            (read_rates, 60, True),
            (self._ignore_stale, 60, True),
            (self._digest.send, 60, True),
            (clean_up, 3600, True),
        )
        for act, seconds, is_leaders in acts:
            name = act.__name__.strip("_")
            self._scheduler.add_job(
                self._in_context(act, is_leaders), "interval", seconds=seconds, id=name, name=name
            )
        self._heart.start()
        self._scheduler.start()

    def stop(self) -> None:
        """Leave off: runs go back to the queue, and another process may lead."""
        self._scheduler.shutdown(wait=True)
        self._heart.stop()
        self._pool.close(STOP_S)
        with self._app.app_context():
            try:
                self._leading.resign()
            except DBAPIError as error:
                logger.warning("could not resign: %s", type(error.orig).__name__)

    def _dispatch(self) -> None:
        """Looks without taking SQLite's lock; only a worker that claims needs it."""
        with_writing = writing.set(False)
        try:
            self._pool.fill()
        finally:
            writing.reset(with_writing)

    def _queue_due(self) -> None:
        queue_due(self._leading.is_current)

    def _queue_stranded(self) -> None:
        queue_stranded(self._leading.is_current)

    def _ignore_stale(self) -> None:
        ignore_stale(self._leading.is_current)

    def _in_context(self, act: Callable[[], object], is_leaders: bool) -> Callable[[], None]:
        def run() -> None:
            if is_leaders and not self._leading.leads:
                return
            with self._app.app_context():
                try:
                    act()
                except DBAPIError as error:
                    logger.warning("%s: %s", act.__name__, type(error.orig).__name__)
                except Exception:
                    logger.exception("%s failed", act.__name__)

        return run


def start(app: Flask) -> Jobs:
    """Start the jobs of this process. The serving entry calls it, never the factory."""
    jobs = Jobs(app)
    jobs.start()
    return jobs


def queue_due(may_queue: Callable[[], bool] = lambda: True) -> int:
    """Queue what the timetable says is due; return how many. Commits.

    ``may_queue`` is asked inside the transaction that queues.
    """
    with_writing = writing.set(False)
    try:
        is_something = bool(due_runs(TIMETABLE))
        db.session.rollback()
    finally:
        writing.reset(with_writing)
    if not is_something or not may_queue():
        db.session.rollback()
        return 0
    due = due_runs(TIMETABLE)  # again: another process may have been quicker
    for run in due:
        syncs.request(run.connection_id, run.kind, scope=run.scope, cause=run.cause)
    db.session.commit()
    return len(due)


def queue_stranded(may_queue: Callable[[], bool] = lambda: True) -> int:
    """Queue sendings that should go on and have no run: what kept them is over. Commits."""
    with_writing = writing.set(False)
    try:
        is_something = bool(sending_rows.stranded())
        db.session.rollback()
    finally:
        writing.reset(with_writing)
    if not is_something or not may_queue():
        db.session.rollback()
        return 0
    stranded = sending_rows.stranded()
    for sending in stranded:
        sending_rows.queue(sending)
    db.session.commit()
    return len(stranded)


def process_name() -> str:
    """Return a name for this process that no other has: host, number, chance."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
