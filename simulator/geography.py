"""Amazon's map as the pretend seller sees it: regions, marketplaces, buildings, addresses."""

from dataclasses import dataclass
from typing import NamedTuple


class Marketplace(NamedTuple):
    """One Amazon country site; ``currency`` is ISO 4217, ``country`` ISO 3166."""

    id: str
    country: str
    name: str
    currency: str
    language: str
    domain: str


class Centre(NamedTuple):
    """A fulfilment centre: its code and the country it stands in."""

    code: str
    country: str


@dataclass(frozen=True)
class Region:
    """What one endpoint knows of the seller.

    ``pools`` maps a country to the stock pool its figures come from (itself if absent).
    """

    code: str
    participating: tuple[str, ...]
    listed_only: tuple[str, ...]
    pseudo: Marketplace
    channel: str
    pools: dict[str, str]
    report_charset: str

    def pool(self, country: str) -> str:
        """Return the name of the stock pool that serves a country."""
        return self.pools.get(country, country)


_ROWS = """
US ATVPDKIKX0DER  Amazon.com     USD en_US www.amazon.com
CA A2EUQ1WTGCTBG2 Amazon.ca      CAD en_CA www.amazon.ca
MX A1AM78C64UM0Y8 Amazon.com.mx  MXN es_MX www.amazon.com.mx
BR A2Q3Y263D00KWC Amazon.com.br  BRL pt_BR www.amazon.com.br
DE A1PA6795UKMFR9 Amazon.de      EUR de_DE www.amazon.de
FR A13V1IB3VIYZZH Amazon.fr      EUR fr_FR www.amazon.fr
GB A1F83G8C2ARO7P Amazon.co.uk   GBP en_GB www.amazon.co.uk
IT APJ6JRA9NG5V4  Amazon.it      EUR it_IT www.amazon.it
JP A1VC38T7YXB528 Amazon.co.jp   JPY ja_JP www.amazon.co.jp
AU A39IBJ37TRP1C6 Amazon.com.au  AUD en_AU www.amazon.com.au
SG A19VAU5U5O7RUS Amazon.sg      SGD en_SG www.amazon.sg
"""
MARKETPLACES = {
    country: Marketplace(id_, country, name, currency, language, domain)
    for country, id_, name, currency, language, domain in map(str.split, _ROWS.split("\n")[1:-1])
}

# "Non-Amazon" shops stand in the same answer as real ones (docs #761, #1260).
REGIONS = {
    "NA": Region(
        "NA",
        ("US", "CA", "MX"),
        ("BR",),
        Marketplace("A2ZV50J4W1RKNI", "US", "Non-Amazon US", "USD", "en_US", "non-amazon.com"),
        "AMAZON_NA",
        {},
        "cp1252",
    ),
    "EU": Region(
        "EU",
        ("DE", "FR", "GB"),
        ("IT",),
        Marketplace("A38D8NSA03LJTC", "DE", "Non-Amazon DE", "EUR", "de_DE", "non-amazon.de"),
        "AMAZON_EU",
        {"DE": "Pan-EU", "FR": "Pan-EU"},
        "cp1252",
    ),
    "FE": Region(
        "FE",
        ("JP", "AU", "SG"),
        (),
        Marketplace("A1VN0HAN483KP2", "JP", "Non-Amazon JP", "JPY", "ja_JP", "non-amazon.jp"),
        "AMAZON_JP",
        {},
        "shift_jis",
    ),
}

#: Marketplace -> buildings its plans are sent to. German plans go to PL and CZ as well.
CENTRES = {
    "US": (Centre("ABE8", "US"), Centre("ONT8", "US"), Centre("FTW1", "US"), Centre("MDW2", "US")),
    "CA": (Centre("YYZ4", "CA"), Centre("YVR3", "CA")),
    "MX": (Centre("MEX2", "MX"), Centre("MEX3", "MX")),
    "DE": (Centre("LEJ1", "DE"), Centre("WRO5", "PL"), Centre("PRG2", "CZ"), Centre("FRA3", "DE")),
    "FR": (Centre("ORY1", "FR"), Centre("LIL1", "FR")),
    "GB": (Centre("LTN4", "GB"), Centre("BHX4", "GB")),
    "JP": (Centre("NRT5", "JP"), Centre("HND9", "JP")),
    "AU": (Centre("MEL1", "AU"), Centre("BWU1", "AU")),
    "SG": (Centre("SIN1", "SG"), Centre("SIN2", "SG")),
}

#: Country of a building -> street, city, state, postcode.
CENTRE_ADDRESSES = {
    "US": ("350 Logistics Pkwy", "Easton", "PA", "18045"),
    "CA": ("8050 Heritage Rd", "Brampton", "ON", "L6Y 0C9"),
    "MX": ("Autopista Mexico-Queretaro 33", "Cuautitlan Izcalli", "MEX", "54730"),
    "DE": ("Amazonstrasse 1", "Leipzig", "SN", "04347"),
    "PL": ("ul. Logistyczna 6", "Bielany Wroclawskie", "DS", "55-040"),
    "CZ": ("K Amazonu 245", "Dobroviz", "ST", "252 61"),
    "FR": ("Avenue de l'Orme 1", "Saran", "CVL", "45770"),
    "GB": ("Boscombe Road", "Dunstable", "BDF", "LU5 4FE"),
    "JP": ("2-14 Shiomi", "Ichikawa", "Chiba", "272-0193"),
    "AU": ("29 National Drive", "Dandenong South", "VIC", "3175"),
    "SG": ("1 Tuas South Link", "Singapore", "SG", "637325"),
}

#: Region -> where the seller ships from: name, street, city, state, country, postcode, phone.
SHIP_FROM = {
    "NA": (
        ("Harbour Kitchen Depot", "12 Pier Road", "Portland", "ME", "US", "04101", "2075550100"),
        ("Great Lakes Prep", "880 Mill St", "Erie", "PA", "US", "16501", "8145550177"),
    ),
    "EU": (
        ("Harbour Kitchen GmbH", "Am Kai 7", "Hamburg", "HH", "DE", "20457", "+49405550100"),
        ("Harbour Kitchen Ltd", "3 Dock Lane", "Felixstowe", "SFK", "GB", "IP11 3SY", "1394555010"),
    ),
    "FE": (
        ("Harbour Kitchen KK", "1-2 Minato", "Yokohama", "Kanagawa", "JP", "231-0001", "455550100"),
        ("Southern Prep", "9 Wharf St", "Port Melbourne", "VIC", "AU", "3207", "0395550188"),
    ),
}


def country_of(marketplace_id: str) -> str:
    """Return the country of a marketplace id; raise ``KeyError`` if it is not Amazon's."""
    return next(m.country for m in MARKETPLACES.values() if m.id == marketplace_id)
