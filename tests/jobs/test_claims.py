"""Several processes on one queue."""

from collections import Counter
from pathlib import Path

from flask import Flask

from tests import processes
from tests.factories import make_run


def test_four_processes_claim_each_run_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    runs = [make_run().id for _ in range(40)]

    started = [processes.start("claim", database_url, tmp_path) for _ in range(4)]
    printed = [process.communicate(timeout=60)[0] for process in started]

    assert [process.returncode for process in started] == [0] * 4
    assert Counter(int(word) for text in printed for word in text.split()) == Counter(runs)
