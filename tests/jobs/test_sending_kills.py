"""A process killed while it sends an order, and the next one, make one plan and lose none.

A child process drives an order to the end, the person's part included, in front of a simulated
Amazon that lives in a file. It is killed at a commit, at a call to Amazon (before it leaves, or
after Amazon acted), or at any moment; then another child goes on. Per database 5 kills of one
route and 1 of each other; with SOAK=1 at every such point and 100 more, over 1,000 in all.
"""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask

from extensions import db
from inventory.models import OrderLine, Sending, StockOrder
from inventory.services import sendings, syncs
from inventory.services.leases import LEASE
from jobs.heart import Heart
from jobs.schedule import queue_stranded
from simulator import Simulator, SimulatorTransport
from tests.conftest import empty_tables
from tests.factories import make_account
from tests.sending import ROUTES, Trip, make_sendable_order
from tests.story import connect

SOAK = os.environ.get("SOAK") == "1"
#: Route -> at how many points it is killed (with SOAK at all), and then at any moment.
KILLS = {"partnered_parcel": (4, 1), "own_parcel": (1, 0), "freight": (1, 0)}
SOAKED = 100


class Points:
    """Counts the moments at which a process can die, and dies at the one it was told."""

    def __init__(self, deadly: int) -> None:
        self.deadly, self.count = deadly, 0

    def __call__(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


class Line(SimulatorTransport):
    """The way to Amazon, which can break before and after Amazon acts."""

    def __init__(self, simulator: Simulator, point: Points) -> None:
        super().__init__(simulator)
        self._point = point

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        self._point()
        response = super().send(request, **options)
        self._point()
        return response


@dataclass
class Trial:
    """One database, one file of Amazon's, one order; the clock goes on from child to child."""

    app: Flask
    folder: Path
    route: str
    number: int = 0
    connection_id: int = 0
    order_id: int = 0

    def reset(self) -> None:
        self.number += 1
        empty_tables()
        make_account()
        amazon = Simulator(self.path, "small", limits=False)
        connection = connect(name="Harbour")
        self.connection_id = connection.id
        self.order_id = make_sendable_order(connection, amazon).id
        amazon.close()
        self.tell_time(datetime.now(UTC))
        self.let_go()

    @property
    def path(self) -> Path:
        return self.folder / f"amazon-{self.number}.db"

    def tell_time(self, at: datetime) -> None:
        """Written whole or not at all: the child can die while it writes."""
        new = self.folder / "clock.new"
        new.write_text(at.isoformat())
        new.replace(self.folder / "clock")

    def time(self) -> datetime:
        return datetime.fromisoformat((self.folder / "clock").read_text())

    def let_go(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def start(self, deadly: int = 0) -> int:
        """Fork a child that drives the order to its end; return its process id."""
        self.let_go()
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            (self.folder / "count").write_text(str(self.drive(deadly)))
            code = 0
        except BaseException:  # noqa: BLE001 - to the parent
            (self.folder / "error").write_text(traceback.format_exc())
        finally:
            os._exit(code)

    def finish(self, deadly: int = 0) -> int:
        """Run a child to its end; return how many points it met (0: it was killed)."""
        _, status = os.waitpid(self.start(deadly), 0)
        if os.WIFSIGNALED(status):
            return 0
        assert status == 0, (self.folder / "error").read_text()
        return int((self.folder / "count").read_text())

    def kill_after(self, seconds: float) -> None:
        child = self.start()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def drive(self, deadly: int) -> int:
        """The child's life: take over what a dead one left, and go on to the end."""
        point = Points(deadly)
        amazon = Simulator(self.path)
        with time_machine.travel(self.time()) as clock, self.app.app_context():
            sa.event.listen(db.engine, "commit", point)
            sa.event.listen(db.session, "after_commit", point)
            line = Line(amazon, point)
            self.app.extensions["amazon_http"] = lambda: _http(line)
            trip = Trip(amazon, None, clock, self.connection_id, self.order_id, self.route)  # type: ignore[arg-type]
            trip.heart = Heart(self.app, f"child {os.getpid()}", wait=self._waiter(clock))
            syncs.take_over_dead()
            queue_stranded()
            trip.run()
        return point.count

    def _waiter(self, clock: Any) -> Callable[..., None]:
        def wait(_event: Any, seconds: float) -> None:
            clock.shift(seconds)
            self.tell_time(datetime.now(UTC))

        return wait

    def outcome(self) -> dict[str, Any]:
        """What is true in the end, here and at Amazon, without ids and prices."""
        amazon = Simulator(self.path)
        plans = amazon.made_plans()
        amazon.close()
        sending = db.session.scalars(sa.select(Sending)).one()
        rows = sendings.shipments(sending)
        order = db.session.get_one(StockOrder, self.order_id)
        lines = sa.select(OrderLine.seller_sku, OrderLine.units_outstanding)
        made = [name for plan in plans for name in plan["shipments"]]
        found = {
            "plans": [(plan["status"], plan["name"] == sending.plan_name) for plan in plans],
            "plan is ours": [plan["id"] for plan in plans] == [sending.plan_id],
            "units": [plan["units"] for plan in plans],
            "acts": [sorted(plan["acts"]) for plan in plans],
            "sending": (sending.state, sending.step, sending.call, sorted(_words(sending.done))),
            "shipments": sorted(row.units for row in rows),
            "ids": [row.amazon_shipment_id for row in rows] == made,
            "boxes": sorted(len(row.box_ids) for row in rows),
            "problems": len(sendings.problems(sending)),
            "order": (order.locked_at is not None, order.units_outstanding),
            "lines": sorted(tuple(row) for row in db.session.execute(lines)),
        }
        db.session.commit()
        return found


def _words(done: list[str]) -> Iterator[str]:
    return (one.split(":")[0] for one in done)


def _http(line: Line) -> requests.Session:
    http = requests.Session()
    http.mount("https://", line)
    return http


@pytest.mark.soak
@pytest.mark.parametrize("route", ROUTES)
def test_however_often_it_is_killed_there_is_one_plan(
    app: Flask, tmp_path: Path, route: str
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    trial = Trial(app, tmp_path, route)
    trial.reset()
    began = time.monotonic()
    points = trial.finish()
    whole_s = time.monotonic() - began
    undisturbed = trial.outcome()
    assert undisturbed["plans"] == [("ACTIVE", True)]
    assert undisturbed["sending"][:3] == ("done", "labels", "")
    assert points > 100
    told, timed = (points, SOAKED) if SOAK else KILLS[route]
    places = chance.sample(range(1, points + 1), told) + [0] * timed
    caught = 0

    for place in places:
        trial.reset()
        if place:
            caught += trial.finish(place) == 0
        else:
            trial.kill_after(chance.uniform(0, whole_s))
        # What the dead one held runs out.
        trial.tell_time(trial.time() + 3 * LEASE + timedelta(seconds=1))
        trial.finish()

        assert trial.outcome() == undisturbed, f"killed at {place}, seed {seed}"

    assert caught == told, f"only {caught} kills met their points, seed {seed}"
    print(f"{len(places)} kills, {points} points, seed {seed}")  # noqa: T201 - pytest -rP
