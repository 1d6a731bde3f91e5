"""Fixtures of the jobs: the simulator behind the app, on a clock moved by hand; and stories."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from simulator import IN_MEMORY, Simulator
from tests.conftest import empty_tables
from tests.factories import make_account
from tests.sending import Trip, set_out
from tests.story import Story, amazon_http, connect
from tests.syncing import attach


class Clock:
    """Seconds since 1970, moved by hand; starts now, since the services read the real clock."""

    def __init__(self) -> None:
        self.at = float(int(datetime.now(UTC).timestamp()))

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def sim_clock() -> Clock:
    return Clock()


@pytest.fixture
def make_simulator(app: Flask, sim_clock: Clock) -> Iterator[Callable[..., Simulator]]:
    made: list[Simulator] = []

    def build(scenario: str = "default") -> Simulator:
        simulator = Simulator(IN_MEMORY, scenario, clock=sim_clock, limits=False)
        attach(simulator)
        made.append(simulator)
        return simulator

    yield build
    for one in made:
        one.close()


@pytest.fixture
def amazon(make_simulator: Callable[..., Simulator]) -> Simulator:
    return make_simulator()


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


@pytest.fixture
def trip(app: Flask) -> Iterator[Callable[..., Trip]]:
    """Begin sending an order: ``trip(route=..., parts=...)``."""
    with ExitStack() as stack:
        yield lambda **fields: stack.enter_context(set_out(app, **fields))
