"""Answers lost after Amazon acted, anywhere on the way: one plan for each order, none lost.

Per database 2 answers of each route; with SOAK=1 over 200 in all.
"""

import os
import random
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from inventory.models import SendingState
from inventory.services import sendings
from tests.conftest import empty_tables
from tests.factories import make_account
from tests.sending import ROUTES, Trip, calls_of, set_out

SOAK = os.environ.get("SOAK") == "1"
#: Answers lost per route, at least.
LOST = 67 if SOAK else 2
#: Amazon has acted, and then…
WORDS = ("timeout", "reset", "cut", "acted_500", "acted_503", "acted_html", "acted_html200")


@pytest.mark.soak
@pytest.mark.parametrize("route", ROUTES)
def test_answers_lost_anywhere_make_no_second_plan_and_lose_none(app: Flask, route: str) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    counts: Counter[str] = Counter(lost_plans=0, duplicate_plans=0)
    wrong: list[dict[str, Any]] = []
    while counts["lost_answers"] < LOST:
        empty_tables()
        make_account()
        calls = chance.sample(calls_of(route), 2)
        words = {call: chance.choice(WORDS) for call in calls}
        with set_out(app, route=route, parts=chance.choice((1, 2))) as one:
            for call, word in words.items():
                one.amazon.will_answer(call, word)

            one.run()

            found = _found(one)
        counts.update(orders=1, lost_answers=len(calls), **found)
        if found != {"adopted": 1}:
            wrong.append({**words, **found})

    print(f"{route}: {dict(counts)}, seed {seed}")  # noqa: T201 - pytest -rP
    assert wrong == [], f"seed {seed}"


def _found(one: Trip) -> dict[str, int]:
    """What has become of the order: in words that are counted."""
    sending, plans = one.sending, one.plans
    ours = [plan for plan in plans if plan["name"] == sending.plan_name]
    is_known = [plan["id"] for plan in ours] == [sending.plan_id]
    made = [name for plan in plans for name in plan["shipments"]]
    is_whole = [row.amazon_shipment_id for row in sendings.shipments(sending)] == made
    is_done = sending.state == SendingState.DONE and one.order.locked_at is not None
    found = {
        "duplicate_plans": len(plans) - 1,
        "lost_plans": int(not is_known or not is_whole),
        "adopted": int(is_done and is_whole),
    }
    return {word: number for word, number in found.items() if number}
