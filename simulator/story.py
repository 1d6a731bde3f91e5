"""The world at one moment: a pure function of seed, start, passed days and the clock."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from simulator import dice
from simulator.almanac import HOUR_S, Calendar
from simulator.catalogue import Listing
from simulator.made import Made
from simulator.shipments import Line, Shipment
from simulator.stock import Stock, base_stock
from simulator.world import Plan, World

#: v0 status -> which of Amazon's inbound figures its outstanding units are part of.
_INBOUND = {
    "WORKING": "inbound_working",
    "READY_TO_SHIP": "inbound_working",
    "CREATING": "inbound_working",
    "SHIPPED": "inbound_shipped",
    "IN_TRANSIT": "inbound_shipped",
    "DELIVERED": "inbound_shipped",
    "CHECKED_IN": "inbound_shipped",
    None: "inbound_shipped",
    "RECEIVING": "inbound_receiving",
}


class Moment:
    """One region at one hour of the story; ``made`` is what the seller made through the API."""

    def __init__(self, world: World, calendar: Calendar, hour: int, made: Made) -> None:
        self.world, self.hour, self.made = world, hour, made
        self._calendar = calendar
        self._stock: dict[tuple[str, int], Stock] = {}
        self.plan_views: dict[str, Any] = {}
        #: Those of the story alone, which stay as they are while plans are made in this hour.
        self.story_views: dict[str, Any] = {}
        self._orders: dict[str, list[int]] = {}
        self._since: tuple[tuple[str, float], Sequence[Listing]] | None = None

    def clock(self, hour: int) -> float:
        """Return the clock time (seconds since 1970) of a story hour."""
        return self._calendar.clock(hour)

    def name(self, shipment: Shipment) -> str:
        """Return the seller's name of a shipment, else Amazon's with the time it was made."""
        if shipment.own_name:
            return shipment.own_name
        made = self.world.scenario.clock_text(self.clock(shipment.timeline[0][0]))
        return f"FBA STA ({made})-{shipment.centre}"

    @cached_property
    def shipments(self) -> list[Shipment]:
        """Return the shipments v0 shows, in the order of their creation numbers."""
        every = map(self.world.shipment, range(self.world.shipment_count(self.hour)))
        return [one for one in (*every, *self.made.shipments) if self.is_confirmed(one)]

    @cached_property
    def shipments_by_id(self) -> dict[str, Shipment]:
        """Return FBA id -> shipment."""
        return {one.id: one for one in self.shipments}

    def is_confirmed(self, shipment: Shipment) -> bool:
        """Tell whether the placement is confirmed, so that the shipment has its FBA id."""
        return shipment.timeline[0][0] <= self.hour and shipment.status(self.hour) != "UNCONFIRMED"

    def updated(self, shipment: Shipment) -> float:
        """Return the clock time of the last status change (receipts do not count)."""
        return max(self.clock(shipment.updated(self.hour)), shipment.touched)

    def plan(self, shipment: Shipment) -> Plan:
        """Return the plan that a shipment belongs to."""
        return self.made.plans.get(shipment.plan) or self.world.plan(shipment.plan)

    def lines(self, shipment: Shipment) -> Iterator[tuple[Line, int, int]]:
        """Yield (line, units shipped, units received) of the lines the shipment has now."""
        for line in self._lines_of(shipment):
            shipped = line.shipped(self.hour)
            if shipped is not None:
                yield line, shipped, line.received(self.hour)

    def line_count(self, shipment: Shipment) -> int:
        """Return how many lines the shipment has now."""
        if self.world.scenario.skus and shipment.plan not in self.made.plans:
            return self.world.scenario.lines
        return sum(1 for _line in self.lines(shipment))

    @cached_property
    def updated_by_index(self) -> list[float]:
        """Return, per listing, the clock time of its last change."""
        start = self.world.start
        times = [start - hours * HOUR_S for hours in self.world.updated_hours_ago]
        for index, hour in self._edits.items():
            times[index] = self.clock(hour)
        return times

    @cached_property
    def created_by_index(self) -> list[float]:
        """Return, per listing, the clock time of its creation."""
        start = self.world.start
        return [start - hours * HOUR_S for hours in self.world.created_hours_ago]

    def order(self, key: str) -> list[int]:
        """Return the listings' numbers by ``lastUpdatedDate``, ``createdDate`` or ``sku``."""
        if key not in self._orders:
            listings = self.world.listings
            keys: Sequence[Any] = self.updated_by_index
            if key != "lastUpdatedDate":
                is_sku = key == "sku"
                keys = [one.sku for one in listings] if is_sku else self.created_by_index
            self._orders[key] = sorted(range(len(listings)), key=keys.__getitem__)
        return self._orders[key]

    def is_active(self, listing: Listing) -> bool:
        """Tell whether shoppers can buy it: an edit at an odd hour of luck toggles it."""
        edited = self._edits.get(listing.index, 0)
        toggled = edited > 0 and dice.pick(0, 9, "toggle", listing.sku, edited) == 0
        return listing.is_active != toggled

    def fbm_units(self, listing: Listing) -> int | None:
        """Return the merchant's own stock; ``None`` without that channel."""
        edited = self._edits.get(listing.index, 0)
        if listing.fbm_units is None or not edited:
            return listing.fbm_units
        return dice.pick(0, 40, "fbm", listing.sku, edited)

    def stock_rows(self, country: str) -> Sequence[Listing]:
        """Return the listings of which Amazon's inventory has a row in a marketplace.

        A listing that is inactive may have none: no unit of it was ever announced.
        """
        if self.world.scenario.skus:
            return self.world.listings
        offered = self.world.fba_listings[country]
        return [one for one in offered if one.is_active or one.index % 3]

    def stock_rows_since(self, country: str, since: float) -> Sequence[Listing]:
        """Return the rows whose figures changed since a clock time."""
        key = (country, since)
        if self._since is None or self._since[0] != key:
            rows = self.stock_rows(country)
            found = [one for one in rows if self.stock_updated(country, one) >= since]
            self._since = (key, found)
        return self._since[1]

    def stock(self, country: str, listing: Listing) -> Stock:
        """Return Amazon's figures for a listing in a marketplace (its pool's where pooled)."""
        key = (self.world.region.pool(country), listing.index)
        if key not in self._stock:
            self._stock[key] = self._count(*key)
        return self._stock[key]

    def local_units(self, country: str, listing: Listing) -> int:
        """Return the fulfillable units that lie in a country: its share of the pool."""
        region = self.world.region
        pool = [one for one in self.world.countries if region.pool(one) == region.pool(country)]
        sharing = [one for one in pool if one in listing.countries]
        units, rest = divmod(self.stock(country, listing).fulfillable, len(sharing))
        return units + (rest if country == sharing[0] else 0)

    def stock_updated(self, country: str, listing: Listing) -> float:
        """Return when the figures last changed. Inbound changes do not count (models #4946)."""
        throw = dice.pick(1, 300, self.world.seed, "stock", listing.sku)
        changes = [-throw, *self._receipt_hours.get((self._pool(country), listing.sku), ())]
        return self.clock(max(changes))

    @cached_property
    def _edits(self) -> dict[int, int]:
        """Listing -> hour of its last edit: three a day are edited while the story runs."""
        days = range(1, self.hour // 24 + 1)
        count = len(self.world.listings)
        return {
            dice.pick(0, count - 1, self.world.seed, self.world.region.code, "edit", day, nth): (
                day * 24
            )
            for day in days
            for nth in range(3)
        }

    def _pool(self, country: str) -> str:
        return self.world.region.pool(country)

    def _lines_of(self, shipment: Shipment) -> tuple[Line, ...]:
        is_made = shipment.plan in self.made.plans
        return self.made.lines(shipment) if is_made else self.world.lines(shipment)

    def _count(self, pool: str, index: int) -> Stock:
        world = self.world
        sku = world.listings[index].sku
        stock = base_stock(world.seed, world.region.code, pool, sku)
        for shipment in self._holding(index):
            if self._pool(shipment.country) == pool:
                self._count_shipment(stock, shipment, sku)
        stock.fulfillable = max(0, stock.fulfillable)
        return stock

    def _count_shipment(self, stock: Stock, shipment: Shipment, sku: str) -> None:
        for line in self._lines_of(shipment):
            if line.sku != sku:
                continue
            received = line.received(self.hour)
            stock.fulfillable += received - line.received(0)
            figure = _INBOUND.get(shipment.status(self.hour))
            if figure:
                outstanding = max(0, (line.shipped(self.hour) or 0) - received)
                setattr(stock, figure, getattr(stock, figure) + outstanding)

    def _holding(self, index: int) -> Sequence[Shipment]:
        world = self.world
        if world.scenario.skus:
            story = map(world.shipment, world.scenario.shipments_with(index))
            every = (*story, *self.made.shipments)
            return [one for one in every if self.is_confirmed(one)]
        return self._by_sku.get(world.listings[index].sku, ())

    @cached_property
    def _by_sku(self) -> dict[str, list[Shipment]]:
        holding: dict[str, list[Shipment]] = {}
        for shipment in self.shipments:
            for line in self._lines_of(shipment):
                holding.setdefault(line.sku, []).append(shipment)
        return holding

    @cached_property
    def _receipt_hours(self) -> dict[tuple[str, str], list[int]]:
        hours: dict[tuple[str, str], list[int]] = {}
        if self.hour <= 0:
            return hours
        for shipment in self.shipments:
            for line in self._lines_of(shipment):
                for at, _units in line.receipts:
                    if 0 < at <= self.hour:
                        key = (self._pool(shipment.country), line.sku)
                        hours.setdefault(key, []).append(at)
        return hours
