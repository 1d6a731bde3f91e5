"""What exists in one region: listings, shipments and the plans behind them.

Everything here is a function of the seed. What is true *at a moment* is in ``story.py``.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar, overload

from simulator import catalogue, dice
from simulator.catalogue import Listing
from simulator.geography import CENTRES, MARKETPLACES, REGIONS
from simulator.scenarios import Scenario
from simulator.shipments import HOUSEHOLD_KINDS, Line, Shipment, quantities, receipts, timeline

Thing = TypeVar("Thing")

#: Shipments per plan, repeated; and the place of the plan's marketplace in the region.
_PLAN_SIZES = (1, 1, 2, 1, 3, 1)
_PLAN_COUNTRIES = (0, 1, 0, 2, 0, 0)

#: Hours between two shipments which the seller makes while the story runs.
NEW_EVERY_HOURS = 19


@dataclass(frozen=True, slots=True)
class Plan:
    """An inbound plan: what its shipments share."""

    number: int
    id: str
    country: str
    is_own_carrier: bool
    mode: str
    first_shipment: int
    shipment_count: int


class Lazy(Sequence[Thing], Generic[Thing]):
    """A long sequence whose things are made when asked for, and kept."""

    def __init__(self, length: int, make: Callable[[int], Thing]) -> None:
        self._length = length
        self._make = make
        self._made: dict[int, Thing] = {}

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Thing: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Thing]: ...
    def __getitem__(self, index: int | slice) -> Thing | Sequence[Thing]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(self._length))]
        if not 0 <= index < self._length:
            raise IndexError(index)
        if index not in self._made:
            self._made[index] = self._make(index)
        return self._made[index]


class World:
    """One region of a scenario. Cheap to make: shipments and bulk listings come on demand."""

    def __init__(self, scenario: Scenario, seed: int, region: str, start: float) -> None:
        self.scenario, self.seed, self.start = scenario, seed, start
        self.region = REGIONS[region]
        self.countries = self.region.participating[: scenario.marketplaces]
        self.marketplace_ids = [MARKETPLACES[country].id for country in self.countries]
        self.listings: Sequence[Listing]
        if scenario.skus:
            self.listings = Lazy(scenario.skus, catalogue.bulk(seed, self.countries[0]))
        else:
            self.listings = catalogue.household(seed, self.countries)
        self._kinds = [kind for kind, count in HOUSEHOLD_KINDS for _ in range(count)]
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._shipments: dict[int, Shipment] = {}

    def shipment_count(self, hour: int) -> int:
        """Return how many shipments the seller has made until this hour."""
        if not self.scenario.has_new_shipments:
            return self.initial_shipments
        return self.initial_shipments + max(0, hour) // NEW_EVERY_HOURS

    @property
    def initial_shipments(self) -> int:
        """Return how many shipments there are when the story starts."""
        return self.scenario.shipments or len(self._kinds)

    def shipment(self, number: int) -> Shipment:
        """Return shipment ``number``, made when first asked for."""
        if number not in self._shipments:
            self._shipments[number] = self._make_shipment(number)
        return self._shipments[number]

    def lines(self, shipment: Shipment) -> tuple[Line, ...]:
        """Return the lines of a shipment, made when first asked for."""
        if shipment.number not in self._lines:
            self._lines[shipment.number] = self._make_lines(shipment)
        return self._lines[shipment.number]

    def plan_of(self, number: int) -> Plan:
        """Return the plan which shipment ``number`` belongs to."""
        if self.scenario.shipments:
            return self.plan(number)
        cycle, rest = divmod(number, sum(_PLAN_SIZES))
        starts = [sum(_PLAN_SIZES[:place]) for place in range(len(_PLAN_SIZES))]
        return self.plan(cycle * len(_PLAN_SIZES) + bisect_right(starts, rest) - 1)

    def plan(self, number: int) -> Plan:
        """Return plan ``number``."""
        cycle, place = divmod(number, len(_PLAN_SIZES))
        first, size = number, 1
        if not self.scenario.shipments:
            first, size = cycle * sum(_PLAN_SIZES) + sum(_PLAN_SIZES[:place]), _PLAN_SIZES[place]
        throw = dice.number(self.seed, self.region.code, "plan", number)
        modes = ("GROUND_SMALL_PARCEL",) * 3 + ("FREIGHT_LTL",) * 2 + ("FREIGHT_FTL_PALLET",)
        country = self.countries[_PLAN_COUNTRIES[place] % len(self.countries)]
        plan_id = dice.long_id("wf", self.seed, self.region.code, "plan", number)
        is_own = throw % 5 < 2
        return Plan(number, plan_id, country, is_own, modes[throw // 7 % 6], first, size)

    @cached_property
    def updated_hours_ago(self) -> list[int]:
        """Return, per listing, how long before the start it was last changed."""
        if self.scenario.skus:
            return catalogue.bulk_updated_hours_ago(self.scenario.skus)
        return [one.updated_hours_ago for one in self.listings]

    @cached_property
    def created_hours_ago(self) -> list[int]:
        """Return, per listing, how long before the start it was made."""
        if self.scenario.skus:
            return [hours + 47 for hours in self.updated_hours_ago]
        return [one.created_hours_ago for one in self.listings]

    @cached_property
    def fba_listings(self) -> dict[str, list[Listing]]:
        """Return country -> what is fulfilled by Amazon there."""
        return {
            country: [one for one in self.listings if one.is_fba and country in one.countries]
            for country in self.countries
        }

    def listing(self, sku: str) -> Listing | None:
        """Return the listing of a SKU; ``None`` if the seller has none."""
        if self.scenario.skus:
            number = sku.removeprefix("SKU-")
            is_known = len(number) == 6 and number.isdigit() and int(number) < len(self.listings)
            return self.listings[int(number)] if is_known else None
        return self._by_sku.get(sku)

    def listing_of_asin(self, asin: str) -> Listing | None:
        """Return the first listing of a product; ``None`` if the seller has none."""
        if self.scenario.skus:
            return self.listing(f"SKU-{asin[-6:]}") if asin.startswith("B000") else None
        return next((one for one in self.listings if one.asin == asin), None)

    @cached_property
    def _by_sku(self) -> dict[str, Listing]:
        return {one.sku: one for one in self.listings}

    def kind(self, number: int) -> str:
        """Return the kind (status at the start, twist) of an initial shipment."""
        if self.scenario.shipments:
            return self.scenario.kind(number)
        return self._kinds[number]

    def _make_shipment(self, number: int) -> Shipment:
        plan = self.plan_of(number)
        throw = (self.seed, self.region.code, "shipment", number)
        is_new = number >= self.initial_shipments
        kind = "WORKING" if is_new else self.kind(number)
        born = (number - self.initial_shipments + 1) * NEW_EVERY_HOURS if is_new else None
        # Shipments of one plan leave together, so those that are over ended about together.
        ended_hours = dice.pick(30, self.scenario.closed_days * 24, *throw[:2], "end", plan.number)
        steps = timeline(kind, born, ended_hours, plan.is_own_carrier, *throw)
        centres = CENTRES[plan.country]
        centre = centres[(number - plan.first_shipment + plan.number) % len(centres)]
        return Shipment(
            number,
            plan.number,
            id="FBA" + dice.code(9, *throw, "id"),
            own_name=_own_name(number),
            country=plan.country,
            centre=centre.code,
            centre_country=centre.country,
            is_own_carrier=plan.is_own_carrier,
            twist=kind.partition("/")[2],
            timeline=steps,
        )

    def _make_lines(self, shipment: Shipment) -> tuple[Line, ...]:
        if self.scenario.skus:
            chosen = [self.listings[n] for n in self.scenario.line_listings(shipment.number)]
        else:
            chosen = self._choose(shipment)
        rows = [(one.sku, one.fnsku, one.asin) for one in chosen]
        if shipment.twist == "unknown_sku":
            rows.append(("HK-RETIRED-0001", "X00RETIRED", "B00RETIRED"))
        return tuple(self._line(shipment, place, *row) for place, row in enumerate(rows))

    def _choose(self, shipment: Shipment) -> list[Listing]:
        offered = self.fba_listings[shipment.country]
        throw = (self.seed, self.region.code, "lines", shipment.number)
        if shipment.twist == "big":
            return offered
        first, step = dice.pick(0, len(offered) - 1, "first", *throw), 7
        count = dice.pick(3, 12, "count", *throw)
        return [offered[(first + step * n) % len(offered)] for n in range(count)]

    def _line(self, shipment: Shipment, place: int, sku: str, fnsku: str, asin: str) -> Line:
        throw = (self.seed, self.region.code, "line", shipment.number, place)
        in_case = (0, 0, 6, 12)[dice.number("case", *throw) % 4]
        units = (in_case or 4) * dice.pick(1, 15, *throw)
        announced = quantities(shipment.twist, place, units, shipment.timeline[0][0])
        arrived = receipts(shipment, place, announced[-1][1] or 0, *throw)
        return Line(sku, fnsku, asin, in_case, announced, arrived)


def _own_name(number: int) -> str:
    if number % 4 != 3:
        return ""
    names = ("Autumn restock #", "PO-2026-", "Küche & Co ", "Räumung 50% <b>")
    return f"{names[number // 4 % 4]}{number}"
