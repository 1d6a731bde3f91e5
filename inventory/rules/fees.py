"""The partnered carrier's quotes of an order's shipments, in the order's currency. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.rules import rates

#: (currency, currency wanted, day).
Wanted = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Quote:
    """An amount in its own currency, and what it is in the order's; ``None``: no rate known."""

    amount: Decimal
    currency: str
    converted: Decimal | None
    rate: rates.Cross | None

    @property
    def kept(self) -> list[str]:
        """Return what the order keeps: amount, currency, converted amount, rate, its day, source.

        Texts, so that JSON changes no digit.
        """
        if self.rate is None:
            raise ValueError("no rate")
        told = (self.amount, self.currency, self.converted, f"{self.rate.rate:.8f}")
        return [*map(str, told), self.rate.day.isoformat(), self.rate.source]


@dataclass(frozen=True, slots=True)
class Fee:
    """The sum, ``None`` when nothing is quoted or a quote cannot be converted.

    ``quotes`` are those in another currency than the order.
    """

    amount: Decimal | None
    quotes: tuple[Quote, ...] = ()

    @property
    def lacks_rate(self) -> bool:
        return any(quote.converted is None for quote in self.quotes)


def quoted_on(seen_on: date, *others: date | None) -> date:
    """Return the day that counts for a quote seen first on ``seen_on``.

    Amazon does not say when the charges were accepted: not after the goods were ready to ship
    or had left (``others``), where those days are known.
    """
    return min(day for day in (seen_on, *others) if day is not None)


def fee(
    quotes: Iterable[tuple[Decimal, str, date]],
    currency: str,
    crosses: Mapping[Wanted, rates.Cross],
) -> Fee:
    """Add up ``quotes`` (amount, its currency, its day) in ``currency``.

    Each is converted and rounded by itself, so that the parts shown add up to the sum.
    """
    total, foreign = [], []
    for amount, own, on in quotes:
        if own == currency:
            total.append(amount)
            continue
        cross = crosses.get((own, currency, on))
        converted = None if cross is None else rates.rounded(cross.of(amount), currency)
        foreign.append(Quote(amount, own, converted, cross))
    amounts = [*total, *(one.converted for one in foreign if one.converted is not None)]
    known = amounts and len(amounts) == len(total) + len(foreign)
    return Fee(sum(amounts, Decimal(0)) if known else None, tuple(foreign))
