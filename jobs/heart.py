"""The heartbeat of this process: a thread that says every 5 s which runs are alive."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy.exc import DBAPIError

from amazon.throttle import Throttle
from inventory.services import syncs
from jobs.job import JobStopped

logger = logging.getLogger(__name__)

BEAT_S = 5.0
#: Waits for an event, at most so many seconds; a test lets its own clock pass instead.
Wait = Callable[[threading.Event, float], object]


class Watched:
    """A run of this process, and how it hears that it is lost or must stop."""

    def __init__(self, fence: syncs.Fence, throttle: Throttle, wait: Wait) -> None:
        self._wait = wait
        self.fence = fence
        self.throttle = throttle
        self.is_lost = False
        self.is_stopping = False
        self._changed = threading.Event()

    def lose(self) -> None:
        """Another process has the run."""
        self.is_lost = True
        self._changed.set()

    def stop(self) -> None:
        """This process is about to end."""
        self.is_stopping = True
        self._changed.set()

    def sleep(self, seconds: float) -> None:
        """Wait, as the client does between calls. Raises ``LostRun`` or ``JobStopped``."""
        self._wait(self._changed, seconds)
        if self.is_lost:
            raise syncs.LostRun(f"sync run {self.fence.run_id}")
        if self.is_stopping:
            raise JobStopped


class Heart:
    """Keeps the runs of one process alive. One per process; ``owner`` names it."""

    def __init__(self, app: Flask, owner: str, wait: Wait = threading.Event.wait) -> None:
        self.owner = owner
        self._app = app
        self._wait = wait
        self._lock = threading.Lock()
        self._watched: set[Watched] = set()
        self._stopped = threading.Event()

    def start(self) -> None:
        """Start beating in a thread of its own."""
        threading.Thread(target=self._run, name="heart", daemon=True).start()

    def stop(self) -> None:
        """Stop beating, and ask the runs to leave off: the next process goes on with them."""
        with self._lock:
            for watched in self._watched:
                watched.stop()
        self._stopped.set()

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not self._watched

    @contextmanager
    def watching(self, fence: syncs.Fence, throttle: Throttle) -> Iterator[Watched]:
        """Keep a run alive while the block lasts."""
        watched = Watched(fence, throttle, self._wait)
        with self._lock:
            self._watched.add(watched)
            if self._stopped.is_set():
                watched.stop()
        try:
            yield watched
        finally:
            with self._lock:
                self._watched.discard(watched)

    def beat(self) -> None:
        """Beat once for each run. A database that is away is tried again at the next beat."""
        with self._lock:
            every = list(self._watched)
        for watched in every:
            with self._app.app_context():
                try:
                    syncs.beat(watched.fence, watched.throttle.levels())
                except syncs.LostRun:
                    if self._is_watched(watched):
                        logger.warning("sync run %d is lost", watched.fence.run_id)
                    watched.lose()
                except DBAPIError as error:
                    logger.warning("no heartbeat: %s", type(error.orig).__name__)

    def _is_watched(self, watched: Watched) -> bool:
        """A run that ended between the list and its beat is not lost."""
        with self._lock:
            return watched in self._watched

    def _run(self) -> None:
        while not self._stopped.wait(BEAT_S):
            try:
                self.beat()
            except Exception:
                logger.exception("the heart missed a beat")
