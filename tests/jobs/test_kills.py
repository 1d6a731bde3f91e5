"""A sync killed at any moment and run again leaves the rows of an undisturbed one.

Per database 5 kills of a sync of shipments and 1 of each other kind; 100 and 25 with SOAK=1.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from extensions import db
from inventory.models import SyncRun, SyncState
from simulator import Simulator
from tests.conftest import empty_tables
from tests.factories import make_account
from tests.jobs.one_sync import sync
from tests.story import connect

#: Imports everything once, and is forked for each that is to be killed.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.jobs.one_sync"])
SOAK = os.environ.get("SOAK") == "1"
#: Kind -> how often it is killed, and what was synced before it.
CAMPAIGNS = {
    "shipments": (100 if SOAK else 5, ()),
    "stock": (25 if SOAK else 1, ("participations",)),
    "listings": (25 if SOAK else 1, ("participations",)),
    "plans": (25 if SOAK else 1, ("shipments",)),
}
#: Every row of a sync by what names it, without ids and times.
ROWS = {
    "shipment": """
        select amazon_shipment_id, name, amazon_status, status, is_open, flags, destination_fc,
               marketplace_id, marketplace_source, first_seen_source, units_shipped,
               units_received, units_outstanding, line_count, lines_read_at is null
          from shipment""",
    "line": """
        select s.amazon_shipment_id, l.seller_sku, l.fnsku, l.units_shipped, l.units_received,
               l.is_gone
          from shipment_line l join shipment s on s.id = l.shipment_id""",
    "receipt": """
        select s.amazon_shipment_id, l.seller_sku, r.units
          from receipt r join shipment_line l on l.id = r.line_id
          join shipment s on s.id = l.shipment_id""",
    "status": """
        select s.amazon_shipment_id, w.amazon_status
          from shipment_status w join shipment s on s.id = w.shipment_id""",
    "order": """
        select reference, kind, status, status_type, flags, units_ordered, units_received,
               units_outstanding, line_count, amazon_status, currency
          from stock_order""",
    "order line": """
        select o.reference, l.seller_sku, l.units_ordered, l.units_received, l.units_outstanding
          from order_line l join stock_order o on o.id = l.order_id""",
    "link": """
        select o.reference, s.amazon_shipment_id
          from order_shipment x join stock_order o on o.id = x.order_id
          join shipment s on s.id = x.shipment_id""",
    "listing": "select seller_sku, channel, asin, fnsku, title, status from listing",
    "offer": """
        select l.seller_sku, l.channel, o.marketplace_id, o.status
          from listing_offer o join listing l on l.id = o.listing_id""",
    "variant": "select sku, title from variant",
    "stock": """
        select w.name, s.seller_sku, s.fulfillable, s.fc_transfer, s.total, s.pool_key
          from stock_level s join warehouse w on w.id = s.warehouse_id""",
    "plan": "select plan_id, status, marketplace_id from inbound_plan",
    "transport": """
        select amazon_shipment_id, plan_id, mode, solution, fee, expected_on, expected_source
          from shipment""",
    "change": "select subject_kind, subject_name, summary from change",
}  # fmt: skip


def rows() -> dict[str, Counter[tuple[Any, ...]]]:
    found = {
        name: Counter(tuple(row) for row in db.session.execute(sa.text(query)))
        for name, query in ROWS.items()
    }
    db.session.commit()
    return found


class Trial:
    """One database and one simulated account, on which syncs run in processes of their own."""

    def __init__(self, url: str, folder: Path, kind: str, earlier: Sequence[str]) -> None:
        self.url, self.folder, self.kind, self.earlier = url, folder, kind, earlier
        simulator = Simulator(folder / "simulator.db", "quiet", limits=False)
        simulator.close()
        self.connection_id = 0

    def reset(self) -> None:
        empty_tables()
        make_account()
        self.connection_id = connect(name="Harbour").id
        db.session.remove()
        for kind in self.earlier:
            self.run(kind)

    def begin(self, kind: str) -> tuple[BaseProcess, Connection]:
        ours, theirs = PROCESSES.Pipe()
        given = (self.url, self.folder, self.connection_id, kind, theirs)
        child = PROCESSES.Process(target=sync, args=given)
        child.start()
        theirs.close()
        assert ours.recv() == "ready"
        return child, ours

    def run(self, kind: str = "") -> float:
        """Run to the end; return the seconds it took."""
        child, pipe = self.begin(kind or self.kind)
        began = time.monotonic()
        assert pipe.poll(120)
        code, output = pipe.recv()
        assert code == 0, output
        took = time.monotonic() - began
        child.join()
        return took

    def kill_after(self, seconds: float) -> None:
        child, _ = self.begin(self.kind)
        time.sleep(seconds)
        child.kill()
        child.join()
        # What a wait of 20 seconds would do: the dead process's lease runs out.
        for statement in (
            "update connection_lease set expires_at = '2026-01-01 00:00:00'",
            "update sync_run set heartbeat_at = '2026-01-01 00:00:00' where state = 'running'",
        ):
            db.session.execute(sa.text(statement))
        db.session.commit()


@pytest.mark.soak
@pytest.mark.parametrize("kind", CAMPAIGNS)
def test_a_killed_sync_and_the_next_leave_what_one_undisturbed_does(
    app: Flask, database_url: str, tmp_path: Path, kind: str
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    kills, earlier = CAMPAIGNS[kind]
    trial = Trial(database_url, tmp_path, kind, earlier)
    trial.reset()
    whole_s = trial.run()
    undisturbed = rows()
    assert len(undisturbed["listing"]) > 50
    caught = 0

    for number in range(kills):
        trial.reset()
        trial.kill_after(chance.uniform(0, whole_s))
        states = db.session.scalars(sa.select(SyncRun.state)).all()
        db.session.commit()
        caught += SyncState.RUNNING in states
        trial.run()

        left = rows()
        for name, expected in undisturbed.items():
            assert left[name] == expected, f"{name} after kill {number}, seed {seed}"

    assert caught or kills == 1, f"no kill met a running sync, seed {seed}"
    print(f"{kills} kills, {caught} in a running sync, seed {seed}")  # noqa: T201 - pytest -rP
