"""Sums of several currencies in one, and what stored amounts lack for that."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from extensions import db
from inventory.models import Connection, OrderShipment, Shipment, StockOrder, Warehouse
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.rates import BASE, rounded
from inventory.services import accounts, orders, rates
from inventory.services.rates import Amount

FLAG = "fee_currency"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in ``currency``, rounded once. ``first_on`` and ``last_on`` are the days of the rates.

    ``amount`` is ``None`` where a rate is missing: ``missing`` has what has none, by currency.
    """

    currency: str
    amount: Decimal | None
    first_on: date | None
    last_on: date | None
    missing: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """Stored amounts without a rate: ``currency`` and how many amounts of which days."""

    currency: str
    count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class _Needed:
    """``count`` amounts of a day, and the other currencies they are wanted in."""

    currency: str
    others: frozenset[str]
    on: date
    count: int

    @property
    def codes(self) -> frozenset[str]:
        return self.others | {self.currency}


def reporting_currency(connection_id: int | None = None) -> str:
    """Return what sums are shown in: the connection's primary marketplace's currency, else the
    account's main one."""
    connection = db.session.get(Connection, connection_id) if connection_id else None
    marketplace = MARKETPLACES.get(connection.primary_marketplace_id) if connection else None
    return marketplace.currency if marketplace else accounts.account().currency


def total(amounts: Sequence[Amount], to: str) -> Total:
    """Add up ``amounts`` in ``to``, each with the rate of its own day. One statement at most."""
    found = rates.crosses((currency, to, on) for _, currency, on in amounts)
    sums, missing, days = Decimal(0), defaultdict[str, Decimal](Decimal), []
    for amount, currency, on in amounts:
        cross = found.get((currency, to, on))
        if currency == to:
            sums += amount
        elif cross is None:
            missing[currency] += amount
        else:
            sums += cross.of(amount)
            days.append(cross.day)
    known = None if missing else rounded(sums, to)
    lacks = tuple(sorted(missing.items()))
    return Total(to, known, min(days, default=None), max(days, default=None), lacks)


def lacking() -> list[Lack]:
    """Return what cannot be converted for want of a rate, by currency.

    Looked at are the quotes that go on an order in another currency, and the orders' shipping
    and handling, which is summed in the account's main currency and in that of its connection.
    """
    needed = [one for one in (*_quotes(), *_orders()) if one.others]
    known = rates.crosses((code, BASE, one.on) for one in needed for code in one.codes)
    days: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for one in needed:
        for code in one.codes - {BASE}:
            if (code, BASE, one.on) not in known:
                days[code].append((one.on, one.count))
    return [
        Lack(code, sum(n for _, n in told), min(told)[0], max(told)[0])
        for code, told in sorted(days.items())
    ]


def follow_rates() -> int:
    """Convert the quotes that had no rate until now; return how many orders got theirs. Flushes."""
    flagged = (
        sa.select(Shipment.connection_id, Shipment.id)
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .join(StockOrder, StockOrder.id == OrderShipment.order_id)
        .where(StockOrder.flags.contains(FLAG))
    )
    shipments: dict[int, list[int]] = defaultdict(list)
    for connection_id, shipment_id in db.session.execute(flagged):
        shipments[connection_id].append(shipment_id)
    followed = (orders.follow(one, ids, None) for one, ids in shipments.items())
    return sum(one.changed for one in followed)


def _quotes() -> Iterable[_Needed]:
    on = sa.func.coalesce(Shipment.fee_on, Shipment.first_seen_on)
    rows = (
        sa.select(Shipment.fee_currency, StockOrder.currency, on, sa.func.count())
        .join(OrderShipment, OrderShipment.shipment_id == Shipment.id)
        .join(StockOrder, StockOrder.id == OrderShipment.order_id)
        .join(Connection, Connection.id == Shipment.connection_id)
        .where(
            Shipment.fee.is_not(None),
            Shipment.fee_currency != StockOrder.currency,
            Connection.sync_fees.is_(True),
        )
        .group_by(Shipment.fee_currency, StockOrder.currency, on)
    )
    for own, wanted, day, count in db.session.execute(rows):
        yield _Needed(own, frozenset({wanted}), day, count)


def _orders() -> Iterable[_Needed]:
    main = accounts.account().currency
    rows = (
        sa.select(
            StockOrder.currency,
            Connection.primary_marketplace_id,
            StockOrder.created_on,
            sa.func.count(),
        )
        .join(Warehouse, Warehouse.id == StockOrder.destination_id)
        .outerjoin(Connection, Connection.id == Warehouse.connection_id)
        .where(StockOrder.shipping_handling.is_not(None), StockOrder.currency != "")
        .group_by(StockOrder.currency, Connection.primary_marketplace_id, StockOrder.created_on)
    )
    for currency, primary, on, count in db.session.execute(rows):
        home = MARKETPLACES[primary].currency if primary in MARKETPLACES else main
        yield _Needed(currency, frozenset({main, home}) - {currency}, on, count)
