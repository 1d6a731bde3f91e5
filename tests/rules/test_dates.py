from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inventory.rules.dates import Facts, expected, made_at

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def facts(**known: Any) -> Facts:
    blank = {"mode": "", "pickup_at": None, "ready_to_ship_at": None, "window_end": None}
    return Facts(**{**blank, "started_on": date(2026, 11, 1), **known})


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "on", "source"),
    [
        ({"mode": "FREIGHT_LTL", "pickup_at": at(3)}, date(2026, 11, 13), "pickup_delay"),
        (
            {
                "mode": "FREIGHT_LTL",
                "pickup_at": at(3),
                "ready_to_ship_at": at(1),
                "window_end": at(9),
            },
            date(2026, 11, 13),
            "pickup_delay",
        ),
        (
            {"mode": "FREIGHT_FTL_PALLET", "ready_to_ship_at": at(1)},
            date(2026, 11, 11),
            "pickup_delay",
        ),
        ({"mode": "FREIGHT_FTL_NONPALLET", "pickup_at": at(1)}, date(2026, 11, 11), "pickup_delay"),
        ({"mode": "FREIGHT_LTL", "window_end": at(9)}, date(2026, 11, 9), "delivery_window"),
        (
            {"mode": "GROUND_SMALL_PARCEL", "pickup_at": at(3), "window_end": at(9)},
            date(2026, 11, 9),
            "delivery_window",
        ),
        (
            {"mode": "GROUND_SMALL_PARCEL", "ready_to_ship_at": at(2)},
            date(2026, 11, 9),
            "ready_to_ship",
        ),
        ({"window_end": at(9), "ready_to_ship_at": at(2)}, date(2026, 11, 9), "delivery_window"),
        ({}, date(2026, 11, 8), "first_seen"),
        ({"mode": "FREIGHT_LTL"}, date(2026, 11, 8), "first_seen"),
        ({"mode": "FREIGHT_LTL", "pickup_at": at(3, 23)}, date(2026, 11, 14), "pickup_delay"),
        ({"window_end": at(9, 23)}, date(2026, 11, 10), "delivery_window"),
    ],
)
def test_the_first_rule_that_has_a_date_wins(known: dict[str, Any], on: date, source: str) -> None:
    found = expected(facts(**known), pickup_delay_days=10, lead_time_days=7, zone=BERLIN)

    assert found == (on, source)


def test_no_delay_is_a_delay() -> None:
    known = facts(mode="FREIGHT_LTL", pickup_at=at(3))

    found = expected(known, pickup_delay_days=0, lead_time_days=7, zone=UTC)

    assert found == (date(2026, 11, 3), "pickup_delay")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("FBA STA (10/05/2026 14:30)-ONT8", datetime(2026, 10, 5, 14, 30, tzinfo=UTC)),
        ("FBA STA (11/24/2026 09:00)-FTW1", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("FBA STA (24/11/2026 09:00)-BHX4", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        # Month first lies in the future: then it was day first.
        ("FBA STA (12/10/2026 09:00)-BHX4", datetime(2026, 10, 12, 9, 0, tzinfo=UTC)),
        ("FBA (3/21/16, 10:11 PM) - 1", datetime(2016, 3, 21, 22, 11, tzinfo=UTC)),
        ("FBA (3/21/16, 12:11 AM) - 1", datetime(2016, 3, 21, 0, 11, tzinfo=UTC)),
        ("FBA STA (12/31/2026 09:00)-ONT8", None),
        ("FBA STA (02/30/2026 09:00)-ONT8", None),
        ("FBA STA (10/05/2026 25:30)-ONT8", None),
        ("Autumn restock #3", None),
        ("PO (10/05/2026 14:30)", None),
        ("", None),
    ],
)
def test_the_time_in_amazons_default_name(name: str, made: datetime | None) -> None:
    assert made_at(name, NOW) == made
