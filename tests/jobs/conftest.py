"""The simulator behind the app, on a clock moved by hand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from simulator import IN_MEMORY, Simulator
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
