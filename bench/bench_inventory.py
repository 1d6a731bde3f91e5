"""FBA inventory of 1,000 SKUs at Amazon's rate (2 a second, burst 2), fetched and stored.

Floor: 20 pages cannot be had in less than (20 - 2) / 2 = 9.0 s. The peers fetch only.
Target: at least 0.97 of the floor, no 429.
"""

import subprocess
import sys
import time

import requests

from bench.installation import connect, installation
from bench.table import ROOT, show, simulator
from extensions import db
from inventory.models import StockLevel, SyncKind, SyncRun, SyncState
from inventory.services import syncs
from jobs.heart import Heart
from jobs.worker import work_one
from simulator import CREDENTIALS

PAGES, RATE, BURST = 20, 2, 2
FLOOR_S = (PAGES - BURST) / RATE


def main() -> None:
    with simulator("bench-1000") as url:
        rows = [ours(url)]
    for peer in ("amzn-selling-partner", "python-amazon-sp-api"):
        with simulator("bench-1000") as url:
            rows.append(theirs(peer, url))
    rows.insert(0, ("physical floor", 1000, f"{FLOOR_S:.2f}", "1.00", 0))
    show(
        "FBA inventory, 1,000 SKUs, 2/s burst 2",
        ("who", "SKUs", "seconds", "floor / it", "429s"),
        rows,
    )


def ours(url: str) -> tuple[object, ...]:
    """Run the real sync: fetch, check, store, history, one transaction a page."""
    with installation(url) as app:
        heart = Heart(app, "bench")
        connection_id = connect()
        syncs.request(connection_id, SyncKind.PARTICIPATIONS)
        db.session.commit()
        work_one(heart)
        run_id = syncs.request(connection_id, SyncKind.STOCK).id
        db.session.commit()
        started = time.perf_counter()
        work_one(heart, kind=SyncKind.STOCK)
        seconds = time.perf_counter() - started
        run = db.session.get(SyncRun, run_id)
        assert run is not None
        assert run.state == SyncState.SUCCEEDED, run.message
        skus = db.session.query(StockLevel).count()
        found = f"{FLOOR_S / seconds:.2f}"
        return ("Stockbridge, stored", skus, f"{seconds:.2f}", found, run.throttled)


def theirs(peer: str, url: str) -> tuple[object, ...]:
    token = requests.post(
        f"{url}/auth/o2/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": CREDENTIALS.refresh_token,
            "client_id": CREDENTIALS.client_id,
            "client_secret": CREDENTIALS.client_secret,
        },
        timeout=10,
    ).json()["access_token"]
    command = [sys.executable, "-m", "bench.peers", peer, url, token]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    skus, seconds, throttled = done.stdout.split()
    return (f"{peer}, fetch only", skus, seconds, f"{FLOOR_S / float(seconds):.2f}", throttled)


if __name__ == "__main__":
    main()
