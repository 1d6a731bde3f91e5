"""What another primary marketplace or the fee sync would do to amounts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import func, select

from inventory.models import OrderShipment, Shipment, StatusType, StockOrder, WarehouseKind
from inventory.rules import wording
from inventory.rules.consequences import Affected, Consequence, plural
from inventory.rules.fees import fee as fee_of
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import accounts, lists, rates
from inventory.services.levels import Step
from inventory.services.rates import Amount

#: As the fields of a ``Quote``, with what it has now.
_ORDER: tuple[Any, ...] = (
    StockOrder.id,
    StockOrder.kind,
    StockOrder.reference,
    StockOrder.destination_id,
    StockOrder.currency,
    StockOrder.shipping_handling,
)
_CURRENCY = 4
#: The day whose exchange rate counts for a shipment's quote.
FEE_ON = func.coalesce(Shipment.fee_on, Shipment.first_seen_on)


@dataclass(frozen=True, slots=True)
class Quote:
    """An open order that would get the partnered carriers' quote, in its own currency."""

    order_id: int
    kind: str
    reference: str
    destination_id: int
    currency: str
    amount: Decimal
    was: Decimal | None


def primary(steps: Sequence[Step]) -> list[Consequence]:
    """Return what another reporting currency means; nothing stored changes."""
    found = []
    for before, after in steps:
        old, new = (
            MARKETPLACES[levels.connection.primary_marketplace_id] for levels in (before, after)
        )
        if old.id == new.id:
            continue
        fbm = [row.name for row in after.places.values() if row.kind == WarehouseKind.FBM]
        told = f" {fbm[0]} would be valued in {new.currency}." if fbm else ""
        if old.currency == new.currency:
            sentence = f"{new.name} becomes the primary marketplace; amounts stay in {new.currency}"
        else:
            sentence = f"Amounts are shown in {new.currency} instead of {old.currency}"
            told = f"{_rate(old.currency, new.currency)} Amounts stored keep their currency.{told}"
        found.append(Consequence("", None, sentence, kept=told.strip()))
    return found


def _rate(currency: str, to: str) -> str:
    today = accounts.today()
    wanted = (currency, to, today)
    cross = rates.crosses([wanted]).get(wanted)
    if cross is None:
        return f"No rate from {currency} to {to} is known for today: none is guessed."
    on = wording.day(cross.day, today)
    return f"Converted at the day’s rate, {cross.of(Decimal(1)):.4f} {to} for 1 {currency} on {on}."


def fees(steps: Sequence[Step]) -> list[Consequence]:
    """Return how many open orders would get a quote, and the sums per currency."""
    found = []
    for step in steps:
        before, after = (levels.connection for levels in step)
        is_off = bool(before.sync_fees) and not after.sync_fees
        if is_off:
            kept = "Amounts written until now stay. Those typed by hand were never touched."
            found.append(Consequence("", None, "Quotes are no longer written", kept=kept))
        if bool(after.sync_fees) == bool(before.sync_fees) or is_off:
            continue
        quotes = quoted(step)
        link = f"open {plural(len(quotes), 'order')}"
        sentence = f"{link} would get Amazon’s quote as shipping/handling"
        kept = f"{_sums(quotes)} in all." if quotes else "None has a quote that is known."
        found.append(Consequence("fees", len(quotes), sentence, kept=kept, link=link))
    return found


def fees_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the orders behind ``fees``."""
    for step in steps:
        for one in quoted(step):
            was = "none" if one.was is None else _money(one.was, one.currency)
            place, would = step.before.name(one.destination_id), _money(one.amount, one.currency)
            yield Affected(str(one.kind), one.order_id, one.reference, place, was, would)


def quoted(step: Step) -> list[Quote]:
    """Return the orders whose amount would be another with fee sync on. Two statements at most."""
    if not step.after.connection.sync_fees or step.before.connection.sync_fees:
        return []
    found = (
        select(*_ORDER, Shipment.fee, Shipment.fee_currency, FEE_ON.label("fee_on"))
        .join(OrderShipment, OrderShipment.order_id == StockOrder.id)
        .join(Shipment, Shipment.id == OrderShipment.shipment_id)
        .where(
            Shipment.connection_id == step.before.connection.id,
            Shipment.fee.is_not(None),
            StockOrder.status_type == StatusType.ACTIVE,
            StockOrder.shipping_handling_source != "user",
        )
        .order_by(StockOrder.id)
    )
    known: dict[int, list[Any]] = {}
    parts: dict[int, list[Amount]] = defaultdict(list)
    for *order, fee, currency, on in lists.read(found):
        known[order[0]] = order
        parts[order[0]].append((fee or Decimal(0), currency, on))
    crosses = rates.crosses(
        (currency, known[one][_CURRENCY], on)
        for one, rows in parts.items()
        for _, currency, on in rows
    )
    quotes = []
    for one, rows in parts.items():
        order_id, kind, reference, place, currency, was = known[one]
        amount = fee_of(rows, currency, crosses).amount
        if amount is not None and amount != was:
            quotes.append(Quote(order_id, kind, reference, place, currency, amount, was))
    return quotes


def _sums(quotes: Sequence[Quote]) -> str:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in quotes:
        sums[one.currency] += one.amount
    return " and ".join(_money(amount, currency) for currency, amount in sorted(sums.items()))


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.{get_currency_precision(currency)}f} {currency}"
