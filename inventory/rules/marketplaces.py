"""Amazon's marketplaces and regions: the one table. Pure data.

Lives here and not in ``amazon/`` because pages need it and may not import the client.
Source: Amazon's marketplace ids and Seller Central hosts (sp-api docs).
"""

from collections.abc import Mapping
from dataclasses import dataclass

REGION_NAMES = {"NA": "North America", "EU": "Europe", "FE": "Far East"}


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One country storefront. ``country`` is ISO 3166, ``plans`` whether plans can be created."""

    id: str
    country: str
    name: str
    region: str
    currency: str
    seller_central: str
    plans: bool = False


_EUROPE = "https://sellercentral-europe.amazon.com"
_ROWS = (
    ("ATVPDKIKX0DER", "US", "United States", "NA", "USD", "https://sellercentral.amazon.com", True),
    ("A2EUQ1WTGCTBG2", "CA", "Canada", "NA", "CAD", "https://sellercentral.amazon.ca", True),
    ("A1AM78C64UM0Y8", "MX", "Mexico", "NA", "MXN", "https://sellercentral.amazon.com.mx", True),
    ("A2Q3Y263D00KWC", "BR", "Brazil", "NA", "BRL", "https://sellercentral.amazon.com.br"),
    ("A1F83G8C2ARO7P", "GB", "United Kingdom", "EU", "GBP", _EUROPE, True),
    ("A1PA6795UKMFR9", "DE", "Germany", "EU", "EUR", _EUROPE, True),
    ("A13V1IB3VIYZZH", "FR", "France", "EU", "EUR", _EUROPE, True),
    ("APJ6JRA9NG5V4", "IT", "Italy", "EU", "EUR", _EUROPE, True),
    ("A1RKKUPIHCS9HS", "ES", "Spain", "EU", "EUR", _EUROPE, True),
    ("A1805IZSGTT6HS", "NL", "Netherlands", "EU", "EUR", "https://sellercentral.amazon.nl", True),
    ("A2NODRKZP88ZB9", "SE", "Sweden", "EU", "SEK", "https://sellercentral.amazon.se", True),
    ("A1C3SOZRARQ6R3", "PL", "Poland", "EU", "PLN", "https://sellercentral.amazon.pl", True),
    ("AMEN7PMS3EDWL", "BE", "Belgium", "EU", "EUR", "https://sellercentral.amazon.com.be"),
    ("A28R8C7NBKEWEA", "IE", "Ireland", "EU", "EUR", _EUROPE),
    ("A33AVAJ2PDY3EV", "TR", "Türkiye", "EU", "TRY", "https://sellercentral.amazon.com.tr"),
    ("ARBP9OOSHTCHU", "EG", "Egypt", "EU", "EGP", _EUROPE, True),
    ("A17E79C6D8DWNP", "SA", "Saudi Arabia", "EU", "SAR", _EUROPE, True),
    (
        "A2VIGQ35RCS4UG",
        "AE",
        "United Arab Emirates",
        "EU",
        "AED",
        "https://sellercentral.amazon.ae",
        True,
    ),
    ("A21TJRUUN4KGV", "IN", "India", "EU", "INR", "https://sellercentral.amazon.in"),
    ("AE08WJ6YKNBMC", "ZA", "South Africa", "EU", "ZAR", _EUROPE),
    ("A1VC38T7YXB528", "JP", "Japan", "FE", "JPY", "https://sellercentral.amazon.co.jp", True),
    ("A39IBJ37TRP1C6", "AU", "Australia", "FE", "AUD", "https://sellercentral.amazon.com.au", True),
    ("A19VAU5U5O7RUS", "SG", "Singapore", "FE", "SGD", "https://sellercentral.amazon.sg", True),
)

#: id -> marketplace, in the order in which a region's warehouses are listed.
MARKETPLACES: Mapping[str, Marketplace] = {row[0]: Marketplace(*row) for row in _ROWS}


def in_region(region: str) -> list[Marketplace]:
    """Return the marketplaces of ``region`` ("NA", "EU", "FE"), home markets first."""
    return [one for one in MARKETPLACES.values() if one.region == region]


def by_country(region: str, country: str) -> Marketplace | None:
    """Return the marketplace of an ISO ``country`` within ``region``, if Amazon has one."""
    return next((one for one in in_region(region) if one.country == country), None)
