"""Token buckets: how long to wait so that Amazon never has to say 429."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from amazon.operations import OPERATIONS

#: Added to each wait: calls travel, so one may reach Amazon a little sooner after its
#: forerunner than it was sent. It shifts a row of calls, it does not stretch it.
MARGIN_S = 0.005
#: A token that is there but for rounding counts as there.
_ROUNDING = 1e-9


@dataclass(slots=True)
class _Bucket:
    burst: int
    rate: float
    level: float
    at: float
    #: The last token came out of a full bucket, and its call has not been answered yet.
    is_opening: bool = False

    def refill(self, now: float) -> None:
        """A clock that was set back refills nothing, and does not make us wait for it."""
        passed = max(0.0, now - self.at)
        self.level = min(float(self.burst), self.level + passed * self.rate)
        self.at = now

    @property
    def has_token(self) -> bool:
        return self.level >= 1 - _ROUNDING


class Throttle:
    """One bucket per operation, of one seller account and application.

    ``levels`` is what an earlier ``levels()`` returned, perhaps in another process: the
    buckets go on from there. An operation not in it starts full. ``clock`` gives epoch
    seconds. May be used from several threads.
    """

    def __init__(
        self,
        levels: Mapping[str, Mapping[str, float]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}
        for operation, stored in (levels or {}).items():
            self._load(operation, stored)

    def wait_s(self, operation: str) -> float:
        """Return the seconds until ``take`` can succeed; 0 when it can now."""
        with self._lock:
            bucket = self._refilled(operation)
            if bucket.has_token:
                return 0.0
            return (1 - bucket.level) / bucket.rate + MARGIN_S

    def take(self, operation: str) -> bool:
        """Take a token; False, taking nothing, when there is none (wait and ask again)."""
        with self._lock:
            bucket = self._refilled(operation)
            if not bucket.has_token:
                return False
            bucket.is_opening = bucket.level >= bucket.burst - _ROUNDING
            bucket.level = max(0.0, bucket.level - 1)
            return True

    def answered(self, operation: str) -> None:
        """A call was answered: if it opened a full bucket, the refill starts only now.

        A full bucket gains nothing, so Amazon's begins to refill when the call arrives, some
        time between sending and answer. Once a row of calls, and never too early.
        """
        with self._lock:
            bucket = self._buckets[operation]
            if bucket.is_opening:
                bucket.at, bucket.is_opening = max(bucket.at, self._clock()), False

    def empty(self, operation: str) -> None:
        """Amazon said 429: whatever we thought was left is not there."""
        with self._lock:
            self._refilled(operation).level = 0.0

    def adjust(self, operation: str, rate: float) -> None:
        """Take over the rate that Amazon names, calls a second; nonsense is ignored."""
        if not (math.isfinite(rate) and rate > 0):
            return
        with self._lock:
            self._refilled(operation).rate = rate

    def levels(self) -> dict[str, dict[str, float]]:
        """Return all touched buckets, fit for JSON and for the constructor."""
        with self._lock:
            return {
                operation: {"level": bucket.level, "at": bucket.at, "rate": bucket.rate}
                for operation, bucket in self._buckets.items()
            }

    def _refilled(self, operation: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(operation)
        if bucket is None:
            known = OPERATIONS[operation]
            bucket = _Bucket(known.burst, float(known.rate), float(known.burst), now)
            self._buckets[operation] = bucket
        bucket.refill(now)
        return bucket

    def _load(self, operation: str, stored: Mapping[str, Any]) -> None:
        """Older than burst / rate seconds needs no rule of its own: the refill fills it."""
        known = OPERATIONS.get(operation)
        numbers = [stored.get(name) for name in ("level", "at", "rate")]
        if known is None or not all(_is_number(number) for number in numbers):
            return
        level, at, rate = (float(number) for number in numbers if number is not None)
        if rate <= 0:
            return
        level = min(max(level, 0.0), float(known.burst))
        self._buckets[operation] = _Bucket(known.burst, rate, level, at)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
