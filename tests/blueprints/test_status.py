"""GET /healthz"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from inventory.models import Leader
from inventory.services import accounts
from tests.factories import make_connection, saved


def health(app: Flask) -> Any:
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 200
    return answer.json


def test_it_answers_without_a_login(app: Flask) -> None:
    facts = health(app)

    assert facts["database"] == "up"
    assert facts["version"] == app.config["VERSION"]
    assert facts["oldest_sync_age_s"] is None


@pytest.mark.parametrize(("seconds", "word"), [(1, "running"), (31, "stopped")])
def test_jobs_run_while_a_leader_is_seen(app: Flask, seconds: int, word: str) -> None:
    seen_at = accounts.now() - timedelta(seconds=seconds)
    saved(Leader(id=1, owner="one", seen_at=seen_at))

    assert health(app)["jobs"] == word


def test_a_process_without_jobs_says_so(make_app: Callable[..., Flask], app: Flask) -> None:
    assert health(make_app(JOBS_ENABLED=False))["jobs"] == "off"


def test_the_age_of_the_oldest_data_is_told(app: Flask) -> None:
    make_connection(created_at=accounts.now() - timedelta(hours=1))

    assert health(app)["oldest_sync_age_s"] in range(3600, 3700)


def test_a_database_that_is_away_is_503(make_app: Callable[..., Flask]) -> None:
    app = make_app(SQLALCHEMY_DATABASE_URI="sqlite:////nowhere/at/all.db")

    with app.app_context():
        answer = app.test_client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "down"
