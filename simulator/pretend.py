"""The pretend Amazon itself: a story on file, and how it answers."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from simulator import drafts, faults, truth
from simulator.almanac import Calendar
from simulator.buckets import USAGE_PLANS
from simulator.drafts import Draft
from simulator.journal import Journal
from simulator.made import Made
from simulator.scenarios import SCENARIOS
from simulator.story import Moment
from simulator.world import World

IN_MEMORY = ":memory:"

#: What ``will_answer`` takes: operation ids, the token endpoint, files of reports and of labels.
SCRIPTABLE = (*USAGE_PLANS, "token", "download", "paper")


class Credentials(NamedTuple):
    """What to type into the connect form."""

    client_id: str
    client_secret: str
    refresh_token: str
    seller_id: str
    application_id: str


CREDENTIALS = Credentials(
    client_id="amzn1.application-oa2-client.harbourkitchendemo",
    client_secret="amzn1.oa2-cs.v1.harbour-kitchen-demo-secret",  # noqa: S106 - invented
    refresh_token="Atzr|demo-harbour-kitchen",  # noqa: S106 - invented
    seller_id="A2HARBOURKTCHN",
    application_id="amzn1.sp.solution.harbour-kitchen-demo",
)


class Simulator:
    """A pretend Amazon. All processes that open the same file see the same world.

    ``path`` is a SQLite file, made if missing (scenario and start are then fixed for ever), or
    ``IN_MEMORY``. ``clock`` gives seconds since 1970. ``limits=False`` switches the rate limits
    off; ``None`` leaves them as the file has them (on in a new one).
    """

    def __init__(
        self,
        path: str | Path = IN_MEMORY,
        scenario: str = "default",
        clock: Callable[[], float] = time.time,
        *,
        limits: bool | None = None,
        seed: int = 7,
    ) -> None:
        self.clock = clock
        self.journal = Journal(str(path))
        self.seed = int(self.journal.fact("seed", seed))
        self.start = float(self.journal.fact("start", clock() // 1))
        self.scenario = SCENARIOS[self.journal.fact("scenario", scenario)]
        self._worlds: dict[str, World] = {}
        self._moments: dict[str, tuple[tuple[int, int, int], Moment]] = {}
        self._read_drafts: dict[str, tuple[int, dict[str, Draft]]] = {}
        if limits is not None:
            self.limits = limits

    def close(self) -> None:
        """Close the file."""
        self.journal.close()

    @property
    def limits(self) -> bool:
        """Whether calls above Amazon's rates are refused. Kept in the file."""
        return bool(self.journal.fact("limits", True))

    @limits.setter
    def limits(self, value: bool) -> None:
        self.journal.remember("limits", value)

    def pass_days(self, days: int = 1) -> None:
        """Let days pass in the story: things arrive, close, appear. No clock is moved."""
        self.journal.pass_days(self.clock(), days)

    def will_answer(self, operation: str, *answers: str | int) -> None:
        """Script the next answers to an operation, replacing what was scripted before.

        An answer is ``"ok"``, an HTTP status, a name of ``faults.NAMES``, or ``acted_`` before
        a status or whole answer: acted on first. Afterwards the operation answers as usual.
        Besides Amazon's operation ids there are ``token`` (Login with Amazon), ``download``
        and ``paper`` (files of reports, of labels). Raises ``ValueError`` for unknown ones.
        """
        if operation not in SCRIPTABLE:
            raise ValueError(f"unknown operation {operation!r}")
        self.journal.script(operation, [faults.word(answer) for answer in answers])

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called, by all processes."""
        return self.journal.calls()

    def reset_calls(self) -> None:
        """Start counting from nothing."""
        self.journal.reset_calls()

    def calendar(self) -> Calendar:
        """Return what turns clock time into story hours."""
        return Calendar(self.start, self.scenario, self.journal.passed_days())

    def moment(self, region: str, at: float | None = None) -> Moment:
        """Return the region's world as it is now, or was at clock time ``at``."""
        calendar = self.calendar()
        hour = calendar.hour(self.clock() if at is None else at)
        key = (hour, len(calendar.passed), drafts.revision(self.journal))
        known = self._moments.get(region)
        if known is None or known[0] != key:
            world = self._world(region)
            made = Made(world, self._drafts(region, key[2]))
            moment = Moment(world, calendar, hour, made)
            if known is not None and known[0][:2] == key[:2]:
                moment.story_views = known[1].story_views
            known = (key, moment)
            if at is None:
                self._moments[region] = known
        return known[1]

    def truth(self, region: str = "NA") -> dict[str, Any]:
        """Return the world as plain data for tests: shipments, listings, stock, plans."""
        return truth.tell(self.moment(region))

    def made_plans(self, region: str = "NA") -> list[dict[str, Any]]:
        """Return the plans made through the API, for "none twice, none lost" checks."""
        return truth.made_plans(self.moment(region))

    def _drafts(self, region: str, revision: int) -> list[Draft]:
        """Read only what changed: a plan of 1,500 lines is a long document."""
        seen, known = self._read_drafts.get(region, (0, {}))
        for draft in drafts.changed(self.journal, region, seen):
            known[draft.id] = draft
        self._read_drafts[region] = (revision, known)
        return list(known.values())

    def _world(self, region: str) -> World:
        if region not in self._worlds:
            self._worlds[region] = World(self.scenario, self.seed, region, self.start)
        return self._worlds[region]
