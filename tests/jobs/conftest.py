"""Fixtures of the jobs: a household's account at the simulated Amazon."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from simulator import Simulator
from tests.conftest import empty_tables
from tests.factories import make_account
from tests.story import Story, amazon_http, connect


@pytest.fixture
def tell(make_app: Callable[..., Flask]) -> Iterator[Callable[..., Story]]:
    """Begin a story: ``tell(scenario, region=..., **fields of the connection)``."""
    contexts: list[Any] = []

    def begin(scenario: str = "default", region: str = "NA", **fields: Any) -> Story:
        simulator = Simulator(scenario=scenario, limits=False)
        app = make_app(AMAZON_HTTP=amazon_http(simulator))
        context = app.app_context()
        context.push()
        contexts.append((context, simulator))
        empty_tables()
        make_account()
        return Story(app, simulator, connect(region, **fields))

    yield begin
    for context, simulator in reversed(contexts):
        context.pop()
        simulator.close()


@pytest.fixture
def story(tell: Callable[..., Story]) -> Story:
    return tell()
