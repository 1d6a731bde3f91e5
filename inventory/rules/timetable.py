"""What is read from Amazon when: the whole timetable of the product is this file. Pure.

Kinds are the values of ``SyncKind``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

#: Each night everything is read again, for what an increment cannot show.
NIGHT = time(2, 0)
FULL = "full"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timetable: every so often, or (``every`` None) each night at ``at``."""

    kind: str
    every: timedelta | None = None
    at: time | None = None

    @property
    def scope(self) -> str:
        return "" if self.every else FULL


#: What each connection gets. The first sync of a new one goes before (``jobs/worker.py``).
TIMETABLE: tuple[Entry, ...] = (
    Entry("participations", every=timedelta(days=1)),
    Entry("shipments", every=timedelta(minutes=30)),
    Entry("stock", every=timedelta(minutes=30)),
    Entry("listings", every=timedelta(hours=1)),
    Entry("plans", every=timedelta(hours=1)),
    Entry("shipments", at=NIGHT),
    Entry("stock", at=NIGHT),
    Entry("listings", at=NIGHT),
    Entry("plans", at=NIGHT),
)
#: Kind -> how often what has changed is read.
EVERY: Mapping[str, timedelta] = {one.kind: one.every for one in TIMETABLE if one.every}


def night_before(now: datetime, zone: tzinfo, at: time) -> datetime:
    """Return the last time before ``now`` that clocks in ``zone`` showed ``at``.

    An hour that a change of clocks leaves out counts as the moment of the change; of one that
    comes twice the first counts. So each local day has exactly one.
    """
    today = now.astimezone(zone).date()
    slot = datetime.combine(today, at, zone).astimezone(UTC)
    if slot > now:
        yesterday = today - timedelta(days=1)
        slot = datetime.combine(yesterday, at, zone).astimezone(UTC)
    return slot


def next_due(kind: str, last_at: datetime | None, now: datetime) -> datetime:
    """Return when ``kind`` is due after a run that was queued at ``last_at``; never past."""
    return now if last_at is None else max(now, last_at + EVERY[kind])
