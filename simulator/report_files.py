"""The files behind reports: tab-separated, in the encodings Amazon still uses."""

import gzip
from collections.abc import Callable, Iterator
from typing import NamedTuple

from simulator.catalogue import Listing
from simulator.geography import country_of
from simulator.story import Moment
from simulator.times import iso

Row = tuple[object, ...]

NEAR_REAL_TIME = (
    "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA",
    "GET_AFN_INVENTORY_DATA_BY_COUNTRY",
)


class File(NamedTuple):
    """A finished report: gzip bytes and the type its download is served with."""

    body: bytes
    content_type: str


def write(moment: Moment, report_type: str, marketplace_ids: list[str]) -> File:
    """Return the file of a report. Characters its encoding lacks become ``?`` (models #4888)."""
    columns, rows = WRITERS[report_type]
    charset = moment.world.region.report_charset
    if report_type in NEAR_REAL_TIME:
        charset = "utf-8"
    countries = [country_of(one) for one in marketplace_ids]
    lines = [columns.replace(" ", "\t")]
    lines += ["\t".join(map(_cell, row)) for row in rows(moment, countries)]
    text = "\r\n".join([*lines, ""]).encode(charset, "replace")
    label = {"cp1252": "Cp1252", "shift_jis": "Shift_JIS"}.get(charset, "UTF-8")
    return File(gzip.compress(text, 3, mtime=0), f"text/plain;charset={label}")


def _cell(value: object) -> str:
    return str(value).replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _merchant_listings(moment: Moment, countries: list[str]) -> Iterator[Row]:
    created = moment.created_by_index
    channel = moment.world.region.channel
    for one in moment.world.listings:
        if not set(countries) & set(one.countries):
            continue
        status = "Active" if moment.is_active(one) else "Inactive"
        opened = iso(created[one.index]).replace("T", " ").replace("Z", " UTC")
        units = moment.fbm_units(one)
        price = f"{one.price_cents / 100:.2f}"
        for code in _channels(one, channel):
            quantity = units if code == "DEFAULT" else ""
            yield (one.title, one.sku, price, quantity, opened, one.asin, one.asin, code, status)


def _channels(listing: Listing, fba_channel: str) -> list[str]:
    channels = [fba_channel] if listing.is_fba else []
    return channels if listing.fbm_units is None else [*channels, "DEFAULT"]


def _unsuppressed_inventory(moment: Moment, countries: list[str]) -> Iterator[Row]:
    country = countries[0]
    for one in moment.stock_rows(country):
        stock = moment.stock(country, one)
        units = moment.fbm_units(one)
        yield (
            *(one.sku, one.fnsku, one.asin, one.title, "New", f"{one.price_cents / 100:.2f}"),
            *("No" if units is None else "Yes", "" if units is None else units, "Yes"),
            *(stock.fulfillable + stock.reserved, stock.fulfillable, stock.unfulfillable),
            *(stock.reserved, stock.total, stock.inbound_working, stock.inbound_shipped),
            *(stock.inbound_receiving, stock.researching),
        )


def _inventory_by_country(moment: Moment, countries: list[str]) -> Iterator[Row]:
    """Split each pool over its countries: the only place where the real split shows."""
    for country in countries:
        for one in moment.stock_rows(country):
            local = moment.local_units(country, one)
            yield (one.sku, one.fnsku, one.asin, "NewItem", country, local)


Writer = Callable[[Moment, list[str]], Iterator[Row]]
#: Report type -> (column names, function giving the rows).
WRITERS: dict[str, tuple[str, Writer]] = {
    "GET_MERCHANT_LISTINGS_ALL_DATA": (
        "item-name seller-sku price quantity open-date asin1 product-id fulfillment-channel status",
        _merchant_listings,
    ),
    "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA": (
        "sku fnsku asin product-name condition your-price mfn-listing-exists"
        " mfn-fulfillable-quantity afn-listing-exists afn-warehouse-quantity"
        " afn-fulfillable-quantity afn-unsellable-quantity afn-reserved-quantity"
        " afn-total-quantity afn-inbound-working-quantity afn-inbound-shipped-quantity"
        " afn-inbound-receiving-quantity afn-researching-quantity",
        _unsuppressed_inventory,
    ),
    "GET_AFN_INVENTORY_DATA_BY_COUNTRY": (
        "seller-sku fulfillment-channel-sku asin condition-type country"
        " quantity-for-local-fulfillment",
        _inventory_by_country,
    ),
}
