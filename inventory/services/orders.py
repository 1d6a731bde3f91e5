"""Orders that stay true to Amazon: made from shipments, and following them for ever."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from extensions import db
from inventory.models import (
    Connection,
    OrderLine,
    OrderShipment,
    Shipment,
    ShipmentLine,
    StockOrder,
)
from inventory.rules.fees import Wanted
from inventory.rules.orders import Part
from inventory.rules.rates import Cross
from inventory.services import (
    changes,
    destinations,
    expectations,
    lookalikes,
    order_following,
    order_making,
    rates,
    sending_links,
    staleness,
    stock,
)
from inventory.services.shipment_lines import by_id, lines_of


class NotAMarketplace(Exception):
    """The connection has no FBA warehouse for this marketplace."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Orders made, changed, and found as they should be."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


def follow(connection_id: int, shipment_ids: Iterable[int], run_id: int | None) -> Followed:
    """Make the orders that are due for these shipments, and bring linked ones up to date.

    A shipment gets one order, once and for ever; one that was sent from here hangs on the order
    it was sent from. What changed is logged with the run. Writes
    only what differs. Flushes; the caller commits.
    """
    shipments = by_id(shipment_ids)
    links = _links([row.id for row in shipments])
    connection = db.session.get_one(Connection, connection_id)
    unlinked = [row for row in shipments if row.id not in links]
    sent = sending_links.link(connection_id, unlinked)
    links |= sent.orders
    unlinked = [row for row in unlinked if row.id not in links and row.id not in sent.held]
    made = order_making.make(connection, unlinked, run_id)
    orders = _orders(set(links.values())) + list(made)
    changed = _bring_up_to_date(connection, orders, run_id, new={order.id for order in made})
    return Followed(len(made), changed, len(orders) - len(made) - changed)


def update(connection_id: int, shipment_ids: Iterable[int]) -> int:
    """Bring the orders of these shipments up to date, and make none; return how many changed.

    For saves, which import nothing: that is the next sync's. Flushes.
    """
    linked = _links(list(shipment_ids))
    connection = db.session.get_one(Connection, connection_id)
    return _bring_up_to_date(connection, _orders(set(linked.values())), None, new=set())


def follow_order(order: StockOrder) -> None:
    """Bring one order up to date with its shipments; without any nothing happens. Flushes."""
    first = next(iter(_shipments([order.id])[order.id]), None)
    if first is not None:
        connection = db.session.get_one(Connection, first.connection_id)
        _bring_up_to_date(connection, [order], None, new=set())


def set_marketplace(shipment: Shipment, marketplace_id: str, user_id: int | None) -> None:
    """Correct where ``shipment`` goes: a person's word wins for ever over every later guess.

    Its order of Amazon's moves along. Logged. Raises ``NotAMarketplace``. Flushes.
    """
    connection = db.session.get_one(Connection, shipment.connection_id)
    if marketplace_id not in destinations.warehouses(connection.id):
        raise NotAMarketplace(marketplace_id)
    before = shipment.marketplace_id
    shipment.marketplace_id, shipment.marketplace_source = marketplace_id, "user"
    destinations.place(connection, [shipment])
    changes.record(
        "shipment",
        shipment.id,
        "Marketplace corrected",
        name=shipment.amazon_shipment_id,
        fields={"marketplace": [before, marketplace_id]},
        user_id=user_id,
    )
    expectations.recompute(connection, [shipment], cause="rule")
    db.session.flush()
    follow(connection.id, [shipment.id], None)
    staleness.evaluate(connection.id)


def _bring_up_to_date(
    connection: Connection, orders: Sequence[StockOrder], run_id: int | None, *, new: set[int]
) -> int:
    shipments = _shipments([order.id for order in orders])
    lines = lines_of(row.id for rows in shipments.values() for row in rows)
    known = _order_lines([order.id for order in orders])
    parts = {
        order.id: [_part(row, lines[row.id].values()) for row in shipments[order.id]]
        for order in orders
    }
    crosses = _crosses(connection, orders, parts)
    changed: set[int] = set()
    for order in orders:
        here = order_following.Here(
            connection,
            shipments[order.id],
            parts[order.id],
            known[order.id],
            {sku: line for row in shipments[order.id] for sku, line in lines[row.id].items()},
            crosses,
        )
        if order_following.update(order, here, run_id, is_new=order.id in new):
            changed.add(order.id)
    lookalikes.look(orders)
    db.session.flush()
    touched = new | changed
    stock.appear([one.id for one in orders if one.id in touched and one.units_outstanding])
    return len(changed)


def _crosses(
    connection: Connection, orders: Sequence[StockOrder], parts: Mapping[int, Sequence[Part]]
) -> Mapping[Wanted, Cross]:
    """Return the exchange rates for quotes in another currency than their order; often none."""
    return rates.crosses(
        (currency, order.currency, on)
        for order in orders
        if order_following.follows_quotes(order, connection)
        for part in parts[order.id]
        for _, currency, on in part.quotes
    )


def _part(row: Shipment, lines: Iterable[ShipmentLine]) -> Part:
    return Part(
        status=row.status,
        expected_on=row.expected_on,
        expected_source=row.expected_source,
        lines={line.seller_sku: (line.units_shipped, line.units_received) for line in lines},
        closed_on=row.closed_on,
        fee=row.fee,
        fee_currency=row.fee_currency,
        fee_on=row.fee_on or row.first_seen_on,
        ignored_on=row.ignored_on,
    )


def _links(shipment_ids: Sequence[int]) -> dict[int, int]:
    found = select(OrderShipment.shipment_id, OrderShipment.order_id).where(
        OrderShipment.shipment_id.in_(shipment_ids)
    )
    return {row.shipment_id: row.order_id for row in db.session.execute(found)}


def _orders(ids: Iterable[int]) -> list[StockOrder]:
    return list(db.session.scalars(select(StockOrder).where(StockOrder.id.in_(list(ids)))))


def _shipments(order_ids: Sequence[int]) -> dict[int, list[Shipment]]:
    found = (
        select(OrderShipment.order_id, Shipment)
        .join(Shipment, Shipment.id == OrderShipment.shipment_id)
        .where(OrderShipment.order_id.in_(order_ids))
        .order_by(Shipment.id)
    )
    rows: dict[int, list[Shipment]] = defaultdict(list)
    for order_id, shipment in db.session.execute(found):
        rows[order_id].append(shipment)
    return rows


def _order_lines(order_ids: Sequence[int]) -> dict[int, dict[str, OrderLine]]:
    rows: dict[int, dict[str, OrderLine]] = defaultdict(dict)
    found = select(OrderLine).where(OrderLine.order_id.in_(order_ids)).order_by(OrderLine.id)
    for line in db.session.scalars(found):
        rows[line.order_id][line.seller_sku] = line
    return rows
