"""Memory of the serving process: after syncing 100,000 SKUs, and after 10,000 requests on top.

The process is the one `make run` starts: web threads and jobs together. Target: at most 200 MB,
growth under 5 % over the second half of the requests.
"""

import itertools
import os
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

import requests

from bench.installation import connect, installation
from bench.table import free_port, serving, show, simulator
from extensions import db, writing
from inventory.models import Connection, Role, StockLevel, SyncKind, SyncRun, User
from inventory.services import accounts, syncs

REQUESTS = 10_000
PAGES = ("/", "/stock", "/listings", "/shipments", "/purchase-orders", "/activity")
LIMIT_MB = 200
KB_IN_MB = 1024


def main() -> None:
    with simulator("large") as amazon, tempfile.TemporaryDirectory() as folder:
        requests.post(f"{amazon}/simulator/control", json={"limits": False}, timeout=10)
        with installation(amazon, INSTANCE=Path(folder)) as app:
            connection_id = connect()
            cookie = _cookie(app)
            syncs.request(connection_id, SyncKind.PARTICIPATIONS, cause="first", priority=0)
            db.session.commit()
            writing.set(False)  # from here on this process only looks
            show(*_measure(amazon, Path(folder), app.config, connection_id, cookie))


def _measure(amazon, folder, config, connection_id, cookie):  # type: ignore[no-untyped-def]
    port = free_port()
    environment = {
        **os.environ,
        "INSTANCE_PATH": str(folder),
        "DATABASE_URL": config["SQLALCHEMY_DATABASE_URI"],
        "PORT": str(port),
        "LWA_CLIENT_ID": config["LWA_CLIENT_ID"],
        "LWA_CLIENT_SECRET": config["LWA_CLIENT_SECRET"],
        "LWA_TOKEN_URL": config["LWA_TOKEN_URL"],
        **{f"SPAPI_ENDPOINT_{region}": amazon for region in ("NA", "EU", "FE")},
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with serving(command, environment, port) as process:
        started = time.perf_counter()
        idle = _rss_mb(process.pid)
        _wait_for_sync(connection_id)
        synced_s = time.perf_counter() - started
        synced = _rss_mb(process.pid)
        _ask(port, cookie, REQUESTS // 2)
        half = _rss_mb(process.pid)
        _ask(port, cookie, REQUESTS // 2)
        end = _rss_mb(process.pid)
    skus = db.session.query(StockLevel).count()
    marks = {
        "after start": idle,
        f"after syncing {skus} SKUs ({synced_s:.0f} s)": synced,
        f"after {REQUESTS // 2} requests": half,
        f"after {REQUESTS} requests": end,
    }
    rows = [(when, f"{mb:.0f}", LIMIT_MB, f"{mb / LIMIT_MB:.2f}") for when, mb in marks.items()]
    rows.append(("growth over the second half, %", f"{(end / half - 1) * 100:.1f}", 5, "-"))
    return "Memory of the serving process", ("when", "MB", "limit", "ratio"), rows


def _cookie(app) -> str:  # type: ignore[no-untyped-def]
    user = User(
        email="bench@example.com", role=Role.OWNER, nonce="bench", created_at=accounts.now()
    )
    db.session.add(user)
    db.session.commit()
    now = int(time.time())
    session = {"_user_id": user.get_id(), "_fresh": True, "login_at": now, "seen_at": now}
    signed = app.session_interface.get_signing_serializer(app).dumps(session)
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def _wait_for_sync(connection_id: int) -> None:
    """Wait until every first run has ended well."""
    for _ in range(1800):
        db.session.rollback()  # an open transaction would hold up the server's writers
        time.sleep(1)
        runs = db.session.query(SyncRun).filter_by(connection_id=connection_id).all()
        kinds = {run.kind for run in runs if run.finished_at}
        # Nothing is sent to Amazon here.
        if kinds == set(SyncKind) - {SyncKind.SENDING} and not any(run.is_active for run in runs):
            assert db.session.get(Connection, connection_id).trouble == ""
            return
    raise AssertionError([(run.kind, run.state, run.message) for run in runs])


def _ask(port: int, cookie: str, count: int) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for page in itertools.islice(itertools.cycle(PAGES), count):
        connection.request("GET", page, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (page, answer.status)


def _rss_mb(pid: int) -> float:
    """Return the resident memory of the largest of the process and its children."""
    return max(_one_rss(one) for one in [pid, *_children(pid)]) / KB_IN_MB


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def _one_rss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
