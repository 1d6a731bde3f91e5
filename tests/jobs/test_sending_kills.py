"""A process killed while it sends an order, and the next one, make one plan and lose none.

A child process drives an order to the end, the person's part included, in front of a simulated
Amazon that lives in a file. It is killed at a commit, at a call to Amazon (before it leaves, or
after Amazon acted), or at any moment; then another child goes on. Per database 5 kills of one
route and 1 of each other; with SOAK=1 at every such point, over 1,000 in all, and 20 more of
each route. Counted are kills, plans made twice, plans lost, and how long after the restart the
true state is shown.
"""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask

from extensions import db
from inventory.models import OrderLine, Sending, SendingState, StockOrder
from inventory.services import sending_rows, sendings, syncs
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
SOAKED = 20
#: Seconds after a restart until the true state must be shown.
SHOWN_S = 5.0


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


def shown_after_s(trial: Trial) -> float:
    """Return how long after a restart the true state is shown, in seconds; asserts it is.

    True is what Amazon would say: a plan that was made and is not known here is being looked
    for, and an order that has a plan, or may have one, is locked.
    """
    killed_at, began = trial.time(), time.monotonic()
    amazon = Simulator(trial.path)
    plans = amazon.made_plans()
    amazon.close()
    sending = sendings.current(trial.order_id)
    if sending is None:
        assert plans == []
        trial.let_go()
        return 0.0
    is_lost = bool(sending.call) and not sending.operation_id
    shown_at = (sending.called_at or killed_at) + sending_rows.ANSWER if is_lost else killed_at
    with time_machine.travel(max(shown_at, killed_at) + timedelta(seconds=0.001), tick=False):
        shown = sendings.shown_state(sending)
    assert (shown == SendingState.UNCLEAR) == is_lost
    assert is_lost or {plan["id"] for plan in plans} <= {sending.plan_id}
    assert sending.order.locked_at is not None
    trial.let_go()
    return max(0.0, (shown_at - killed_at).total_seconds()) + time.monotonic() - began


@dataclass
class Tally:
    """What a campaign found."""

    kills: int = 0
    at_points: int = 0
    duplicates: int = 0
    lost: int = 0
    slowest_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, place: int, found: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Compare one killed order with the undisturbed one."""
        self.duplicates += max(0, len(found["plans"]) - 1)
        self.lost += not found["plan is ours"] or not found["ids"]
        if found != wanted:
            differ = {key: found[key] for key in found if found[key] != wanted[key]}
            self.wrong.append(f"killed at {place}: {differ}")


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
    tally = Tally()

    for place in chance.sample(range(1, points + 1), told) + [0] * timed:
        trial.reset()
        if place:
            tally.at_points += trial.finish(place) == 0
        else:
            trial.kill_after(chance.uniform(0, whole_s))
        tally.kills += 1
        tally.slowest_s = max(tally.slowest_s, shown_after_s(trial))
        # What the dead one held runs out.
        trial.tell_time(trial.time() + 3 * LEASE + timedelta(seconds=1))
        trial.finish()
        tally.add(place, trial.outcome(), undisturbed)

    print(  # noqa: T201 - pytest -rP
        f"{route}: {tally.kills} kills, {tally.at_points} at one of {points} points, "
        f"{tally.duplicates} duplicate plans, {tally.lost} lost plans, "
        f"true state shown {tally.slowest_s:.2f} s after the restart at most, seed {seed}"
    )
    assert tally.wrong == [], f"seed {seed}"
    assert tally.at_points == told, f"only {tally.at_points} met their points, seed {seed}"
    assert tally.slowest_s <= SHOWN_S
