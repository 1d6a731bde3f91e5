"""When a shipment is expected to be sellable, and when it was made. Pure.

Days are days of the account's time zone, whatever zone Amazon's times come in.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

#: Modes whose pick-up is planned, and of which the pick-up delay speaks.
FREIGHT = frozenset({"FREIGHT_LTL", "FREIGHT_FTL_PALLET", "FREIGHT_FTL_NONPALLET"})

#: Amazon's default names: "FBA STA (10/05/2026 14:30)-ONT8", and older ones with AM and PM.
_MADE_AT = re.compile(
    r"^FBA\b[^(]*\((\d{1,2})/(\d{1,2})/(\d{4}|\d{2}),? (\d{1,2}):(\d{2})(?: ?([AP]M))?\)", re.I
)
#: How far a clock elsewhere may be ahead of ours.
_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a shipment's way. Times are aware; ``started_on`` is never missing:
    the day it was seen SHIPPED, else the day it was first seen."""

    mode: str
    pickup_at: datetime | None
    ready_to_ship_at: datetime | None
    window_end: datetime | None
    started_on: date


def expected(
    facts: Facts, *, pickup_delay_days: int, lead_time_days: int, zone: tzinfo
) -> tuple[date, str]:
    """Return the day of arrival and what it rests on.

    Freight: pick-up (else ready-to-ship) plus the pick-up delay, "pickup_delay". Else the end
    of the delivery window, "delivery_window". Else ready-to-ship plus the lead time,
    "ready_to_ship". Else the start plus the lead time, "first_seen". Days are calendar days.
    """
    pickup = facts.pickup_at or facts.ready_to_ship_at
    if facts.mode in FREIGHT and pickup:
        return _on(pickup, zone) + timedelta(days=pickup_delay_days), "pickup_delay"
    if facts.window_end:
        return _on(facts.window_end, zone), "delivery_window"
    lead_time = timedelta(days=lead_time_days)
    if facts.ready_to_ship_at:
        return _on(facts.ready_to_ship_at, zone) + lead_time, "ready_to_ship"
    return facts.started_on + lead_time, "first_seen"


def made_at(name: str, now: datetime) -> datetime | None:
    """Return the time in Amazon's default shipment name, or None where there is none.

    Month first; day first only where month first is no date or lies in the future. The zone
    is not written, so UTC is assumed. A time after ``now`` is not believed.
    """
    match = _MADE_AT.match(name)
    if not match:
        return None
    first, second, year, hour, minute = map(int, match.groups()[:5])
    year += 2000 if year < 100 else 0
    if match[6]:
        hour = hour % 12 + (12 if match[6].upper() == "PM" else 0)
    for month, day in ((first, second), (second, first)):
        try:
            made = datetime(year, month, day, hour, minute, tzinfo=UTC)
        except ValueError:
            continue
        if made <= now + _TOLERANCE:
            return made
    return None


def _on(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
