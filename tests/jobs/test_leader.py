"""One process leads; when it is killed, another soon does."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from flask import Flask

from extensions import db
from inventory.models import Leader
from jobs.leader import LEASE_S, Leading, lock_of
from tests import processes
from tests.factories import LONG_AGO

Candidate = Callable[[str], Leading]


@pytest.fixture
def candidate(app: Flask) -> Iterator[Candidate]:
    made: list[Leading] = []

    def make(owner: str) -> Leading:
        made.append(Leading(owner, lock_of(db.engine)))
        return made[-1]

    yield make
    for one in made:
        one.resign()


def row() -> Leader:
    return db.session.get_one(Leader, 1, populate_existing=True)


def test_the_first_leads_and_the_second_does_not(candidate: Candidate) -> None:
    first, second = candidate("first"), candidate("second")

    assert first.tick()
    assert not second.tick()
    assert (row().owner, row().fence) == ("first", 1)


def test_a_leader_goes_on_leading(candidate: Candidate) -> None:
    first = candidate("first")

    assert [first.tick() for _ in range(3)] == [True] * 3
    assert row().fence == 1


def test_who_resigns_is_followed_at_once(candidate: Candidate) -> None:
    first, second = candidate("first"), candidate("second")
    first.tick()

    first.resign()

    assert not first.leads
    assert second.tick()
    assert row().fence == 2


def test_a_lead_ends_by_time_alone(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    first = candidate("first")
    first.tick()
    later = time.monotonic() + LEASE_S + 1

    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert not first.leads


def test_a_paused_leader_queues_nothing_after_it_was_followed(candidate: Candidate) -> None:
    first = candidate("first")
    first.tick()
    assert first.is_current()

    row().fence += 1
    db.session.commit()

    assert first.leads
    assert not first.is_current()


def test_a_leader_learns_that_it_was_followed(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = candidate("first")
    first.tick()
    found = row()
    found.owner, found.fence, found.seen_at = "second", 2, LONG_AGO
    db.session.commit()
    later = time.monotonic() + 3

    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert not first.tick()


def test_a_killed_leader_is_followed_soon(app: Flask, database_url: str, tmp_path: Path) -> None:
    first = processes.start("lead", database_url, tmp_path)
    second: Popen[str] | None = None
    try:
        assert next_word(first) == "leads"
        second = processes.start("lead", database_url, tmp_path)
        assert next_word(second) == "follows"

        first.kill()
        killed = time.monotonic()

        assert next_word(second) == "leads"
        assert time.monotonic() - killed < 12
    finally:
        for process in filter(None, (first, second)):
            process.kill()
            process.communicate()


def next_word(process: "Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
