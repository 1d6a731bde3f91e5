"""How one inbound shipment lives: statuses, receipts and corrections, hour by hour.

All hours count from the start of the story: negative ones are history.
"""

from dataclasses import dataclass

from simulator import dice

#: (hour, status), (hour, units announced or None) and (hour, units received), in order.
Steps = tuple[tuple[int, str | None], ...]
Amounts = tuple[tuple[int, int | None], ...]
Arrivals = tuple[tuple[int, int], ...]

PATH = (
    "WORKING",
    "READY_TO_SHIP",
    "SHIPPED",
    "IN_TRANSIT",
    "DELIVERED",
    "CHECKED_IN",
    "RECEIVING",
    "CLOSED",
)
_OWN_CARRIER_PATH = ("WORKING", "SHIPPED", "RECEIVING", "CLOSED")
_STAGE_HOURS = dict(zip(PATH, (40, 26, 20, 70, 14, 26, 140, 0), strict=True))

#: Hour at which a seller edits an announced shipment: less of one line, another one gone.
SHRINKS_AT = 30

#: How much longer than usual a stale shipment has lain where it is.
_STALE_HOURS = 70 * 24

#: (kind, how many) of the shipments that exist when the story starts. After the slash: the twist.
HOUSEHOLD_KINDS = (
    ("WORKING", 5),
    ("WORKING/forgotten", 2),
    ("WORKING/shrinks", 1),
    ("WORKING/seemed_delivered", 1),
    ("READY_TO_SHIP", 5),
    ("SHIPPED", 8),
    ("SHIPPED/null_status", 1),
    ("SHIPPED/stale", 1),
    ("IN_TRANSIT", 5),
    ("IN_TRANSIT/unknown_sku", 1),
    ("DELIVERED", 4),
    ("CHECKED_IN", 3),
    ("CHECKED_IN/goes_back", 1),
    ("RECEIVING", 5),
    ("RECEIVING/stale", 1),
    ("RECEIVING/short", 2),
    ("RECEIVING/over", 1),
    ("RECEIVING/big", 1),
    ("CLOSED", 10),
    ("CLOSED/short", 7),
    ("CLOSED/over", 3),
    ("CLOSED/corrected", 1),
    ("CLOSED/reopened", 1),
    ("CANCELLED", 3),
    ("CANCELLED/received", 1),
    ("DELETED", 3),
    ("ERROR", 2),
    ("CREATING", 1),
    ("UNCONFIRMED", 1),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One SKU of a shipment; ``quantities`` and ``receipts`` are (hour, units), in order.

    A quantity of ``None`` takes the line off the shipment; a receipt may be negative.
    """

    sku: str
    fnsku: str
    asin: str
    in_case: int
    quantities: Amounts
    receipts: Arrivals

    def shipped(self, hour: int) -> int | None:
        """Return the units announced at this hour; ``None`` if the line is gone."""
        return next(units for at, units in reversed(self.quantities) if at <= hour)

    def received(self, hour: int) -> int:
        """Return the units received until this hour."""
        return sum(units for at, units in self.receipts if at <= hour)


@dataclass(frozen=True, slots=True)
class Shipment:
    """What never changes about a shipment, and all it will ever go through.

    ``own_name`` is empty where the seller kept Amazon's default.
    """

    number: int
    plan: int
    id: str
    own_name: str
    country: str
    centre: str
    centre_country: str
    is_own_carrier: bool
    twist: str
    timeline: Steps
    #: Clock time of the last act of the API on one that was made through it, else 0.
    touched: float = 0.0

    def status(self, hour: int) -> str | None:
        """Return v0's status at this hour; ``None`` is one of Amazon's answers."""
        return next(status for at, status in reversed(self.timeline) if at <= hour)

    def updated(self, hour: int) -> int:
        """Return the hour of the last change of *status*: a receipt does not count."""
        return next(at for at, _status in reversed(self.timeline) if at <= hour)

    def entered(self, status: str) -> int | None:
        """Return the first hour it has (or will have) this status."""
        return next((at for at, seen in self.timeline if seen == status), None)


def timeline(kind: str, born: int | None, ended_hours: int, is_own: bool, *throw: object) -> Steps:
    """Return (hour, status) from creation to the end of the story.

    At hour 0 the shipment has the status of its kind, if ``born`` is ``None``; else it is
    created at ``born``. Those that are over ended ``ended_hours`` before the start.
    """
    status, _, twist = kind.partition("/")
    own_path = is_own and status in _OWN_CARRIER_PATH
    path = _OWN_CARRIER_PATH if own_path else PATH
    stays = [_stay(stage, *throw) for stage in path]
    if born is not None:
        return _walk(path, stays, born)
    if status in ("CANCELLED", "DELETED", "ERROR"):
        ended = -ended_hours
        before = path[:3] if status == "CANCELLED" else path[:1]
        created = ended - sum(stays[: len(before)])
        return (*_walk(before, stays, created), (ended, status))
    if status in ("CREATING", "UNCONFIRMED"):
        return ((-3, status), *_walk(path, stays, 5 if status == "CREATING" else 30))
    here = path.index(status)
    age = dice.pick(1, max(1, stays[here] - 1), "age", *throw)
    if status == "CLOSED":
        age = ended_hours
    steps = _walk(path, stays, -age - sum(stays[:here]))
    return _twisted(steps, twist)


def journey(is_own: bool, leaves: int, *throw: object) -> Steps:
    """Return (hour, status) of a shipment that leaves its sender at hour ``leaves``."""
    path = (_OWN_CARRIER_PATH if is_own else PATH)[1 if is_own else 2 :]
    return _walk(path, [_stay(stage, *throw) for stage in path], leaves)


def quantities(twist: str, place: int, units: int, created: int) -> Amounts:
    """Return how the announced units of line ``place`` change."""
    if twist == "shrinks" and place == 0:
        return ((created, units), (SHRINKS_AT, units // 2))
    if twist == "shrinks" and place == 1:
        return ((created, units), (SHRINKS_AT, None))
    return ((created, units),)


def receipts(shipment: Shipment, place: int, units: int, *throw: object) -> Arrivals:
    """Return when how many units of line ``place`` arrive, corrections included."""
    if shipment.twist == "received" and place == 0:
        return ((shipment.timeline[-1][0] + 20, units // 2),)
    begin, end = shipment.entered("RECEIVING"), shipment.entered("CLOSED")
    if begin is None or (shipment.twist == "stale" and place % 2):
        return ()
    end = end or begin + 48
    target = _target(shipment.twist, place, units)
    batches = min(target, dice.pick(1, 3, "batches", *throw))
    first = begin if place == 0 else dice.pick(begin, (begin + end) // 2, "first", *throw)
    step = max(1, (end - first - 1) // max(1, batches))
    arrived = [(first + step * n, target // batches) for n in range(batches)]
    if batches:
        arrived[-1] = (arrived[-1][0], target - target // batches * (batches - 1))
    return (*arrived, *_corrections(shipment, place, end))


def _stay(stage: str, *throw: object) -> int:
    return _STAGE_HOURS[stage] * dice.pick(6, 15, "stay", stage, *throw) // 10


def _walk(path: tuple[str, ...], stays: list[int], hour: int) -> Steps:
    steps: list[tuple[int, str | None]] = []
    for stage, stay in zip(path, stays, strict=False):
        steps.append((hour, stage))
        hour += stay
    return tuple(steps)


def _twisted(steps: Steps, twist: str) -> Steps:
    past = tuple(step for step in steps if step[0] <= 0)
    future = tuple(step for step in steps if step[0] > 0)
    if twist == "forgotten":
        return past
    if twist == "stale":
        return tuple((hour - _STALE_HOURS, status) for hour, status in past)
    if twist == "shrinks":
        edited = next(status for hour, status in reversed(steps) if hour <= SHRINKS_AT)
        return tuple(sorted((*steps, (SHRINKS_AT, edited)), key=lambda step: step[0]))
    if twist == "null_status":
        return (*past, (-1, None), (40, "IN_TRANSIT"), (90, "RECEIVING"), (200, "CLOSED"))
    if twist == "seemed_delivered":
        return (*past, (2, "DELIVERED"), (4, "WORKING"), (60, "SHIPPED"))
    if twist == "goes_back":
        back = ((20, "IN_TRANSIT"), (44, "DELIVERED"))
        return (*past, *back, *((hour + 60, status) for hour, status in future))
    if twist == "reopened":
        return (*past, (22, "RECEIVING"), (90, "CLOSED"))
    return steps


def _target(twist: str, place: int, units: int) -> int:
    if twist in ("short", "stale") and place % 2 == 0:
        return units - 1 - units // 5
    if twist == "over" and place % 3 == 0:
        return units + 2
    return units


def _corrections(shipment: Shipment, place: int, end: int) -> Arrivals:
    if place:
        return ()
    if shipment.twist == "corrected":
        return ((max(end + 24, 20), -3),)
    if shipment.twist == "reopened":
        return ((30, 4),)
    return ()
