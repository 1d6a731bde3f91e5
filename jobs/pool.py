"""The threads that run syncs. They are daemons: the process may end under them."""

import threading

from flask import Flask

from inventory.services import syncs
from jobs.heart import Heart
from jobs.worker import work_one

SIZE = 4


class Pool:
    """At most ``SIZE`` threads, each working the queue off and then ending."""

    def __init__(self, app: Flask, heart: Heart) -> None:
        self._app = app
        self._heart = heart
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._is_open = True

    def fill(self) -> None:
        """Start a thread for each run that may be claimed, while there are free ones."""
        waiting = syncs.claimable_count(self._heart.owner)
        with self._lock:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            free = SIZE - len(self._threads)
            for _ in range(min(waiting, free) if self._is_open else 0):
                thread = threading.Thread(target=self._work, name="sync", daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self, timeout_s: float) -> None:
        """Claim nothing more, and wait for the threads."""
        with self._lock:
            self._is_open = False
            threads = list(self._threads)
        for thread in threads:
            thread.join(timeout_s / len(threads))

    def _work(self) -> None:
        while self._is_open:
            with self._app.app_context():
                if not work_one(self._heart):
                    return
