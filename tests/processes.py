"""Other processes for tests: ``python -m tests.processes ACT DATABASE_URL FOLDER``.

They print a line for each thing they do. A test starts them with ``start`` and may kill them.
"""

import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from app import create_app
from extensions import db
from inventory.services import syncs
from jobs import schedule
from jobs.leader import Leading, lock_of
from tests.conftest import SECRETS

ROOT = Path(__file__).parent.parent


def start(act: str, url: str, folder: Path) -> "subprocess.Popen[str]":
    """Start a process that does ``act`` on the database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.processes", act, url, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def claim(app: Flask) -> None:
    """Claim until nothing is left; print the runs."""
    owner = schedule.process_name()
    misses = 0
    while misses < 5:
        with app.app_context():
            claimed = syncs.claim_next(owner)
        misses = 0 if claimed else misses + 1
        say(claimed.fence.run_id) if claimed else time.sleep(0.1)


def lead(app: Flask) -> None:
    """Try to lead for ever; print "leads" and "follows" as that changes."""
    with app.app_context():
        leading = Leading(schedule.process_name(), lock_of(db.engine))
    said = None
    while True:
        with app.app_context():
            word = "leads" if leading.tick() else "follows"
        if word != said:
            said = word
            say(word)
        time.sleep(0.5)


def jobs(app: Flask) -> None:
    """Run the jobs as the server does, for ever."""
    schedule.start(app)
    say("started")
    while True:
        time.sleep(60)


def say(word: object) -> None:
    print(word, flush=True)  # noqa: T201 - to the test


def main() -> None:
    act, url, folder = sys.argv[1:]
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=Path(folder), **SECRETS)
    {"claim": claim, "lead": lead, "jobs": jobs}[act](app)


if __name__ == "__main__":
    main()
