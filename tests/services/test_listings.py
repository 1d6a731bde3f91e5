import pytest
from flask import Flask
from sqlalchemy import select

from amazon.types import Availability, ListingItem, ListingOffer, ListingRow
from extensions import db
from inventory.models import Connection, Listing, Variant, VariantLink
from inventory.models import ListingOffer as StoredOffer
from inventory.services import listings
from inventory.services.upserts import Counts
from tests.factories import make_connection

DE, FR = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"


@pytest.fixture
def connection(app: Flask) -> Connection:
    return make_connection(region="EU", primary_marketplace_id=DE)


def offer(marketplace_id: str = DE, **fields: object) -> ListingOffer:
    defaults = {
        "asin": "B01",
        "fnsku": "X01",
        "title": "Kessel",
        "status": ("BUYABLE", "DISCOVERABLE"),
        "created_at": None,
        "updated_at": None,
    }
    return ListingOffer(marketplace_id, **{**defaults, **fields})


def item(sku: str, *offers: ListingOffer, **units: int | None) -> ListingItem:
    """``units``: DEFAULT=4 for the seller's own, AMAZON_EU=None for FBA."""
    channels = tuple(Availability(code, count) for code, count in units.items())
    return ListingItem(sku, offers, channels)


def row(sku: str, code: str = "AMAZON_EU", **fields: object) -> ListingRow:
    defaults = {"asin": "B01", "title": "Kessel", "status": "Active", "quantity": None}
    return ListingRow(seller_sku=sku, channel_code=code, price=None, **{**defaults, **fields})


def only(**fields: object) -> Listing:
    return db.session.scalars(
        select(Listing).filter_by(**fields).execution_options(populate_existing=True)
    ).one()


def import_items(connection: Connection, *items: ListingItem) -> listings.Imported:
    return listings.import_items(connection.id, items, DE)


def import_rows(connection: Connection, *rows: ListingRow) -> listings.Imported:
    return listings.import_rows(connection.id, DE, rows, DE)


def test_a_sku_in_both_channels_is_two_listings(connection: Connection) -> None:
    done = import_items(connection, item("A", offer(), DEFAULT=4, AMAZON_EU=None))

    fbm = only(channel="FBM")
    assert done.counts == Counts(created=2)
    assert done.fbm_units == {fbm.id: ("A", 4)}
    assert (only(channel="FBA").fnsku, fbm.fnsku) == ("X01", "")


def test_the_primary_marketplace_is_shown_whenever_it_comes(connection: Connection) -> None:
    import_items(connection, item("A", offer(FR, title="Bouilloire"), AMAZON_EU=None))
    first = only(seller_sku="A").title

    done = import_items(connection, item("A", offer(DE), AMAZON_EU=None))
    import_items(connection, item("A", offer(FR, title="Bouilloire 2"), AMAZON_EU=None))

    assert first == "Bouilloire"
    assert done.counts == Counts(changed=1)
    assert only(seller_sku="A").title == "Kessel"


def test_without_availability_an_fnsku_tells_the_channel(connection: Connection) -> None:
    import_items(connection, item("A", offer()), item("B", offer(fnsku="")))

    assert (only(seller_sku="A").channel, only(seller_sku="B").channel) == ("FBA", "FBM")


def test_a_report_does_not_replace_better_words(connection: Connection) -> None:
    import_items(
        connection,
        item("A", offer(title="日本 Kessel"), AMAZON_EU=None),
        item("B", offer(status=("DISCOVERABLE",)), AMAZON_EU=None),
    )

    again = import_rows(connection, row("A", title="?? Kessel"), row("B", status="Inactive"))

    words = db.session.scalars(select(StoredOffer.status).order_by(StoredOffer.listing_id))
    assert again.counts == Counts(unchanged=2)
    assert only(seller_sku="A").title == "日本 Kessel"
    assert words.all() == ["BUYABLE,DISCOVERABLE", "DISCOVERABLE"]


def test_a_report_tells_what_has_changed(connection: Connection) -> None:
    import_items(connection, item("A", offer(), AMAZON_EU=None))

    done = import_rows(connection, row("A", title="Teekessel?", status="Inactive"))

    listing = only(seller_sku="A")
    assert done.counts == Counts(changed=1)
    assert (listing.title, listing.status, listing.fnsku) == ("Teekessel?", "inactive", "X01")


def test_a_report_without_letters_finds_its_listing(connection: Connection) -> None:
    listings.ensure(connection.id, {"日本-包丁-01": "X9", "100%": "", "HK?a=b;c": ""})

    done = import_rows(connection, row("??-??-01"), row("HK?a=b;c"), row("100?"))

    skus = db.session.scalars(select(Listing.seller_sku)).all()
    assert set(skus) == {"日本-包丁-01", "100%", "HK?a=b;c", "100?"}
    assert done.counts == Counts(created=1, changed=2)


def test_ensure_makes_what_is_missing_and_fills_what_is_blank(connection: Connection) -> None:
    first = listings.ensure(connection.id, {"A": "", "HK/1 %": "X2"})

    again = listings.ensure(connection.id, {"A": "X1", "HK/1 %": "other", "C": "X3"})

    assert again == {**first, "C": again["C"]}
    assert (only(seller_sku="A").fnsku, only(seller_sku="HK/1 %").fnsku) == ("X1", "X2")
    assert {one.status for one in db.session.scalars(select(Listing))} == {"unknown"}
    assert len(db.session.scalars(select(VariantLink)).all()) == 3
    assert listings.ensure(connection.id, {}) == {}


def test_what_is_shown_nowhere_any_more_is_inactive(connection: Connection) -> None:
    import_items(
        connection,
        item("A", offer(DE), offer(FR), AMAZON_EU=None),
        item("B", offer(DE), AMAZON_EU=None),
    )
    listings.ensure(connection.id, {"C": ""})

    done = listings.close_missing(connection.id, DE, {("FBA", "B")}, DE)
    again = listings.close_missing(connection.id, DE, {("FBA", "B")}, DE)

    assert (done, again) == (Counts(changed=1), Counts())
    statuses = {one.seller_sku: one.status for one in db.session.scalars(
        select(Listing).execution_options(populate_existing=True))}  # fmt: skip
    assert statuses == {"A": "inactive", "B": "active", "C": "unknown"}
    assert len(db.session.scalars(select(StoredOffer)).all()) == 3


def test_a_variant_gets_the_title_that_its_listing_lacked(connection: Connection) -> None:
    listings.ensure(connection.id, {"A": "", "B": "", "C": ""})
    import_items(connection, item("A", offer(title="Kessel"), AMAZON_EU=None))
    import_items(connection, item("A", offer(title="Teekessel"), AMAZON_EU=None))
    import_rows(connection, row("B", title="Brett"))

    titles = db.session.execute(select(Variant.sku, Variant.title).order_by(Variant.sku))
    assert [tuple(one) for one in titles] == [("A", "Kessel"), ("B", "Brett"), ("C", "")]
