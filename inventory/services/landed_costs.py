"""What an order's goods cost on arrival, and writing it back to the variants and the vendor."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from babel.numbers import get_currency_precision

from extensions import db
from inventory.models import OrderLine, StockOrder, Variant, VariantLink
from inventory.rules import landed
from inventory.rules.landed import Landed, Priced
from inventory.services import changes, order_facts, vendors

FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Costs:
    """An order's costs in its currency. ``by_line`` is in the order of the lines given.

    ``goods`` are without tax and discount, ``None`` where no line has a cost; ``spread_by`` is
    what fees are spread by in fact.
    """

    by_line: Sequence[Landed]
    goods: Decimal | None
    tax: Decimal
    fees: Decimal
    discount: Decimal
    spread_by: str

    @property
    def total(self) -> Decimal | None:
        """Return what the goods cost on arrival, without tax; ``None``: nothing is known."""
        if self.goods is None and not self.fees:
            return None
        return (self.goods or landed.NOTHING) - self.discount + self.fees


def costs(order: StockOrder, lines: Sequence[OrderLine]) -> Costs:
    """Return what ``order`` costs, and each of its lines. One statement, where weight counts."""
    weights = _weights(order) if order.spread_by == landed.WEIGHT else {}
    priced = [Priced(row.unit_cost, row.units_ordered, weights.get(row.id)) for row in lines]
    known = [one.unit_cost * one.units for one in priced if one.unit_cost is not None]
    tax = sum(
        (row.unit_cost or landed.NOTHING) * row.units_ordered * (row.tax_rate or 0) / 100
        for row in lines
    )
    return Costs(
        by_line=shared(order, priced),
        goods=sum(known, landed.NOTHING) if known else None,
        tax=Decimal(tax),
        fees=_fees(order),
        discount=order.discount or landed.NOTHING,
        spread_by=landed.basis(priced, order.spread_by),
    )


def shared(order: Any, lines: Sequence[Priced]) -> list[Landed]:
    """Return the shares of the order's fees and discount that fall on its lines.

    ``order`` is one, or a row with its columns of costs.
    """
    return landed.landed(
        lines,
        _fees(order),
        by=order.spread_by,
        discount=order.discount,
        digits=get_currency_precision(order.currency or "USD"),
    )


def write_to_variants(order: StockOrder, *, user_id: int | None) -> tuple[str, int]:
    """Make the landed cost of each line its variant's unit cost; return batch and how many.

    Where several lines are one variant, their average by units. A line whose own cost is not
    known is left out: its fees alone are no cost. Logged per variant as one batch, which
    ``order_undo`` takes back. Flushes.
    """
    found = _by_variant(order)
    rows = db.session.scalars(sa.select(Variant).where(Variant.id.in_(list(found)))).all()
    batch, count = str(uuid4()), 0
    for variant in rows:
        cost = found[variant.id]
        if (variant.unit_cost, variant.cost_currency) == (cost, order.currency):
            continue
        change = changes.record(
            "variant",
            variant.id,
            f"Landed cost of {order.reference} written",
            name=variant.sku,
            fields={
                "unit cost": [order_facts.plain(variant.unit_cost), order_facts.plain(cost)],
                "cost currency": [variant.cost_currency, order.currency],
            },
            user_id=user_id,
        )
        change.batch = batch
        variant.unit_cost, variant.cost_currency = cost, order.currency
        count += 1
    if count:
        text = f"Landed costs written to {count:,} variant{'' if count == 1 else 's'}"
        changes.record("order", order.id, text, name=order.reference, user_id=user_id)
    db.session.flush()
    return batch, count


def update_vendor(order: StockOrder) -> int:
    """Make the lines' unit costs the vendor's; return how many differed. Flushes.

    Nothing happens without a vendor, or where the vendor's currency is another one.
    """
    vendor = order.vendor
    if vendor is None or (vendor.currency and vendor.currency != order.currency):
        return 0
    links = sa.select(VariantLink.variant_id, OrderLine.unit_cost).join(
        OrderLine, OrderLine.listing_id == VariantLink.listing_id
    )
    known = links.where(OrderLine.order_id == order.id, OrderLine.unit_cost.is_not(None))
    found = {row[0]: row[1] for row in db.session.execute(known)}
    return vendors.put_costs(vendor.id, found) if found else 0


def _by_variant(order: StockOrder) -> dict[int, Decimal]:
    rows: Sequence[Any] = db.session.execute(
        sa.select(OrderLine, VariantLink.variant_id)
        .join(VariantLink, VariantLink.listing_id == OrderLine.listing_id)
        .where(OrderLine.order_id == order.id, OrderLine.unit_cost.is_not(None))
        .order_by(OrderLine.seller_sku)
    ).all()
    all_lines = sorted(order_facts.lines_of(order.id).values(), key=lambda row: row.seller_sku)
    by_line = costs(order, all_lines).by_line
    landed_of = {row.id: one.unit_cost for row, one in zip(all_lines, by_line, strict=True)}
    totals: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row, variant_id in rows:
        cost = landed_of[row.id]
        if cost is not None and row.units_ordered:
            totals[variant_id][0] += cost * row.units_ordered
            totals[variant_id][1] += row.units_ordered
    return {
        variant_id: (value / units).quantize(FOUR_DECIMALS)
        for variant_id, (value, units) in totals.items()
    }


def _fees(order: Any) -> Decimal:
    return (order.shipping_handling or landed.NOTHING) + (order.placement_fee or landed.NOTHING)


def _weights(order: StockOrder) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(OrderLine.id, Variant.weight_grams)
        .join(VariantLink, VariantLink.listing_id == OrderLine.listing_id)
        .join(Variant, Variant.id == VariantLink.variant_id)
        .where(OrderLine.order_id == order.id, Variant.weight_grams.is_not(None))
    )
    return {line_id: grams for line_id, grams in rows if grams is not None}
