"""List pages at 1,000 and 100,000 rows: requests a second on one core, CPU, statements a page.

The server is gunicorn with one worker pinned to core 0; the load comes over http.client from
core 1. "drawn" is our page drawn anew for each request (no page is kept); "kept" is the page as
it is served: data does not change during the run, so memory answers all requests but the first.
Peers, served in the same way in the same run: "bare", a Flask page that returns the same bytes
from memory, and "table", a Flask page that reads 50 rows with SQLAlchemy and draws them with
Jinja into the same number of bytes, for nobody in particular. On one database each (SQLite).
The CPU time of the worker says the same where others use the machine too.
"""

import http.client
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade  # noqa: E402 - the path comes first

from app import create_app  # noqa: E402
from bench.page_rows import fill  # noqa: E402
from bench.page_servers import BARE, OURS, TABLE, Served  # noqa: E402

SIZES = (1_000, 100_000)
PAGES = (
    "/purchase-orders",
    "/purchase-orders?view=all&sort=-outstanding",
    "/purchase-orders?view=attention",
    "/transfer-orders",
    "/shipments",
    "/listings",
    "/variants",
    "/stock",
    "/activity",
)
#: Our pages, each time drawn anew and as they are served.
OURSELVES = ("drawn", "kept")
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
    app = create_app(SQLALCHEMY_DATABASE_URI=url, INSTANCE=folder, PAGES_KEPT=0, **KEYS)
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

        found[page] = len(said)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return found


def keep_bodies(app: Flask, folder: Path, size: int) -> None:
    """Write what each page answers, for the bare Flask page to return."""
    for number, page in enumerate(PAGES):
        answer = app.test_client(use_cookies=False).get(page, headers={"Cookie": cookie(app)})
        (folder / f"{size}-{number}.html").write_bytes(answer.data)


class Round(NamedTuple):
    """What one round of requests for a page took, or the medians of several."""

    rate: float
    p95_ms: float
    cpu_ms: float


def measure(app: Flask, folder: Path) -> dict[tuple[int, str, str], Round]:
    """Return (size, page, who) -> the medians of its rounds.

    All servers stand side by side and each round asks all of them in turn, so that what else
    the machine does falls on all alike.
    """
    (folder / "bare.py").write_text(BARE)
    (folder / "table.py").write_text(TABLE.format(size=SIZES[1]))
    for size in SIZES:
        for who, kept in (("drawn", 0), ("kept", 128)):
            text = OURS.format(root=str(ROOT), size=size, keys=KEYS, kept=kept)
            (folder / f"{who}{size}.py").write_text(text)
    session = cookie(app)
    found: dict[tuple[int, str, str], list[Round]] = {}
    with ExitStack() as stack:
        served = {
            name: stack.enter_context(Served(folder, f"{name}:app"))
            for name in ("bare", "table", *(f"{who}{size}" for who in OURSELVES for size in SIZES))
        }
        for _, (number, page), size in product(range(ROUNDS), enumerate(PAGES), SIZES):
            for who in ("bare", "table"):
                one = load(served[who], f"/{size}-{number}", session)
                found.setdefault((size, page, who), []).append(one)
            for who in OURSELVES:
                one = load(served[f"{who}{size}"], page, session)
                found.setdefault((size, page, who), []).append(one)
    return {
        key: Round(*(statistics.median(column) for column in zip(*rounds, strict=True)))
        for key, rounds in found.items()
    }


def load(server: Served, path: str, session: str) -> Round:
    """Ask for one page over one kept connection, for ``SECONDS``."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Cookie": session}

    def ask() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if new := answer.getheader("Set-Cookie"):  # kept as a browser keeps it
            headers["Cookie"] = new.partition(";")[0]
        assert answer.status == 200, (path, answer.status)
        assert len(body) > 5000, (path, len(body))

    for _ in range(20):
        ask()
    times = []
    used, end = server.cpu_s(), time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        ask()
        times.append(time.perf_counter() - start)
    cpu_ms = (server.cpu_s() - used) * 1000 / len(times)
    connection.close()
    return Round(len(times) / sum(times), sorted(times)[int(len(times) * 0.95)] * 1000, cpu_ms)


def report(results: dict[tuple[int, str, str], Round], queries: dict[tuple[int, str], int]) -> None:
    small, large = SIZES
    columns = (
        "page", "rows", "bare req/s", "table req/s", "drawn req/s", "kept req/s", "drawn/bare",
        "kept/bare", "drawn/table", "drawn p95 ms", "kept p95 ms", "bare cpu ms", "drawn cpu ms",
        "kept cpu ms", "queries", "growth",
    )  # fmt: skip
    print(("{:<46}" + "{:>13}" * 15).format(*columns))
    for page, size in product(PAGES, SIZES):
        bare, table, drawn, kept = (
            results[size, page, who] for who in ("bare", "table", *OURSELVES)
        )
        growth = results[large, page, "drawn"].cpu_ms / results[small, page, "drawn"].cpu_ms
        print(
            f"{page:<46}{size:>13}{bare.rate:>13.0f}{table.rate:>13.0f}{drawn.rate:>13.0f}"
            f"{kept.rate:>13.0f}{drawn.rate / bare.rate:>13.2f}{kept.rate / bare.rate:>13.2f}"
            f"{drawn.rate / table.rate:>13.2f}{drawn.p95_ms:>13.1f}{kept.p95_ms:>13.1f}"
            f"{bare.cpu_ms:>13.2f}{drawn.cpu_ms:>13.2f}{kept.cpu_ms:>13.2f}"
            f"{queries[size, page]:>13}{f'{growth:.2f}' if size == large else '':>13}"
        )
    print("targets: kept/bare >= 0.40, queries (drawn) <= 8,")
    print("growth (CPU drawn, 100,000 / 1,000 rows) <= 1.30.")


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {1})
    main()
