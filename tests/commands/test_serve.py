"""flask serve: migrate with a copy, greet, become the server."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from commands import databases, serve
from extensions import db
from tests.factories import make_user

ROOT = Path(__file__).parents[2]


def test_without_a_user_the_set_up_link_is_shown(app: Flask) -> None:
    first, second = serve.greeting()

    assert first == "Stockbridge serves http://127.0.0.1:8000"
    assert re.fullmatch(r"First run: open http://127.0.0.1:8000/setup\?token=\S{20,}", second)
    assert serve.greeting()[1] == second


def test_with_a_user_there_is_no_link(app: Flask) -> None:
    make_user()

    assert serve.greeting() == ["Stockbridge serves http://127.0.0.1:8000"]


def test_people_are_told_the_public_address(make_app: Callable[..., Flask], app: Flask) -> None:
    with make_app(PUBLIC_URL="https://stock.example.com").app_context():
        assert serve.address() == "https://stock.example.com"


def test_an_ipv6_host_is_bracketed(make_app: Callable[..., Flask]) -> None:
    with make_app(HOST="::1", PORT=8001).app_context():
        assert "[::1]:8001" in serve.server_arguments()


@pytest.fixture
def other(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """An app on a SQLite file of its own, without tables."""
    return make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'own.db'}")


def test_a_new_database_is_made(other: Flask, tmp_path: Path) -> None:
    with other.app_context():
        databases.migrate()

        assert databases.revision() == databases.head()
    assert list(tmp_path.glob("*.backup")) == []


def test_a_database_newer_than_the_code_is_refused(other: Flask) -> None:
    with other.app_context():
        databases.migrate()
        set_revision("9999")

        with pytest.raises(click.ClickException, match="newer than this version"):
            databases.migrate()


def test_an_older_database_is_copied_first(other: Flask, tmp_path: Path, capsys: Any) -> None:
    with other.app_context():
        upgrade(str(databases.folder()))
        downgrade(str(databases.folder()))  # by one
        make_user(email="kept@example.com")
        db.session.remove()

        databases.migrate()

    (copy,) = tmp_path.glob("own.db.0003-*.backup")
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        assert connection.scalar(sa.text('select email from "user"')) == "kept@example.com"
    engine.dispose()
    assert f"a copy was made: {copy}" in capsys.readouterr().out


def test_the_server_answers_runs_jobs_and_stops(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    make_user()  # else a set-up token is made in the real instance folder
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "SECRET_KEY": "s" * 32,
        "TOKEN_ENCRYPTION_KEY": "k" * 32,
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            facts = wait_for_jobs(port)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=40)

    printed = (tmp_path / "log").read_text()
    assert facts["database"] == "up", printed
    assert facts["jobs"] == "running", printed
    assert f"Stockbridge serves http://127.0.0.1:{port}" in printed
    assert "Traceback" not in printed
    assert code == 0


def wait_for_jobs(port: int) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for _ in range(150):
        time.sleep(0.2)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                facts = json.load(answer)
        except OSError:
            continue
        if facts["jobs"] == "running":
            break
    return facts


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def set_revision(revision: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("update alembic_version set version_num = :new"), {"new": revision}
        )
