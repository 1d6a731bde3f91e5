"""The currencies an account, a vendor or an order may have: those of Amazon's marketplaces, the
European Central Bank's daily reference rates, and others that goods are bought in, whose rates
are entered by hand.
"""

from inventory.rules.marketplaces import MARKETPLACES

_REFERENCE_RATES = (
    "EUR", "USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "RON", "SEK", "CHF", "ISK", "NOK",
    "TRY", "AUD", "BRL", "CAD", "CNY", "HKD", "IDR", "ILS", "INR", "KRW", "MXN", "MYR", "NZD",
    "PHP", "SGD", "THB", "ZAR",
)  # fmt: skip
_OF_VENDORS = ("BDT", "BHD", "JOD", "KWD", "LKR", "MAD", "OMR", "PKR", "TND", "TWD", "VND")
CODES = tuple(
    sorted({*_REFERENCE_RATES, *_OF_VENDORS, *(one.currency for one in MARKETPLACES.values())})
)
