"""The currencies an account may have as its main one: those of Amazon's marketplaces and the
European Central Bank's daily reference rates, so that amounts can be converted.
"""

from inventory.rules.marketplaces import MARKETPLACES

_REFERENCE_RATES = (
    "EUR", "USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "RON", "SEK", "CHF", "ISK", "NOK",
    "TRY", "AUD", "BRL", "CAD", "CNY", "HKD", "IDR", "ILS", "INR", "KRW", "MXN", "MYR", "NZD",
    "PHP", "SGD", "THB", "ZAR",
)  # fmt: skip
CODES = tuple(sorted({*_REFERENCE_RATES, *(one.currency for one in MARKETPLACES.values())}))
