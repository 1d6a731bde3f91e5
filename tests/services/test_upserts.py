from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from extensions import db
from inventory.models import STOCK_FIGURES, Listing, Participation, StockDay
from inventory.services.upserts import Counts, upsert
from tests.factories import make_connection, make_listing, make_warehouse

KEY = ("connection_id", "channel", "seller_sku")
NOW = datetime(2026, 11, 1, 12, 30, 15, 123456, tzinfo=UTC)


def rows(connection_id: int, count: int, title: str = "Kettle") -> list[dict[str, object]]:
    return [
        {
            "connection_id": connection_id,
            "channel": "FBA",
            "seller_sku": f"SKU-{number}",
            "asin": "",
            "fnsku": "",
            "title": title,
            "status": "active",
            "created_at": NOW,
        }
        for number in range(count)
    ]


@pytest.fixture
def connection_id(app: Flask) -> int:
    return make_connection().id


def test_it_counts_what_was_created_changed_and_left_alone(connection_id: int) -> None:
    first = upsert(Listing, rows(connection_id, 2500), key=KEY)
    again = upsert(Listing, rows(connection_id, 2500), key=KEY)
    mixed = [*rows(connection_id, 10, "Tea pot"), *rows(connection_id, 2600)[10:]]
    third = upsert(Listing, mixed, key=KEY)

    assert first == Counts(created=2500)
    assert again == Counts(unchanged=2500)
    assert third == Counts(created=100, changed=10, unchanged=2490)


def test_values_come_back_as_they_went_in(connection_id: int) -> None:
    odd = "日本-包丁 / 50%+#,'\"\\ <b>🧂</b>"
    at = NOW.astimezone(timezone(timedelta(hours=5)))
    row = {**rows(connection_id, 1)[0], "seller_sku": odd, "title": odd, "created_at": at}

    upsert(Listing, [row], key=KEY)

    listing = db.session.scalars(select(Listing)).one()
    assert (listing.seller_sku, listing.title, listing.created_at) == (odd, odd, NOW)


def test_kept_columns_are_set_once_and_silent_ones_are_no_reason_to_write(
    connection_id: int,
) -> None:
    later = {**rows(connection_id, 1)[0], "created_at": NOW + timedelta(days=1)}
    upsert(Listing, rows(connection_id, 1), key=KEY)

    silent = upsert(Listing, [later], key=KEY, silent=("created_at",))
    kept = upsert(Listing, [{**later, "title": "New"}], key=KEY, kept=("created_at",))
    before = db.session.scalar(select(Listing.created_at))
    upsert(Listing, [{**later, "title": "Newer"}], key=KEY, silent=("created_at",))

    assert silent == Counts(unchanged=1)
    assert kept == Counts(changed=1)
    assert before == NOW
    assert db.session.scalar(select(Listing.created_at)) == NOW + timedelta(days=1)


def test_null_and_false_are_values_like_others(connection_id: int) -> None:
    row = {"connection_id": connection_id, "marketplace_id": "M", "store_name": ""}
    key = ("connection_id", "marketplace_id")
    yes = {**row, "participating": True, "suspended": False}

    assert upsert(Participation, [yes], key=key) == Counts(created=1)
    assert upsert(Participation, [yes], key=key) == Counts(unchanged=1)
    assert upsert(Participation, [{**yes, "participating": False}], key=key) == Counts(changed=1)


def test_a_date_in_the_key_finds_its_row_again(connection_id: int) -> None:
    listing = make_listing(connection_id=connection_id)
    warehouse = make_warehouse(kind="fbm", connection_id=connection_id)
    row = dict.fromkeys(STOCK_FIGURES, 3) | {
        "warehouse_id": warehouse.id,
        "listing_id": listing.id,
        "day": date(2026, 11, 3),
        "pool_key": "",
    }
    key = ("warehouse_id", "listing_id", "day")

    assert upsert(StockDay, [row], key=key) == Counts(created=1)
    assert upsert(StockDay, [row], key=key) == Counts(unchanged=1)


def test_the_last_row_of_a_key_wins(connection_id: int) -> None:
    one, other = rows(connection_id, 1)[0], rows(connection_id, 1, "Tea pot")[0]

    upsert(Listing, [one, other], key=KEY)

    assert db.session.scalars(select(Listing.title)).all() == ["Tea pot"]


def test_a_row_of_a_key_that_does_not_exist_elsewhere_is_refused(connection_id: int) -> None:
    orphan = {**rows(connection_id, 1)[0], "connection_id": 999_999}

    with pytest.raises(DBAPIError):
        upsert(Listing, [orphan], key=KEY)


def test_no_rows_are_no_work(app: Flask) -> None:
    assert upsert(Listing, [], key=KEY) == Counts()
