"""List pages at 1,000 and 100,000 rows: requests a second on one core, p95, statements a page.

The server is gunicorn with one worker pinned to core 0; the load comes over http.client from
core 1. The peer is a bare Flask page that returns the same bytes, served in the same way in the
same run. On one database each (SQLite), signed in, with the filters' names and dates of a page.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade  # noqa: E402 - the path comes first

from app import create_app  # noqa: E402
from bench.page_rows import fill  # noqa: E402

SIZES = (1_000, 100_000)
PAGES = (
    "/purchase-orders",
    "/purchase-orders?view=all&sort=-outstanding",
    "/purchase-orders?view=attention",
    "/shipments",
    "/listings",
    "/variants",
    "/stock",
)
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
KEYS = {"SECRET_KEY": "bench-" + "s" * 32, "TOKEN_ENCRYPTION_KEY": "bench-" + "k" * 32}


def main() -> None:
    """Print the table; the targets are at its foot."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        queries: dict[tuple[int, str], int] = {}
        for size in SIZES:
            app = make_app(folder, size)
            with app.app_context():
                fill(size)
            statements = count_statements(app)
            queries.update({(size, page): count for page, count in statements.items()})
            keep_bodies(app, folder, size)
        report(measure(app, folder), queries)


def make_app(folder: Path, size: int) -> Flask:
    """Return the app on a database of its own, migrated."""
    url = f"sqlite:///{folder / f'{size}.db'}"
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, **KEYS)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
    return app


def cookie(app: Flask) -> str:
    """Return the cookie of a signed-in user."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    at = int(time.time())
    return "session=" + signer.dumps(
        {"_user_id": "1.n", "_fresh": True, "login_at": at, "seen_at": at}
    )


def count_statements(app: Flask) -> dict[str, int]:
    """Return page -> statements that it asks, user and account included."""
    found: dict[str, int] = {}
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    for page in PAGES:
        said.clear()
        answer = app.test_client(use_cookies=False).get(page, headers={"Cookie": cookie(app)})
        assert answer.status_code == 200, (page, answer.status_code)
        assert answer.text.count('<th scope="row">') == 50 or "attention" in page, page
        found[page] = len(said)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return found


def keep_bodies(app: Flask, folder: Path, size: int) -> None:
    """Write what each page answers, for the bare Flask page to return."""
    for number, page in enumerate(PAGES):
        answer = app.test_client(use_cookies=False).get(page, headers={"Cookie": cookie(app)})
        (folder / f"{size}-{number}.html").write_bytes(answer.data)


def measure(app: Flask, folder: Path) -> dict[tuple[int, str, str], tuple[float, float]]:
    """Return (size, page, who) -> (requests a second, p95 in ms): medians of the rounds.

    All servers stand side by side and each round asks all of them in turn, so that what else
    the machine does falls on all alike.
    """
    (folder / "bare.py").write_text(BARE)
    for size in SIZES:
        text = OURS.format(root=str(ROOT), size=size, keys=KEYS)
        (folder / f"ours{size}.py").write_text(text)
    session = cookie(app)
    asks: dict[tuple[int, str, str], tuple[int, str]] = {}
    for size, port in zip(SIZES, (8781, 8783), strict=True):
        for number, page in enumerate(PAGES):
            asks[size, page, "bare"] = 8782, f"/{size}-{number}"
            asks[size, page, "ours"] = port, page
    found: dict[tuple[int, str, str], list[tuple[float, float]]] = {key: [] for key in asks}
    small, large = (f"ours{size}:app" for size in SIZES)
    with Served(folder, small, 8781), Served(folder, large, 8783), Served(folder, "bare:app", 8782):
        for _ in range(ROUNDS):
            for key, (port, path) in asks.items():
                found[key].append(load(port, path, session))
    return {key: medians(rounds) for key, rounds in found.items()}


def medians(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    rates, p95s = zip(*rounds, strict=True)
    return statistics.median(rates), statistics.median(p95s)


BARE = """
from pathlib import Path
from flask import Flask
app = Flask(__name__)
pages = {path.stem: path.read_text() for path in Path(__file__).parent.glob("*.html")}

@app.get("/<name>")
def show(name):
    return pages[name]
"""
OURS = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from app import create_app
folder = Path(__file__).parent
url = f"sqlite:///{{folder / '{size}.db'}}"
app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, **{keys!r})
"""


class Served:
    """gunicorn with one worker on core 0, for as long as the block runs."""

    def __init__(self, folder: Path, target: str, port: int) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4"]
        where = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--chdir", str(folder)]
        self.command = ["taskset", "-c", "0", *gunicorn, *where, "--log-level", "error", target]
        self.port = port

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT)
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=1).connect()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def load(port: int, path: str, session: str) -> tuple[float, float]:
    """Return (requests a second, p95 in ms) of one round over one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": session}

    def ask() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if new := answer.getheader("Set-Cookie"):  # kept as a browser keeps it
            headers["Cookie"] = new.partition(";")[0]
        assert answer.status == 200, (path, answer.status)
        assert len(body) > 5000, (path, len(body))

    found = timed(ask)
    connection.close()
    return found


def timed(ask: Callable[[], None]) -> tuple[float, float]:
    for _ in range(20):
        ask()
    times = []
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        ask()
        times.append(time.perf_counter() - start)
    return len(times) / sum(times), sorted(times)[int(len(times) * 0.95)] * 1000


def report(
    results: dict[tuple[int, str, str], tuple[float, float]], queries: dict[tuple[int, str], int]
) -> None:
    small, large = SIZES
    columns = ("page", "rows", "bare req/s", "ours req/s", "ratio", "p95 ms", "queries", "growth")
    print(("{:<46}" + "{:>12}" * 7).format(*columns))
    for page in PAGES:
        for size in SIZES:
            bare, (rate, p95) = results[size, page, "bare"][0], results[size, page, "ours"]
            growth = results[small, page, "ours"][0] / results[large, page, "ours"][0]
            print(
                f"{page:<46}{size:>12}{bare:>12.0f}{rate:>12.0f}{rate / bare:>12.2f}{p95:>12.1f}"
                f"{queries[size, page]:>12}{f'{growth:.2f}' if size == large else '':>12}"
            )
    print("targets: ratio >= 0.40, queries <= 8, growth (time at 100,000 / at 1,000) <= 1.30")


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {1})
    main()
