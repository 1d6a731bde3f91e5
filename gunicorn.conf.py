"""The server: one process with threads, which also runs the jobs (unless JOBS_ENABLED=0)."""

import gc
import logging
from typing import Any

from jobs import schedule

worker_class = "gthread"
workers = 1
threads = 8
# Addresses hold one-time links and OAuth codes.
accesslog = None
graceful_timeout = 20
# The heartbeat file must not wait for a disk.
worker_tmp_dir = None
control_socket_disable = True

started: list[schedule.Jobs] = []


def post_worker_init(worker: Any) -> None:
    """Start the jobs in the process that serves."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    app = worker.wsgi
    if app.config["JOBS_ENABLED"]:
        started.append(schedule.start(app))
    # What start-up made stays for good: no later collection need look through it.
    gc.collect()
    gc.freeze()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Hand the runs of this process on, so that they need not wait for their leases."""
    for jobs in started:
        jobs.stop()
