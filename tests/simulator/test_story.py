import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest

from simulator import IN_MEMORY, Simulator
from tests.simulator.conftest import DAY_S, US

_OTHER_PROCESS = """
import sys
from simulator import Simulator
s = Simulator(sys.argv[1])
if len(sys.argv) > 2:
    s.pass_days(int(sys.argv[2]))
    s.will_answer("getShipments", 503, "ok")
print(sorted((i, str(x["status"])) for i, x in s.truth("NA")["shipments"].items()))
"""


def statuses(simulator: Simulator) -> list[tuple[str, str]]:
    shipments = simulator.truth("NA")["shipments"]
    return sorted((id_, str(one["status"])) for id_, one in shipments.items())


def in_another_process(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _OTHER_PROCESS, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_standing_clock_is_a_standing_story(amazon):
    assert amazon.simulator.truth("EU") == amazon.simulator.truth("EU")


def test_real_time_moves_the_story_by_real_time(amazon, clock):
    before = amazon.simulator.truth("NA")
    clock.at += 3500
    assert amazon.simulator.truth("NA") == before

    clock.at += 2 * DAY_S
    assert amazon.simulator.truth("NA") != before


def test_a_passed_day_brings_events_dated_now(amazon, clock):
    before = amazon.simulator.truth("NA")["shipments"]
    clock.at += 100
    amazon.simulator.pass_days(1)

    after = amazon.simulator.truth("NA")["shipments"]

    moved = [id_ for id_, one in after.items() if id_ in before and before[id_] != one]
    new = after.keys() - before.keys()
    assert moved
    assert len(new) >= 1
    updated = {one["updated"] for one in after.values() if one["updated"] > clock.at - 200}
    assert updated == {clock.at}
    today = datetime.fromtimestamp(clock.at, UTC).strftime("(%m/%d/%Y %H:%M)")
    assert all(after[id_]["created"] == clock.at for id_ in new)
    assert all(today in after[id_]["name"] for id_ in new if "FBA STA" in after[id_]["name"])


def test_no_event_is_ever_dated_in_the_future(amazon, clock):
    for _day in range(12):
        amazon.simulator.pass_days(1)
        clock.at += 777
        shipments = amazon.simulator.truth("EU")["shipments"].values()
        assert max(one["updated"] for one in shipments) <= clock.at


def test_shipments_arrive_close_and_correct_themselves(amazon):
    seen = [amazon.simulator.truth("NA")["shipments"]]
    for _day in range(24):
        amazon.simulator.pass_days(1)
        seen.append(amazon.simulator.truth("NA")["shipments"])

    first, last = seen[0], seen[-1]
    closed = [id_ for id_ in first if first[id_]["status"] == "SHIPPED" and not first[id_]["twist"]]
    assert Counter(last[id_]["status"] for id_ in closed)["CLOSED"] == len(closed) > 0
    received = {
        (id_, line["sku"]): [
            row["received"]
            for world in seen
            if id_ in world
            for row in world[id_]["lines"]
            if row["sku"] == line["sku"]
        ]
        for id_, one in last.items()
        for line in one["lines"]
    }
    assert any(sorted(course) != course for course in received.values())


def test_statuses_go_back_lines_shrink_and_vanish(amazon):
    order = ("WORKING", "SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", "RECEIVING", "CLOSED")
    rank = {status: place for place, status in enumerate(order)}
    went_back, lines_before = set(), {}
    before = amazon.simulator.truth("NA")["shipments"]
    for id_, one in before.items():
        lines_before[id_] = {line["sku"]: line["shipped"] for line in one["lines"]}
    for _day in range(4):
        amazon.simulator.pass_days(1)
        after = amazon.simulator.truth("NA")["shipments"]
        for id_, one in before.items():
            if rank.get(after[id_]["status"], 99) < rank.get(one["status"], -1):
                went_back.add(one["twist"])
        before = after

    assert {"goes_back", "reopened"} <= went_back
    [shrunk] = [one for one in before.values() if one["twist"] == "shrinks"]
    now = {line["sku"]: line["shipped"] for line in shrunk["lines"]}
    was = lines_before[shrunk["id"]]
    assert len(now) == len(was) - 1
    assert any(now[sku] < was[sku] for sku in now)


def test_receipts_add_to_what_can_be_sold(amazon):
    def figures() -> tuple[int, int]:
        world = amazon.simulator.truth("NA")
        received = sum(
            line["received"]
            for one in world["shipments"].values()
            if one["marketplace_id"] == US
            for line in one["lines"]
            if line["sku"] in world["stock"][US]
        )
        return received, sum(row["fulfillable"] for row in world["stock"][US].values())

    received, sellable = figures()
    amazon.simulator.pass_days(3)
    more_received, more_sellable = figures()

    assert more_received - received == more_sellable - sellable > 0


def test_nothing_moves_in_the_quiet_scenario_nor_by_time_in_a_big_one(clock):
    quiet = Simulator(IN_MEMORY, "quiet", clock)
    bench = Simulator(IN_MEMORY, "bench-500", clock)
    before = quiet.truth(), bench.truth()
    clock.at += 9 * DAY_S
    quiet.pass_days(9)

    assert (quiet.truth(), bench.truth()) == before
    bench.pass_days(2)
    assert bench.truth() != before[1]


def test_the_journal_survives_reopening(tmp_path, clock):
    path = tmp_path / "amazon.db"
    first = Simulator(path, clock=clock)
    first.pass_days(4)
    first.limits = False
    before = first.truth("EU")
    first.close()

    again = Simulator(path, scenario="large", clock=clock)

    assert again.scenario.name == "default"
    assert again.limits is False
    assert again.truth("EU") == before


def test_two_processes_see_the_same_story_and_script(tmp_path):
    path = tmp_path / "amazon.db"
    ours = Simulator(path)

    assert in_another_process(str(path)) == str(statuses(ours))
    assert in_another_process(str(path), "3") == str(statuses(ours))
    assert ours.journal.rows("SELECT word FROM answer ORDER BY id") == [("503",), ("ok",)]


def test_a_forked_process_opens_the_file_again(tmp_path):
    ours = Simulator(tmp_path / "amazon.db")
    statuses(ours)

    child = get_context("fork").Process(target=ours.pass_days, args=(2,))
    child.start()
    child.join(20)

    assert child.exitcode == 0
    assert [entry.days for entry in ours.journal.passed_days()] == [2]


@pytest.mark.parametrize(("name", "shipments"), [("bench-500", 500), ("bench-1000", 50)])
def test_bench_worlds_have_known_sizes_and_update_windows(clock, name, shipments):
    simulator = Simulator(IN_MEMORY, name, clock)

    world = simulator.truth()

    assert len(world["shipments"]) == shipments
    assert all(len(one["lines"]) == 20 for one in world["shipments"].values())
    assert all(0 < clock.at - one["updated"] < 30 * DAY_S for one in world["shipments"].values())
    assert len({one["status"] for one in world["shipments"].values()}) >= 8
