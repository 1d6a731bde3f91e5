"""What the orders of a list cost to ship, in one currency."""

import sqlalchemy as sa

from extensions import db
from inventory.models import StockOrder
from inventory.services import money
from inventory.services.money import Total
from inventory.services.order_lists import OrderFilter, Totals, conditions


def converted(wanted: OrderFilter, totals: Totals) -> Total | None:
    """Return the sum of shipping and handling in the reporting currency.

    That of the connection where the list is narrowed to one, else the account's. ``None`` when
    all amounts are in it already. Each amount is converted with the rate of the day its order
    was made. Two further statements, none where nothing is to be converted.
    """
    to = money.reporting_currency(wanted.connection_id)
    if all(currency == to for currency, _ in totals.fees):
        return None
    amount = StockOrder.shipping_handling
    rows = (
        sa.select(
            sa.type_coerce(sa.func.sum(sa.type_coerce(amount, sa.BigInteger)), amount.type),
            StockOrder.currency,
            StockOrder.created_on,
        )
        .where(*conditions(wanted), amount.is_not(None))
        .group_by(StockOrder.currency, StockOrder.created_on)
    )
    return money.total([(row[0], row[1], row[2]) for row in db.session.execute(rows)], to)
