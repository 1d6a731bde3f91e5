import pytest

from inventory.rules.shipments import (
    MEANINGS,
    ORDER,
    Reading,
    creates_order,
    display_name,
    is_over,
    is_shipped,
    least_advanced,
    outstanding,
    read_status,
    status_type,
)

TABLE = [
    # status, creates an order, type, counts, name
    ("UNCONFIRMED", False, None, None, "Plan created"),
    ("WORKING", False, None, None, "Preparing"),
    ("READY_TO_SHIP", False, None, None, "Preparing"),
    ("SHIPPED", True, "active", True, "Shipped"),
    ("IN_TRANSIT", True, "active", True, "In transit"),
    ("DELIVERED", True, "active", True, "Delivered, not yet received"),
    ("CHECKED_IN", True, "active", True, "Delivered, not yet received"),
    ("RECEIVING", True, "active", True, "Receiving"),
    ("CLOSED", True, "closed", False, "Closed"),
    ("CANCELLED", False, "canceled", False, "Canceled"),
    ("DELETED", False, "canceled", False, "Canceled"),
    ("ABANDONED", False, "canceled", False, "Canceled"),
]


@pytest.mark.parametrize(("status", "creates", "kind", "counts", "name"), TABLE)
def test_each_status_means_what_the_table_says(
    status: str, creates: bool, kind: str | None, counts: bool | None, name: str
) -> None:
    assert creates_order(status) is creates
    assert status_type(status) == kind
    assert MEANINGS[status].counts is counts
    assert display_name(status) == name


def test_the_table_is_whole_and_in_order() -> None:
    assert tuple(row[0] for row in TABLE) == ORDER


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("ERROR", "Needs attention"),
        ("MIXED", "Check in Seller Central"),
        ("", "Check in Seller Central"),
        ("LOST_AT_SEA", "Check in Seller Central"),
        ("CREATING", "Preparing"),
    ],
)
def test_odd_statuses_have_words_and_make_no_order(status: str, name: str) -> None:
    assert display_name(status) == name
    assert not creates_order(status)
    assert status_type(status) is None


def test_closed_with_less_than_shipped_is_closed_short() -> None:
    assert display_name("CLOSED", is_short=True) == "Closed short"
    assert display_name("RECEIVING", is_short=True) == "Receiving"


def test_an_early_import_takes_what_is_being_prepared() -> None:
    early = [status for status in (*ORDER, "CREATING") if creates_order(status, import_early=True)]

    assert early == ["WORKING", "READY_TO_SHIP", "SHIPPED", "IN_TRANSIT", "DELIVERED",
                     "CHECKED_IN", "RECEIVING", "CLOSED", "CREATING"]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "raw", "status", "flag"),
    [
        ("", "SHIPPED", "SHIPPED", ""),
        ("WORKING", "SHIPPED", "SHIPPED", ""),
        ("WORKING", "RECEIVING", "RECEIVING", ""),  # steps may be skipped
        ("SHIPPED", "SHIPPED", "SHIPPED", ""),
        ("SHIPPED", "WORKING", "SHIPPED", "went_back:WORKING"),
        ("CHECKED_IN", "IN_TRANSIT", "CHECKED_IN", "went_back:IN_TRANSIT"),
        ("CHECKED_IN", "DELIVERED", "CHECKED_IN", "went_back:DELIVERED"),
        ("CHECKED_IN", "RECEIVING", "RECEIVING", ""),
        ("READY_TO_SHIP", "WORKING", "WORKING", ""),  # no type to lose
        ("RECEIVING", "CLOSED", "CLOSED", ""),
        ("CLOSED", "RECEIVING", "RECEIVING", ""),
        ("CLOSED", "IN_TRANSIT", "CLOSED", "went_back:IN_TRANSIT"),
        ("CLOSED", "CLOSED", "CLOSED", ""),
        ("SHIPPED", "CANCELLED", "CANCELLED", ""),
        ("CANCELLED", "SHIPPED", "CANCELLED", "went_back:SHIPPED"),
        ("DELETED", "DELETED", "DELETED", ""),
        ("SHIPPED", None, "SHIPPED", "unknown_status"),
        ("SHIPPED", "", "SHIPPED", "unknown_status"),
        ("SHIPPED", "LOST_AT_SEA", "SHIPPED", "unknown_status"),
        ("", None, "", "unknown_status"),
        ("RECEIVING", "ERROR", "RECEIVING", "amazon_error"),
        ("RECEIVING", "MIXED", "RECEIVING", "conflicting"),
        ("", "CREATING", "WORKING", ""),
        ("SHIPPED", "CREATING", "SHIPPED", "went_back:WORKING"),
    ],
)
def test_an_order_only_goes_forward(known: str, raw: str | None, status: str, flag: str) -> None:
    assert read_status(known, raw, has_order=True) == Reading(status, flag)


def test_without_an_order_amazons_word_is_taken() -> None:
    assert read_status("DELIVERED", "WORKING", has_order=False) == Reading("WORKING")
    assert read_status("DELIVERED", None, has_order=False) == Reading("DELIVERED", "unknown_status")


@pytest.mark.parametrize(
    ("status", "shipped", "received", "left"),
    [
        ("SHIPPED", 10, 0, 10),
        ("RECEIVING", 10, 4, 6),
        ("RECEIVING", 10, 12, 0),
        ("CLOSED", 10, 4, 0),
        ("CANCELLED", 10, 0, 0),
        ("", 10, 0, 10),
    ],
)
def test_outstanding_units(status: str, shipped: int, received: int, left: int) -> None:
    assert outstanding(status, shipped, received) == left


def test_what_is_over_and_what_has_left() -> None:
    assert [status for status in ORDER if is_over(status)] == [
        "CLOSED", "CANCELLED", "DELETED", "ABANDONED",
    ]  # fmt: skip
    assert [status for status in ORDER if is_shipped(status)] == [
        "SHIPPED", "IN_TRANSIT", "DELIVERED", "CHECKED_IN", "RECEIVING", "CLOSED",
    ]  # fmt: skip
    assert not is_shipped("")
    assert not is_shipped("LOST_AT_SEA")


def test_the_least_advanced_of_several() -> None:
    assert least_advanced(["RECEIVING", "SHIPPED", "CHECKED_IN"]) == "SHIPPED"
    assert least_advanced([]) == ""
